import { Conversation, type Machine, Product, seededRandom, TranscriptWriter, until } from "@agentpane/testkit";
import { describe, expect, it } from "vitest";
import { AgentProcess } from "./agent-process.ts";
import { ChannelCutter } from "./channel-cutter.ts";

/** A silent machine and a lost channel both count after 30 s; and then some, for a busy host. */
const LIMIT_DEADLINE_MS = 60_000;

interface Row {
  status: string;
  source: string;
  sentence: string;
  process?: { machine: string; pid: number } | null;
}

/** A server, a monitor, and a session in the middle of a command. */
class Scene {
  readonly session: string;
  readonly conversation: Conversation;
  readonly writer = new TranscriptWriter();
  readonly machine: Machine;
  readonly #product: Product;
  readonly #file: ReturnType<TranscriptWriter["create"]>;

  private constructor(product: Product, machine: Machine, seed: number) {
    const random = seededRandom(seed);
    this.#product = product;
    this.machine = machine;
    this.session = random.uuid();
    this.conversation = new Conversation({ random, session: this.session });
    this.#file = this.writer.create({ root: this.root, project: "-home-dev-shop", session: this.session });
    this.conversation.advanceTo(Date.now());
    this.writer.append(this.#file, [this.conversation.prompt("Run the tests"), this.conversation.call()]);
  }

  static async start(product: Product, seed: number): Promise<Scene> {
    await product.startServer();
    return new Scene(product, await product.addMachine("ant"), seed);
  }

  get root(): string {
    return this.machine.roots[0] ?? "";
  }

  async row(session = this.session): Promise<Row> {
    return await (await this.#product.api()).get<Row>(`/api/v1/sessions/${session}`);
  }

  async shows(status: string, source: string, deadlineMs = 30_000): Promise<Row> {
    let last: Row | null = null;
    return await until(
      `the session is ${status}, from the ${source}`,
      async () => {
        last = await this.row();
        return last.status === status && last.source === source ? last : null;
      },
      { deadlineMs, pollMs: 50, describe: () => last },
    );
  }
}

describe("presence, from real processes to the API", () => {
  it("follows the registry of a living process, and ends with kill -9", async () => {
    await using product = new Product("presence-follows");
    const scene = await Scene.start(product, 31);
    await using agent = new AgentProcess(scene.root, scene.session);
    agent.say({ status: "busy" });
    product.startMonitor(scene.machine);
    expect((await scene.shows("working", "registry")).process?.pid).toBe(agent.pid);

    using page = await product.live();
    const onPage = (status: string) =>
      page.frame(`the page shows ${status}`, (frame) =>
        ((frame.sessions ?? []) as Row[]).some((row) => row.status === status && row.source === "registry"),
      );
    agent.say({ status: "waiting", waitingFor: "permission prompt" });
    await onPage("approval");
    agent.say({ status: "waiting", waitingFor: "input needed" });
    await onPage("question");
    agent.say({ status: "idle", waitingFor: undefined });
    await onPage("ready");
    agent.say({ status: "shell" });
    await scene.shows("working", "registry");

    await agent.kill();
    await onPage("ended");
    expect((await scene.shows("ended", "registry")).sentence).toBe("its process is gone, from the session registry");

    // Somebody resumes it in another terminal.
    await using next = new AgentProcess(scene.root, scene.session);
    next.say({ status: "idle" });
    expect((await scene.shows("ready", "registry")).process?.pid).toBe(next.pid);
  });

  it("ends a session that /clear left, while its process lives on with the next", async () => {
    await using product = new Product("presence-clear");
    const scene = await Scene.start(product, 32);
    await using agent = new AgentProcess(scene.root, scene.session);
    agent.say({ status: "idle" });
    product.startMonitor(scene.machine);
    await scene.shows("ready", "registry");
    agent.say({ sessionId: seededRandom(33).uuid(), status: "idle" });
    expect((await scene.shows("ended", "registry")).sentence).toContain("went on with another session");
  });

  it("does not know what becomes of a session without its monitor, and knows again when it is back", async () => {
    await using product = new Product("presence-crash");
    const scene = await Scene.start(product, 34);
    await using agent = new AgentProcess(scene.root, scene.session);
    agent.say({ status: "waiting", waitingFor: "permission prompt" });
    const monitor = product.startMonitor(scene.machine);
    await scene.shows("approval", "registry");
    await monitor.kill();
    const unknown = await scene.shows("unknown", "silence", LIMIT_DEADLINE_MS);
    expect(unknown.sentence).toContain("monitor silent since");
    agent.say({ status: "busy", waitingFor: undefined });
    product.startMonitor(scene.machine);
    await scene.shows("working", "registry");
  });

  it("falls back to the transcript where only the channel is lost, says so, and heals", async () => {
    await using product = new Product("presence-channel");
    const scene = await Scene.start(product, 35);
    await using agent = new AgentProcess(scene.root, scene.session);
    agent.say({ status: "waiting", waitingFor: "permission prompt" });
    await using cutter = await ChannelCutter.start(product.origin);
    const { machine } = scene;
    const args = ["--server", cutter.origin, "--token-file", machine.tokenFile, "--name", machine.name];
    product.start("monitor behind", ["monitor", ...args, "--root", scene.root], machine.state, scene.root);
    await scene.shows("approval", "registry");
    cutter.cut();
    const fallen = await scene.shows("working", "transcript", LIMIT_DEADLINE_MS);
    expect(fallen.sentence).toMatch(/, from the transcript; the monitor's channel is lost since /);
    cutter.mend();
    await scene.shows("approval", "registry", LIMIT_DEADLINE_MS);
  });

  it("keeps what it knew over a restart of the server", async () => {
    await using product = new Product("presence-restart");
    const scene = await Scene.start(product, 36);
    await using agent = new AgentProcess(scene.root, scene.session);
    agent.say({ status: "idle" });
    product.startMonitor(scene.machine);
    await scene.shows("ready", "registry");
    await product.server?.kill();
    await agent.kill();
    await product.startServer();
    await scene.shows("ended", "registry");
  });
});
