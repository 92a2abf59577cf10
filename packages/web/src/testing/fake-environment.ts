import type { LiveClientFrame, LiveServerFrame } from "@agentpane/protocol";
import type { ConnectionEnvironment, LiveSocket, LiveSocketEvents } from "../live/connection.ts";
import { FakeTimers } from "./fake-timers.ts";

/** One socket as the page opened it, with the server's end in the hand of the test. */
export class FakeSocket implements LiveSocket {
  readonly sent: LiveClientFrame[] = [];
  readonly #events: LiveSocketEvents;
  closedByPage = false;

  constructor(events: LiveSocketEvents) {
    this.#events = events;
  }

  send(text: string): void {
    this.sent.push(JSON.parse(text));
  }
  close(): void {
    this.closedByPage = true;
  }

  open(): void {
    this.#events.onOpen();
  }
  say(frame: LiveServerFrame | string): void {
    this.#events.onText(typeof frame === "string" ? frame : JSON.stringify(frame));
  }
  /** The server or the network ends it. */
  end(): void {
    this.#events.onClose();
  }
}

export class FakeEnvironment implements ConnectionEnvironment {
  readonly timers = new FakeTimers();
  readonly sockets: FakeSocket[] = [];
  online = true;
  jitter = 1;
  #wake: () => void = () => {};

  readonly openSocket = (events: LiveSocketEvents): LiveSocket => {
    const socket = new FakeSocket(events);
    this.sockets.push(socket);
    return socket;
  };
  readonly random = (): number => this.jitter;
  readonly isOnline = (): boolean => this.online;
  readonly onWake = (listener: () => void): (() => void) => {
    this.#wake = listener;
    return () => {
      this.#wake = () => {};
    };
  };

  wake(): void {
    this.#wake();
  }
  get socket(): FakeSocket {
    const socket = this.sockets.at(-1);
    if (socket === undefined) throw new Error("no socket was opened");
    return socket;
  }
}
