import { connect, type Socket } from "node:net";
import { JsonLines } from "../line-reader.ts";
import { type FromRun, LINK_VERSION, MAX_LINK_LINE_BYTES, type ToRun, toRun } from "../link-frames.ts";
import { runSockets } from "../run-socket.ts";
import type { ScreenKeeper } from "./screen-keeper.ts";

/** How often a monitor is looked for that may have come. */
const LOOK_MS = 2_000;
/** A monitor that reads so slowly is given up, and gets the screen when it is dialled again. */
const MAX_UNSENT_BYTES = 4 * 1024 * 1024;

export interface MonitorLinksOptions {
  /** The host's part of the monitor's state folder. */
  state: string;
  /** The process that leads the pseudo-terminal's session. */
  pid: number;
  keeper: ScreenKeeper;
  /** Types into the pseudo-terminal. */
  onInput(bytes: Buffer): void;
}

interface Link {
  socket: Socket;
  watches: boolean;
}

/** The connections to this user's monitors: found by themselves, and nothing is missing where there are none. */
export class MonitorLinks implements Disposable {
  readonly #options: MonitorLinksOptions;
  readonly #links = new Map<string, Link>();
  readonly #timer: NodeJS.Timeout;

  constructor(options: MonitorLinksOptions) {
    this.#options = options;
    this.#look();
    this.#timer = setInterval(() => this.#look(), LOOK_MS);
    this.#timer.unref();
  }

  /** Output that is on the keeper's screen by now. */
  drawn(bytes: Buffer): void {
    for (const link of this.#links.values()) {
      if (link.watches) this.#send(link, { type: "data", data: bytes.toString("base64") });
    }
  }

  resized(): void {
    for (const link of this.#links.values()) this.#send(link, { type: "size", ...this.#options.keeper.size });
  }

  [Symbol.dispose](): void {
    clearInterval(this.#timer);
    for (const { socket } of this.#links.values()) socket.destroy();
  }

  #look(): void {
    for (const path of runSockets(this.#options.state)) if (!this.#links.has(path)) this.#dial(path);
  }

  #dial(path: string): void {
    const socket = connect(path);
    const link: Link = { socket, watches: false };
    this.#links.set(path, link);
    const lines = new JsonLines(MAX_LINK_LINE_BYTES);
    socket.unref();
    socket.on("connect", () => {
      const { pid, keeper } = this.#options;
      this.#send(link, { type: "hello", version: LINK_VERSION, pid, ...keeper.size });
    });
    socket.on("data", (chunk) => {
      try {
        for (const value of lines.read(chunk)) this.#take(link, toRun.parse(value));
      } catch {
        socket.destroy();
      }
    });
    // A socket that a monitor left behind.
    socket.on("error", () => socket.destroy());
    socket.on("close", () => this.#links.delete(path));
  }

  #take(link: Link, frame: ToRun): void {
    const { keeper, onInput } = this.#options;
    if (frame.type === "watch") link.watches = frame.on;
    else if (frame.type === "input") onInput(Buffer.from(frame.data, "base64"));
    else if (frame.type === "look") {
      keeper.settle(() => {
        const { rows, cursor } = keeper.look();
        this.#send(link, { type: "look", id: frame.id, rows: [...rows], cursor });
      });
    } else {
      keeper.settle(() => {
        const data = Buffer.from(keeper.serialize()).toString("base64");
        this.#send(link, { type: "screen", id: frame.id, ...keeper.size, data });
      });
    }
  }

  #send({ socket }: Link, frame: FromRun): void {
    if (socket.destroyed) return;
    if (socket.writableLength > MAX_UNSENT_BYTES) socket.destroy();
    else socket.write(`${JSON.stringify(frame)}\n`);
  }
}
