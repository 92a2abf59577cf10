import { setTimeout as delay } from "node:timers/promises";
import {
  Conversation,
  type LiveClient,
  type LiveFrame,
  Product,
  seededRandom,
  TranscriptWriter,
} from "@agentpane/testkit";
import { AgentProcess } from "../../e2e/integration/agent-process.ts";
import { type Figure, percentile } from "../lib/figures.ts";

const AGENTS = 8;
const PROBES = 600;
const DEATHS = 10;
/** A change that is not on the page by then is counted as lost. */
const LIMIT_MS = 5_000;
const DEATH_LIMIT_MS = 30_000;
const START_LIMIT_MS = 30_000;

/** What the registry says, and what the page then shows. Each differs from the one before it. */
const STATES = [
  [{ status: "busy", waitingFor: undefined }, "working"],
  [{ status: "waiting", waitingFor: "permission prompt" }, "approval"],
  [{ status: "waiting", waitingFor: "input needed" }, "question"],
  [{ status: "idle", waitingFor: undefined }, "ready"],
] as const;

/** From the write of a live process's registry file to the frame of a page's socket that shows the new status. */
export async function presence(): Promise<Figure[]> {
  await using scene = await Scene.start("presence", AGENTS);
  const random = seededRandom(19);
  const ms: number[] = [];
  let lost = 0;
  for (let i = 0; i < PROBES; i++) {
    const agent = scene.agents[i % AGENTS] as Agent;
    const [said, status] = STATES[(Math.floor(i / AGENTS) + 1) % STATES.length] as (typeof STATES)[number];
    const shown = scene.shown(agent.session, status, LIMIT_MS);
    const begun = performance.now();
    agent.process.say(said);
    const at = await shown;
    if (at === null) lost += 1;
    else ms.push(at - begun);
    await delay(10 + random.int(0, 60));
  }
  const note = `${PROBES} changes of ${AGENTS} processes, ${lost} not seen within ${LIMIT_MS / 1000} s`;
  return [
    { what: "registry change to frame, p50", unit: "ms", measured: percentile(ms, 0.5), target: null, note },
    {
      what: "registry change to frame, p99",
      unit: "ms",
      measured: lost > 0 ? Number.NaN : percentile(ms, 0.99),
      target: 100,
    },
    { what: "registry change to frame, worst", unit: "ms", measured: Math.max(...ms), target: null },
  ];
}

/** From kill -9 of an agent's process to the frame that shows its session as ended. */
export async function ended(): Promise<Figure[]> {
  await using scene = await Scene.start("ended", DEATHS);
  const random = seededRandom(23);
  const ms: number[] = [];
  for (const { process, session } of scene.agents) {
    // Deaths fall anywhere between two looks at the processes.
    await delay(random.int(0, 2_000));
    const shown = scene.shown(session, "ended", DEATH_LIMIT_MS);
    const begun = performance.now();
    await process.kill();
    ms.push(((await shown) ?? Number.POSITIVE_INFINITY) - begun);
  }
  return [
    { what: "kill -9 to ended, p50", unit: "s", measured: percentile(ms, 0.5) / 1000, target: null },
    {
      what: "kill -9 to ended, worst",
      unit: "s",
      measured: Math.max(...ms) / 1000,
      target: 5,
      note: `${DEATHS} processes, one after the other`,
    },
  ];
}

interface Agent {
  session: string;
  process: AgentProcess;
}

interface ShownRow {
  id: string;
  status: string;
  source: string;
}

/** A server, a monitor and a page, and sessions in the middle of a command, each with its process. */
class Scene implements AsyncDisposable {
  readonly agents: readonly Agent[];
  readonly #page: LiveClient;
  readonly #open: AsyncDisposableStack;
  /** What is waited for, by session. */
  readonly #awaited = new Map<string, { status: string; found(at: number): void }>();

  private constructor(agents: readonly Agent[], page: LiveClient, open: AsyncDisposableStack) {
    this.agents = agents;
    this.#page = page;
    this.#open = open;
    page.keepFrames = false;
    page.onFrame = (frame, at) => this.#onFrame(frame, at);
  }

  static async start(name: string, count: number): Promise<Scene> {
    await using undo = new AsyncDisposableStack();
    const product = undo.use(new Product(`bench-${name}`));
    const machine = await product.addMachine("bench");
    const [root = ""] = machine.roots;
    const random = seededRandom(17);
    const writer = new TranscriptWriter();
    const agents = Array.from({ length: count }, (): Agent => {
      const session = random.uuid();
      const conversation = new Conversation({ random, session });
      const file = writer.create({ root, project: "-home-dev-shop", session });
      conversation.advanceTo(Date.now());
      writer.append(file, [conversation.prompt("Run the tests"), conversation.call()]);
      const process = undo.use(new AgentProcess(root, session));
      process.say({ status: "busy" });
      return { session, process };
    });
    await product.startServer();
    const page = undo.use(await product.live());
    const scene = new Scene(agents, page, undo.move());
    const shown = agents.map(({ session }) => scene.shown(session, "working", START_LIMIT_MS));
    product.startMonitor(machine);
    if ((await Promise.all(shown)).includes(null)) throw new Error("the sessions did not appear");
    return scene;
  }

  /** When the page shows the session so, by its registry (`performance.now`); null where it does not in time. */
  shown(session: string, status: string, limitMs: number): Promise<number | null> {
    return new Promise((resolve) => {
      const late = setTimeout(() => resolve(null), limitMs);
      const found = (at: number) => {
        clearTimeout(late);
        this.#awaited.delete(session);
        resolve(at);
      };
      this.#awaited.set(session, { status, found });
    });
  }

  #onFrame(frame: LiveFrame, at: number): void {
    for (const row of (frame.sessions ?? []) as ShownRow[]) {
      const awaited = this.#awaited.get(row.id);
      if (row.status === awaited?.status && row.source === "registry") awaited.found(at);
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#page.onFrame = () => {};
    await this.#open.disposeAsync();
  }
}
