import { randomBytes } from "node:crypto";
import {
  chmodSync,
  linkSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  type Stats,
  statSync,
  unlinkSync,
  writeFileSync,
} from "node:fs";
import os from "node:os";
import path from "node:path";

const FOLDER_MODE = 0o700;
const FILE_MODE = 0o600;
const ROOT_UID = 0;

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

/**
 * Makes the folder if need be, and closes it to everybody but this user. It must be one that is ours alone: fails where it is
 * another user's, or a link that another user made.
 */
export function openStateFolder(folder: string): void {
  try {
    mkdirSync(folder, { recursive: true, mode: FOLDER_MODE });
  } catch (cause) {
    throw new Error(`The state folder ${folder} cannot be made. Name another with AGENTPANE_STATE.`, { cause });
  }
  if (process.platform === "win32") return;
  const uid = process.getuid?.();
  const link = lstatSync(folder);
  // Looked at first: root may change the mode of what is not its own.
  if (statSync(folder).uid !== uid || (link.uid !== uid && link.uid !== ROOT_UID)) {
    throw new Error(`${folder} belongs to another user. Take it away, or name another folder with AGENTPANE_STATE.`);
  }
  // A folder that was copied here may have come without its mode.
  chmodSync(folder, FOLDER_MODE);
}

/** Fails where another user could put something else in the folder's place: some folder above it is theirs, or open to them. */
export function refuseOpenPath(folder: string): void {
  if (process.platform === "win32") return;
  const real = realpathSync(folder);
  for (let at = path.dirname(real); ; at = path.dirname(at)) {
    if (isOpen(statSync(at))) {
      throw new Error(`Others could replace ${folder}: ${at} is another user's, or open to them. Close it: chmod go-w`);
    }
    if (at === path.dirname(at)) return;
  }
}

/** A sticky folder, as /tmp is, lets nobody replace what is another's. */
function isOpen({ uid, gid, mode }: Stats): boolean {
  if (uid !== process.getuid?.() && uid !== ROOT_UID) return true;
  if ((mode & 0o1000) !== 0) return false;
  // Many systems give each person a group of their own, to which folders are open.
  return (mode & 0o002) !== 0 || ((mode & 0o020) !== 0 && gid !== process.getgid?.() && gid !== ROOT_UID);
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
