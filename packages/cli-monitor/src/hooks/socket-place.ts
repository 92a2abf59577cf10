import { hash } from "node:crypto";
import os from "node:os";
import path from "node:path";
import { hookFolder } from "./hook-keys.ts";

/** The shortest bound on a Unix socket's path among systems is 104 bytes (macOS), its end counted. */
const MAX_SOCKET_PATH_BYTES = 100;

export interface SocketPlace {
  path: string;
  /** The 0700 folder that it stands in; null for a named pipe of Windows. */
  folder: string | null;
}

/** Where the `command` hook finds the monitor: in the state folder, or where that path is too long, in a folder for temporary files. */
export function socketPlace(state: string): SocketPlace {
  const name = hash("sha256", state, "hex").slice(0, 16);
  if (process.platform === "win32") return { path: `\\\\.\\pipe\\agentpane-hook-${name}`, folder: null };
  const folder = hookFolder(state);
  const inState = path.join(folder, "hook.sock");
  if (Buffer.byteLength(inState) <= MAX_SOCKET_PATH_BYTES) return { path: inState, folder };
  const short = path.join(os.tmpdir(), `agentpane-${process.getuid?.() ?? 0}-${name}`);
  return { path: path.join(short, "hook.sock"), folder: short };
}
