import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import { AgentPaneError, type LiveClientFrame } from "@agentpane/protocol";
import { WebSocketServer } from "ws";
import { FrameRouter, Listeners } from "../frames/index.ts";
import { LiveSocket, type LiveSocketDeps, type Page } from "./live-socket.ts";

export const MAX_LIVE_SOCKETS = 500;
/** Keys and pastes for a terminal are the most that a page sends: 64 KiB in base64. */
const MAX_CLIENT_FRAME_BYTES = 128 * 1024;
/** How often tokens of open sockets are looked at, for those that expired or were revoked behind our back. */
const RECHECK_MS = 2_000;
const RETRY_AFTER_SECONDS = 5;

/** All WebSockets of `/live`. */
export class LiveSockets {
  /** Frames besides watching, each type to its part. A page's role is not checked here, beyond that it may read. */
  readonly frames = new FrameRouter<LiveClientFrame, Page>();
  readonly #opened = new Listeners<Page>();
  readonly #gone = new Listeners<Page>();
  readonly #deps: LiveSocketDeps;
  readonly #sockets = new Set<LiveSocket>();
  readonly #server = new WebSocketServer({
    noServer: true,
    // Measured: deflate alone costs 0.9 of a core at 500 readers.
    perMessageDeflate: false,
    maxPayload: MAX_CLIENT_FRAME_BYTES,
    clientTracking: false,
  });
  readonly #stopListening: () => void;
  #cancelRecheck: (() => void) | null = null;

  constructor(deps: LiveSocketDeps) {
    this.#deps = deps;
    this.#stopListening = deps.access.onRevoked((ids) => {
      for (const socket of this.#sockets) if (socket.holder !== null && ids.has(socket.holder.id)) socket.expel();
    });
  }

  /** Takes over an upgrade whose Host, Origin and path were checked. Throws `too_many_streams` when all places are taken. */
  accept(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    if (this.#sockets.size >= MAX_LIVE_SOCKETS) {
      throw new AgentPaneError("too_many_streams", `All ${MAX_LIVE_SOCKETS} places for live pages are taken.`, {
        retryAfterSeconds: RETRY_AFTER_SECONDS,
      });
    }
    this.#server.handleUpgrade(request, socket, head, (ws) => {
      const live = new LiveSocket(ws, socket, this.#deps, {
        onOpened: (page) => this.#opened.tell(page),
        route: (frame, page) => this.frames.route(frame, page),
        onGone: (page) => {
          this.#sockets.delete(live);
          if (page !== null) this.#gone.tell(page);
        },
      });
      this.#sockets.add(live);
      this.#cancelRecheck ??= this.#deps.clock.after(RECHECK_MS, () => this.#recheck());
    });
  }

  /** Told of each page once its token was accepted. */
  onOpened(listener: (page: Page) => void): () => void {
    return this.#opened.add(listener);
  }

  /** Told of each of those pages when its socket is closed. */
  onGone(listener: (page: Page) => void): () => void {
    return this.#gone.add(listener);
  }

  /** Says goodbye to all; those that do not leave are cut off by `terminate`. */
  goAway(): void {
    this.#stopListening();
    this.#cancelRecheck?.();
    for (const socket of this.#sockets) socket.goAway();
  }

  terminate(): void {
    for (const socket of this.#sockets) socket.terminate();
  }

  #recheck(): void {
    this.#cancelRecheck = null;
    if (this.#sockets.size === 0) return;
    this.#expelStale()
      .catch(this.#deps.onFault)
      .finally(() => {
        this.#cancelRecheck ??= this.#deps.clock.after(RECHECK_MS, () => this.#recheck());
      });
  }

  async #expelStale(): Promise<void> {
    const byToken = Map.groupBy(this.#sockets, (socket) => socket.holder?.token);
    for (const [token, sockets] of byToken) {
      if (token === undefined || (await this.#deps.access.stillGood(token))) continue;
      for (const socket of sockets) socket.expel();
    }
  }
}
