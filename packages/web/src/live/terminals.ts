import type { LiveClientFrame, LiveServerFrame } from "@agentpane/protocol";

type Down = Extract<LiveServerFrame, { terminal: string }>;

/** What a terminal that somebody looks at is told. */
export interface TerminalEvents {
  onScreen(cols: number, rows: number, data: Uint8Array): void;
  onData(data: Uint8Array): void;
  /** Who types besides the person at the terminal; `mine`: this page. */
  onWriter(writer: { name: string | null; mine: boolean }): void;
  onClosed(reason: string): void;
  /** What was typed or claimed did not reach it. */
  onRefused(message: string): void;
}

/** One terminal that a page looks at. */
export interface OpenTerminal {
  /** False where it cannot be sent now. */
  type(text: string): boolean;
  claim(take: boolean): void;
  close(): void;
}

/** Bytes of one frame: the server takes 16 KiB of JSON at once, and base64 makes four characters of three bytes. */
const MAX_TYPED_BYTES = 8 * 1024;

/** The terminals that this page looks at, over its socket. */
export class LiveTerminals {
  readonly #send: (frame: LiveClientFrame) => boolean;
  readonly #open = new Map<string, { session: string; events: TerminalEvents }>();

  constructor(send: (frame: LiveClientFrame) => boolean) {
    this.#send = send;
  }

  open(session: string, events: TerminalEvents): OpenTerminal {
    const terminal = `t_${hex(crypto.getRandomValues(new Uint8Array(16)))}`;
    this.#open.set(terminal, { session, events });
    this.#send({ type: "terminal.open", terminal, session });
    return {
      type: (text) => {
        const bytes = new TextEncoder().encode(text);
        for (let at = 0; at < bytes.length; at += MAX_TYPED_BYTES) {
          const data = toBase64(bytes.subarray(at, at + MAX_TYPED_BYTES));
          if (!this.#send({ type: "terminal.input", terminal, data })) return false;
        }
        return true;
      },
      claim: (take) => void this.#send({ type: "terminal.claim", terminal, take }),
      close: () => {
        if (this.#open.delete(terminal)) this.#send({ type: "terminal.close", terminal });
      },
    };
  }

  /** After a reconnect: the server knows of none. */
  reopen(): void {
    for (const [terminal, { session }] of this.#open) this.#send({ type: "terminal.open", terminal, session });
  }

  apply(frame: LiveServerFrame): void {
    if (!isDown(frame)) return;
    const events = this.#open.get(frame.terminal)?.events;
    if (frame.type === "terminal.screen") events?.onScreen(frame.cols, frame.rows, fromBase64(frame.data));
    else if (frame.type === "terminal.data") events?.onData(fromBase64(frame.data));
    else if (frame.type === "terminal.writer") events?.onWriter({ name: frame.name, mine: frame.mine });
    else if (frame.type === "terminal.refused") events?.onRefused(frame.message);
    else {
      this.#open.delete(frame.terminal);
      events?.onClosed(frame.reason);
    }
  }
}

function isDown(frame: LiveServerFrame): frame is Down {
  return "terminal" in frame;
}

function hex(bytes: Uint8Array): string {
  return [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

function toBase64(bytes: Uint8Array): string {
  return btoa(String.fromCharCode(...bytes));
}

function fromBase64(text: string): Uint8Array {
  return Uint8Array.from(atob(text), (char) => char.charCodeAt(0));
}
