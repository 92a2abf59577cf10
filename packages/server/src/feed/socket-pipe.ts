import type { Duplex } from "node:stream";
import type { Frame } from "./frame.ts";
import type { Pipe } from "./pipe.ts";

/** Writes finished frames straight to the socket: `ws` would frame the same bytes anew for each reader. */
export class SocketPipe implements Pipe {
  readonly #socket: Duplex;
  #shut = false;

  constructor(socket: Duplex) {
    this.#socket = socket;
  }

  write(frame: Frame): void {
    if (!this.closed) this.#socket.write(frame.ws);
  }

  get waitingBytes(): number {
    return this.#socket.writableLength;
  }

  whenDrained(run: () => void): void {
    onDrained(this.#socket, run);
  }

  /** Takes no more frames from now on, though the goodbye may still be on its way. */
  shut(): void {
    this.#shut = true;
  }

  destroy(): void {
    this.#socket.destroy();
  }

  get closed(): boolean {
    return this.#shut || !this.#socket.writable;
  }
}

export function onDrained(
  stream: { writableLength: number; once(name: "drain", run: () => void): unknown },
  run: () => void,
): void {
  if (stream.writableLength === 0) queueMicrotask(run);
  else stream.once("drain", run);
}
