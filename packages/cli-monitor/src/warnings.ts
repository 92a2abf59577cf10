import type { MonitorWarning } from "@agentpane/protocol";

type Code = MonitorWarning["code"];

/** What the protocol carries; more conditions than this are counted by the log alone. */
const MAX_WARNINGS = 64;
const MAX_MESSAGE_CHARS = 500;

/** Conditions that a person should know of, each until it ends. */
export class Warnings {
  readonly #standing = new Map<string, MonitorWarning>();
  readonly #onRaised: (warning: MonitorWarning) => void;

  constructor(onRaised: (warning: MonitorWarning) => void) {
    this.#onRaised = onRaised;
  }

  /** `subject` tells conditions of one code apart: a path, or "". */
  raise(code: Code, subject: string, message: string): void {
    const id = `${code}\n${subject}`;
    if (this.#standing.has(id) || this.#standing.size >= MAX_WARNINGS) return;
    const warning = { code, message: message.slice(0, MAX_MESSAGE_CHARS), since: Date.now() };
    this.#standing.set(id, warning);
    this.#onRaised(warning);
  }

  end(code: Code, subject: string): void {
    this.#standing.delete(`${code}\n${subject}`);
  }

  list(): MonitorWarning[] {
    return [...this.#standing.values()];
  }
}
