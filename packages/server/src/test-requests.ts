import { createHash } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  type AgentRequest,
  type ChannelServerFrame,
  type Decision,
  type DecisionBody,
  decisionSubject,
  PROTOCOL_VERSION,
  type RequestRow,
  type Role,
} from "@agentpane/protocol";
import type { Clock } from "./access/index.ts";
import { type Server, startServer } from "./server.ts";
import { openChannel, openSocket, type TestChannel, type TestSocket } from "./test-live.ts";
import { fullFrame } from "./test-presence.ts";
import { type CallOptions, httpCall, type TestAnswer } from "./test-server.ts";
import { registerBodyOf } from "./test-store.ts";

/** For tests: requests, a monitor that holds them, and a real server over a real store. */

export function requestOf(n: number, changes: Partial<AgentRequest> = {}): AgentRequest {
  const at = Date.now();
  return {
    id: `r_${n.toString(16).padStart(32, "0")}`,
    root: "/home/dev/.claude",
    session: "s1",
    subagent: null,
    subagentType: null,
    kind: "permission",
    tool: "Bash",
    inputJson: '{"command":"npm test","description":"Run the tests"}',
    suggestions: [{ json: '{"type":"setMode","mode":"acceptEdits"}', words: "Accept edits" }],
    plan: null,
    cwd: "/home/dev/shop",
    permissionMode: "default",
    toolUseId: null,
    openedAt: at,
    expiresAt: at + 86_340_000,
    ...changes,
  };
}

/** What a page sends that showed `row` whole. */
export function decisionOn(row: RequestRow, decision: Decision): DecisionBody {
  const { id, session, subagent, tool, suggestions } = row;
  const plan = row.plan === null ? null : { path: row.plan.path, text: row.plan.text ?? "" };
  const shown = { request: id, machine: row.machine.id, session, subagent, tool, suggestions, plan, decision };
  return { decision, digest: sha256(decisionSubject({ ...shown, inputJson: row.inputJson ?? "" })) };
}

export function sha256(text: string): string {
  return createHash("sha256").update(text, "utf8").digest("hex");
}

export interface RealServer extends AsyncDisposable {
  readonly server: Server;
  call(method: string, path: string, options?: CallOptions): Promise<TestAnswer>;
  token(role: Role, name?: string): Promise<string>;
  /** A page's socket, past its snapshot. */
  page(role?: Role): Promise<TestSocket>;
  monitor(machine: string): Promise<ScriptedMonitor>;
  /** Stops it and starts another on the same store. */
  restart(): Promise<void>;
}

export async function realServer(options: { clock?: Clock } = {}): Promise<RealServer> {
  const folder = mkdtempSync(join(tmpdir(), "agentpane-requests-"));
  const start = () =>
    startServer({ dataDir: join(folder, "data"), version: "9.9.9", port: 0, logLevel: "silent" }, options);
  let server = await start();
  const tokens = new Map<string, string>();
  const real: RealServer = {
    get server() {
      return server;
    },
    call: (method, path, call = {}) => httpCall(server.port, method, `/api/v1${path}`, call),
    token: async (role, name = role) => {
      const known = tokens.get(name);
      if (known !== undefined) return known;
      const { token } = await server.access.mint(name, role, null);
      tokens.set(name, token);
      return token;
    },
    page: async (role = "approver") => {
      const socket = await openSocket(server.port);
      socket.send({ type: "hello", token: await real.token(role) });
      await socket.until((frames) => frames.some(({ type }) => type === "snapshot"));
      return socket;
    },
    monitor: async (machine) => {
      const token = await real.token("monitor", `monitor of ${machine}`);
      const json = registerBodyOf(machine);
      const registered = await real.call("POST", "/register", { token, json });
      if (registered.status !== 200) throw new Error(registered.text);
      return ScriptedMonitor.open(server.port, machine, token);
    },
    restart: async () => {
      await server[Symbol.asyncDispose]();
      server = await start();
    },
    async [Symbol.asyncDispose]() {
      await server[Symbol.asyncDispose]();
      rmSync(folder, { recursive: true, force: true });
    },
  };
  return real;
}

type Decide = Extract<ChannelServerFrame, { type: "decide" }>;

/** The monitor's side of the channel: holds requests, checks the digest of a decision and takes the first. */
export class ScriptedMonitor {
  readonly channel: TestChannel;
  readonly machine: string;
  readonly held = new Map<string, AgentRequest>();
  readonly decided: Decide[] = [];
  /** Whether it says what became of a decision. */
  answers = true;

  private constructor(channel: TestChannel, machine: string) {
    this.channel = channel;
    this.machine = machine;
    channel.ws.on("message", (data) => {
      const frame = JSON.parse(String(data)) as ChannelServerFrame;
      if (frame.type === "decide") this.#decide(frame);
    });
  }

  static async open(port: number, machine: string, token: string): Promise<ScriptedMonitor> {
    const channel = await openChannel(port);
    const monitor = new ScriptedMonitor(channel, machine);
    channel.send({ type: "hello", token, protocol: PROTOCOL_VERSION, machine, bootId: "boot-1" });
    await channel.until((frames) => frames.some(({ type }) => type === "welcome"));
    channel.send(fullFrame(Date.now(), Date.now(), []));
    return monitor;
  }

  hold(...requests: AgentRequest[]): void {
    for (const request of requests) {
      this.held.set(request.id, request);
      this.channel.send({ type: "request.open", now: Date.now(), request });
    }
  }

  /** What it says after an opening. */
  tellHeld(): void {
    this.channel.send({ type: "request.held", now: Date.now(), ids: [...this.held.keys()] });
  }

  /** The person was quicker in the terminal. */
  answeredInTerminal(id: string): void {
    this.held.delete(id);
    const closing = { state: "answered" as const, at: Date.now(), who: "terminal" as const, name: null };
    const how = "denied in the terminal";
    this.channel.send({ type: "request.closed", now: Date.now(), id, closing: { ...closing, how }, decision: null });
  }

  #decide(frame: Decide): void {
    this.decided.push(frame);
    if (!this.answers) return;
    const { decisionId, request } = frame;
    const error = this.#refusal(frame);
    if (error === null) this.held.delete(request);
    this.channel.send({ type: "decision.result", now: Date.now(), decision: decisionId, request, error });
  }

  #refusal({ request, decision, digest }: Decide): { code: string; message: string } | null {
    const held = this.held.get(request);
    if (held === undefined) return { code: "request_settled", message: "It was answered in the terminal." };
    const { session, subagent, tool, inputJson, suggestions, plan } = held;
    const { machine } = this;
    const shown = { request, machine, session, subagent, tool, inputJson, suggestions, plan, decision };
    if (sha256(decisionSubject(shown)) === digest) return null;
    return { code: "digest_mismatch", message: "The decision is about something else." };
  }
}
