import type { Duplex } from "node:stream";
import { AgentPaneError, type LiveClientFrame, type LiveServerFrame, liveClientFrame } from "@agentpane/protocol";
import type { WebSocket } from "ws";
import { type Access, type Clock, requireRole } from "../access/index.ts";
import type { TokenIdentity } from "../store/contract.ts";
import { Frame } from "./frame.ts";
import type { Hub } from "./hub.ts";
import type { Pipe } from "./pipe.ts";
import { SocketPipe } from "./socket-pipe.ts";
import { MAX_WATCHES_PER_READER, type Topics } from "./topics.ts";

/** The first frame says who reads; a socket that stays silent goes. */
export const HELLO_MS = 5_000;
/** How long a socket that was ended may take to close. */
const GOODBYE_MS = 2_000;
/** A socket answers a ping within one such span, or is gone. */
const PING_MS = 30_000;

/** WebSocket close codes: 4000 and up are an application's own; these follow the HTTP statuses. */
const CLOSE_CODE = { invalid_frame: 4400, unauthenticated: 4401, forbidden: 4403, rate_limited: 4429, internal: 1011 };
const GOING_AWAY = 1001;

/** A page that is there: who looks at it, and a way to it. */
export interface Page {
  readonly identity: TokenIdentity;
  /** Address that it came from. */
  readonly from: string | null;
  /** A way for more than a message now and then: it tells how much waits. */
  readonly pipe: Pipe;
  send(frame: LiveServerFrame): void;
}

export interface LiveSocketEvents {
  onOpened(page: Page): void;
  /** Takes what is no concern of the feed's. What it throws ends the socket by name. */
  route(frame: LiveClientFrame, page: Page): Promise<void>;
  onGone(page: Page | null): void;
}

export interface LiveSocketDeps {
  access: Access;
  hub: Hub;
  topics: Topics;
  clock: Clock;
  onFault(error: unknown): void;
}

/** One page's socket: `hello`, then the feed, and the transcripts it asks to watch. */
export class LiveSocket {
  readonly pipe: SocketPipe;
  readonly #ws: WebSocket;
  readonly #deps: LiveSocketDeps;
  #cancelTimer: () => void;
  /** The token it was opened with and its id, once `hello` was accepted. */
  #holder: { token: string; id: string } | null = null;
  #page: Page | null = null;
  readonly #from: string | null;
  readonly #events: LiveSocketEvents;
  #greeted = false;
  #answered = true;

  constructor(ws: WebSocket, socket: Duplex, deps: LiveSocketDeps, events: LiveSocketEvents) {
    this.#ws = ws;
    this.#deps = deps;
    this.#events = events;
    this.#from = "remoteAddress" in socket && typeof socket.remoteAddress === "string" ? socket.remoteAddress : null;
    this.pipe = new SocketPipe(socket);
    this.#cancelTimer = deps.clock.after(HELLO_MS, () => {
      this.#fail(new AgentPaneError("unauthenticated", "The first frame must be `hello` with a token."));
    });
    ws.on("message", (data, isBinary) => {
      this.#receive(data as Buffer, isBinary).catch((error) => this.#fail(error));
    });
    ws.on("pong", () => {
      this.#answered = true;
    });
    // A broken frame or connection; `close` follows.
    ws.on("error", () => {});
    ws.on("close", () => {
      this.#cancelTimer();
      deps.hub.detach(this.pipe);
      deps.topics.detach(this.pipe);
      events.onGone(this.#page);
    });
  }

  get holder(): { token: string; id: string } | null {
    return this.#holder;
  }

  /** Ends it because its token is no longer good. */
  expel(): void {
    this.#fail(new AgentPaneError("unauthenticated", "The token was revoked or has expired."));
  }

  /** The server stops; the page comes back by itself. */
  goAway(): void {
    this.#ws.close(GOING_AWAY, "server stops");
  }

  terminate(): void {
    this.#ws.terminate();
  }

  async #receive(data: Buffer, isBinary: boolean): Promise<void> {
    const frame = isBinary ? null : readFrame(data);
    if (frame === null) throw new AgentPaneError("invalid_frame", "This is not a frame of the protocol.");
    if (this.pipe.closed) return;
    if (frame.type === "hello") return this.#hello(frame);
    if (this.#page === null) throw new AgentPaneError("invalid_frame", "The first frame must be `hello`.");
    const { topics } = this.#deps;
    if (frame.type !== "watch" && frame.type !== "unwatch") return this.#events.route(frame, this.#page);
    if (frame.type === "unwatch") {
      topics.unwatch(this.pipe, frame.session, frame.subagent);
    } else if (!topics.watch(this.pipe, frame.session, frame.subagent, frame.after)) {
      const message = `A page may watch ${MAX_WATCHES_PER_READER} transcripts at a time.`;
      this.pipe.write(new Frame({ type: "error", code: "conflict", message }));
    }
  }

  async #hello(frame: Extract<LiveClientFrame, { type: "hello" }>): Promise<void> {
    if (this.#greeted) throw new AgentPaneError("invalid_frame", "`hello` comes once.");
    this.#greeted = true;
    const identity = await this.#deps.access.identify(frame.token);
    requireRole(identity, "viewer");
    if (this.pipe.closed) return;
    this.#holder = { token: frame.token, id: identity.id };
    const { pipe } = this;
    this.#page = { identity, from: this.#from, pipe, send: (message) => pipe.write(new Frame(message)) };
    this.#cancelTimer();
    this.#ping();
    this.#deps.hub.attach(this.pipe, frame.cursor ?? null);
    this.#events.onOpened(this.#page);
  }

  #ping(): void {
    this.#cancelTimer = this.#deps.clock.after(PING_MS, () => {
      if (!this.#answered) return this.#ws.terminate();
      this.#answered = false;
      this.#ws.ping();
      this.#ping();
    });
  }

  #fail(error: unknown): void {
    const known = error instanceof AgentPaneError;
    if (!known) this.#deps.onFault(error);
    const code = known ? error.code : "internal";
    const message = known ? error.message : "The server failed.";
    this.pipe.write(new Frame({ type: "error", code, message }));
    // Whoever does not answer the goodbye gets nothing more all the same, and is cut off.
    this.pipe.shut();
    this.#deps.hub.detach(this.pipe);
    this.#deps.topics.detach(this.pipe);
    this.#cancelTimer();
    this.#cancelTimer = this.#deps.clock.after(GOODBYE_MS, () => this.#ws.terminate());
    this.#ws.close(code in CLOSE_CODE ? CLOSE_CODE[code as keyof typeof CLOSE_CODE] : CLOSE_CODE.internal, code);
  }
}

function readFrame(data: Buffer): LiveClientFrame | null {
  try {
    return liveClientFrame.parse(JSON.parse(data.toString("utf8")));
  } catch {
    return null;
  }
}
