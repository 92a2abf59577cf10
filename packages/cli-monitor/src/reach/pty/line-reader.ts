/** Cuts a stream of bytes into lines of JSON. Throws where a line is longer than `maxBytes`, or is none. */
export class JsonLines {
  readonly #maxBytes: number;
  #held: Buffer[] = [];
  #heldBytes = 0;

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  read(chunk: Buffer): unknown[] {
    const values: unknown[] = [];
    let from = 0;
    for (let at = chunk.indexOf(10); at >= 0; at = chunk.indexOf(10, from)) {
      this.#hold(chunk.subarray(from, at));
      values.push(JSON.parse(Buffer.concat(this.#held).toString("utf8")));
      this.#held = [];
      this.#heldBytes = 0;
      from = at + 1;
    }
    this.#hold(chunk.subarray(from));
    return values;
  }

  #hold(piece: Buffer): void {
    this.#heldBytes += piece.length;
    if (this.#heldBytes > this.#maxBytes) throw new Error(`a line is longer than ${this.#maxBytes} bytes`);
    if (piece.length > 0) this.#held.push(piece);
  }
}
