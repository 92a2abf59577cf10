import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import { AgentPaneError, type ChannelMonitorFrame, type ChannelServerFrame } from "@agentpane/protocol";
import { WebSocketServer } from "ws";
import type { Access, Clock } from "../access/index.ts";
import { FrameRouter, Listeners } from "../frames/index.ts";
import type { ChannelNews } from "../store/contract.ts";
import { MachineSocket } from "./machine-socket.ts";

const MAX_CHANNELS = 200;
/** A request whose input and plan have 1 MiB each, of characters that JSON writes as several bytes. */
export const MAX_FRAME_BYTES = 16 * 1024 * 1024;
/** How often tokens of open channels are looked at, for those that expired or were revoked behind our back. */
const RECHECK_MS = 2_000;
/** After the store could not take that a channel is lost, as when the disk is full. */
const RETRY_MS = 5_000;
const RETRY_AFTER_SECONDS = 5;

/** Who sent a frame, and when it came by the server's clock. */
export interface FromMonitor {
  machine: string;
  receivedAt: number;
}

export interface ChannelsOptions {
  access: Access;
  clock: Clock;
  /** Commits news and tells the pages what it changed. */
  commit(news: ChannelNews): Promise<{ stale: boolean }>;
  log: { info(fields: object, message: string): void };
  onFault(error: unknown): void;
}

/** The sockets of `/channel`: one for each machine, on which its monitor tells whose process lives. */
export class Channels {
  /** Frames besides presence, each type to its part. They are taken one after the other, in the order they came. */
  readonly frames = new FrameRouter<ChannelMonitorFrame, FromMonitor>();
  readonly #opened = new Listeners<string>();
  readonly #lostOnes = new Listeners<string>();
  readonly #options: ChannelsOptions;
  readonly #sockets = new Set<MachineSocket>();
  readonly #byMachine = new Map<string, MachineSocket>();
  readonly #server = new WebSocketServer({
    noServer: true,
    perMessageDeflate: false,
    maxPayload: MAX_FRAME_BYTES,
    clientTracking: false,
  });
  readonly #stopListening: () => void;
  #cancelRecheck: (() => void) | null = null;
  #closed = false;

  constructor(options: ChannelsOptions) {
    this.#options = options;
    this.#stopListening = options.access.onRevoked((ids) => {
      for (const socket of this.#sockets) if (socket.holder !== null && ids.has(socket.holder.id)) socket.expel();
    });
  }

  /** What the store knows is of another life of the server: until monitors come, no channel is there. */
  async start(): Promise<void> {
    await this.#options.commit({ type: "restart" });
  }

  /** Takes over an upgrade whose Host and path were checked. Refuses pages: a monitor sends no Origin. */
  accept(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    if (request.headers.origin !== undefined || request.headers["sec-fetch-site"] !== undefined) {
      throw new AgentPaneError("origin_refused", "This channel is for monitors, not for pages.");
    }
    if (this.#sockets.size >= MAX_CHANNELS) {
      throw new AgentPaneError("too_many_streams", `All ${MAX_CHANNELS} places for monitors are taken.`, {
        retryAfterSeconds: RETRY_AFTER_SECONDS,
      });
    }
    this.#server.handleUpgrade(request, socket, head, (ws) => {
      const channel = new MachineSocket(ws, {
        access: this.#options.access,
        clock: this.#options.clock,
        commit: (news) => this.#options.commit(news),
        onFault: (error) => this.#options.onFault(error),
        route: (frame, from) => this.frames.route(frame, from),
        onGreeted: (machine) => this.#greeted(machine, channel),
        onWelcomed: (machine) => this.#opened.tell(machine),
        onGone: () => this.#gone(channel),
      });
      this.#sockets.add(channel);
      this.#cancelRecheck ??= this.#options.clock.after(RECHECK_MS, () => this.#recheck());
    });
  }

  /** False where no channel of the machine is open, and nothing was sent. What was sent may still be lost with it. */
  send(machine: string, frame: ChannelServerFrame): boolean {
    return this.#byMachine.get(machine)?.send(frame) ?? false;
  }

  /** To every machine whose channel is open. */
  broadcast(frame: ChannelServerFrame): void {
    for (const socket of this.#byMachine.values()) socket.send(frame);
  }

  isOpen(machine: string): boolean {
    return this.#byMachine.has(machine);
  }

  /** Told of a machine whose channel was opened, before any of its frames is taken; also when a newer one replaced it. */
  onOpened(listener: (machine: string) => void): () => void {
    return this.#opened.add(listener);
  }

  /** Told of a machine that has no channel any more. */
  onLost(listener: (machine: string) => void): () => void {
    return this.#lostOnes.add(listener);
  }

  /** Says goodbye to all; those that do not leave are cut off by `terminate`. */
  close(): void {
    this.#closed = true;
    this.#stopListening();
    this.#cancelRecheck?.();
    for (const socket of this.#sockets) socket.goAway();
  }

  terminate(): void {
    for (const socket of this.#sockets) socket.terminate();
  }

  /** A newer channel replaces the older, which as a rule is a connection that broke without a word. */
  #greeted(machine: string, socket: MachineSocket): void {
    const older = this.#byMachine.get(machine);
    this.#byMachine.set(machine, socket);
    older?.replaced();
    this.#options.log.info({ machine }, "channel open");
  }

  #gone(socket: MachineSocket): void {
    this.#sockets.delete(socket);
    const { machine } = socket;
    if (machine === null || this.#byMachine.get(machine) !== socket) return;
    this.#byMachine.delete(machine);
    if (this.#closed) return;
    this.#options.log.info({ machine }, "channel lost");
    this.#lostOnes.tell(machine);
    this.#lost(machine, socket.heardAt);
  }

  #lost(machine: string, since: number): void {
    if (this.#closed || this.#byMachine.has(machine)) return;
    this.#options.commit({ type: "lost", machine, since }).catch((error) => {
      if (this.#closed) return;
      this.#options.onFault(error);
      this.#options.clock.after(RETRY_MS, () => this.#lost(machine, since));
    });
  }

  #recheck(): void {
    this.#cancelRecheck = null;
    if (this.#sockets.size === 0) return;
    this.#expelStale()
      .catch(this.#options.onFault)
      .finally(() => {
        if (!this.#closed) this.#cancelRecheck ??= this.#options.clock.after(RECHECK_MS, () => this.#recheck());
      });
  }

  async #expelStale(): Promise<void> {
    for (const socket of [...this.#sockets]) {
      const { holder } = socket;
      if (holder !== null && !(await this.#options.access.stillGood(holder.token))) socket.expel();
    }
  }
}
