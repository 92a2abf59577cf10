import { hash, randomBytes } from "node:crypto";
import { setTimeout as delay } from "node:timers/promises";
import type { HookFormat, HookRequest, HookSign } from "@agentpane/agents";
import {
  AgentPaneError,
  type Decision,
  decisionSubject,
  type Presence,
  type RequestClosing,
  type RequestOutcome,
} from "@agentpane/protocol";
import type { Logger } from "pino";
import type { ChannelLine, ServerFrame } from "../uplink/channel-frames.ts";
import { ClosedRequests } from "./closed-requests.ts";
import type { HeldRequest } from "./held-request.ts";
import type { HookCall } from "./hook-call.ts";
import { Joiner } from "./joiner.ts";
import { refusalOf } from "./judge.ts";
import { isBackground, type Place, placeOf, transcriptOf } from "./place.ts";
import { planText, readPlan } from "./plan-file.ts";
import { tellAll } from "./tell-all.ts";
import { LEFT_WAITING_MS, WaitingWatch } from "./waiting.ts";
import { decidedHow, decidedOutcome, resultHow, resultOutcome } from "./words.ts";

/** The `timeout` that the hook is installed with. */
export const HOOK_TIMEOUT_S = 86_400;
/** A request is let go so long before the agent would hang up by itself. */
const RELEASE_BEFORE_MS = 60_000;
/** Between two looks at what changes without a word: transcripts, and times that pass. */
const LOOK_MS = 150;
/** An agent hangs up where a person leaves the dialog by Escape (observed, 2.1.330); so long it may take to say who did. */
const HUNG_UP_MS = 700;

export interface DeskOptions {
  machine: string;
  roots: readonly string[];
  format: HookFormat;
  channel: ChannelLine;
  presences: () => readonly Presence[];
  /** Reads the registry anew: a session may ask before the system told of it. */
  lookNow: () => void;
  log: Logger;
  /** Milliseconds since 1970; a test has its own. */
  now?: () => number;
  holdMs?: number;
}

/** Holds what agents ask until a person settles it here or in the terminal. Nothing is ever allowed because something failed. */
export class HookDesk implements Disposable {
  readonly #options: DeskOptions;
  readonly #now: () => number;
  readonly #held = new Map<string, HeldRequest>();
  /** Whose answer is on its way to the agent: what became of it, by request. */
  readonly #settling = new Map<string, string>();
  readonly #closed: ClosedRequests;
  readonly #joiner: Joiner;
  #heldBytes = 0;
  #approversPresent = false;
  #holdPrintProjects: readonly string[] = [];
  #timer: NodeJS.Timeout | null = null;
  #telling: AbortController | null = null;
  #disposed = false;

  constructor(options: DeskOptions) {
    this.#options = options;
    this.#now = options.now ?? Date.now;
    this.#closed = new ClosedRequests(this.#now);
    this.#joiner = new Joiner({
      format: options.format,
      onJoined: (id, call) => this.#onJoined(id, call),
      onResult: (id, result) => this.#onResult(id, result),
      now: this.#now,
    });
    const { channel } = options;
    channel.on("approvers", ({ present }) => {
      this.#approversPresent = present;
    });
    channel.on("options", ({ holdPrintProjects }) => {
      this.#holdPrintProjects = holdPrintProjects;
    });
    channel.on("decide", (frame) => void this.#decide(frame));
    channel.onOpened(() => this.#tellAll());
    channel.onLost(() => {
      this.#approversPresent = false;
      this.#telling?.abort();
    });
  }

  /** Whether a request of this session, or of a subagent of it, is held. */
  isAsking(session: string): boolean {
    return [...this.#held.values()].some(({ told }) => told.session === session);
  }

  /** Holds the call, or answers it with nothing at once. */
  take(call: HookCall): void {
    const { format, channel, log } = this.#options;
    const refuse = (reason: string) => {
      log.debug({ reason }, "a request is left to the agent's own dialog");
      void call.answer(format.noAnswer);
    };
    if (this.#disposed || !channel.isOpen) return refuse("not_connected");
    const reading = format.readRequest(call.body);
    if ("reason" in reading) return refuse(reading.reason);
    const asked = reading.request;
    if (this.#presenceOf(asked.session) === undefined) this.#options.lookNow();
    const presence = this.#presenceOf(asked.session);
    const place = placeOf(this.#options.roots, asked, presence);
    if (place === null) return refuse("foreign_root");
    const refusal = refusalOf({
      isConnected: channel.isOpen,
      held: this.#held.size,
      heldBytes: this.#heldBytes,
      presence,
      attended: call.attended,
      cwd: asked.cwd,
      holdPrintProjects: this.#holdPrintProjects,
      isBackground: asked.subagent !== null && isBackground(format, asked.subagent, place.transcript),
      approversPresent: this.#approversPresent,
    });
    if (refusal !== null) return refuse(refusal);
    this.#hold(call, asked, place, presence);
  }

  /** The agents' registry says something new. */
  onPresence(): void {
    const now = this.#now();
    for (const held of [...this.#held.values()]) {
      const settled = held.waiting.next(this.#presenceOf(held.told.session), now);
      if (settled === null) continue;
      // The result may be written already, and says more.
      this.#joiner.look();
      if (settled === "answered") this.#retire(held, "answered", "terminal", "answered in the terminal");
      else this.#retire(held, "withdrawn", "nobody", "the agent ended");
    }
  }

  /** Lets every call go with nothing: the agents' own dialogs stand. */
  [Symbol.dispose](): void {
    this.#disposed = true;
    this.#telling?.abort();
    if (this.#timer !== null) clearTimeout(this.#timer);
    for (const held of [...this.#held.values()]) this.#retire(held, "withdrawn", "nobody", "the monitor ended");
  }

  #hold(call: HookCall, asked: HookRequest, place: Place, presence: Presence | undefined): void {
    const { format, holdMs = HOOK_TIMEOUT_S * 1000 - RELEASE_BEFORE_MS } = this.#options;
    const older = [...this.#held.values()].find(
      ({ told }) => told.session === asked.session && told.subagent === asked.subagent,
    );
    if (older !== undefined) {
      this.#joiner.look();
      this.#retire(older, "withdrawn", "nobody", "the agent asks something newer");
    }
    const openedAt = this.#now();
    const { session, subagent, subagentType, kind, tool, inputJson, suggestions, cwd, permissionMode } = asked;
    const plan = kind === "plan" && place.transcript !== null ? readPlan(place.root, place.transcript, format) : null;
    const id = `r_${randomBytes(16).toString("hex")}`;
    const from = { id, root: place.root, session, subagent, subagentType, cwd, permissionMode };
    const what = { kind, tool, inputJson, suggestions, plan, toolUseId: null };
    const told = { ...from, ...what, openedAt, expiresAt: openedAt + holdMs };
    const transcript = place.transcript === null ? null : transcriptOf(place.transcript, subagent);
    const joined =
      transcript === null
        ? null
        : { id, transcript, tool, inputSha256: asked.inputSha256, inputBytes: inputJson.length };
    const bytes = Buffer.byteLength(call.body) + (plan?.text.length ?? 0);
    const waiting = new WaitingWatch(openedAt);
    const held: HeldRequest = { told, asked, call, bytes, joined, waiting, hungUpAt: null };
    this.#held.set(id, held);
    this.#heldBytes += bytes;
    held.waiting.next(presence, openedAt);
    this.#tell(held);
    call.onHungUp(() => {
      held.hungUpAt = this.#now();
    });
    // Whoever looks at a page sees it first.
    setImmediate(() => {
      if (joined !== null && this.#held.has(id)) this.#joiner.add(joined);
    });
    this.#schedule();
  }

  #tell({ told }: HeldRequest): void {
    this.#options.channel.send({ type: "request.open", now: this.#now(), request: told });
  }

  async #decide(frame: ServerFrame<"decide">): Promise<void> {
    const { channel, log } = this.#options;
    const { decisionId: id, request } = frame;
    let error: AgentPaneError | null = null;
    try {
      await this.#settle(frame);
    } catch (cause) {
      error =
        cause instanceof AgentPaneError ? cause : new AgentPaneError("internal", "The monitor failed.", { cause });
      log.warn(
        { request, code: error.code, err: error.code === "internal" ? cause : undefined },
        "a decision is refused",
      );
    }
    const told = error === null ? null : { code: error.code, message: error.message.slice(0, 1000) };
    channel.send({ type: "decision.result", now: this.#now(), decision: id, request, error: told });
  }

  /** Throws where the decision does not take effect; then the call is still held, or was let go before. */
  async #settle({ decisionId, request: id, decision, digest, by }: ServerFrame<"decide">): Promise<void> {
    const { format, machine, log } = this.#options;
    if (this.#closed.decisionOf(id) === decisionId) return;
    await this.#lookAgain(id);
    const held = this.#held.get(id);
    if (held === undefined) throw this.#gone(id);
    const answer = format.answer(held.asked, decision);
    if (digestOf(held, machine, decision) !== digest) {
      throw new AgentPaneError("digest_mismatch", "What was decided is not what this machine holds.");
    }
    const { root, plan } = held.told;
    // The agent reads its plan's file anew when it begins.
    if (decision.type === "approve" && plan !== null && planText(root, plan.path, format) !== plan.text) {
      throw new AgentPaneError("digest_mismatch", "The plan is not what it was when the agent asked. Read it there.");
    }
    const how = decidedHow(decision, by);
    this.#letGo(held);
    this.#settling.set(id, how);
    const wentOut = await held.call.answer(answer);
    this.#settling.delete(id);
    if (!wentOut) {
      this.#close(held, { state: "withdrawn", who: "nobody", name: null, how: "the agent hung up" }, null);
      throw this.#gone(id);
    }
    log.info({ request: id, decision: decision.type }, "a request is decided");
    const outcome = decidedOutcome(decision);
    this.#close(held, { state: "decided", who: "person", name: by, how, outcome }, decisionId);
  }

  /** The terminal may have been first a moment ago: its result is written, or the registry has just left "waiting". */
  async #lookAgain(id: string): Promise<void> {
    const asked = this.#held.get(id);
    if (asked === undefined) return;
    if (asked.joined !== null) this.#joiner.look(asked.joined.transcript);
    this.#options.lookNow();
    this.onPresence();
    if (!asked.waiting.hasLeft || !this.#held.has(id)) return;
    await delay(LEFT_WAITING_MS);
    this.onPresence();
  }

  #gone(id: string): AgentPaneError {
    const how = this.#settling.get(id) ?? this.#closed.closingOf(id)?.how;
    return how === undefined
      ? new AgentPaneError("not_found", "No such request is held here.")
      : new AgentPaneError("request_settled", `It is settled already: ${how}.`);
  }

  #retire(
    held: HeldRequest,
    state: RequestClosing["state"],
    who: RequestClosing["who"],
    how: string,
    outcome: RequestOutcome | null = null,
  ): void {
    if (!this.#held.has(held.told.id)) return;
    this.#letGo(held);
    void held.call.answer(this.#options.format.noAnswer);
    this.#close(held, { state, who, name: null, how, outcome }, null);
  }

  #letGo({ told, bytes }: HeldRequest): void {
    if (this.#held.delete(told.id)) this.#heldBytes -= bytes;
  }

  #close(held: HeldRequest, said: Omit<RequestClosing, "at">, decision: string | null): void {
    const { id } = held.told;
    const closing = { ...said, at: this.#now() };
    this.#closed.add(id, closing, decision);
    if (held.joined !== null) this.#joiner.remove(held.joined);
    this.#options.channel.send({ type: "request.closed", now: this.#now(), id, closing, decision });
  }

  #onJoined(id: string, call: string): void {
    const held = this.#held.get(id);
    if (held === undefined) return;
    held.told = { ...held.told, toolUseId: call };
    this.#tell(held);
  }

  #onResult(id: string, result: Extract<HookSign, { kind: "result" }>): void {
    const held = this.#held.get(id);
    if (held === undefined) return;
    const who = result.by === "person" ? "terminal" : "config";
    this.#retire(held, "answered", who, resultHow(result), resultOutcome(held.told.kind, result.denied));
  }

  #schedule(): void {
    if (this.#timer !== null || this.#disposed || this.#held.size === 0) return;
    this.#timer = setTimeout(() => {
      this.#timer = null;
      this.#look();
      this.#schedule();
    }, LOOK_MS);
    this.#timer.unref();
  }

  #look(): void {
    const now = this.#now();
    for (const held of [...this.#held.values()]) {
      if (held.told.expiresAt <= now) this.#retire(held, "expired", "nobody", "nobody answered in time");
      else if (held.hungUpAt !== null && Math.abs(now - held.hungUpAt) >= HUNG_UP_MS) {
        this.#retire(held, "withdrawn", "nobody", "the agent hung up");
      }
    }
    this.#joiner.look();
    this.onPresence();
  }

  /** Everything that is held, what was let go lately, and at the end the list of what stands. */
  #tellAll(): void {
    this.#telling?.abort();
    const telling = new AbortController();
    this.#telling = telling;
    void tellAll(this.#options.channel, telling.signal, {
      open: () => [...this.#held.values()].map(({ told }) => told),
      isOpen: (id) => this.#held.has(id),
      closed: () => this.#closed.frames(),
      now: this.#now,
    });
  }

  /** The session's process: one that waits, else one that lives. */
  #presenceOf(session: string): Presence | undefined {
    const rank = (one: Presence) => (one.life === "alive" ? 2 : 0) + (one.status === "waiting" ? 1 : 0);
    let best: Presence | undefined;
    for (const one of this.#options.presences()) {
      if (one.session === session && (best === undefined || rank(one) > rank(best))) best = one;
    }
    return best;
  }
}

function digestOf({ told }: HeldRequest, machine: string, decision: Decision): string {
  const { id, session, subagent, tool, inputJson, suggestions, plan } = told;
  const subject = { request: id, machine, session, subagent, tool, inputJson, suggestions, plan, decision };
  return hash("sha256", decisionSubject(subject), "hex");
}
