import { randomBytes } from "node:crypto";
import { AgentPaneError, type InputReport } from "@agentpane/protocol";
import type { Clock } from "../access/index.ts";
import type { MonitorLine } from "../requests/monitor-line.ts";
import { Replies } from "../requests/replies.ts";
import type { AuditNote, Reader, Writer } from "../store/contract.ts";
import { LineWatch } from "./line-watch.ts";

/** How long a person waits for the monitor's word: it may type for several seconds, and others may be typed before. */
export const REPORT_MS = 15_000;

export interface InputsOptions {
  line: Pick<MonitorLine, "frames" | "send" | "onLost">;
  reader: Pick<Reader, "session" | "eventsAfter">;
  writer: Pick<Writer, "audit">;
  clock: Clock;
  /** Tells every page. */
  tell(report: InputReport): void;
  onFault(error: unknown): void;
}

export interface Caller {
  name: string;
  from: string | null;
}

type Frame =
  | { type: "input"; input: string; session: string; text: string }
  | { type: "interrupt"; input: string; session: string };

/** Words and interrupts of people: over the channel, into the audit, and followed until their line is in the transcript. */
export class Inputs {
  readonly #options: InputsOptions;
  readonly #reports: Replies<InputReport>;
  readonly #watch: LineWatch;

  constructor(options: InputsOptions) {
    this.#options = options;
    const { line, clock, reader, onFault } = options;
    this.#reports = new Replies(clock);
    this.#watch = new LineWatch({ reader, clock, onFault, tell: (report) => options.tell(report) });
    line.frames.on("input.report", ({ report }, { machine, receivedAt }) => {
      const heard = { ...report, at: receivedAt };
      // One that came too late for its caller is still news for the pages.
      if (!this.#reports.answer(report.id, machine, heard)) options.tell(heard);
    });
    line.onLost((machine) => this.#reports.lost(machine));
  }

  /** What became of the words so far; what becomes of them later is told to the pages. Throws `not_found`. */
  async type(session: string, text: string, who: Caller): Promise<InputReport> {
    const since = await this.#watch.place(session);
    const report = await this.#send({ type: "input", input: newId(), session, text }, { text }, who);
    if (report.state === "sent" || report.state === "queued") this.#watch.follow(report, text, since);
    return report;
  }

  /** Ends the turn that runs, as Escape does. Throws `not_found`. */
  interrupt(session: string, who: Caller): Promise<InputReport> {
    return this.#send({ type: "interrupt", input: newId(), session }, {}, who);
  }

  close(): void {
    this.#watch.close();
  }

  async #send(frame: Frame, detail: object, who: Caller): Promise<InputReport> {
    const { reader, writer, line, clock } = this.#options;
    const { input: id, session, type } = frame;
    const row = await reader.session(session);
    if (row === null) throw new AgentPaneError("not_found", "There is no such session.");
    const note = (what: string, more: object): AuditNote => ({
      who: who.name,
      from: who.from,
      session,
      what,
      detail: { id, ...more },
    });
    // Before it is sent: what cannot be written down is not done.
    await writer.audit(note(type, detail));
    const machine = row.process?.machine ?? row.machine.id;
    const coming = this.#reports.expect(id, machine, REPORT_MS);
    const report = (state: InputReport["state"], reason: string | null) => ({
      id,
      session,
      state,
      reason,
      at: clock.now(),
    });
    if (!line.send(machine, frame)) {
      this.#reports.answer(id, machine, report("not_sent", "the monitor of its machine is not connected"));
    }
    const reply = await coming;
    const outcome =
      "value" in reply
        ? reply.value
        : report(
            "not_seen",
            reply.none === "lost"
              ? "the monitor's connection was lost before it said what became of it"
              : "the monitor did not say what became of it",
          );
    await writer.audit(note(`${type}.result`, { state: outcome.state, reason: outcome.reason }));
    return outcome;
  }
}

function newId(): string {
  return `i_${randomBytes(16).toString("hex")}`;
}
