import WebSocket from "ws";
import { until } from "../until.ts";

/** A frame of the live feed as it came; the tests know what they look for. */
export interface LiveFrame {
  type: string;
  [field: string]: unknown;
}

/** A page's socket without the page. */
export class LiveClient implements Disposable {
  readonly frames: LiveFrame[] = [];
  /** Called with each frame as it comes, and the moment it came (`performance.now`). */
  onFrame: (frame: LiveFrame, at: number) => void = () => {};
  #socket: WebSocket;
  #closed = false;
  /** Benches turn it off: what is kept grows. */
  keepFrames = true;

  private constructor(socket: WebSocket) {
    this.#socket = socket;
    socket.on("message", (data) => {
      const at = performance.now();
      const frame = JSON.parse(String(data)) as LiveFrame;
      if (this.keepFrames) this.frames.push(frame);
      this.onFrame(frame, at);
    });
    socket.on("close", () => {
      this.#closed = true;
    });
    socket.on("error", () => {
      this.#closed = true;
    });
  }

  /** Opens, says hello and waits for the first frame. */
  static async open(origin: string, token: string, cursor?: { epoch: string; n: number }): Promise<LiveClient> {
    const client = new LiveClient(new WebSocket(`${origin.replace("http", "ws")}/api/v1/live`));
    await until("the live socket opens", () => client.#socket.readyState === WebSocket.OPEN);
    client.send({ type: "hello", token, ...(cursor === undefined ? {} : { cursor }) });
    await until("the live socket answers", () => client.frames.length > 0 || client.#closed);
    return client;
  }

  get closed(): boolean {
    return this.#closed;
  }

  send(frame: unknown): void {
    this.#socket.send(JSON.stringify(frame));
  }

  /** Waits for a frame, among those that came and those that will. */
  async frame(what: string, matches: (frame: LiveFrame) => boolean, deadlineMs = 30_000): Promise<LiveFrame> {
    return await until(what, () => this.frames.find(matches), {
      deadlineMs,
      describe: () => this.frames.slice(-5),
    });
  }

  [Symbol.dispose](): void {
    this.#socket.terminate();
  }
}
