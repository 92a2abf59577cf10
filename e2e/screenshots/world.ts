import { execFileSync } from "node:child_process";
import { cpSync } from "node:fs";
import { join } from "node:path";
import {
  AgentHook,
  ApiClient,
  Conversation,
  type MadeLine,
  Product,
  REPOSITORY,
  seededRandom,
  TranscriptWriter,
  until,
  WireMonitor,
  type WrittenFile,
} from "@agentpane/testkit";
import { writeDemoSessions } from "../demo-sessions.ts";
import { type TimelineSession, writeTimelineSession } from "../demo-timeline.ts";
import { AgentProcess } from "../integration/agent-process.ts";
import { toolForms } from "./tool-forms.ts";

/** Together with the real client's and the told ones there are some 200 sessions. */
const GENERATED = { files: 260, megabytes: 10 };
const HEARTBEAT_MS = 5_000;
const MINUTE_MS = 60_000;
const SHOP = "-home-dev-shop";

const COMMAND = "npm run deploy -- --stage staging --region eu-central-1 --wait";
const DANGEROUS = "rm -rf node_modules dist && git push --force-with-lease origin main && git push --force origin v4";
const QUESTION = {
  questions: [
    {
      question: "Where should the price history live?",
      header: "Store",
      multiSelect: false,
      options: [
        { label: "PostgreSQL", description: "Beside the orders; joins stay simple" },
        { label: "ClickHouse", description: "Faster over years of prices, one more thing to run" },
      ],
    },
  ],
};
const PLAN =
  "# Checkout v2\n\n1. Put the provider behind an interface\n2. Shadow traffic for a week, compare **every** total\n3. Switch by country, smallest first\n\nNothing is frozen meanwhile; `checkout.v1` stays for 30 days.";

/** A product as a person has it after some weeks: real transcripts, told ones in every state, machines in every state. */
export class World implements AsyncDisposable {
  readonly product = new Product("screenshots");
  /** Session ids by what they show. */
  readonly ids = new Map<string, string>();
  timeline: TimelineSession | null = null;
  #random = seededRandom(8);
  #writer = new TranscriptWriter();
  #hook: AgentHook | null = null;
  #beat: NodeJS.Timeout | null = null;
  #answered: Told | null = null;
  #root = "";

  static async make(): Promise<World> {
    const world = new World();
    const { product } = world;
    await product.startServer();
    const machine = await product.addMachine("workbench");
    world.#root = machine.roots[0] ?? "";
    await world.#otherMachines();
    const fixtures = join(REPOSITORY, "fixtures/claude-code-2.1.330/projects");
    cpSync(fixtures, join(world.#root, "projects"), { recursive: true });
    world.#generate();
    for (const [title, id] of writeDemoSessions(world.#writer, world.#root, world.#random)) world.ids.set(title, id);
    world.#tellMore();
    world.timeline = writeTimelineSession(world.#root, Date.now(), world.#random.uuid());
    world.ids.set("timeline", world.timeline.id);
    product.startMonitor(machine);
    world.#hook = await AgentHook.of(machine);
    await world.#allKnown();
    await world.#ask();
    return world;
  }

  id(name: string): string {
    const id = this.ids.get(name);
    if (id === undefined) throw new Error(`no session “${name}”`);
    return id;
  }

  /** A new session of the shop, with its transcript so far. */
  tell(name: string, branch: string, agoMs: number, lines: (to: Conversation) => MadeLine[]): Told {
    const session = this.#random.uuid();
    const random = this.#random;
    const to = new Conversation({ random, session, cwd: "/home/dev/shop", branch, startMs: Date.now() - agoMs });
    const file = this.#writer.create({ root: this.#root, project: SHOP, session });
    this.#writer.append(file, [to.title(name), ...lines(to)]);
    this.ids.set(name, session);
    return { session, to, file };
  }

  append({ file }: Told, lines: readonly MadeLine[]): void {
    this.#writer.append(file, lines);
  }

  /** A session whose process lives. */
  lives(session: string, status: "busy" | "idle" | "waiting"): void {
    this.#hook?.session(session, "cli", {
      status,
      ...(status === "waiting" ? { waitingFor: "permission prompt" } : {}),
    });
  }

  /** A session whose process lives, and can be ended. */
  agent(session: string): AgentProcess {
    const agent = new AgentProcess(this.#root, session);
    agent.say({ status: "busy" });
    return agent;
  }

  async known(session: string): Promise<void> {
    const api = await this.product.api();
    await until(
      "the session is known",
      async () => (await api.call("GET", `/api/v1/sessions/${session}`)).status === 200,
    );
  }

  async #openRequests(): Promise<{ id: string; session: string }[]> {
    const api = await this.product.api();
    return (await api.get<{ requests: { id: string; session: string }[] }>("/api/v1/requests?state=open")).requests;
  }

  #generate(): void {
    const script = join(REPOSITORY, "bench", "gen-transcripts.mjs");
    const day = new Date().toISOString().slice(0, 10);
    const size = ["--files", String(GENERATED.files), "--mb", String(GENERATED.megabytes)];
    execFileSync(process.execPath, [script, "--out", this.#root, ...size, "--days", "12", "--end", day], {
      stdio: "ignore",
    });
  }

  #tellMore(): void {
    this.tell("Every tool in its own form", "fix/coupons", 9 * MINUTE_MS, toolForms);
    this.tell("أصلح الاختبار المتقلب في سلة التسوق", "fix/rtl-titles", 6 * MINUTE_MS, (to) => [
      to.prompt("أصلح الاختبار المتقلب، ثم اشرح السبب بالإنجليزية and keep the names of files as they are"),
      to.text("The test races the clock: `expiresAt` is computed before the session is stored.", { final: true }),
      to.turnEnd(),
    ]);
    this.tell("A branch nobody can read", "feature/".padEnd(300, "very-long-"), 8 * MINUTE_MS, (to) => [
      to.prompt("rename the branch"),
      to.text("It has 300 characters.", { final: true }),
      to.turnEnd(),
    ]);
    this.tell("Deploy the coupon fix to staging", "fix/coupons", 4 * MINUTE_MS, (to) => [
      to.prompt("deploy it to staging and wait until it is up"),
      to.text("The tests pass, so I deploy to staging."),
      to.call("Bash", { command: COMMAND, description: "Deploy to staging" }),
    ]);
    this.tell("Clean the repository", "main", 3 * MINUTE_MS, (to) => [
      to.prompt("clean up and push"),
      to.call("Bash", { command: DANGEROUS }),
    ]);
    this.#answered = this.tell("Answered in the terminal", "main", 5 * MINUTE_MS, (to) => [
      to.prompt("install what is missing"),
      to.call("Bash", { command: "npm ci" }),
    ]);
  }

  async #allKnown(): Promise<void> {
    const api = await this.product.api();
    await until(
      "every session is known and everything is read",
      async () => {
        const { sessions } = await api.get<{ sessions: { id: string }[] }>("/api/v1/sessions?limit=500");
        const known = new Set(sessions.map((session) => session.id));
        const { machines } = await api.get<{ machines: { name: string; report: { behindBytes: number } | null }[] }>(
          "/api/v1/machines",
        );
        const report = machines.find(({ name }) => name === "workbench")?.report;
        return [...this.ids.values()].every((id) => known.has(id)) && report?.behindBytes === 0;
      },
      { deadlineMs: 120_000 },
    );
  }

  /** One request of every kind, one that its terminal answered, one that a person allowed. */
  async #ask(): Promise<void> {
    const hook = this.#hook;
    if (hook === null) return;
    const asks = [
      ["Deploy the coupon fix to staging", "Bash", { command: COMMAND, description: "Deploy to staging" }],
      ["Clean the repository", "Bash", { command: DANGEROUS }],
      ["Which database for the price history?", "AskUserQuestion", QUESTION],
      ["Plan the move to the new checkout", "ExitPlanMode", { plan: PLAN }],
      ["Answered in the terminal", "Bash", { command: "npm ci" }],
    ] as const;
    for (const [name, tool, input] of asks) {
      const id = this.id(name);
      this.lives(id, "waiting");
      if (tool === "ExitPlanMode") hook.plan(id, PLAN);
      const suggestions = tool === "Bash" ? {} : { suggestions: [] };
      hook.call(hook.bodyOf(id, { tool, input, ...suggestions }));
    }
    this.lives(this.id("Cart total is wrong with two coupons"), "idle");
    this.lives(this.id("Every tool in its own form"), "busy");
    await until("all of it asks", async () => (await this.#openRequests()).length === asks.length);
    if (this.#answered !== null) this.append(this.#answered, [this.#answered.to.result("added 812 packages in 14 s")]);
    hook.say(this.id("Answered in the terminal"), { status: "busy" });
    await until("the terminal's answer is known", async () => (await this.#openRequests()).length === asks.length - 1);
  }

  /** One that went silent, and one that has much to read; both only say so. */
  async #otherMachines(): Promise<void> {
    await this.#machine("laptop", "darwin", 0);
    const behind = await this.#machine("build-07", "linux", 48_000_000);
    this.#beat = setInterval(() => void behind().catch(() => {}), HEARTBEAT_MS);
  }

  async #machine(name: string, os: string, behindBytes: number): Promise<() => Promise<void>> {
    const wire = new WireMonitor(new ApiClient(this.product.origin, await this.product.token(name, "monitor")));
    await wire.register({
      name,
      os,
      monitorVersion: "0.1.0",
      hostSha256: name.padEnd(64, "0").replaceAll(/[^0-9a-f]/g, "0"),
    });
    const since = Date.now();
    const warning = {
      code: "watches_exhausted",
      message: "inotify has no watches left; files are found by scan",
      since,
    };
    const beat = async () => {
      await wire.api.call("POST", "/api/v1/heartbeat", {
        body: {
          machine: wire.machine,
          bootId: "boot",
          report: {
            uptimeMs: Date.now() - since + 42 * MINUTE_MS,
            roots: [{ path: `/home/dev/.claude`, present: true }],
            filesKnown: 812,
            foldersWatched: 40,
            behindBytes,
            behindFiles: behindBytes === 0 ? 0 : 31,
            behindSince: behindBytes === 0 ? null : since - 4 * MINUTE_MS,
            backfill: behindBytes === 0 ? null : { totalBytes: 420_000_000, doneBytes: 372_000_000 },
            lines: { total: 96_400, slow: 12, malformed: 1 },
            unknownTypes: behindBytes === 0 ? {} : { "team-note": 14 },
            warnings: behindBytes === 0 ? [] : [warning],
            residentBytes: 88_000_000,
          },
        },
      });
    };
    await beat();
    return beat;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#beat !== null) clearInterval(this.#beat);
    this.#hook?.[Symbol.dispose]();
    await this.product[Symbol.asyncDispose]();
  }
}

export interface Told {
  session: string;
  to: Conversation;
  file: WrittenFile;
}
