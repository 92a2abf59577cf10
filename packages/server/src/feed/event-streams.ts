import type { ServerResponse } from "node:http";
import { AgentPaneError, parseFeedCursor } from "@agentpane/protocol";
import type { Access, Clock } from "../access/index.ts";
import type { Frame } from "./frame.ts";
import type { Hub } from "./hub.ts";
import type { Pipe } from "./pipe.ts";
import { onDrained } from "./socket-pipe.ts";

export const MAX_EVENT_STREAMS = 50;
/** A comment so often keeps proxies and readers from giving up, and finds tokens that are no longer good. */
const HEARTBEAT_MS = 15_000;
const RECHECK_MS = 2_000;
const RETRY_AFTER_SECONDS = 5;
const HEARTBEAT = Buffer.from(": heartbeat\n\n");

export interface EventStreamsDeps {
  access: Access;
  hub: Hub;
  clock: Clock;
  onFault(error: unknown): void;
}

interface Stream {
  response: ServerResponse;
  pipe: Pipe;
  token: string;
  id: string;
}

/** All Server-Sent Events readers of `/stream`. */
export class EventStreams {
  readonly #deps: EventStreamsDeps;
  readonly #streams = new Set<Stream>();
  readonly #stopListening: () => void;
  #cancelHeartbeat: (() => void) | null = null;
  #cancelRecheck: (() => void) | null = null;

  constructor(deps: EventStreamsDeps) {
    this.#deps = deps;
    this.#stopListening = deps.access.onRevoked((ids) => {
      for (const stream of this.#streams) if (ids.has(stream.id)) stream.response.end();
    });
  }

  /** Throws `too_many_streams` when all places are taken. */
  requirePlace(): void {
    if (this.#streams.size < MAX_EVENT_STREAMS) return;
    throw new AgentPaneError("too_many_streams", `All ${MAX_EVENT_STREAMS} places for event streams are taken.`, {
      retryAfterSeconds: RETRY_AFTER_SECONDS,
    });
  }

  /** Answers with the stream; `response` has its other headers already. */
  open(response: ServerResponse, holder: { token: string; id: string }, lastEventId: string | undefined): void {
    response.writeHead(200, { "content-type": "text/event-stream; charset=utf-8", "cache-control": "no-store" });
    response.flushHeaders();
    const stream = { response, pipe: new EventPipe(response), ...holder };
    this.#streams.add(stream);
    response.on("close", () => {
      this.#streams.delete(stream);
      this.#deps.hub.detach(stream.pipe);
    });
    this.#cancelHeartbeat ??= this.#deps.clock.after(HEARTBEAT_MS, () => this.#beat());
    this.#cancelRecheck ??= this.#deps.clock.after(RECHECK_MS, () => this.#recheck());
    // An id that is none of ours is one of another life of this server.
    const cursor = lastEventId === undefined ? null : (parseFeedCursor(lastEventId) ?? { epoch: "unknown", n: 0 });
    this.#deps.hub.attach(stream.pipe, cursor);
  }

  close(): void {
    this.#stopListening();
    this.#cancelHeartbeat?.();
    this.#cancelRecheck?.();
    for (const { response } of this.#streams) response.end();
  }

  #beat(): void {
    this.#cancelHeartbeat = null;
    for (const { response, pipe } of this.#streams) if (pipe.waitingBytes === 0) response.write(HEARTBEAT);
    if (this.#streams.size > 0) this.#cancelHeartbeat = this.#deps.clock.after(HEARTBEAT_MS, () => this.#beat());
  }

  #recheck(): void {
    this.#cancelRecheck = null;
    if (this.#streams.size === 0) return;
    this.#endStale()
      .catch(this.#deps.onFault)
      .finally(() => {
        this.#cancelRecheck ??= this.#deps.clock.after(RECHECK_MS, () => this.#recheck());
      });
  }

  async #endStale(): Promise<void> {
    for (const [token, streams] of Map.groupBy(this.#streams, (stream) => stream.token)) {
      if (await this.#deps.access.stillGood(token)) continue;
      for (const { response } of streams) response.end();
    }
  }
}

class EventPipe implements Pipe {
  readonly #response: ServerResponse;

  constructor(response: ServerResponse) {
    this.#response = response;
  }

  write(frame: Frame): void {
    if (!this.closed) this.#response.write(frame.sse);
  }

  get waitingBytes(): number {
    return this.#response.writableLength;
  }

  whenDrained(run: () => void): void {
    onDrained(this.#response, run);
  }

  destroy(): void {
    this.#response.destroy();
  }

  get closed(): boolean {
    return this.#response.writableEnded || this.#response.destroyed;
  }
}
