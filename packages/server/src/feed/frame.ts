import { formatFeedCursor, type LiveServerFrame } from "@agentpane/protocol";

/**
 * One message to live readers, encoded once however many read it: the same bytes go to every socket.
 * The WebSocket form is RFC 6455 section 5.2: one unmasked, uncompressed text frame.
 */
export class Frame {
  readonly ws: Buffer;
  readonly #event: string;
  readonly #id: string | null;
  readonly #headerBytes: number;
  #sse: Buffer | null = null;

  constructor(message: LiveServerFrame) {
    const json = JSON.stringify(message);
    const bytes = Buffer.byteLength(json);
    this.#headerBytes = bytes < 126 ? 2 : bytes < 65_536 ? 4 : 10;
    this.ws = Buffer.allocUnsafeSlow(this.#headerBytes + bytes);
    this.ws[0] = 0x81;
    if (bytes < 126) {
      this.ws[1] = bytes;
    } else if (bytes < 65_536) {
      this.ws[1] = 126;
      this.ws.writeUInt16BE(bytes, 2);
    } else {
      this.ws[1] = 127;
      this.ws.writeUInt32BE(Math.floor(bytes / 2 ** 32), 2);
      this.ws.writeUInt32BE(bytes % 2 ** 32, 6);
    }
    this.ws.write(json, this.#headerBytes);
    this.#event = message.type;
    this.#id = "n" in message ? formatFeedCursor(message) : null;
  }

  /** The Server-Sent Events form; made when the first such reader needs it. */
  get sse(): Buffer {
    if (this.#sse === null) {
      const id = this.#id === null ? "" : `id: ${this.#id}\n`;
      // JSON has no bare line break, so one data line always suffices.
      this.#sse = Buffer.concat([
        Buffer.from(`event: ${this.#event}\n${id}data: `),
        this.ws.subarray(this.#headerBytes),
        Buffer.from("\n\n"),
      ]);
    }
    return this.#sse;
  }

  get byteLength(): number {
    return this.ws.byteLength + (this.#sse?.byteLength ?? 0);
  }
}
