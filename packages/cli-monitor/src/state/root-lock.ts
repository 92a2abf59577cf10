import { hash } from "node:crypto";
import { rmSync, statSync, unlinkSync } from "node:fs";
import path from "node:path";
import { AgentPaneError, epochMs } from "@agentpane/protocol";
import { z } from "zod";
import { processStart } from "./process-identity.ts";
import { createFile, readJson } from "./state-folder.ts";

const lockContent = z.object({
  pid: z.int().min(1),
  /** Tells the process from a later one with the same id. */
  processStart: z.string(),
  startedAt: epochMs,
  root: z.string(),
  server: z.string(),
});
/** Who watches a root. */
export type LockHolder = z.infer<typeof lockContent>;

/** How often a lock that others also try for is tried for, and the wait between two tries. */
const MAX_TRIES = 250;
const TRY_AGAIN_MS = 20;
/** A guard that names nobody (a power cut emptied it) is given up after this time. */
const UNNAMED_GUARD_MS = 2_000;

/** Of the user's one monitor on this host, whatever it watches. */
const MONITOR_LOCK = "monitor.lock";

/**
 * One lock per user and root: two monitors on one root would only undo each other's seeking. And one over all roots: two
 * monitors are the same machine to the server, where each would take the other's channel away.
 */
export class RootLocks implements Disposable {
  readonly #held: string[] = [];

  /** Takes all roots or none; throws `monitor_running` with the pid of whoever has one, or watches others. */
  static take(folder: string, roots: readonly string[], server: string): RootLocks {
    const locks = new RootLocks();
    try {
      for (const root of roots) {
        locks.#take(lockFile(folder, root), root, server, ({ pid }) => {
          return `A monitor (pid ${pid}) already watches ${root}. Stop what started it (\`agentpane up\`), or \`cli-monitor stop\`.`;
        });
      }
      locks.#take(path.join(folder, MONITOR_LOCK), roots[0] ?? "", server, ({ pid, root }) => {
        const all = [root, ...roots].map((one) => ` --root ${one}`).join("");
        return `Your monitor (pid ${pid}) already runs here, for ${root}, and one watches all roots. Stop it with \`cli-monitor stop\`, and start it with${all}.`;
      });
      return locks;
    } catch (error) {
      locks[Symbol.dispose]();
      throw error;
    }
  }

  [Symbol.dispose](): void {
    for (const file of this.#held.splice(0)) {
      if (holderOf(file)?.pid === process.pid) unlinkSync(file);
    }
  }

  #take(file: string, root: string, server: string, refusal: (holder: LockHolder) => string): void {
    const mine: LockHolder = {
      pid: process.pid,
      processStart: processStart(process.pid) ?? "",
      startedAt: Date.now(),
      root,
      server,
    };
    for (let tries = 0; tries < MAX_TRIES; tries += 1) {
      if (createFile(file, `${JSON.stringify(mine)}\n`)) {
        this.#held.push(file);
        return;
      }
      const holder = holderOf(file);
      if (holder !== null && isRunning(holder)) {
        throw new AgentPaneError("monitor_running", refusal(holder));
      }
      removeStale(file, mine);
    }
    throw new AgentPaneError("monitor_running", `Another monitor takes ${root} just now. Try again.`);
  }
}

/** Who watches the root now; null where nobody does. */
export function runningHolder(folder: string, root: string): LockHolder | null {
  return runningIn(lockFile(folder, root));
}

/** The user's monitor on this host, whatever it watches; null where none runs. */
export function runningMonitor(folder: string): LockHolder | null {
  return runningIn(path.join(folder, MONITOR_LOCK));
}

function runningIn(file: string): LockHolder | null {
  const holder = holderOf(file);
  return holder !== null && isRunning(holder) ? holder : null;
}

export function lockFile(folder: string, root: string): string {
  return path.join(folder, `root-${hash("sha256", root, "hex").slice(0, 16)}.lock`);
}

function holderOf(file: string): LockHolder | null {
  const parsed = lockContent.safeParse(readJson(file));
  return parsed.success ? parsed.data : null;
}

/** A pid is used again; the process that has it counts only if it started when the lock says. */
export function isRunning(holder: LockHolder): boolean {
  const start = processStart(holder.pid);
  if (start === null) return false;
  return start === "" || holder.processStart === "" || start === holder.processStart;
}

/**
 * Removes the lock of a dead holder. Only one at a time removes, and looks again before it does: so a lock that was taken
 * meanwhile is never removed, and none can be taken before the stale one is gone. The guard names who removes, so that one
 * killed in those microseconds stops nobody.
 */
function removeStale(file: string, mine: LockHolder): void {
  const guard = `${file}.takeover`;
  if (!createFile(guard, `${JSON.stringify(mine)}\n`)) {
    if (isAbandoned(guard)) rmSync(guard, { recursive: true, force: true });
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, TRY_AGAIN_MS);
    return;
  }
  try {
    const holder = holderOf(file);
    if (holder === null || !isRunning(holder)) rmSync(file, { force: true });
  } finally {
    rmSync(guard, { recursive: true, force: true });
  }
}

function isAbandoned(guard: string): boolean {
  const remover = holderOf(guard);
  if (remover !== null) return !isRunning(remover);
  const stat = statSync(guard, { throwIfNoEntry: false });
  return stat !== undefined && Date.now() - stat.mtimeMs > UNNAMED_GUARD_MS;
}
