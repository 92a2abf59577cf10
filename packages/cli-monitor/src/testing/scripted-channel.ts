import type { IncomingMessage, Server } from "node:http";
import type { Duplex } from "node:stream";
import {
  type ChannelMonitorFrame,
  type ChannelServerFrame,
  channelMonitorFrame,
  type Presence,
} from "@agentpane/protocol";
import { type WebSocket, WebSocketServer } from "ws";

type Hello = Extract<ChannelMonitorFrame, { type: "hello" }>;
type Told = Extract<ChannelMonitorFrame, { type: "presence" }>;

export interface Opening {
  hello: Hello | null;
  told: Told[];
  /** Every frame but `hello` and `presence`. */
  frames: ChannelMonitorFrame[];
  socket: WebSocket;
}

/** The server's end of the channel, in memory: what every connection said, and answers that a test chooses. */
export class ScriptedChannel implements Disposable {
  readonly openings: Opening[] = [];
  /** Set: the upgrade is refused with this status. */
  refuses: number | null = null;
  /** What a hello is answered; null: nothing. */
  answer: object | null = { type: "welcome", now: 0 };
  upgrades = 0;
  /** What the frames add up to, by session. */
  readonly presences = new Map<string, Presence>();
  readonly #sockets = new WebSocketServer({ noServer: true, perMessageDeflate: true });

  constructor(server: Server) {
    server.on("upgrade", (request, socket, head) => this.#onUpgrade(request, socket, head));
  }

  get current(): Opening | undefined {
    return this.openings.at(-1);
  }

  /** Life of the session's process, as told last. */
  life(session: string): Presence["life"] | undefined {
    return this.presences.get(session)?.life;
  }

  /** Every frame of one type, of all openings, in their order. */
  framesOf<Type extends ChannelMonitorFrame["type"]>(type: Type): Extract<ChannelMonitorFrame, { type: Type }>[] {
    const all = this.openings.flatMap(({ frames }) => frames);
    return all.filter((frame): frame is Extract<ChannelMonitorFrame, { type: Type }> => frame.type === type);
  }

  /** Sends to the monitor that is connected now. */
  send(frame: ChannelServerFrame): void {
    this.current?.socket.send(JSON.stringify(frame));
  }

  [Symbol.dispose](): void {
    for (const { socket } of this.openings) socket.terminate();
    this.#sockets.close();
  }

  #onUpgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    this.upgrades += 1;
    if (this.refuses !== null || request.url !== "/api/v1/channel") {
      socket.end(`HTTP/1.1 ${this.refuses ?? 404} Refused\r\ncontent-length: 0\r\nconnection: close\r\n\r\n`);
      return;
    }
    this.#sockets.handleUpgrade(request, socket, head, (opened) => this.#onOpen(opened));
  }

  #onOpen(socket: WebSocket): void {
    const opening: Opening = { hello: null, told: [], frames: [], socket };
    this.openings.push(opening);
    socket.on("error", () => socket.terminate());
    socket.on("message", (data) => {
      const frame = channelMonitorFrame.parse(JSON.parse(String(data)));
      if (frame.type === "hello") {
        opening.hello = frame;
        if (this.answer !== null) socket.send(JSON.stringify(this.answer));
        return;
      }
      if (frame.type !== "presence") {
        opening.frames.push(frame);
        return;
      }
      opening.told.push(frame);
      if (frame.full) this.presences.clear();
      for (const presence of frame.presences) this.presences.set(presence.session, presence);
      for (const { session, pid } of frame.gone) {
        if (this.presences.get(session)?.pid === pid) this.presences.delete(session);
      }
    });
  }
}
