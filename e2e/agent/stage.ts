import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { join } from "node:path";
import { type ClientOptions, type Machine, ModelApi, Product, RealClient, until } from "@agentpane/testkit";
import { Desk } from "./desk.ts";

/** Addresses of Unix sockets are short, and tmux has its own below this. */
const SOCKETS = "/tmp/ap-";

/** What the tests read of a session's row. */
export interface Row {
  id: string;
  status: string;
  source: string;
  sentence: string;
}

/** A server, a monitor that watches one config folder, a model on loopback, and room for real clients. */
export class Stage implements AsyncDisposable {
  readonly product: Product;
  readonly model: ModelApi;
  readonly machine: Machine;
  readonly #sockets: string;
  readonly #clients: RealClient[] = [];

  private constructor(product: Product, model: ModelApi, machine: Machine, sockets: string) {
    this.product = product;
    this.model = model;
    this.machine = machine;
    this.#sockets = sockets;
  }

  static async set(name: string): Promise<Stage> {
    const sockets = mkdtempSync(SOCKETS);
    const product = new Product(`agent-${name}`, { env: { TMUX_TMPDIR: sockets } });
    await product.startServer();
    const machine = await product.addMachine("real");
    product.startMonitor(machine);
    // Before its channel is open, the monitor holds nothing: the agent's own dialog would stand alone.
    const api = await product.api();
    await until("the monitor's channel is open", async () => {
      const { machines } = await api.get<{ machines: { id: string }[] }>("/api/v1/machines");
      const id = machines[0]?.id;
      return id !== undefined && (await api.call("GET", `/api/v1/machines/${id}/hooks`)).status === 200;
    });
    return new Stage(product, await ModelApi.start(), machine, sockets);
  }

  get root(): string {
    return this.machine.roots[0] as string;
  }

  /** Where the clients work. */
  get cwd(): string {
    const folder = join(this.product.folder.path, "work", "shop");
    mkdirSync(folder, { recursive: true });
    return folder;
  }

  /** A real client in a terminal, at its composer. */
  async client(name: string, options: Partial<ClientOptions> = {}): Promise<RealClient> {
    const client = await RealClient.start({
      name,
      root: this.root,
      home: this.product.home,
      cwd: this.cwd,
      model: this.model.origin,
      sockets: this.#sockets,
      ...options,
    });
    this.#clients.push(client);
    return client;
  }

  /** The hook in the client's settings, put there by the command as a person would. */
  async hooks(action: "install" | "uninstall"): Promise<string> {
    const child = this.product.start(`hooks ${action}`, ["hooks", action], this.machine.state, this.root);
    await child.exited();
    const { exitCode, output } = child;
    if (exitCode !== 0) throw new Error(`hooks ${action} ended with ${exitCode}: ${output}`);
    return output;
  }

  async desk(): Promise<Desk> {
    return new Desk(await this.product.api());
  }

  /** Waits until the API shows the session with this status. */
  async shows(session: string, status: string, deadlineMs = 30_000): Promise<Row> {
    const api = await this.product.api();
    let last: unknown;
    return await until(
      `session ${session} is ${status}`,
      async () => {
        const answer = await api.call("GET", `/api/v1/sessions/${session}`);
        last = answer.body;
        return answer.status === 200 && (last as Row).status === status ? (last as Row) : null;
      },
      { deadlineMs, pollMs: 50, describe: () => last },
    );
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const client of this.#clients) await client[Symbol.asyncDispose]();
    await this.model[Symbol.asyncDispose]();
    await this.product[Symbol.asyncDispose]();
    rmSync(this.#sockets, { recursive: true, force: true });
  }
}
