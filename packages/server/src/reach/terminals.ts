import {
  AgentPaneError,
  type ChannelMonitorFrame,
  type LiveClientFrame,
  type LiveServerFrame,
  terminalDown,
} from "@agentpane/protocol";
import { type Clock, requireRole } from "../access/index.ts";
import type { LiveSockets, Page } from "../feed/index.ts";
import type { MonitorLine } from "../requests/monitor-line.ts";
import type { AuditNote, Reader, Writer } from "../store/contract.ts";

/** Terminals that one page may have open. */
const MAX_PER_PAGE = 8;
/** What may wait towards a page before its terminal is held back; then it gets a fresh screen. */
const MAX_WAITING_BYTES = 256 * 1024;

/** What is typed in a terminal is written down after so long, or when it is more than so much. */
const AUDIT_MS = 1_000;
const MAX_AUDIT_BYTES = 16 * 1024;

type Up = Extract<LiveClientFrame, { terminal: string }>;
type Down = Extract<ChannelMonitorFrame, { terminal: string }>;

interface Open {
  /** As the page calls it; pages choose ids, so theirs may meet. */
  terminal: string;
  session: string;
  machine: string;
  page: Page;
  /** Output is held back until the page has taken what waits. */
  behind: boolean;
  /** Not in the audit yet. */
  typed: Buffer[];
  typedBytes: number;
  cancelAudit: (() => void) | null;
}

export interface TerminalsOptions {
  line: Pick<MonitorLine, "frames" | "send" | "onLost">;
  pages: Pick<LiveSockets, "frames" | "onGone">;
  reader: Pick<Reader, "session">;
  writer: Pick<Writer, "audit">;
  clock: Clock;
  onFault(error: unknown): void;
}

/** Brings frames of terminals from pages to the monitor of the session's machine, and back. Who may read may look; typing needs `approver`. */
export class Terminals {
  readonly #options: TerminalsOptions;
  readonly #open = new Map<string, Open>();

  constructor(options: TerminalsOptions) {
    this.#options = options;
    const { line, pages } = options;
    pages.frames.on("terminal.open", (frame, page) => this.#begin(frame, page));
    pages.frames.on("terminal.close", (frame, page) => this.#close(this.#of(frame, page)));
    pages.frames.on("terminal.claim", (frame, page) => this.#claim(frame, page));
    pages.frames.on("terminal.input", (frame, page) => this.#pass(frame, page));
    pages.onGone((page) => {
      for (const open of this.#open.values()) if (open.page === page) this.#close(open);
    });
    for (const frame of terminalDown) {
      const [type] = frame.shape.type.values;
      line.frames.on(type as Down["type"], (down, { machine }) => this.#down(down, machine));
    }
    line.onLost((machine) => {
      for (const open of this.#open.values()) {
        if (open.machine === machine) this.#end(open, "the monitor's connection was lost");
      }
    });
  }

  close(): void {
    for (const open of this.#open.values()) this.#writeDown(open);
  }

  async #begin({ terminal, session }: Extract<Up, { type: "terminal.open" }>, page: Page): Promise<void> {
    const { reader, line } = this.#options;
    const refuse = (reason: string) => page.send({ type: "terminal.closed", terminal, reason });
    const row = await reader.session(session);
    if (row === null) return refuse("there is no such session");
    // Looked at only now: others may have been opened while the session was read.
    if (this.#open.has(terminal)) return refuse("a terminal of this id is open already");
    const mine = [...this.#open.values()].filter((open) => open.page === page);
    if (mine.length >= MAX_PER_PAGE) return refuse(`a page may look at ${MAX_PER_PAGE} terminals at a time`);
    if (page.pipe.closed) return;
    const machine = row.process?.machine ?? row.machine.id;
    this.#open.set(terminal, {
      terminal,
      session,
      machine,
      page,
      behind: false,
      typed: [],
      typedBytes: 0,
      cancelAudit: null,
    });
    const sent = line.send(machine, { type: "terminal.open", terminal, session, by: page.identity.name });
    if (!sent) {
      this.#open.delete(terminal);
      refuse("the monitor of its machine is not connected");
    }
  }

  async #claim(frame: Extract<Up, { type: "terminal.claim" }>, page: Page): Promise<void> {
    const open = this.#of(frame, page);
    if (open === null || !this.#mayType(open)) return;
    const { line, writer } = this.#options;
    const { name: who } = page.identity;
    const detail = { terminal: open.terminal, take: frame.take };
    const note: AuditNote = { who, what: "terminal.claim", detail, from: page.from, session: open.session };
    await writer.audit(note);
    line.send(open.machine, { ...frame, by: who });
  }

  #pass(frame: Extract<Up, { type: "terminal.input" }>, page: Page): void {
    const open = this.#of(frame, page);
    if (open === null || !this.#mayType(open)) return;
    const { line, clock } = this.#options;
    if (!line.send(open.machine, { ...frame, by: page.identity.name })) return;
    open.typed.push(Buffer.from(frame.data, "base64"));
    open.typedBytes += frame.data.length;
    if (open.typedBytes > MAX_AUDIT_BYTES) this.#writeDown(open);
    else open.cancelAudit ??= clock.after(AUDIT_MS, () => this.#writeDown(open));
  }

  /** What was typed, keys together: an entry for each key would bury what they say. */
  #writeDown(open: Open): void {
    open.cancelAudit?.();
    open.cancelAudit = null;
    if (open.typed.length === 0) return;
    const typed = Buffer.concat(open.typed).toString("utf8");
    open.typed = [];
    open.typedBytes = 0;
    const { terminal, session, page } = open;
    const note = { who: page.identity.name, from: page.from, session, what: "terminal.input" };
    this.#options.writer.audit({ ...note, detail: { terminal, typed } }).catch(this.#options.onFault);
  }

  #mayType({ page, terminal }: Open): boolean {
    try {
      requireRole(page.identity, "approver");
      return true;
    } catch (error) {
      if (!(error instanceof AgentPaneError)) throw error;
      // Not as an `error`, which pages take for a word on their whole connection.
      page.send({ type: "terminal.refused", terminal, code: error.code, message: error.message });
      return false;
    }
  }

  #down(frame: Down, machine: string): void {
    const open = this.#open.get(frame.terminal);
    // Another machine has no say in it.
    if (open === undefined || open.machine !== machine) return;
    const { page } = open;
    if (frame.type === "terminal.closed") {
      this.#writeDown(open);
      this.#open.delete(open.terminal);
    }
    if (frame.type !== "terminal.data") return page.send(frame);
    if (open.behind) return;
    if (page.pipe.waitingBytes <= MAX_WAITING_BYTES) return page.send(frame);
    this.#holdBack(open);
  }

  /** The page reads too slowly: what it misses is not kept, it gets the screen as it is once it has read. */
  #holdBack(open: Open): void {
    open.behind = true;
    open.page.pipe.whenDrained(() => {
      if (this.#open.get(open.terminal) !== open) return;
      open.behind = false;
      const { machine, terminal, session, page } = open;
      this.#options.line.send(machine, { type: "terminal.open", terminal, session, by: page.identity.name });
    });
  }

  #end(open: Open, reason: string): void {
    this.#writeDown(open);
    this.#open.delete(open.terminal);
    const closed: LiveServerFrame = { type: "terminal.closed", terminal: open.terminal, reason };
    open.page.send(closed);
  }

  #close(open: Open | null): void {
    if (open === null) return;
    this.#writeDown(open);
    this.#open.delete(open.terminal);
    const { machine, terminal, page } = open;
    this.#options.line.send(machine, { type: "terminal.close", terminal, by: page.identity.name });
  }

  #of({ terminal }: { terminal: string }, page: Page): Open | null {
    const open = this.#open.get(terminal);
    return open?.page === page ? open : null;
  }
}
