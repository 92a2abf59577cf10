import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import { AgentPaneError } from "@agentpane/protocol";
import { WebSocketServer } from "ws";
import type { Access, Clock } from "../access/index.ts";
import type { ChannelNews } from "../store/contract.ts";
import { MachineSocket } from "./machine-socket.ts";

const MAX_CHANNELS = 200;
/** 2000 processes with long paths. */
const MAX_FRAME_BYTES = 4 * 1024 * 1024;
/** How often tokens of open channels are looked at, for those that expired or were revoked behind our back. */
const RECHECK_MS = 2_000;
/** After the store could not take that a channel is lost, as when the disk is full. */
const RETRY_MS = 5_000;
const RETRY_AFTER_SECONDS = 5;

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
        onGreeted: (machine) => this.#greeted(machine, channel),
        onGone: () => this.#gone(channel),
      });
      this.#sockets.add(channel);
      this.#cancelRecheck ??= this.#options.clock.after(RECHECK_MS, () => this.#recheck());
    });
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
