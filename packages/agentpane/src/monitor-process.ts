import { type ChildProcess, spawn } from "node:child_process";

const FIRST_RESTART_MS = 1_000;
const MAX_RESTART_MS = 30_000;
/** A monitor that ran so long was well: the next restart is quick again. */
const WELL_MS = 60_000;
/** Time to say goodbye to the server, which is part of the 5 s that a stop may take. */
const STOP_MS = 2_500;

export interface MonitorProcessOptions {
  /** Arguments of this program. */
  args: readonly string[];
  /** Descriptor of the file that takes what the monitor prints. */
  output: number;
  onRestart(why: string, inMs: number): void;
  /** What is started: this very program, unless a test says otherwise. */
  program?: readonly string[];
}

/** The monitor as a child: it ends when our channel to it closes, however we end, and is started anew when it dies. */
export class MonitorProcess implements AsyncDisposable {
  readonly #options: MonitorProcessOptions;
  #child: ChildProcess | null = null;
  #restart: NodeJS.Timeout | null = null;
  #waitMs = FIRST_RESTART_MS;
  #stopping = false;

  constructor(options: MonitorProcessOptions) {
    this.#options = options;
    this.#start();
  }

  get pid(): number | undefined {
    return this.#child?.pid;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stopping = true;
    if (this.#restart !== null) clearTimeout(this.#restart);
    const child = this.#child;
    if (child === null) return;
    const kill = setTimeout(() => child.kill("SIGKILL"), STOP_MS);
    const gone = new Promise<void>((resolve) => child.once("exit", () => resolve()));
    if (child.connected) child.disconnect();
    else child.kill("SIGTERM");
    await gone;
    clearTimeout(kill);
  }

  #start(): void {
    const { args, output } = this.#options;
    const [program = process.execPath, ...entry] = this.#options.program ?? [process.execPath, process.argv[1] ?? ""];
    const startedAt = performance.now();
    // It has a token file; a token in the environment is meant for something else.
    const { AGENTPANE_TOKEN: _, ...env } = process.env;
    // One heap for each thread of the pool would cost it some 40 MB.
    const own = { MALLOC_ARENA_MAX: "2", ...env };
    const child = spawn(program, [...entry, ...args], { stdio: ["ignore", output, output, "ipc"], env: own });
    this.#child = child;
    child.once("error", (error) => this.#ended(error.message, startedAt));
    child.once("exit", (code, signal) => this.#ended(signal ?? `code ${code}`, startedAt));
  }

  #ended(why: string, startedAt: number): void {
    if (this.#child === null) return;
    this.#child = null;
    if (this.#stopping) return;
    if (performance.now() - startedAt > WELL_MS) this.#waitMs = FIRST_RESTART_MS;
    const inMs = this.#waitMs;
    this.#waitMs = Math.min(MAX_RESTART_MS, inMs * 2);
    this.#options.onRestart(why, inMs);
    this.#restart = setTimeout(() => this.#start(), inMs);
  }
}
