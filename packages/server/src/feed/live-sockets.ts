import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import { AgentPaneError } from "@agentpane/protocol";
import { WebSocketServer } from "ws";
import { LiveSocket, type LiveSocketDeps } from "./live-socket.ts";

export const MAX_LIVE_SOCKETS = 500;
/** A page sends little: a token, a place, a session's name. */
const MAX_CLIENT_FRAME_BYTES = 16 * 1024;
/** How often tokens of open sockets are looked at, for those that expired or were revoked behind our back. */
const RECHECK_MS = 2_000;
const RETRY_AFTER_SECONDS = 5;

/** All WebSockets of `/live`. */
export class LiveSockets {
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
      const live = new LiveSocket(ws, socket, this.#deps, () => {
        this.#sockets.delete(live);
      });
      this.#sockets.add(live);
      this.#cancelRecheck ??= this.#deps.clock.after(RECHECK_MS, () => this.#recheck());
    });
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
