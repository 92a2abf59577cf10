import { type FeedCursor, type LiveClientFrame, type LiveServerFrame, liveServerFrame } from "@agentpane/protocol";
import { Observable } from "../observable.ts";
import type { Timers } from "./clock.ts";

export type ConnectionState =
  /** The first try since the page opened. */
  | { kind: "connecting" }
  | { kind: "live" }
  /** `nextTryAt` by the page's clock; null while a try runs. `answers`: over HTTP it does, only not on the socket. */
  | { kind: "away"; nextTryAt: number | null; answers: boolean }
  /** The browser itself has no network and the server cannot be reached. */
  | { kind: "offline" }
  | { kind: "refused"; reason: "token" | "version"; message: string };

/** The part of a WebSocket that is used. */
export interface LiveSocket {
  send(text: string): void;
  close(): void;
}
export interface LiveSocketEvents {
  onOpen(): void;
  onText(text: string): void;
  onClose(): void;
}

export interface ConnectionEnvironment {
  timers: Timers;
  openSocket(events: LiveSocketEvents): LiveSocket;
  /** 0 to 1, for the jitter. */
  random(): number;
  isOnline(): boolean;
  /** Calls back when the network came or went, or when the page became visible or the computer woke. */
  onWake(listener: () => void): () => void;
}

export interface ConnectionOptions {
  token(): string | null;
  cursor(): FeedCursor | null;
  onFrame(frame: LiveServerFrame): void;
  /** The server took the greeting: what it must be told again is told now. */
  onGreeted(): void;
  /** A try ended before the server said anything. Resolves to whether it answers over HTTP, where it may say why. */
  onSilentFailure(): Promise<boolean>;
}

const FIRST_RETRY_MS = 500;
const MAX_RETRY_MS = 15_000;

/** Keeps one live socket open: greets, resumes, and comes back with growing pauses. */
export class LiveConnection extends Observable implements Disposable {
  readonly #environment: ConnectionEnvironment;
  readonly #options: ConnectionOptions;
  #state: ConnectionState = { kind: "connecting" };
  #socket: LiveSocket | null = null;
  /** The server has answered the greeting; before that it takes no other frame. */
  #greeted = false;
  /** Sockets are numbered so that the events of one that was given up are not taken for those of its successor. */
  #generation = 0;
  #failures = 0;
  #answers = false;
  #cancelTimer: () => void = () => {};
  readonly #offWake: () => void;

  constructor(environment: ConnectionEnvironment, options: ConnectionOptions) {
    super();
    this.#environment = environment;
    this.#options = options;
    this.#offWake = environment.onWake(() => this.#wake());
  }

  readonly getSnapshot = (): ConnectionState => this.#state;

  /** Opens a socket now, whatever was waited for. */
  readonly connect = (): void => {
    this.#drop();
    const generation = this.#generation;
    let heard = false;
    if (this.#state.kind !== "connecting") this.#set({ kind: "away", nextTryAt: null, answers: this.#answers });
    this.#socket = this.#environment.openSocket({
      onOpen: () => {
        if (generation !== this.#generation) return;
        const token = this.#options.token();
        if (token === null) return this.#refuse("token", "");
        const cursor = this.#options.cursor();
        this.#socket?.send(JSON.stringify(hello(token, cursor)));
      },
      onText: (text) => {
        if (generation !== this.#generation) return;
        heard = true;
        this.#receive(text);
      },
      onClose: () => {
        if (generation !== this.#generation) return;
        this.#greeted = false;
        this.#retryLater();
        if (!heard) void this.#ask();
      },
    });
  };

  /** Whether it was sent; what is not sent belongs into `onGreeted`. */
  send(frame: LiveClientFrame): boolean {
    if (!this.#greeted || this.#socket === null) return false;
    this.#socket.send(JSON.stringify(frame));
    return true;
  }

  [Symbol.dispose](): void {
    this.#offWake();
    this.#drop();
  }

  #receive(text: string): void {
    const parsed = liveServerFrame.safeParse(readJson(text));
    if (!parsed.success) return this.#refuse("version", "");
    const frame = parsed.data;
    if (frame.type === "error") {
      if (frame.code === "unauthenticated" || frame.code === "forbidden") this.#refuse("token", frame.message);
      else if (frame.code === "protocol_mismatch") this.#refuse("version", frame.message);
      return;
    }
    this.#options.onFrame(frame);
    if (this.#greeted || (frame.type !== "snapshot" && frame.type !== "changes")) return;
    this.#greeted = true;
    this.#failures = 0;
    this.#answers = false;
    this.#set({ kind: "live" });
    this.#options.onGreeted();
  }

  #refuse(reason: "token" | "version", message: string): void {
    this.#drop();
    this.#set({ kind: "refused", reason, message });
  }

  #retryLater(): void {
    this.#drop();
    const ceiling = Math.min(MAX_RETRY_MS, FIRST_RETRY_MS * 2 ** this.#failures);
    const pause = Math.round(ceiling * (0.5 + this.#environment.random() / 2));
    this.#failures += 1;
    this.#set(
      this.#environment.isOnline()
        ? { kind: "away", nextTryAt: this.#environment.timers.now() + pause, answers: this.#answers }
        : { kind: "offline" },
    );
    this.#cancelTimer = this.#environment.timers.after(pause, this.connect);
  }

  /** Tells a server that is gone from one that has no place for another socket. */
  async #ask(): Promise<void> {
    const generation = this.#generation;
    const answers = await this.#options.onSilentFailure();
    if (generation !== this.#generation || answers === this.#answers) return;
    this.#answers = answers;
    if (this.#state.kind === "away") this.#set({ ...this.#state, answers });
  }

  #wake(): void {
    if (this.#state.kind === "away" || this.#state.kind === "offline") this.connect();
  }

  /** Gives the socket and every timer up. */
  #drop(): void {
    this.#generation += 1;
    this.#cancelTimer();
    this.#cancelTimer = () => {};
    this.#greeted = false;
    this.#socket?.close();
    this.#socket = null;
  }

  #set(state: ConnectionState): void {
    this.#state = state;
    this.changed();
  }
}

function hello(token: string, cursor: FeedCursor | null): LiveClientFrame {
  return { type: "hello", token, ...(cursor === null ? {} : { cursor }) };
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
