import { type ChildProcess, spawn } from "node:child_process";
import { createHmac, randomBytes } from "node:crypto";
import { appendFileSync, existsSync, mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { Agent, request } from "node:http";
import { connect } from "node:net";
import { join } from "node:path";
import type { Machine } from "../harness/product.ts";
import { until } from "../until.ts";

const HOOK_PATH = "/agentpane/permission-request";

/** What the agent asks for; what is left out is a permission of the session's own thread. */
export interface Asked {
  tool?: string;
  input?: object;
  subagent?: { id: string; type: string };
  suggestions?: readonly object[];
  cwd?: string;
}

const SUGGESTIONS = [{ type: "setMode", mode: "acceptEdits", destination: "session" }];

/** One call of the hook: what it is answered, and how to give up waiting. */
export interface HookCall {
  answer: Promise<string>;
  hangUp(): void;
}

/** Calls a machine's hook in the agent's place, the way that this host has it: over the port, or over the socket. */
export class AgentHook implements Disposable {
  readonly way: "http" | "command";
  readonly #keys: { port: number | null; token: string; key: string };
  readonly #socket: string;
  readonly #agent = new Agent({ keepAlive: true });
  readonly #processes: ChildProcess[] = [];
  readonly #entries = new Map<string, { path: string; entry: object }>();
  readonly #calls: HookCall[] = [];
  readonly #root: string;

  private constructor(root: string, folder: string) {
    this.#root = root;
    this.#keys = JSON.parse(readFileSync(join(folder, "keys.json"), "utf8"));
    const place = join(folder, "place.json");
    this.way = existsSync(place) ? "command" : "http";
    this.#socket = this.way === "command" ? JSON.parse(readFileSync(place, "utf8")).path : "";
  }

  /** Waits until the machine's monitor listens. */
  static async of(machine: Machine): Promise<AgentHook> {
    const folder = () => {
      const host = readdirSync(machine.state).find((name) => name.startsWith("host-"));
      return host === undefined ? null : join(machine.state, host, "hook");
    };
    const isThere = (at: string) => {
      const place = join(at, "place.json");
      // Where the state folder's path is long, the socket stands elsewhere.
      if (existsSync(place)) return existsSync((JSON.parse(readFileSync(place, "utf8")) as { path: string }).path);
      return /"port":\d/.test(readFileSync(join(at, "keys.json"), "utf8"));
    };
    return await until("the monitor listens for the hook", () => {
      const at = folder();
      return at !== null && existsSync(join(at, "keys.json")) && isThere(at)
        ? new AgentHook(machine.roots[0] as string, at)
        : null;
    });
  }

  /** A session of a process that lives, as the agent's registry tells it; its transcript is made unless it is there. */
  session(id: string, entrypoint = "cli", status: object = { status: "busy" }): void {
    const child = spawn("sleep", ["100000"], { stdio: "ignore" });
    this.#processes.push(child);
    const pid = child.pid as number;
    const stat = readFileSync(`/proc/${pid}/stat`, "latin1");
    const procStart = stat.slice(stat.lastIndexOf(")") + 2).split(" ")[19];
    const now = Date.now();
    const said = { pid, sessionId: id, cwd: "/home/dev/shop", startedAt: now, procStart, version: "2.1.330" };
    mkdirSync(join(this.#root, "sessions"), { recursive: true });
    const entry = { ...said, kind: "interactive", entrypoint, ...status, statusUpdatedAt: now, updatedAt: now };
    const path = join(this.#root, "sessions", `${pid}.json`);
    writeFileSync(path, JSON.stringify(entry));
    this.#entries.set(id, { path, entry });
    const folder = join(this.#root, "projects", "-home-dev-shop");
    mkdirSync(folder, { recursive: true });
    appendFileSync(join(folder, `${id}.jsonl`), "");
  }

  /** The registry says something new of a session: `busy` after `waiting` is an answer in the terminal. */
  say(id: string, status: object): void {
    const known = this.#entries.get(id);
    if (known === undefined) throw new Error(`no process of the session ${id}`);
    const now = Date.now();
    known.entry = { ...known.entry, ...status, statusUpdatedAt: now, updatedAt: now };
    const draft = `${known.path}.draft`;
    writeFileSync(draft, JSON.stringify(known.entry));
    renameSync(draft, known.path);
  }

  /** A plan that the session wrote: its file, and the line of its transcript that names it. */
  plan(id: string, text: string): void {
    const path = join(this.#root, "plans", `${id}.md`);
    mkdirSync(join(this.#root, "plans"), { recursive: true });
    writeFileSync(path, text);
    const line = { type: "attachment", sessionId: id, attachment: { type: "plan", planFilePath: path } };
    appendFileSync(join(this.#root, "projects", "-home-dev-shop", `${id}.jsonl`), `${JSON.stringify(line)}\n`);
  }

  body(session: string, input: object): string {
    return this.bodyOf(session, { input });
  }

  bodyOf(session: string, { tool = "Bash", input = {}, subagent, suggestions = SUGGESTIONS, cwd }: Asked): string {
    return JSON.stringify({
      hook_event_name: "PermissionRequest",
      session_id: session,
      transcript_path: join(this.#root, "projects", "-home-dev-shop", `${session}.jsonl`),
      cwd: cwd ?? "/home/dev/shop",
      permission_mode: "default",
      tool_name: tool,
      tool_input: input,
      ...(suggestions.length === 0 ? {} : { permission_suggestions: suggestions }),
      ...(subagent === undefined ? {} : { agent_id: subagent.id, agent_type: subagent.type }),
    });
  }

  call(body: string): HookCall {
    const call = this.way === "http" ? this.#post(body) : this.#ask(body);
    this.#calls.push(call);
    // Who hangs up waits for no answer.
    call.answer.catch(() => {});
    return call;
  }

  [Symbol.dispose](): void {
    for (const call of this.#calls) call.hangUp();
    for (const child of this.#processes) child.kill("SIGKILL");
    this.#agent.destroy();
  }

  #post(body: string): HookCall {
    const { promise, resolve, reject } = Promise.withResolvers<string>();
    const headers = { "content-type": "application/json", "x-agentpane-token": this.#keys.token };
    const to = {
      host: "127.0.0.1",
      port: this.#keys.port,
      path: HOOK_PATH,
      method: "POST",
      headers,
      agent: this.#agent,
    };
    const call = request(to, (response) => {
      let text = "";
      response.setEncoding("utf8");
      response.on("data", (part: string) => {
        text += part;
      });
      response.on("end", () => resolve(text));
    });
    call.on("error", reject);
    call.end(body);
    return { answer: promise, hangUp: () => void call.destroy() };
  }

  #ask(body: string): HookCall {
    const { promise, resolve, reject } = Promise.withResolvers<string>();
    const prove = (role: string, nonce: string) =>
      createHmac("sha256", this.#keys.key).update(`agentpane ${role} ${nonce}`).digest("hex");
    const mine = randomBytes(16).toString("hex");
    const socket = connect(this.#socket);
    let said = "";
    let isProven = false;
    socket.setEncoding("utf8");
    socket.on("connect", () => socket.write(`${JSON.stringify({ nonce: mine })}\n`));
    socket.on("data", (text: string) => {
      said += text;
      if (isProven || !said.includes("\n")) return;
      const { nonce } = JSON.parse(said.split("\n")[0] ?? "") as { nonce: string };
      said = said.slice(said.indexOf("\n") + 1);
      isProven = true;
      const head = { proof: prove("hook", `${nonce} ${mine}`), attended: null, bytes: Buffer.byteLength(body) };
      socket.write(`${JSON.stringify(head)}\n${body}`);
    });
    socket.on("end", () => resolve(said));
    socket.on("error", reject);
    return { answer: promise, hangUp: () => void socket.destroy() };
  }
}
