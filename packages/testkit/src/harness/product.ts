import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { committedBytes, readStore } from "../checker/read-store.ts";
import type { StoreView } from "../checker/store-view.ts";
import { type TempFolder, tempFolder } from "../temp.ts";
import { until } from "../until.ts";
import { ApiClient } from "./api-client.ts";
import { Child } from "./child.ts";
import { LiveClient } from "./live-client.ts";

export const REPOSITORY = join(import.meta.dirname, "..", "..", "..", "..");
const COMMAND = join(REPOSITORY, "packages", "agentpane", "src", "main.ts");
/** From the start of a process to its first answer; generous, since many tests share the cores. */
const START_DEADLINE_MS = 30_000;

export type Role = "viewer" | "approver" | "admin" | "monitor";

/** One machine's monitor: its own state folder and token, its config folders. */
export interface Machine {
  name: string;
  roots: string[];
  state: string;
  tokenFile: string;
  monitor: Child | null;
}

export interface ProductOptions {
  /** Where the store lies; a folder of its own unless given. */
  data?: string;
  /** More environment for every process. */
  env?: Record<string, string>;
  /** Folder for CPU profiles: every server and monitor writes one when it ends. */
  profiles?: string | undefined;
}

/**
 * A real server and real monitors, as processes, in folders of their own: nothing of a person's home is read, nothing
 * listens beyond loopback. Disposing kills what still runs and removes the folders.
 */
export class Product implements AsyncDisposable {
  readonly folder: TempFolder;
  readonly home: string;
  readonly data: string;
  readonly machines: Machine[] = [];
  server: Child | null = null;
  #origin: string | null = null;
  #env: Record<string, string>;
  #nodeArgs: string[];
  #children: Child[] = [];
  #admin: ApiClient | null = null;

  constructor(name: string, options: ProductOptions = {}) {
    this.folder = tempFolder(name);
    this.home = join(this.folder.path, "home");
    this.data = options.data ?? join(this.folder.path, "data");
    mkdirSync(this.home);
    this.#env = options.env ?? {};
    this.#nodeArgs = options.profiles === undefined ? [] : ["--cpu-prof", `--cpu-prof-dir=${options.profiles}`];
  }

  get origin(): string {
    if (this.#origin === null) throw new Error("the server was never started");
    return this.#origin;
  }

  get databasePath(): string {
    return join(this.data, "agentpane.db");
  }

  environment(state: string, root: string): Record<string, string> {
    return {
      PATH: process.env.PATH ?? "",
      LANG: "C.UTF-8",
      HOME: this.home,
      CLAUDE_CONFIG_DIR: root,
      AGENTPANE_DATA: this.data,
      AGENTPANE_STATE: state,
      ...this.#env,
    };
  }

  /** Starts `agentpane ARGS` and leaves it running. */
  start(
    name: string,
    args: string[],
    state = join(this.folder.path, "state"),
    root = this.home,
    nodeArgs: string[] = [],
  ): Child {
    const child = new Child({
      name,
      args: [...nodeArgs, COMMAND, ...args],
      env: this.environment(state, root),
      cwd: this.folder.path,
    });
    this.#children.push(child);
    return child;
  }

  /** Runs `agentpane ARGS` to its end and answers what it said. */
  async run(args: string[]): Promise<{ code: number | null; output: string }> {
    const child = this.start(`agentpane ${args[0]}`, args);
    await child.exited();
    return { code: child.exitCode, output: child.output };
  }

  /** A new token, made by the command as a person would. */
  async token(name: string, role: Role): Promise<string> {
    const { code, output } = await this.run(["tokens", "add", name, "--role", role, "--json", "--data", this.data]);
    const found = output.match(/\{.*"token".*\}/s);
    if (code !== 0 || found === null) throw new Error(`tokens add ended with ${code}: ${output}`);
    return (JSON.parse(found[0]) as { token: string }).token;
  }

  /** Starts the server, on the same port as before if it ran before, and waits until it is ready. */
  async startServer(): Promise<Child> {
    const port = this.#origin === null ? "0" : new URL(this.#origin).port;
    this.server = this.start(
      "server",
      ["serve", "--port", port, "--data", this.data],
      undefined,
      undefined,
      this.#nodeArgs,
    );
    const found = await this.server.said(/http:\/\/127\.0\.0\.1:\d+/, START_DEADLINE_MS);
    this.#origin = found[0];
    await this.ready();
    return this.server;
  }

  async ready(): Promise<void> {
    await until("the server is ready", async () => (await fetch(`${this.origin}/readyz`)).ok, {
      deadlineMs: START_DEADLINE_MS,
    });
  }

  async api(role: Role = "admin"): Promise<ApiClient> {
    if (role !== "admin") return new ApiClient(this.origin, await this.token(`${role} ${Date.now()}`, role));
    this.#admin ??= new ApiClient(this.origin, await this.token("harness", "admin"));
    return this.#admin;
  }

  async live(): Promise<LiveClient> {
    return await LiveClient.open(this.origin, (await this.api()).token);
  }

  /** A machine with its token; its monitor is not started yet. */
  async addMachine(name: string, roots: string[] = [join(this.folder.path, name, "claude")]): Promise<Machine> {
    for (const root of roots) mkdirSync(join(root, "projects"), { recursive: true });
    const state = join(this.folder.path, name, "state");
    mkdirSync(state, { recursive: true, mode: 0o700 });
    const tokenFile = join(state, "token");
    writeFileSync(tokenFile, await this.token(name, "monitor"), { mode: 0o600 });
    const machine: Machine = { name, roots, state, tokenFile, monitor: null };
    this.machines.push(machine);
    return machine;
  }

  startMonitor(machine: Machine): Child {
    const roots = machine.roots.flatMap((root) => ["--root", root]);
    const args = [
      "monitor",
      "--server",
      this.origin,
      "--token-file",
      machine.tokenFile,
      "--name",
      machine.name,
      ...roots,
    ];
    machine.monitor = this.start(`monitor ${machine.name}`, args, machine.state, machine.roots[0], this.#nodeArgs);
    return machine.monitor;
  }

  /** Both in one command, as a person starts them; on the port that the server had before. The caller waits for what he needs. */
  startUp(machine: Machine): Child {
    const { port } = new URL(this.origin);
    const args = ["up", "--no-open", "--port", port, "--data", this.data, "--name", machine.name];
    return this.start("up", args, machine.state, machine.roots[0], this.#nodeArgs);
  }

  /** The store as the independent checker sees it. */
  store(): StoreView {
    return readStore(this.databasePath);
  }

  committedBytes(): number {
    return committedBytes(this.databasePath);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const child of this.#children) await child[Symbol.asyncDispose]();
    await this.folder[Symbol.asyncDispose]();
  }
}
