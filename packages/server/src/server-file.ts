import { readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";

const NAME = "server.json";

const serverFile = z.object({
  pid: z.int().min(1),
  host: z.string(),
  port: z.int().min(1).max(65_535),
  startedAt: z.int(),
  version: z.string(),
  /** The secret by which this user's own `agentpane` command is an admin of the running server. */
  control: z.string(),
});
export type ServerFile = z.infer<typeof serverFile>;

/** Readable by its owner alone; whole or not at all. */
export function writeServerFile(dataDir: string, facts: ServerFile): void {
  const path = join(dataDir, NAME);
  const fresh = `${path}.${process.pid}`;
  writeFileSync(fresh, `${JSON.stringify(facts)}\n`, { mode: 0o600 });
  renameSync(fresh, path);
}

/** The server that runs on this data folder; null where none does, the file of one that died included. */
export function readServerFile(dataDir: string): ServerFile | null {
  try {
    const facts = serverFile.parse(JSON.parse(readFileSync(join(dataDir, NAME), "utf8")));
    return isAlive(facts.pid) ? facts : null;
  } catch {
    return null;
  }
}

/** Removes the file if it is still this server's. */
export function removeServerFile(dataDir: string, control: string): void {
  if (readServerFile(dataDir)?.control === control) rmSync(join(dataDir, NAME), { force: true });
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // It lives, but it is somebody else's.
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
}
