import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { Hopeless, until } from "../until.ts";

/** A stop that takes longer than this is a fault: the product promises 5 s. */
const STOP_DEADLINE_MS = 8_000;
const MAX_OUTPUT_CHARS = 256 * 1024;

export interface ChildOptions {
  name: string;
  /** Arguments to Node: an entry file and what follows. */
  args: string[];
  env: Record<string, string>;
  cwd: string;
}

/** One real process of the product, which never outlives its owner. */
export class Child implements AsyncDisposable {
  readonly name: string;
  readonly pid: number;
  #process: ChildProcess;
  #output = "";
  #exited: Promise<void>;

  constructor(options: ChildOptions) {
    this.name = options.name;
    this.#process = spawn(process.execPath, options.args, {
      cwd: options.cwd,
      env: options.env,
      stdio: ["ignore", "pipe", "pipe"],
    });
    if (this.#process.pid === undefined) throw new Error(`${options.name} did not start`);
    this.pid = this.#process.pid;
    // `exit`, not `close`: a grandchild that holds the pipes must not keep us waiting.
    this.#exited = once(this.#process, "exit").then(() => undefined);
    for (const stream of [this.#process.stdout, this.#process.stderr]) {
      stream?.setEncoding("utf8").on("data", (text: string) => {
        this.#output = (this.#output + text).slice(-MAX_OUTPUT_CHARS);
      });
    }
  }

  get running(): boolean {
    return this.#process.exitCode === null && this.#process.signalCode === null;
  }

  get exitCode(): number | null {
    return this.#process.exitCode;
  }

  /** What it said, stdout and stderr together, the newest 256 K characters. */
  get output(): string {
    return this.#output;
  }

  /** Ends it as a power cut would. */
  async kill(): Promise<void> {
    this.#process.kill("SIGKILL");
    await this.#exited;
  }

  /** Asks it to end, as a person would; throws when it does not. */
  async stop(): Promise<void> {
    if (!this.running) return;
    this.#process.kill("SIGTERM");
    await until(`${this.name} ends after SIGTERM`, () => !this.running, { deadlineMs: STOP_DEADLINE_MS });
  }

  async exited(): Promise<void> {
    await this.#exited;
  }

  /** Waits for `pattern` in what it says; fails at once when it ends before. */
  async said(pattern: RegExp, deadlineMs = 30_000): Promise<RegExpMatchArray> {
    return await until(
      `${this.name} says ${pattern}`,
      () => {
        const found = this.#output.match(pattern);
        if (found === null && !this.running) throw new ChildEnded(this);
        return found;
      },
      { deadlineMs, describe: () => this.#output.slice(-2_000) },
    );
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.running) await this.kill();
  }
}

/** The process ended while something was still expected of it. */
export class ChildEnded extends Hopeless {
  override name = "ChildEnded";

  constructor(child: Child) {
    super(`${child.name} ended with ${child.exitCode}: ${child.output.slice(-4_000)}`);
  }
}
