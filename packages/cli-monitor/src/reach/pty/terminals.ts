import { MAX_TERMINAL_CHUNK_BYTES } from "@agentpane/protocol";
import type { ChannelLine } from "../../uplink/channel-frames.ts";
import type { PtyDesk } from "./pty-desk.ts";
import type { DrawnScreen, RunLink } from "./run-link.ts";

/** Terminals that pages of one server look at. */
const MAX_VIEWERS = 100;
/** What may wait on the channel before terminals are held back; they get a fresh screen once it has drained. */
const MAX_UNSENT_BYTES = 512 * 1024;
/** How often a viewer that was held back is looked after. */
const CATCH_UP_MS = 100;
/** Base64 of as many bytes as one frame takes. */
const MAX_FRAME_CHARS = Math.floor(MAX_TERMINAL_CHUNK_BYTES / 3) * 4;

interface Viewer {
  terminal: string;
  link: RunLink;
  name: string;
  /** Output is passed on; false until its screen was sent, and while it is held back. */
  flows: boolean;
  /** A screen is being asked for. */
  asked: boolean;
}

export interface TerminalsOptions {
  line: ChannelLine;
  desk: PtyDesk;
  /** The run whose pseudo-terminal the session's process has; else why there is none. */
  linkOf(session: string): Promise<RunLink | string>;
}

/** Brings the terminals of `agentpane run` to the pages that look at them, and what one of them at a time types back. */
export class Terminals implements Disposable {
  readonly #options: TerminalsOptions;
  readonly #viewers = new Map<string, Viewer>();
  /** Who types, besides the person at the terminal. */
  readonly #writers = new Map<RunLink, string>();
  readonly #timer: NodeJS.Timeout;

  constructor(options: TerminalsOptions) {
    this.#options = options;
    const { line, desk } = options;
    line.on("terminal.open", ({ terminal, session, by }) => void this.#open(terminal, session, by));
    line.on("terminal.close", ({ terminal }) => this.#close(terminal));
    line.on("terminal.claim", ({ terminal, take }) => this.#claim(terminal, take));
    line.on("terminal.input", ({ terminal, data }) => {
      const viewer = this.#viewers.get(terminal);
      if (viewer !== undefined && this.#writers.get(viewer.link) === terminal) viewer.link.type(data);
    });
    // Pages open theirs anew, once the channel stands again.
    line.onLost(() => {
      for (const terminal of [...this.#viewers.keys()]) this.#close(terminal);
    });
    desk.relay({
      onData: (link, data) => this.#onData(link, data),
      onSize: (link) => {
        for (const viewer of this.#of(link)) void this.#draw(viewer);
      },
      onGone: (link) => {
        for (const { terminal } of this.#of(link)) this.#end(terminal, "`agentpane run` has ended");
      },
    });
    this.#timer = setInterval(() => this.#catchUp(), CATCH_UP_MS);
    this.#timer.unref();
  }

  [Symbol.dispose](): void {
    clearInterval(this.#timer);
  }

  async #open(terminal: string, session: string, by: string): Promise<void> {
    const { line } = this.#options;
    const refuse = (reason: string) => line.send({ type: "terminal.closed", terminal, reason });
    const known = this.#viewers.get(terminal);
    // It missed some: the server held it back.
    if (known !== undefined) return this.#draw(known);
    const link = await this.#options.linkOf(session).catch(() => "its terminal went away");
    if (typeof link === "string") return void refuse(link);
    if (this.#viewers.size >= MAX_VIEWERS) return void refuse("too many terminals are looked at already");
    const viewer: Viewer = { terminal, link, name: by, flows: false, asked: false };
    this.#viewers.set(terminal, viewer);
    link.watch(true);
    this.#tellWriter(viewer);
    await this.#draw(viewer);
  }

  /** Sends the whole screen; what comes behind it flows. */
  async #draw(viewer: Viewer): Promise<void> {
    if (viewer.asked) return;
    viewer.asked = true;
    viewer.flows = false;
    try {
      await viewer.link.screen((drawn) => this.#show(viewer, drawn));
    } catch {
      this.#end(viewer.terminal, "the terminal does not answer: it is suspended, or has ended");
    } finally {
      viewer.asked = false;
    }
  }

  #show(viewer: Viewer, { cols, rows, data }: DrawnScreen): void {
    const { terminal } = viewer;
    if (this.#viewers.get(terminal) !== viewer) return;
    viewer.flows = true;
    const { line } = this.#options;
    line.send({ type: "terminal.screen", terminal, cols, rows, data: data.slice(0, MAX_FRAME_CHARS) });
    for (const piece of pieces(data, MAX_FRAME_CHARS)) line.send({ type: "terminal.data", terminal, data: piece });
  }

  #onData(link: RunLink, data: string): void {
    const { line } = this.#options;
    for (const viewer of this.#of(link)) {
      if (!viewer.flows) continue;
      if (line.unsentBytes > MAX_UNSENT_BYTES) {
        viewer.flows = false;
        continue;
      }
      for (const piece of pieces(data, 0)) {
        line.send({ type: "terminal.data", terminal: viewer.terminal, data: piece });
      }
    }
  }

  /** Who was held back gets the screen as it is by now, instead of all that was missed. */
  #catchUp(): void {
    if (this.#options.line.unsentBytes > 0) return;
    for (const viewer of this.#viewers.values()) if (!viewer.flows) void this.#draw(viewer);
  }

  #claim(terminal: string, take: boolean): void {
    const viewer = this.#viewers.get(terminal);
    if (viewer === undefined) return;
    const writer = this.#writers.get(viewer.link);
    if (writer === undefined || take) this.#writers.set(viewer.link, terminal);
    for (const other of this.#of(viewer.link)) this.#tellWriter(other);
  }

  #close(terminal: string): void {
    const viewer = this.#viewers.get(terminal);
    if (viewer === undefined) return;
    this.#viewers.delete(terminal);
    const left = this.#of(viewer.link);
    if (this.#writers.get(viewer.link) === terminal) {
      this.#writers.delete(viewer.link);
      for (const other of left) this.#tellWriter(other);
    }
    if (left.length === 0) viewer.link.watch(false);
  }

  #end(terminal: string, reason: string): void {
    this.#options.line.send({ type: "terminal.closed", terminal, reason });
    this.#close(terminal);
  }

  #tellWriter({ terminal, link }: Viewer): void {
    const writer = this.#writers.get(link);
    const name = writer === undefined ? null : (this.#viewers.get(writer)?.name ?? null);
    this.#options.line.send({ type: "terminal.writer", terminal, name, mine: writer === terminal });
  }

  #of(link: RunLink): Viewer[] {
    return [...this.#viewers.values()].filter((viewer) => viewer.link === link);
  }
}

function* pieces(data: string, from: number): Generator<string> {
  for (let at = from; at < data.length; at += MAX_FRAME_CHARS) yield data.slice(at, at + MAX_FRAME_CHARS);
}
