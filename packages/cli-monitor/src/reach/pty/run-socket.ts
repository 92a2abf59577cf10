import { lstatSync, readdirSync } from "node:fs";
import path from "node:path";
import { rootSetName } from "../../state/status-file.ts";

/** Longest path that a socket's address holds: 108 bytes on Linux, 104 on macOS, with the zero behind it. */
export const MAX_SOCKET_PATH_BYTES = 103;
const NAME = /^run-[0-9a-f]{16}\.sock$/;

/** Where the monitor of these roots takes connections of `agentpane run`, in a folder that only this user can enter. */
export function runSocket(state: string, roots: readonly string[]): string {
  return path.join(state, `run-${rootSetName(roots)}.sock`);
}

/** Sockets of this user's monitors. None where the folder or a socket is somebody else's, or is open to others. */
export function runSockets(state: string): string[] {
  const uid = process.getuid?.();
  const isOurs = (stats: { uid: number; mode: number } | undefined) =>
    stats !== undefined && (uid === undefined || (stats.uid === uid && (stats.mode & 0o077) === 0));
  try {
    if (!isOurs(lstatSync(state))) return [];
    return readdirSync(state)
      .filter((name) => NAME.test(name))
      .map((name) => path.join(state, name))
      .filter((socket) => {
        const stats = lstatSync(socket, { throwIfNoEntry: false });
        return stats?.isSocket() === true && isOurs(stats);
      });
  } catch {
    return [];
  }
}
