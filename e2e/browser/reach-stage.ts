import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { join } from "node:path";
import { type ApiClient, type Machine, Product, REPOSITORY, type Role, seededRandom, until } from "@agentpane/testkit";
import { test as base, type Page } from "@playwright/test";

/** Addresses of Unix sockets are short, and tmux has its own below this. */
const SOCKETS = "/tmp/ap-";
const AGENT = join(import.meta.dirname, "scripted-agent.ts");
const COMMAND = join(REPOSITORY, "packages", "agentpane", "src", "main.ts");
const COLUMNS = 100;
const ROWS = 30;

/** How the agent is started: in a pane of tmux, there under `agentpane run`, or where it has no terminal that we could use. */
export type Way = "tmux" | "pty";

/** A scripted agent in its terminal, as the person at that terminal sees it. */
export interface RunningAgent {
  session: string;
  title: string;
  /** What the person's terminal shows. */
  screen(): string;
  /** Types at the person's terminal. */
  type(text: string): void;
  /** By tmux's names. */
  press(...keys: string[]): void;
  resize(columns: number, rows: number): void;
}

/** A server, and a monitor that finds the terminals of scripted agents. */
export class ReachStage implements AsyncDisposable {
  readonly product: Product;
  readonly machine: Machine;
  readonly api: ApiClient;
  readonly #sockets: string;
  readonly #random = seededRandom(31);
  #agents = 0;
  #shared: Promise<RunningAgent> | null = null;

  private constructor(product: Product, machine: Machine, api: ApiClient, sockets: string) {
    this.product = product;
    this.machine = machine;
    this.api = api;
    this.#sockets = sockets;
  }

  static async set(): Promise<ReachStage> {
    const sockets = mkdtempSync(SOCKETS);
    const product = new Product("reach", { env: { TMUX_TMPDIR: sockets } });
    await product.startServer();
    const machine = await product.addMachine("workbench");
    product.startMonitor(machine);
    return new ReachStage(product, machine, await product.api(), sockets);
  }

  /** Starts an agent and waits until words could reach it. */
  async agent(way: Way, title: string): Promise<RunningAgent> {
    const session = this.#random.uuid();
    this.#agents += 1;
    const name = `agent-${this.#agents}`;
    const root = this.machine.roots[0] as string;
    const env = {
      ...this.product.environment(this.machine.state, root),
      TERM: "xterm-256color",
      AGENT_ROOT: root,
      AGENT_SESSION: session,
      AGENT_TITLE: title,
    };
    const wrapper = way === "pty" ? [process.execPath, COMMAND, "run", "--"] : [];
    this.#tmux(
      ...["-f", "/dev/null", "new-session", "-d", "-s", name, "-x", String(COLUMNS), "-y", String(ROWS), "--"],
      ...["env", "-i", ...Object.entries(env).map(([key, value]) => `${key}=${value}`)],
      ...[...wrapper, process.execPath, AGENT],
    );
    await this.#isReached(session, way);
    return {
      session,
      title,
      screen: () => this.#tmux("capture-pane", "-p", "-t", name).replaceAll("\u00a0", " "),
      type: (text) => void this.#tmux("send-keys", "-t", name, "-l", text),
      press: (...keys) => void this.#tmux("send-keys", "-t", name, ...keys),
      resize: (columns, rows) =>
        void this.#tmux("resize-window", "-t", name, "-x", String(columns), "-y", String(rows)),
    };
  }

  /** One under `agentpane run` for all who only look at it. */
  shared(title: string): Promise<RunningAgent> {
    this.#shared ??= this.agent("pty", title);
    return this.#shared;
  }

  /** Opens the session on this page, signed in with this role. */
  async open(page: Page, { session }: Pick<RunningAgent, "session">, tab = "", role: Role = "approver"): Promise<void> {
    const answer = await this.api.call("POST", "/api/v1/links", { body: { role } });
    const { hash } = new URL((answer.body as { path: string }).path, this.product.origin);
    await page.goto(`${this.product.origin}/sessions/${session}${tab === "" ? "" : `?tab=${tab}`}${hash}`);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    try {
      if (this.#agents > 0) this.#tmux("kill-server");
    } catch {
      // It ended by itself, with the last agent.
    }
    await this.product[Symbol.asyncDispose]();
    rmSync(this.#sockets, { recursive: true, force: true });
  }

  async #isReached(session: string, way: Way): Promise<void> {
    let last: unknown;
    await until(
      `the session is reached by ${way}`,
      async () => {
        last = (await this.api.call("GET", `/api/v1/sessions/${session}`)).body;
        return (last as { reach?: { kind: string } }).reach?.kind === way;
      },
      { describe: () => last },
    );
  }

  #tmux(...args: string[]): string {
    return execFileSync("tmux", args, {
      encoding: "utf8",
      env: { ...process.env, TMUX_TMPDIR: this.#sockets, TMUX: "" },
      stdio: ["ignore", "pipe", "pipe"],
    });
  }
}

export const test = base.extend<object, { reach: ReachStage }>({
  reach: [
    // biome-ignore lint/correctness/noEmptyPattern: the form that Playwright asks of a fixture
    async ({}, use) => {
      await using stage = await ReachStage.set();
      await use(stage);
    },
    { scope: "worker", timeout: 60_000 },
  ],
});
