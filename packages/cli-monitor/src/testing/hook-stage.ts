import { hash, randomBytes } from "node:crypto";
import { type ClientRequest, request } from "node:http";
import path from "node:path";
import { type AgentRequest, type Decision, decisionSubject } from "@agentpane/protocol";
import { type HookKeys, readHookKeys } from "../hooks/hook-keys.ts";
import { HOOK_PATH, TOKEN_HEADER } from "../hooks/http-listener.ts";
import type { Monitor } from "../monitor.ts";
import { hostFolder } from "../state/host-id.ts";
import { append, until } from "./rig.ts";
import { type Agent, Stage } from "./stage.ts";

/** One call of the agent's hook: what it was answered, null as long as it waits. */
export class HookPost {
  answer: string | null = null;
  failed = false;
  readonly #request: ClientRequest;

  constructor(port: number, headers: Record<string, string>, body: string) {
    this.#request = request(
      { host: "127.0.0.1", port, path: HOOK_PATH, method: "POST", agent: false, headers },
      (response) => {
        let text = "";
        response.setEncoding("utf8");
        response.on("data", (part: string) => {
          text += part;
        });
        response.on("end", () => {
          this.answer = text;
        });
        response.on("error", () => {
          this.failed = true;
        });
      },
    );
    this.#request.on("error", () => {
      this.failed = true;
    });
    this.#request.end(body);
  }

  hangUp(): void {
    this.#request.destroy();
  }

  /** The hook's decision, once it is answered. */
  get decision(): unknown {
    return this.answer === null ? null : JSON.parse(this.answer).hookSpecificOutput?.decision;
  }
}

export interface Asking {
  session: string;
  subagent?: string;
  tool?: string;
  input?: unknown;
  suggestions?: unknown[];
  mode?: string;
  cwd?: string;
}

/** A monitor whose hook is called by a test in the agent's place, and whose server is a script. */
export class HookStage implements AsyncDisposable {
  readonly stage: Stage;
  readonly monitor: Monitor;

  private constructor(stage: Stage, monitor: Monitor) {
    this.stage = stage;
    this.monitor = monitor;
  }

  static async start(): Promise<HookStage> {
    const stage = await Stage.start();
    const monitor = await stage.monitor({ othersCanLogIn: false });
    const hooked = new HookStage(stage, monitor);
    await until("the listener", () => hooked.keys.port !== null);
    return hooked;
  }

  get far(): Stage["far"] {
    return this.stage.far;
  }

  get state(): string {
    return hostFolder(path.join(this.stage.rig.folder, "state"));
  }

  get keys(): HookKeys {
    return readHookKeys(this.state);
  }

  /** A session at a terminal that is busy. */
  agent(session: string, said: Record<string, unknown> = {}): Agent {
    const agent = this.stage.agent(session);
    agent.say({ status: "busy", ...said });
    append(this.stage.rig.transcript(session), "");
    return agent;
  }

  body({ session, subagent, tool = "Bash", input = { command: "ls" }, suggestions, mode, cwd }: Asking): string {
    return JSON.stringify({
      session_id: session,
      transcript_path: this.stage.rig.transcript(session),
      cwd: cwd ?? "/home/dev/shop",
      permission_mode: mode ?? "default",
      hook_event_name: "PermissionRequest",
      tool_name: tool,
      tool_input: input,
      ...(suggestions === undefined ? {} : { permission_suggestions: suggestions }),
      ...(subagent === undefined ? {} : { agent_id: subagent, agent_type: "general-purpose" }),
    });
  }

  post(body: string, headers: Record<string, string> = {}): HookPost {
    const { port, token } = this.keys;
    const own = { "content-type": "application/json", [TOKEN_HEADER]: token };
    return new HookPost(port ?? 0, { ...own, ...headers }, body);
  }

  /** Asks, and waits until the server heard of it. */
  async held(asking: Asking): Promise<{ post: HookPost; request: AgentRequest }> {
    const known = new Set(this.far.framesOf("request.open").map(({ request }) => request.id));
    const post = this.post(this.body(asking));
    await until("the request is told", () => this.opened(known) !== undefined || post.answer !== null);
    const opened = this.opened(known);
    if (opened === undefined) throw new Error(`it was not held: ${post.answer}`);
    return { post, request: opened };
  }

  opened(known: ReadonlySet<string>): AgentRequest | undefined {
    return this.far.framesOf("request.open").find(({ request }) => !known.has(request.id))?.request;
  }

  /** How the request was closed; undefined while it is not. */
  closing(id: string) {
    return this.far.framesOf("request.closed").findLast((frame) => frame.id === id)?.closing;
  }

  /** Decides in a person's place; answers the decision's id. */
  decide(request: AgentRequest, decision: Decision, change: { digest?: string; by?: string } = {}): string {
    const { id, session, subagent, tool, inputJson, suggestions, plan } = request;
    const machine = this.monitor.machine;
    const subject = decisionSubject({
      request: id,
      machine,
      session,
      subagent,
      tool,
      inputJson,
      suggestions,
      plan,
      decision,
    });
    const decisionId = `d_${randomBytes(16).toString("hex")}`;
    const digest = change.digest ?? hash("sha256", subject, "hex");
    this.far.send({ type: "decide", decisionId, request: id, decision, digest, by: change.by ?? "Ana" });
    return decisionId;
  }

  /** What became of a decision: null where it took effect, else the error's code; undefined while that is open. */
  result(decisionId: string): string | null | undefined {
    const frame = this.far.framesOf("decision.result").find(({ decision }) => decision === decisionId);
    return frame === undefined ? undefined : (frame.error?.code ?? null);
  }

  /** Writes a line with a call of a tool, as the agent does. */
  callLine(session: string, id: string, tool: string, input: unknown, subagent?: string): void {
    const message = { role: "assistant", content: [{ type: "tool_use", id, name: tool, input }] };
    this.#line(session, subagent, { type: "assistant", message });
  }

  resultLine(session: string, id: string, permissionDecision: object, subagent?: string): void {
    const content = [{ type: "tool_result", tool_use_id: id, content: "done" }];
    this.#line(session, subagent, { type: "user", message: { role: "user", content }, permissionDecision });
  }

  #line(session: string, subagent: string | undefined, line: object): void {
    const file = this.stage.rig.transcript(session, subagent === undefined ? {} : { subagent });
    append(file, `${JSON.stringify({ ...line, sessionId: session, timestamp: new Date().toISOString() })}\n`);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stage[Symbol.asyncDispose]();
  }
}
