import {
  AgentPaneError,
  type ChannelMonitorFrame,
  type ChannelServerFrame,
  channelMonitorFrame,
  PROTOCOL_VERSION,
} from "@agentpane/protocol";
import type { WebSocket } from "ws";
import { type Access, type Clock, requireRole } from "../access/index.ts";
import type { ChannelNews } from "../store/contract.ts";

/** The first frame says which machine it is; a socket that stays silent goes. */
export const HELLO_MS = 5_000;
export const PING_MS = 5_000;
/** A monitor of which nothing came for so long, no answer to a ping either, is gone. */
export const DEAD_MS = 15_000;
/** A monitor that takes so little of what it is told hangs; it comes back by itself. */
const MAX_UNSENT_BYTES = 16 * 1024 * 1024;
/** How long a socket that was ended may take to close. */
const GOODBYE_MS = 2_000;

/** WebSocket close codes: 4000 and up are an application's own; these follow the HTTP statuses. */
const CLOSE_CODE: Readonly<Record<string, number>> = {
  invalid_frame: 4400,
  protocol_mismatch: 4400,
  unauthenticated: 4401,
  forbidden: 4403,
  machine_mismatch: 4403,
  conflict: 4409,
  rate_limited: 4429,
};
const GOING_AWAY = 1001;
const FAILED = 1011;

export interface MachineSocketOptions {
  access: Access;
  clock: Clock;
  commit(news: ChannelNews): Promise<{ stale: boolean }>;
  /** Takes what is neither `hello` nor presence. */
  route(frame: ChannelMonitorFrame, from: { machine: string; receivedAt: number }): Promise<void>;
  onFault(error: unknown): void;
  onGreeted(machine: string): void;
  /** Its `welcome` is on the way; no other frame was taken yet. */
  onWelcomed(machine: string): void;
  onGone(): void;
}

/** One monitor's socket: `hello`, then what it knows of processes, the whole of it first. */
export class MachineSocket {
  readonly #ws: WebSocket;
  readonly #options: MachineSocketOptions;
  #cancelTimer: () => void;
  #hello: Extract<ChannelMonitorFrame, { type: "hello" }> | null = null;
  #holder: { token: string; id: string } | null = null;
  /** Where a set stands that changes may be added to. */
  #hasSet = false;
  #ended = false;
  #heardAt: number;
  #work: Promise<void> = Promise.resolve();
  #queued = 0;

  constructor(ws: WebSocket, options: MachineSocketOptions) {
    this.#ws = ws;
    this.#options = options;
    this.#heardAt = options.clock.now();
    this.#cancelTimer = options.clock.after(HELLO_MS, () => {
      this.#refuse(new AgentPaneError("unauthenticated", "The first frame must be `hello` with a token."));
    });
    ws.on("message", (data, isBinary) => this.#queue(data as Buffer, isBinary));
    ws.on("ping", () => this.#heard());
    ws.on("pong", () => this.#heard());
    // A broken frame or connection; `close` follows.
    ws.on("error", () => {});
    ws.on("close", () => {
      this.#ended = true;
      this.#cancelTimer();
      options.onGone();
    });
  }

  get holder(): { token: string; id: string } | null {
    return this.#holder;
  }

  /** Once it was greeted. */
  get machine(): string | null {
    return this.#holder === null ? null : (this.#hello?.machine ?? null);
  }

  get heardAt(): number {
    return this.#heardAt;
  }

  /** False where it is ending, or hangs. */
  send(frame: ChannelServerFrame): boolean {
    if (this.#ended) return false;
    if (this.#ws.bufferedAmount > MAX_UNSENT_BYTES) {
      this.#ws.terminate();
      return false;
    }
    this.#ws.send(JSON.stringify(frame));
    return true;
  }

  /** Ends it because its token is no longer good. */
  expel(): void {
    this.#refuse(new AgentPaneError("unauthenticated", "The token was revoked or has expired."));
  }

  replaced(): void {
    this.#refuse(new AgentPaneError("conflict", "A newer channel of this machine was opened."));
  }

  /** The server stops; the monitor comes back by itself. */
  goAway(): void {
    this.#ended = true;
    this.#ws.close(GOING_AWAY, "server stops");
  }

  terminate(): void {
    this.#ws.terminate();
  }

  #heard(): void {
    this.#heardAt = this.#options.clock.now();
  }

  /** One frame after the other; while one is worked on, no more is read, so a monitor that storms waits. */
  #queue(data: Buffer, isBinary: boolean): void {
    this.#heard();
    const receivedAt = this.#heardAt;
    this.#queued += 1;
    this.#ws.pause();
    this.#work = this.#work
      .then(() => this.#receive(data, isBinary, receivedAt))
      .catch((error) => this.#fail(error))
      .finally(() => {
        this.#queued -= 1;
        if (this.#queued === 0) this.#ws.resume();
      });
  }

  async #receive(data: Buffer, isBinary: boolean, receivedAt: number): Promise<void> {
    if (this.#ended) return;
    const raw = isBinary ? undefined : parseJson(data);
    requireProtocol(raw);
    const parsed = channelMonitorFrame.safeParse(raw);
    if (!parsed.success) throw new AgentPaneError("invalid_frame", "This is not a frame of the protocol.");
    const frame = parsed.data;
    if (frame.type === "hello") return this.#greet(frame);
    const hello = this.#hello;
    if (hello === null) throw new AgentPaneError("invalid_frame", "The first frame must be `hello`.");
    if (frame.type !== "presence") return this.#options.route(frame, { machine: hello.machine, receivedAt });
    if (frame.bootId !== hello.bootId) {
      throw new AgentPaneError("invalid_frame", "A frame is of another start of the monitor than its `hello`.");
    }
    if (!frame.full && !this.#hasSet) throw new AgentPaneError("invalid_frame", "A channel begins with the whole set.");
    const { type: _type, ...said } = frame;
    await this.#options.commit({ type: "frame", machine: hello.machine, receivedAt, frame: said });
    this.#hasSet = true;
  }

  async #greet(hello: Extract<ChannelMonitorFrame, { type: "hello" }>): Promise<void> {
    if (this.#hello !== null) throw new AgentPaneError("invalid_frame", "`hello` comes once.");
    this.#hello = hello;
    const identity = await this.#options.access.identify(hello.token);
    requireRole(identity, "monitor");
    if (identity.machine === null) {
      throw new AgentPaneError("conflict", "This token's machine is not registered. Register first.");
    }
    if (identity.machine !== hello.machine) {
      throw new AgentPaneError(
        "machine_mismatch",
        "This token is bound to another machine. Make one for this machine: agentpane tokens add NAME --role monitor",
      );
    }
    if (this.#ended) return;
    this.#holder = { token: hello.token, id: identity.id };
    this.#cancelTimer();
    this.#ping();
    this.#options.onGreeted(hello.machine);
    this.send({ type: "welcome", now: this.#options.clock.now() });
    this.#options.onWelcomed(hello.machine);
  }

  #ping(): void {
    this.#cancelTimer = this.#options.clock.after(PING_MS, () => {
      if (this.#options.clock.now() - this.#heardAt >= DEAD_MS) return this.#ws.terminate();
      this.#ws.ping();
      this.#ping();
    });
  }

  /** What the monitor did wrong is told by name. A fault of the store is not: it comes back soon, with its whole set. */
  #fail(error: unknown): void {
    if (error instanceof AgentPaneError && error.code in CLOSE_CODE) return this.#refuse(error);
    if (!this.#ended) this.#options.onFault(error);
    this.#end(FAILED, "failed");
  }

  #refuse(error: AgentPaneError): void {
    this.send({ type: "error", code: error.code, message: error.message });
    this.#end(CLOSE_CODE[error.code] ?? FAILED, error.code);
  }

  #end(code: number, reason: string): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#cancelTimer();
    this.#cancelTimer = this.#options.clock.after(GOODBYE_MS, () => this.#ws.terminate());
    this.#ws.close(code, reason);
  }
}

/** Before the rest is looked at: another version's frames may well have another form. */
function requireProtocol(raw: unknown): void {
  const protocol = typeof raw === "object" && raw !== null && "protocol" in raw ? raw.protocol : undefined;
  if (protocol === PROTOCOL_VERSION || typeof protocol !== "number") return;
  const older = protocol < PROTOCOL_VERSION ? "monitor" : "server";
  throw new AgentPaneError(
    "protocol_mismatch",
    `The monitor speaks protocol ${protocol}, the server ${PROTOCOL_VERSION}. Update the ${older}.`,
  );
}

function parseJson(data: Buffer): unknown {
  try {
    return JSON.parse(data.toString("utf8"));
  } catch {
    return undefined;
  }
}
