import { homedir } from "node:os";
import { join } from "node:path";

/** Where the store lies unless `--data` says: `AGENTPANE_DATA`, else the platform's place for a person's program data. */
export function defaultDataDir(env: NodeJS.ProcessEnv, platform: NodeJS.Platform = process.platform): string {
  const given = nonEmpty(env.AGENTPANE_DATA);
  if (given !== null) return given;
  const home = nonEmpty(env.HOME) ?? homedir();
  if (platform === "darwin") return join(home, "Library", "Application Support", "AgentPane");
  if (platform === "win32") return join(nonEmpty(env.LOCALAPPDATA) ?? join(home, "AppData", "Local"), "AgentPane");
  return join(nonEmpty(env.XDG_DATA_HOME) ?? join(home, ".local", "share"), "agentpane");
}

function nonEmpty(text: string | undefined): string | null {
  return text === undefined || text === "" ? null : text;
}
