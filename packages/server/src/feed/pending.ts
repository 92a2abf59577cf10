import type { InputReport, MachineRow, RequestRow, SessionRow } from "@agentpane/protocol";
import type { CommitChanges } from "../store/contract.ts";

interface Taken {
  sessions: SessionRow[];
  removed: string[];
  machines: MachineRow[];
  requests?: RequestRow[];
  inputs?: InputReport[];
}

/** Changes that wait for the next frame: the latest of each session and machine, and nothing twice. */
export class Pending {
  readonly #sessions = new Map<string, SessionRow>();
  readonly #removed = new Set<string>();
  readonly #machines = new Map<string, MachineRow>();
  readonly #requests = new Map<string, RequestRow>();
  readonly #inputs = new Map<string, InputReport>();

  get empty(): boolean {
    return this.#sessions.size === 0 && this.#removed.size === 0 && this.#machines.size === 0 && !this.urgent;
  }

  /** Whether a person waits for it. */
  get urgent(): boolean {
    return this.#requests.size > 0 || this.#inputs.size > 0;
  }

  add(changes: CommitChanges): void {
    for (const id of changes.removed) {
      this.#sessions.delete(id);
      this.#removed.add(id);
    }
    for (const row of changes.sessions) {
      this.#removed.delete(row.id);
      this.#sessions.set(row.id, row);
    }
    for (const row of changes.machines) this.#machines.set(row.id, row);
    for (const row of changes.requests ?? []) this.#requests.set(row.id, row);
  }

  addInput(report: InputReport): void {
    this.#inputs.set(report.id, report);
  }

  take(): Taken {
    const taken = {
      sessions: [...this.#sessions.values()],
      removed: [...this.#removed],
      machines: [...this.#machines.values()],
      ...(this.#requests.size === 0 ? {} : { requests: [...this.#requests.values()] }),
      ...(this.#inputs.size === 0 ? {} : { inputs: [...this.#inputs.values()] }),
    };
    this.#sessions.clear();
    this.#removed.clear();
    this.#machines.clear();
    this.#requests.clear();
    this.#inputs.clear();
    return taken;
  }
}
