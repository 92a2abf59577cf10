import { randomBytes } from "node:crypto";
import { AgentPaneError, type HooksBody, type HooksReport } from "@agentpane/protocol";
import type { Clock } from "../access/index.ts";
import type { Writer } from "../store/contract.ts";
import { type MonitorLine, refusalOf } from "./monitor-line.ts";
import { Replies } from "./replies.ts";

/** Several settings files are read, or written and read again. */
const ANSWER_MS = 10_000;

export interface MachineHooksOptions {
  line: MonitorLine;
  writer: Pick<Writer, "audit">;
  clock: Clock;
}

/** How the hook stands on a machine, asked of its monitor over the channel. */
export class MachineHooks {
  readonly #options: MachineHooksOptions;
  readonly #answers: Replies<{ report: HooksReport | null; error: { code: string; message: string } | null }>;

  constructor(options: MachineHooksOptions) {
    this.#options = options;
    this.#answers = new Replies(options.clock);
    options.line.frames.on("hooks.answer", ({ ask, report, error }, { machine }) => {
      this.#answers.answer(ask, machine, { report, error });
    });
    options.line.onLost((machine) => this.#answers.lost(machine));
    options.line.onOpened((machine) => this.#answers.lost(machine));
  }

  /** Throws `request_unreachable` where its monitor does not answer, or what the monitor refuses by: `settings_invalid`. */
  async ask(machine: string, action: "status" | HooksBody["action"]): Promise<HooksReport> {
    const ask = `h_${randomBytes(16).toString("hex")}`;
    const answer = this.#answers.expect(ask, machine, ANSWER_MS);
    if (!this.#options.line.send(machine, { type: "hooks.ask", ask, action })) this.#answers.lost(machine);
    const reply = await answer;
    if ("none" in reply) {
      throw new AgentPaneError("request_unreachable", "The machine's monitor is not connected, or does not answer.");
    }
    const { report, error } = reply.value;
    if (report !== null) return report;
    throw refusalOf(
      error ?? { code: "conflict", message: "The monitor says neither how the hook stands nor why not." },
    );
  }

  /** Written down whatever comes of it. */
  async change(
    machine: string,
    { action }: HooksBody,
    who: { name: string; from: string | null },
  ): Promise<HooksReport> {
    const note = { who: who.name, what: `hooks.${action}`, from: who.from };
    const outcome = await this.ask(machine, action).then(
      (report) => ({ report }),
      (error: unknown) => ({ error }),
    );
    const result =
      "report" in outcome
        ? { done: true, files: outcome.report.files.map(({ path, state }) => ({ path, state })) }
        : { done: false, error: outcome.error instanceof AgentPaneError ? outcome.error.code : "internal" };
    await this.#options.writer.audit({ ...note, detail: { machine, ...result } });
    if ("error" in outcome) throw outcome.error;
    return outcome.report;
  }
}
