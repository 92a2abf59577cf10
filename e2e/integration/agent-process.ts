import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { closeSync, ftruncateSync, mkdirSync, openSync, readFileSync, rmSync, writeSync } from "node:fs";
import { join } from "node:path";

/** A process that stands in for the agent's client, with its entry in a root's live registry. */
export class AgentProcess implements AsyncDisposable {
  readonly pid: number;
  readonly #child: ChildProcess;
  readonly #file: string;
  #said: Record<string, unknown>;

  constructor(root: string, session: string) {
    this.#child = spawn(process.execPath, ["-e", "setInterval(() => {}, 60000)"], { stdio: "ignore" });
    if (this.#child.pid === undefined) throw new Error("the stand-in did not start");
    this.pid = this.#child.pid;
    mkdirSync(join(root, "sessions"), { recursive: true });
    this.#file = join(root, "sessions", `${this.pid}.json`);
    this.#said = {
      pid: this.pid,
      sessionId: session,
      cwd: "/home/dev/shop",
      startedAt: Date.now(),
      procStart: startOf(this.pid),
      version: "2.1.330",
      kind: "interactive",
      entrypoint: "cli",
    };
  }

  /** Writes in place, as the client does. */
  say(said: Record<string, unknown>): void {
    const now = Date.now();
    this.#said = { ...this.#said, ...said, updatedAt: now, statusUpdatedAt: now };
    const text = JSON.stringify(this.#said);
    const file = openSync(this.#file, "a+");
    closeSync(file);
    const inPlace = openSync(this.#file, "r+");
    writeSync(inPlace, text, 0);
    ftruncateSync(inPlace, Buffer.byteLength(text));
    closeSync(inPlace);
  }

  /** As `kill -9` does: the registry file stays. */
  async kill(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    this.#child.kill("SIGKILL");
    await once(this.#child, "exit");
  }

  /** The file goes first, as at the client's own exit. */
  async exit(): Promise<void> {
    rmSync(this.#file);
    await this.kill();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.kill();
  }
}

/** When a process began, in the unit that the client writes: `/proc/<pid>/stat` field 22, elsewhere what `ps` says. */
function startOf(pid: number): string {
  if (process.platform !== "linux")
    return execFileSync("ps", ["-o", "lstart=", "-p", String(pid)])
      .toString()
      .trim();
  const stat = readFileSync(`/proc/${pid}/stat`, "latin1");
  // The name, in parentheses, may hold blanks and parentheses of its own.
  return stat.slice(stat.lastIndexOf(")") + 2).split(" ")[19] ?? "";
}
