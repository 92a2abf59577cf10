import type { Role } from "@agentpane/protocol";
import type { Clock } from "../access/index.ts";
import type { MonitorLine } from "./monitor-line.ts";

/** Somebody who left so recently is about to be back: a page that reloads, a phone that wakes up. */
export const APPROVER_GONE_MS = 60_000;

/** A page that is there, by whose token. */
interface Looking {
  identity: { role: Role };
}

export interface ApproversOptions {
  line: MonitorLine;
  pages: { onOpened(listener: (page: Looking) => void): unknown; onGone(listener: (page: Looking) => void): unknown };
  clock: Clock;
}

/** Tells monitors whether anybody who may approve has a page open: what a background subagent asks depends on it. */
export class Approvers {
  readonly #options: ApproversOptions;
  #pages = 0;
  #present = false;
  #cancelGone: (() => void) | null = null;

  constructor(options: ApproversOptions) {
    this.#options = options;
    const { line, pages } = options;
    pages.onOpened(({ identity }) => {
      if (mayApprove(identity.role)) this.#came();
    });
    pages.onGone(({ identity }) => {
      if (mayApprove(identity.role)) this.#left();
    });
    line.onOpened((machine) => line.send(machine, { type: "approvers", present: this.#present }));
  }

  #came(): void {
    this.#pages += 1;
    this.#cancelGone?.();
    this.#cancelGone = null;
    this.#tell(true);
  }

  #left(): void {
    this.#pages -= 1;
    if (this.#pages > 0) return;
    this.#cancelGone = this.#options.clock.after(APPROVER_GONE_MS, () => this.#tell(false));
  }

  #tell(present: boolean): void {
    if (present === this.#present) return;
    this.#present = present;
    this.#options.line.broadcast({ type: "approvers", present });
  }
}

function mayApprove(role: Role): boolean {
  return role === "approver" || role === "admin";
}
