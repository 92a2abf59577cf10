import {
  API_PREFIX,
  type ChannelMonitorFrame,
  channelServerFrame,
  PROTOCOL_VERSION,
  type Presence,
} from "@agentpane/protocol";
import type { Logger } from "pino";
import { type RawData, WebSocket } from "ws";
import type { PresenceChange } from "../presence/presence-watch.ts";
import {
  type ChannelLine,
  FrameRouter,
  type PartFrame,
  type ServerFrame,
  type ServerFrameType,
} from "./channel-frames.ts";

/** Spans in milliseconds; tests shorten them. */
export interface ChannelTiming {
  channelRetryFirstMs: number;
  channelRetryMaxMs: number;
  /** Before a server is asked again that has no channel, or refuses this monitor. */
  channelRefusedMs: number;
  /** From the dial to the server's welcome. */
  channelOpenMs: number;
  channelPingMs: number;
  /** A channel on which nothing came for so long is dead, whatever the system says of its socket. */
  channelSilentMs: number;
}
export const CHANNEL_TIMING: ChannelTiming = {
  channelRetryFirstMs: 500,
  channelRetryMaxMs: 30_000,
  channelRefusedMs: 30_000,
  channelOpenMs: 10_000,
  channelPingMs: 4_000,
  channelSilentMs: 10_000,
};

/** A decision may hold an edited input of 1 MiB, as JSON text within JSON: each of its bytes may take six. */
const MAX_FRAME_BYTES = 8 * 1024 * 1024;
/** A server that reads so slowly gets the whole set later instead of every change. */
const MAX_UNSENT_BYTES = 4 * 1024 * 1024;
/** How long the other side may take to close as well. */
const CLOSE_MS = 500;

export interface ChannelOptions {
  server: URL;
  token: string;
  machine: string;
  bootId: string;
  /** The whole set, asked for at every opening. */
  presences: () => readonly Presence[];
  timing: ChannelTiming;
  log: Logger;
}

/**
 * The lane for what must be there at once. It carries state: each opening begins with the whole set, so what was lost in
 * between does not matter. Nothing waits for it; without it the server falls back to the transcripts.
 */
export class Channel implements ChannelLine, AsyncDisposable {
  readonly #options: ChannelOptions;
  readonly #router = new FrameRouter();
  #socket: WebSocket | null = null;
  #isOpen = false;
  #seq = 0;
  #failures = 0;
  #retry: NodeJS.Timeout | null = null;
  #lastWord: string | null = null;
  #isRefused = false;
  #dialedAt = Number.NEGATIVE_INFINITY;
  #closed = false;

  constructor(options: ChannelOptions) {
    this.#options = options;
  }

  /** Opened, and the whole set told. */
  get isOpen(): boolean {
    return this.#isOpen;
  }

  get unsentBytes(): number {
    return this.#socket?.bufferedAmount ?? 0;
  }

  on<Type extends ServerFrameType>(type: Type, take: (frame: ServerFrame<Type>) => void): void {
    this.#router.on(type, take);
  }

  onOpened(take: () => void): void {
    this.#router.onOpened(take);
  }

  onLost(take: () => void): void {
    this.#router.onLost(take);
  }

  send(frame: PartFrame): boolean {
    const socket = this.#socket;
    if (!this.#isOpen || socket?.readyState !== WebSocket.OPEN) return false;
    this.#send(socket, frame);
    return true;
  }

  /** The server is there: dials now, unless the channel stands or is being opened. */
  connect(): void {
    if (this.#closed || this.#socket !== null) return;
    if (this.#retry !== null) clearTimeout(this.#retry);
    this.#retry = null;
    this.#dial();
  }

  /**
   * The other lane was answered, so there is no need to wait on: dials now, but not again and again. A server that refuses this
   * channel is left alone.
   */
  serverAnswers(): void {
    if (this.#closed || this.#isOpen || this.#isRefused) return;
    // A dial that is on its way may still meet the server that went: then the next one comes soon.
    this.#failures = 0;
    if (this.#socket !== null) return;
    const sinceMs = performance.now() - this.#dialedAt;
    this.#dialIn(Math.max(0, this.#options.timing.channelRetryFirstMs - sinceMs));
  }

  /** Tells what changed, at once. Where the channel is not open it is told with the whole set later. */
  tell({ changed, gone }: PresenceChange): void {
    if (!this.#isOpen) return;
    if (this.unsentBytes > MAX_UNSENT_BYTES) {
      this.#options.log.warn("the server reads the channel too slowly: it is opened anew");
      this.#socket?.terminate();
      return;
    }
    this.#sendPresence(false, changed, gone);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#closed = true;
    if (this.#retry !== null) clearTimeout(this.#retry);
    const socket = this.#socket;
    if (socket === null) return;
    const ended = new Promise((resolve) => socket.once("close", resolve));
    const late = setTimeout(() => socket.terminate(), CLOSE_MS);
    socket.close(1000);
    await ended;
    clearTimeout(late);
  }

  #dial(): void {
    const { server, token, machine, bootId, timing } = this.#options;
    const url = new URL(`${API_PREFIX}/channel`, server);
    url.protocol = server.protocol === "https:" ? "wss:" : "ws:";
    const socket = new WebSocket(url, {
      perMessageDeflate: false,
      maxPayload: MAX_FRAME_BYTES,
      followRedirects: false,
      handshakeTimeout: timing.channelOpenMs,
    });
    this.#socket = socket;
    let heardAt = performance.now();
    this.#dialedAt = heardAt;
    /** Milliseconds that a refusal asks to wait; null where the line just broke. */
    let waitMs: number | null = null;
    let word = "";
    const heard = () => {
      heardAt = performance.now();
    };
    const watch = setInterval(() => {
      if (performance.now() - heardAt > timing.channelSilentMs) {
        word = "silent";
        socket.terminate();
      } else if (socket.readyState === WebSocket.OPEN) socket.ping();
    }, timing.channelPingMs);
    const welcome = setTimeout(() => {
      word = "no welcome";
      socket.terminate();
    }, timing.channelOpenMs);

    socket.on("open", () => {
      heard();
      this.#send(socket, { type: "hello", token, protocol: PROTOCOL_VERSION, machine, bootId });
    });
    socket.on("ping", heard);
    socket.on("pong", heard);
    socket.on("message", (data) => {
      heard();
      const frame = channelServerFrame.safeParse(parse(data));
      // Frames of a newer server are none of ours.
      if (!frame.success) return;
      if (frame.data.type === "error") {
        word = frame.data.code;
        waitMs = timing.channelRefusedMs;
        socket.close(1000);
      } else if (frame.data.type === "welcome") {
        clearTimeout(welcome);
        if (!this.#isOpen) this.#opened();
      } else if (this.#isOpen) this.#router.route(frame.data);
    });
    socket.on("unexpected-response", (_request, response) => {
      word = `status ${response.statusCode}`;
      // It has no channel, or does not want us: the HTTP lane says so as well, and louder.
      if ((response.statusCode ?? 0) < 500) waitMs = timing.channelRefusedMs;
      response.destroy();
      socket.terminate();
    });
    socket.on("error", (error: NodeJS.ErrnoException) => {
      word ||= error.code ?? error.message;
    });
    socket.on("close", (code) => {
      clearInterval(watch);
      clearTimeout(welcome);
      const wasOpen = this.#isOpen;
      this.#socket = null;
      this.#isOpen = false;
      if (wasOpen) this.#router.lost();
      this.#lost(word || `closed ${code}`, waitMs);
    });
  }

  #opened(): void {
    this.#isOpen = true;
    this.#failures = 0;
    this.#lastWord = null;
    this.#options.log.info("channel open");
    this.#sendPresence(true, this.#options.presences(), []);
    this.#router.opened();
  }

  /** Says each reason once, however often it comes again, and dials later. */
  #lost(word: string, waitMs: number | null): void {
    if (this.#closed) return;
    const { timing, log } = this.#options;
    this.#failures += 1;
    this.#isRefused = waitMs !== null;
    const full = Math.min(timing.channelRetryMaxMs, timing.channelRetryFirstMs * 2 ** Math.min(this.#failures - 1, 30));
    const spread = (waitMs ?? full) * (0.5 + Math.random() / 2);
    if (word !== this.#lastWord) log.info({ reason: word, retryMs: Math.round(spread) }, "no channel");
    this.#lastWord = word;
    this.#dialIn(spread);
  }

  #dialIn(ms: number): void {
    if (this.#retry !== null) clearTimeout(this.#retry);
    this.#retry = setTimeout(() => {
      this.#retry = null;
      this.#dial();
    }, ms);
    this.#retry.unref();
  }

  #sendPresence(full: boolean, presences: readonly Presence[], gone: PresenceChange["gone"]): void {
    if (this.#socket === null) return;
    this.#seq += 1;
    this.#send(this.#socket, {
      type: "presence",
      bootId: this.#options.bootId,
      seq: this.#seq,
      now: Date.now(),
      full,
      presences: [...presences],
      gone,
    });
  }

  #send(socket: WebSocket, frame: ChannelMonitorFrame): void {
    if (socket.readyState === WebSocket.OPEN) socket.send(JSON.stringify(frame));
  }
}

function parse(data: RawData): unknown {
  try {
    return JSON.parse(data.toString());
  } catch {
    return null;
  }
}
