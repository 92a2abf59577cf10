import type { Socket } from "node:net";
import { KEYS, type Key, type Pane } from "../pane/pane.ts";
import type { Screen } from "../pane/screen.ts";
import { terminalsOf } from "../tmux/tty.ts";
import { JsonLines } from "./line-reader.ts";
import { type FromRun, fromRun, LINK_VERSION, MAX_LINK_LINE_BYTES, type ToRun } from "./link-frames.ts";

/** A run that does not answer within so long hangs, or is stopped. */
const ANSWER_MS = 3_000;
/** A run that takes so little is stopped; it dials again once it goes on. */
const MAX_UNSENT_BYTES = 4 * 1024 * 1024;
const PASTE_BEGIN = "\x1b[200~";
const PASTE_END = "\x1b[201~";

/** The screen of a run as a terminal would have to be told it. */
export interface DrawnScreen {
  cols: number;
  rows: number;
  /** Base64. */
  data: string;
}

export interface RunLinkEvents {
  /** It said who it is; from now on `terminal` is known. */
  onHello(link: RunLink): void;
  onData(link: RunLink, data: string): void;
  onSize(link: RunLink): void;
  onGone(link: RunLink): void;
}

/** One `agentpane run`, which holds the pseudo-terminal that an agent runs in. */
export class RunLink implements Pane {
  readonly #socket: Socket;
  readonly #waiting = new Map<number, (answer: FromRun | null) => void>();
  #terminal: string | null = null;
  #pid = 0;
  #ids = 0;

  constructor(socket: Socket, events: RunLinkEvents) {
    this.#socket = socket;
    const lines = new JsonLines(MAX_LINK_LINE_BYTES);
    socket.on("data", (chunk) => {
      try {
        for (const value of lines.read(chunk)) this.#take(fromRun.parse(value), events);
      } catch {
        // Another version, or no run at all.
        socket.destroy();
      }
    });
    socket.on("error", () => socket.destroy());
    socket.on("close", () => {
      for (const answer of this.#waiting.values()) answer(null);
      this.#waiting.clear();
      events.onGone(this);
    });
  }

  /** `/dev/pts/4`, the terminal that its programs have. */
  get terminal(): string | null {
    return this.#terminal;
  }

  watch(on: boolean): void {
    this.#send({ type: "watch", on });
  }

  /** Gives the screen to `take` before any output that comes behind it is told. */
  async screen(take: (drawn: DrawnScreen) => void): Promise<void> {
    await this.#ask("screen", (answer) => {
      if (answer.type === "screen") take(answer);
    });
  }

  async look(): Promise<Screen> {
    const answer = await this.#ask("look");
    if (answer.type !== "look") throw new Error("the run answered another question");
    return { rows: answer.rows, cursor: answer.cursor };
  }

  async obstacle(): Promise<string | null> {
    return this.#socket.destroyed ? "`agentpane run` has ended" : null;
  }

  async paste(words: string): Promise<void> {
    this.type(Buffer.from(`${PASTE_BEGIN}${words}${PASTE_END}`).toString("base64"));
  }

  async press(key: Key, times = 1): Promise<void> {
    this.type(Buffer.from(KEYS[key].repeat(times)).toString("base64"));
  }

  /** Base64, as if typed at the terminal. */
  type(data: string): void {
    this.#send({ type: "input", data });
  }

  destroy(): void {
    this.#socket.destroy();
  }

  #take(frame: FromRun, events: RunLinkEvents): void {
    if (frame.type === "hello") {
      if (frame.version !== LINK_VERSION || this.#pid !== 0) throw new Error("not a run of this version");
      this.#pid = frame.pid;
      void terminalsOf([frame.pid]).then((terminals) => {
        this.#terminal = terminals.get(frame.pid)?.path ?? null;
        if (this.#terminal === null) this.destroy();
        else events.onHello(this);
      });
    } else if (frame.type === "data") events.onData(this, frame.data);
    else if (frame.type === "size") events.onSize(this);
    else {
      this.#waiting.get(frame.id)?.(frame);
      this.#waiting.delete(frame.id);
    }
  }

  #ask(type: "look" | "screen", take: (answer: FromRun) => void = () => {}): Promise<FromRun> {
    this.#ids += 1;
    const id = this.#ids;
    return new Promise((resolve, reject) => {
      const late = setTimeout(() => this.#waiting.get(id)?.(null), ANSWER_MS);
      this.#waiting.set(id, (answer) => {
        clearTimeout(late);
        this.#waiting.delete(id);
        if (answer === null) return reject(new Error("the run does not answer"));
        take(answer);
        resolve(answer);
      });
      this.#send({ type, id });
    });
  }

  #send(frame: ToRun): void {
    if (this.#socket.destroyed) return;
    if (this.#socket.writableLength > MAX_UNSENT_BYTES) this.destroy();
    else this.#socket.write(`${JSON.stringify(frame)}\n`);
  }
}
