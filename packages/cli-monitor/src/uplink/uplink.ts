import {
  AgentPaneError,
  API_PREFIX,
  errorBody,
  heartbeatAnswer,
  INGEST_CONTENT_TYPE,
  ingestAnswer,
  type MonitorReport,
  PROTOCOL_VERSION,
  type RegisterAnswer,
  type RegisterBody,
  registerAnswer,
  type SegmentAnswer,
} from "@agentpane/protocol";
import type { Logger } from "pino";
import { Breaker, BrokenCircuitError } from "./breaker.ts";
import { Gate } from "./gate.ts";
import { type HttpClient, type HttpReply, NoAnswerError } from "./http-client.ts";
import { backoffMs, pause, type UplinkTiming } from "./timing.ts";

const JSON_TYPE = "application/json";
/** Refusals that no repeated call mends: a person has to do something first. */
const REFUSALS = new Set(["unauthenticated", "forbidden", "machine_mismatch", "protocol_mismatch", "origin_refused"]);

export interface UplinkOptions {
  client: HttpClient;
  /** Who registers: all of the body but the protocol version. */
  machine: Omit<RegisterBody, "protocol">;
  report: () => MonitorReport;
  /** Each successful registration, before any body is let through. */
  onRegistered: (answer: RegisterAnswer) => void;
  /** Each time the server shows that it is there and well. */
  onAnswered: () => void;
  /** Each heartbeat, whether the server is there or not. */
  onBeat: () => void;
  /** Registering failed for now; called each time. */
  onUnreached: () => void;
  /** The server refuses this monitor, and why; called once for each new reason. */
  onRefused: (error: AgentPaneError) => void;
  timing: UplinkTiming;
  log: Logger;
}

export type IngestOutcome =
  | { kind: "answered"; answers: SegmentAnswer[] }
  /** Send less at a time. */
  | { kind: "too_large" }
  /** The body as a whole breaks the schema. */
  | { kind: "invalid"; message: string };

/** The monitor's side of the four calls. Everything it waits for ends when `signal` is aborted. */
export class Uplink implements AsyncDisposable {
  readonly #options: UplinkOptions;
  readonly #stop = new AbortController();
  readonly #gate = new Gate();
  readonly #breaker: Breaker;
  #registering: Promise<void> | null = null;
  #registered = false;
  #registeredAt = Number.NEGATIVE_INFINITY;
  #answeredAt = Number.NEGATIVE_INFINITY;
  #refusal: string | null = null;
  #heartbeat: NodeJS.Timeout | null = null;
  #probing = false;

  constructor(options: UplinkOptions) {
    this.#options = options;
    this.#breaker = new Breaker(options.timing.breakerOpenMs, () => {
      options.log.warn({ openMs: options.timing.breakerOpenMs }, "the server keeps failing: sending is interrupted");
      this.#probe(options.timing.probeFailingMs);
    });
  }

  /** Of this start of the monitor. */
  get bootId(): string {
    return this.#options.machine.bootId;
  }

  get registered(): boolean {
    return this.#registered;
  }

  /** Registered, and answered within the last three heartbeats. */
  get connected(): boolean {
    const silentMs = performance.now() - this.#answeredAt;
    return this.#registered && silentMs < 3 * this.#options.timing.heartbeatMs;
  }

  /** Registers, in the background and for as long as it takes, and keeps the heartbeat. */
  start(): void {
    this.register();
    this.#heartbeat = setInterval(() => void this.#beat(), this.#options.timing.heartbeatMs);
  }

  /** Asks the server for all cursors again; bodies wait meanwhile. */
  register(): void {
    this.#gate.shut();
    this.#registering ??= this.#registerUntilKnown()
      .catch((error: unknown) => {
        if (!this.#stop.signal.aborted) this.#options.log.error({ err: error }, "registering failed for good");
      })
      .finally(() => {
        this.#registering = null;
      });
  }

  /** Sends a body until the server has answered it. Rejects only when the uplink is closed. */
  async ingest(body: readonly Uint8Array[]): Promise<IngestOutcome> {
    const { timing, client, log } = this.#options;
    const { signal } = this.#stop;
    for (let failures = 0; ; ) {
      await this.#gate.passage(signal);
      let reply: HttpReply;
      try {
        reply = await this.#breaker.run(async () => {
          const answer = await client.call({
            method: "POST",
            path: `${API_PREFIX}/ingest`,
            contentType: INGEST_CONTENT_TYPE,
            body,
            timeoutMs: timing.ingestTimeoutMs,
            signal,
          });
          // A server that says when to come again is well; only one that does not counts as failing.
          if (answer.status >= 500 && answer.retryAfterMs === null) throw refusalOf(answer);
          return answer;
        });
      } catch (error) {
        signal.throwIfAborted();
        failures += 1;
        if (!(error instanceof BrokenCircuitError)) {
          log.warn({ reason: (error as Error).message, failures }, "a body was not taken");
          this.#probe(error instanceof NoAnswerError ? timing.probeMs : timing.probeFailingMs);
        }
        await this.#retryLater(failures);
        continue;
      }
      if (reply.status === 200) {
        const parsed = ingestAnswer.safeParse(parseJson(reply.body));
        if (parsed.success) {
          this.#options.onAnswered();
          return { kind: "answered", answers: parsed.data.answers };
        }
        log.error("the server's answer to a body is not of the protocol");
        failures += 1;
        await this.#retryLater(failures);
        continue;
      }
      const error = refusalOf(reply);
      if (reply.status === 413) return { kind: "too_large" };
      if (REFUSALS.has(error.code)) {
        this.#refused(error);
        this.register();
      } else if (reply.status === 404 || reply.status === 409) {
        log.info({ code: error.code }, "the server does not know this monitor: registering again");
        failures += 1;
        await this.#retryLater(failures);
        this.register();
      } else if (reply.status === 429 || reply.retryAfterMs !== null) {
        const waitMs = Math.min(reply.retryAfterMs ?? timing.retryFirstMs, timing.breakerOpenMs);
        log.info({ status: reply.status, waitMs }, "the server asks to wait");
        this.#gate.pauseFor(waitMs);
      } else if (reply.status >= 400 && reply.status < 500) {
        return { kind: "invalid", message: error.message };
      } else {
        failures += 1;
        await this.#retryLater(failures);
      }
    }
  }

  /** Something else lost the server: asks whether it is ready, until it is, and tells with `onAnswered`. */
  lookOut(): void {
    this.#probe(this.#options.timing.probeMs);
  }

  /** Ends every call and every wait. */
  cancel(): void {
    this.#stop.abort(new Error("the monitor stops"));
  }

  /** Says goodbye, if there is time for it, and ends every call. */
  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#heartbeat !== null) clearInterval(this.#heartbeat);
    this.cancel();
    if (this.#registered) await this.#deregister();
    await this.#registering;
    this.#gate[Symbol.dispose]();
  }

  async #deregister(): Promise<void> {
    const { machine, bootId } = this.#options.machine;
    try {
      await this.#post("deregister", { machine, bootId }, 1_000, new AbortController().signal);
    } catch (error) {
      this.#options.log.debug({ reason: (error as Error).message }, "no goodbye");
    }
  }

  async #registerUntilKnown(): Promise<void> {
    const { timing, log, machine } = this.#options;
    const { signal } = this.#stop;
    // Whatever asks for it, registering again and again must not become a tight circle.
    if (performance.now() - this.#registeredAt < timing.retryFirstMs) await pause(timing.retryFirstMs, signal);
    for (let attempt = 1; ; attempt += 1) {
      let waitMs = backoffMs(attempt, timing, Math.random());
      try {
        const body: RegisterBody = { protocol: PROTOCOL_VERSION, ...machine };
        const reply = await this.#post("register", body, timing.registerTimeoutMs, signal);
        if (reply.status === 200) {
          const answer = registerAnswer.safeParse(parseJson(reply.body));
          if (answer.success) return this.#welcome(answer.data);
          throw new AgentPaneError("protocol_mismatch", otherProtocol(reply.body));
        }
        throw Object.assign(refusalOf(reply), { waitMs: reply.retryAfterMs });
      } catch (error) {
        signal.throwIfAborted();
        if (error instanceof AgentPaneError && REFUSALS.has(error.code)) {
          this.#refused(error);
          waitMs = timing.retryMaxMs;
        } else {
          log.warn({ reason: (error as Error).message, waitMs: Math.round(waitMs) }, "the server is not reached");
          this.#options.onUnreached();
          waitMs = (error as { waitMs?: number | null }).waitMs ?? waitMs;
        }
      }
      await pause(waitMs, signal);
    }
  }

  #welcome(answer: RegisterAnswer): void {
    this.#registered = true;
    this.#registeredAt = performance.now();
    this.#answeredAt = this.#registeredAt;
    this.#refusal = null;
    this.#breaker.close();
    this.#options.log.info({ cursors: answer.cursors.length, server: answer.serverVersion }, "registered");
    this.#options.onRegistered(answer);
    this.#gate.open();
  }

  #refused(error: AgentPaneError): void {
    this.#gate.shut();
    if (this.#refusal === error.code) return;
    this.#refusal = error.code;
    this.#options.log.error({ code: error.code }, error.message);
    this.#options.onRefused(error);
  }

  async #beat(): Promise<void> {
    const { machine, report, timing, log } = this.#options;
    this.#options.onBeat();
    if (!this.#registered || this.#registering !== null) return;
    try {
      const body = { machine: machine.machine, bootId: machine.bootId, report: report() };
      const reply = await this.#post("heartbeat", body, timing.shortTimeoutMs, this.#stop.signal);
      const answer = heartbeatAnswer.safeParse(parseJson(reply.body));
      const unknown = reply.status === 404 || (reply.status === 200 && answer.success && !answer.data.known);
      if (unknown || reply.status === 401 || reply.status === 403) this.register();
      else if (reply.status === 200) {
        this.#answeredAt = performance.now();
        this.#options.onAnswered();
      } else log.warn({ status: reply.status }, "heartbeat not taken");
    } catch (error) {
      log.debug({ reason: (error as Error).message }, "no heartbeat");
    }
  }

  /** Asks a server that failed whether it is ready, until it is, so that nothing waits longer than need be. */
  #probe(everyMs: number): void {
    if (this.#probing) return;
    this.#probing = true;
    void this.#probeUntilReady(everyMs).finally(() => {
      this.#probing = false;
    });
  }

  async #probeUntilReady(everyMs: number): Promise<void> {
    const { client, timing } = this.#options;
    const { signal } = this.#stop;
    while (!signal.aborted) {
      try {
        await pause(everyMs, signal);
        const reply = await client.call({
          method: "GET",
          path: "/readyz",
          timeoutMs: timing.shortTimeoutMs,
          signal,
        });
        if (reply.status !== 200) continue;
      } catch {
        continue;
      }
      this.#breaker.close();
      this.#ready.abort();
      this.#ready = new AbortController();
      this.#options.onAnswered();
      return;
    }
  }

  /** Aborted when the server shows that it is ready, which ends waiting. */
  #ready = new AbortController();

  async #retryLater(failures: number): Promise<void> {
    const signal = AbortSignal.any([this.#stop.signal, this.#ready.signal]);
    const waitMs = backoffMs(failures, this.#options.timing, Math.random());
    await pause(waitMs, signal).catch(() => this.#stop.signal.throwIfAborted());
  }

  #post(name: string, body: unknown, timeoutMs: number, signal: AbortSignal): Promise<HttpReply> {
    return this.#options.client.call({
      method: "POST",
      path: `${API_PREFIX}/${name}`,
      contentType: JSON_TYPE,
      body: [Buffer.from(JSON.stringify(body))],
      timeoutMs,
      signal,
    });
  }
}

function parseJson(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString("utf8"));
  } catch {
    return null;
  }
}

/** The error that a refusing answer names. A proxy's page or an unknown code is told by its status. */
function refusalOf(reply: HttpReply): AgentPaneError {
  const parsed = errorBody.safeParse(parseJson(reply.body));
  if (parsed.success) return new AgentPaneError(parsed.data.error.code, parsed.data.error.message);
  const code =
    reply.status === 401
      ? "unauthenticated"
      : reply.status === 403
        ? "forbidden"
        : reply.status < 500
          ? "invalid_request"
          : "internal";
  return new AgentPaneError(code, `the server answered ${reply.status}`);
}

function otherProtocol(body: Buffer): string {
  const spoken = (parseJson(body) as { protocol?: unknown } | null)?.protocol;
  if (typeof spoken !== "number" || spoken === PROTOCOL_VERSION)
    return "The server's answer is not of the protocol; update the older side.";
  return spoken > PROTOCOL_VERSION
    ? `The server speaks protocol ${spoken}, this monitor ${PROTOCOL_VERSION}: update the monitor.`
    : `The server speaks protocol ${spoken}, this monitor ${PROTOCOL_VERSION}: update the server.`;
}
