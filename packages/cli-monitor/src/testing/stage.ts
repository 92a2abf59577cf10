import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import {
  closeSync,
  existsSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
  writeSync,
} from "node:fs";
import path from "node:path";
import type { Adapter } from "@agentpane/agents";
import type { Monitor } from "../monitor.ts";
import { type ProcessDomain, processTable } from "../presence/process-table.ts";
import { Rig, until } from "./rig.ts";
import { ScriptedChannel } from "./scripted-channel.ts";

/** Looks at processes quickly, and dials at once. */
export const QUICK_PRESENCE = {
  livenessMs: 40,
  goodbyeMs: 20,
  channelRetryFirstMs: 5,
  channelRetryMaxMs: 40,
  channelRefusedMs: 20,
};
/** As in production: what an event does not tell would come too late for a test. */
export const EVENTS_ONLY = { ...QUICK_PRESENCE, livenessMs: 600_000 };

/** A process that stands in for an agent's client, with its entry in a root's registry. */
export class Agent {
  readonly child: ChildProcess;
  readonly pid: number;
  readonly procStart: string;
  readonly #folder: string;
  #said: Record<string, unknown>;

  constructor(root: string, session: string) {
    this.child = spawn(process.execPath, ["-e", "setInterval(() => {}, 60000)"], { stdio: "ignore" });
    this.pid = this.child.pid as number;
    const table = processTable();
    this.procStart = table.start(this.pid) ?? "";
    this.#folder = path.join(root, "sessions");
    this.#said = {
      pid: this.pid,
      sessionId: session,
      cwd: "/home/dev/shop",
      startedAt: Date.now(),
      procStart: this.procStart,
      version: "2.1.330",
      kind: "interactive",
      entrypoint: "cli",
      pidDomain: `linux:${"0".repeat(32)}:${table.domain.pidNamespace}`,
    };
  }

  get file(): string {
    return path.join(this.#folder, `${this.pid}.json`);
  }

  /** Writes in place like the client: the new text first, then the file is cut. */
  say(said: Record<string, unknown>): void {
    const now = Date.now();
    this.#said = { ...this.#said, ...said, updatedAt: now, statusUpdatedAt: now };
    mkdirSync(this.#folder, { recursive: true });
    const text = JSON.stringify(this.#said);
    const file = openSync(this.file, existsSync(this.file) ? "r+" : "w", 0o644);
    writeSync(file, text, 0);
    ftruncateSync(file, Buffer.byteLength(text));
    closeSync(file);
  }

  async kill(): Promise<void> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return;
    this.child.kill("SIGKILL");
    await once(this.child, "exit");
  }

  /** The file goes first, as at the client's own exit. */
  async exit(): Promise<void> {
    rmSync(this.file);
    await this.kill();
  }
}

/** A process in a pid namespace that is not this one. */
export interface Inner {
  pid: number;
  procStart: string;
  pidNamespace: string;
  end: () => Promise<void>;
}

/** What a process says of itself and then waits. */
const INNER = `
  const { readFileSync, readlinkSync } = require("node:fs");
  const stat = readFileSync("/proc/self/stat", "latin1");
  const procStart = stat.slice(stat.lastIndexOf(")") + 2).split(" ")[19];
  console.log(JSON.stringify({ pid: process.pid, procStart, pidNamespace: readlinkSync("/proc/self/ns/pid") }));
  setInterval(() => {}, 60000);
`;

/** A monitor with a server that has a channel, and agents that end with the test. */
export class Stage implements AsyncDisposable {
  readonly rig: Rig;
  readonly far: ScriptedChannel;
  readonly #agents: Agent[] = [];
  readonly #ends: (() => Promise<void>)[] = [];

  private constructor(rig: Rig) {
    this.rig = rig;
    this.far = new ScriptedChannel(rig.server.http);
  }

  static async start(): Promise<Stage> {
    return new Stage(await Rig.start());
  }

  agent(session: string, root = this.rig.root): Agent {
    const agent = new Agent(root, session);
    this.#agents.push(agent);
    return agent;
  }

  async monitor(
    options: {
      roots?: string[];
      adapter?: Adapter;
      timing?: Partial<typeof QUICK_PRESENCE>;
      othersCanLogIn?: boolean;
    } = {},
  ): Promise<Monitor> {
    const opened = this.far.openings.length;
    const monitor = await this.rig.monitor({ ...options, timing: { ...QUICK_PRESENCE, ...options.timing } });
    await until("the whole set", () => this.far.openings.length > opened && this.far.current?.told[0]?.full === true);
    return monitor;
  }

  /** Where these monitors run. */
  get domain(): ProcessDomain {
    return processTable().domain;
  }

  /** Changes what the monitors here noted of whom they saw. */
  rewriteSeen(from: string, to: string): void {
    const folder = path.join(this.rig.folder, "state");
    const name =
      readdirSync(folder, { encoding: "utf8", recursive: true }).find((file) => file.endsWith(".seen.json")) ?? "";
    const noted = readFileSync(path.join(folder, name), "utf8");
    if (!noted.includes(from)) throw new Error(`${from} does not stand in ${noted}`);
    writeFileSync(path.join(folder, name), noted.replace(from, to));
  }

  /** A process in a pid namespace of its own; where making one is not allowed, one of which only that is said. */
  async container(): Promise<Inner> {
    const child = spawn("unshare", ["--pid", "--fork", "--kill-child", process.execPath, "-e", INNER], {
      stdio: ["ignore", "pipe", "ignore"],
    });
    const said = await Promise.race([once(child.stdout, "data"), once(child, "error"), once(child, "exit")]);
    if (said[0] instanceof Buffer) {
      const end = async () => {
        if (child.signalCode !== null) return;
        child.kill("SIGKILL");
        await once(child, "exit");
      };
      const inner = JSON.parse(said[0].toString());
      this.#ends.push(end);
      return { ...inner, end };
    }
    const agent = this.agent("inner");
    return { pid: agent.pid, procStart: agent.procStart, pidNamespace: "pid:[4026539999]", end: () => agent.kill() };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const agent of this.#agents) await agent.kill();
    for (const end of this.#ends) await end();
    this.far[Symbol.dispose]();
    await this.rig[Symbol.asyncDispose]();
  }
}
