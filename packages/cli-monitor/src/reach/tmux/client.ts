import { spawn } from "node:child_process";
import { lstatSync, readdirSync } from "node:fs";
import path from "node:path";

const TMUX_TIMEOUT_MS = 3_000;
const MAX_OUTPUT_BYTES = 4 * 1024 * 1024;
/** Servers of one user that are asked; each is a process of its own. */
const MAX_SOCKETS = 32;

/** Sockets of this user's tmux servers; a folder or socket that belongs to somebody else is passed over. */
export function tmuxSockets(env: NodeJS.ProcessEnv = process.env): string[] {
  const uid = process.getuid?.();
  if (uid === undefined) return [];
  const folders = new Set(
    [env.TMUX_TMPDIR || "/tmp", "/tmp", "/private/tmp"].map((base) => path.join(base, `tmux-${uid}`)),
  );
  const sockets: string[] = [];
  for (const folder of folders) {
    for (const name of ownFolder(folder, uid)) {
      const socket = path.join(folder, name);
      const stats = lstatSync(socket, { throwIfNoEntry: false });
      if (stats?.isSocket() === true && stats.uid === uid) sockets.push(socket);
    }
  }
  return sockets.slice(0, MAX_SOCKETS);
}

function ownFolder(folder: string, uid: number): string[] {
  try {
    const stats = lstatSync(folder);
    return stats.isDirectory() && stats.uid === uid ? readdirSync(folder) : [];
  } catch {
    return [];
  }
}

/** What a tmux command prints. Rejects where it fails, there is no tmux, or it takes longer than 3 s. */
export function tmux(socket: string, args: readonly string[], input = ""): Promise<string> {
  // Its own variables would lead it to the server that we may have been started in.
  const { TMUX: _, TMUX_PANE: __, ...env } = process.env;
  return new Promise((resolve, reject) => {
    // -u: what it prints is UTF-8, whatever the monitor's locale.
    const child = spawn("tmux", ["-u", "-S", socket, ...args], { env, timeout: TMUX_TIMEOUT_MS });
    const printed: Buffer[] = [];
    let complaint = "";
    let bytes = 0;
    child.stdout.on("data", (chunk: Buffer) => {
      bytes += chunk.length;
      if (bytes > MAX_OUTPUT_BYTES) child.kill();
      else printed.push(chunk);
    });
    child.stderr.on("data", (chunk: Buffer) => {
      complaint = `${complaint}${chunk}`.slice(0, 500);
    });
    child.once("error", reject);
    child.once("close", (code) => {
      if (code === 0) resolve(Buffer.concat(printed).toString("utf8"));
      else reject(new Error(`tmux ${args[0]} failed: ${complaint.trim() || `code ${code}`}`));
    });
    // It may end before it has read all.
    child.stdin.on("error", () => {});
    child.stdin.end(input);
  });
}
