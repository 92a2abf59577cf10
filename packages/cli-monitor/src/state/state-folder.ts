import { randomBytes } from "node:crypto";
import { chmodSync, linkSync, mkdirSync, readFileSync, renameSync, unlinkSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";

const FOLDER_MODE = 0o700;
const FILE_MODE = 0o600;

/** What configuration is read from besides flags. */
export interface Surroundings {
  env: NodeJS.ProcessEnv;
  home: string;
  cwd: string;
  hostname: string;
  platform: NodeJS.Platform;
}

export function processSurroundings(): Surroundings {
  return {
    env: process.env,
    home: os.homedir(),
    cwd: process.cwd(),
    hostname: os.hostname(),
    platform: process.platform,
  };
}

/** Where the monitor keeps its own few files: `AGENTPANE_STATE`, else the platform's usual place. */
export function stateFolder(from: Surroundings): string {
  const { env, home, platform } = from;
  if (env.AGENTPANE_STATE) return env.AGENTPANE_STATE;
  if (platform === "darwin") return path.join(home, "Library", "Application Support", "AgentPane", "state");
  if (platform === "win32") {
    return path.join(env.LOCALAPPDATA || path.join(home, "AppData", "Local"), "AgentPane", "state");
  }
  return path.join(env.XDG_STATE_HOME || path.join(home, ".local", "state"), "agentpane");
}

/** Makes the folder if need be, and closes it to everybody but this user. It must be one that is ours alone. */
export function openStateFolder(folder: string): void {
  mkdirSync(folder, { recursive: true, mode: FOLDER_MODE });
  // A folder that was copied here may have come without its mode.
  if (process.platform !== "win32") chmodSync(folder, FOLDER_MODE);
}

/** Replaces the file in one step, readable by this user alone. */
export function replaceFile(file: string, text: string): void {
  const draft = draftOf(file, text);
  renameSync(draft, file);
}

/** Creates the file with its content in one step; false where it exists. */
export function createFile(file: string, text: string): boolean {
  const draft = draftOf(file, text);
  try {
    linkSync(draft, file);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw error;
  } finally {
    unlinkSync(draft);
  }
}

function draftOf(file: string, text: string): string {
  const draft = `${file}.${randomBytes(6).toString("hex")}.tmp`;
  writeFileSync(draft, text, { mode: FILE_MODE, flag: "wx" });
  return draft;
}

/** The file's JSON; null where it is missing or is none. */
export function readJson(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, "utf8"));
  } catch {
    return null;
  }
}
