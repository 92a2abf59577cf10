import { existsSync } from "node:fs";
import { join } from "node:path";
import { defaultDataDir } from "./data-dir.ts";

/** Commands that make the data folder in any case. */
const MAKES_FOLDER = new Set(["up", "serve"]);

/**
 * Where Node keeps compiled code, which halves the time to start: in the data folder, which nobody else may write, and
 * not in the shared temporary folder that Node would take. Null where that would make a folder just to look at something.
 * Read from the arguments by hand, because it has to be known before anything else is loaded.
 */
export function compileCacheFolder(args: readonly string[], env: NodeJS.ProcessEnv): string | null {
  const at = args.findIndex((arg) => arg === "--data" || arg.startsWith("--data="));
  const given = at < 0 ? undefined : (args[at]?.split("=", 2)[1] ?? args[at + 1]);
  const dataDir = given ?? defaultDataDir(env);
  if (!existsSync(dataDir) && !args.some((arg) => MAKES_FOLDER.has(arg))) return null;
  return join(dataDir, "compiled");
}
