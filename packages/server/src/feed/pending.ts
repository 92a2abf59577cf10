import type { MachineRow, SessionRow } from "@agentpane/protocol";
import type { CommitChanges } from "../store/contract.ts";

/** Changes that wait for the next frame: the latest of each session and machine, and nothing twice. */
export class Pending {
  readonly #sessions = new Map<string, SessionRow>();
  readonly #removed = new Set<string>();
  readonly #machines = new Map<string, MachineRow>();

  get empty(): boolean {
    return this.#sessions.size === 0 && this.#removed.size === 0 && this.#machines.size === 0;
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
  }

  take(): { sessions: SessionRow[]; removed: string[]; machines: MachineRow[] } {
    const taken = {
      sessions: [...this.#sessions.values()],
      removed: [...this.#removed],
      machines: [...this.#machines.values()],
    };
    this.#sessions.clear();
    this.#removed.clear();
    this.#machines.clear();
    return taken;
  }
}
