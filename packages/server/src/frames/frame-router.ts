type Handler<Frame, From> = (frame: Frame, from: From) => void | Promise<void>;

/**
 * Frames of one kind of socket, each type to the one part of the server that takes it. A type that nobody takes is
 * dropped: the other side may be newer.
 */
export class FrameRouter<Frame extends { type: string }, From> {
  readonly #handlers = new Map<string, Handler<never, From>>();

  /** What `handle` throws ends the socket. A second handler of a type is a fault of the caller. */
  on<Type extends Frame["type"]>(type: Type, handle: Handler<Extract<Frame, { type: Type }>, From>): void {
    if (this.#handlers.has(type)) throw new Error(`frames of type ${type} are taken already`);
    this.#handlers.set(type, handle);
  }

  /** Settles once the frame was taken. */
  async route(frame: Frame, from: From): Promise<void> {
    await this.#handlers.get(frame.type)?.(frame as never, from);
  }
}
