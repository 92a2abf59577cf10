import type { SessionRow, SessionStatus } from "@agentpane/protocol";
import { parseEvidence } from "../fold/evidence.ts";
import type { SessionFacts } from "../fold/merge.ts";
import { isSilent, type RowMachine, sessionRowAt } from "../fold/row.ts";
import { statusOf } from "../fold/status.ts";
import { allMachines } from "../store/machines.ts";
import { dueSessions, type ShownSession } from "../store/sessions.ts";
import type { Db } from "../store/sqlite.ts";
import { sessionSpend } from "../usage/spend.ts";

/** The machines as they are in this snapshot, for the rows that are shown of it. */
export class MachinesNow {
  readonly #byId: Map<string, RowMachine>;
  readonly #db: Db;
  readonly #now: number;

  constructor(db: Db, now: number) {
    this.#db = db;
    this.#now = now;
    this.#byId = new Map(
      allMachines(db).map(({ id, name, lastSeenAt, leftAt }) => [id, { id, name, lastSeenAt, left: leftAt !== null }]),
    );
  }

  get(id: string): RowMachine {
    return this.#byId.get(id) ?? { id, name: id, lastSeenAt: 0, left: true };
  }

  silent(): string[] {
    return [...this.#byId.values()].filter((machine) => isSilent(machine, this.#now)).map((machine) => machine.id);
  }

  row(shown: ShownSession): SessionRow {
    const facts = JSON.parse(shown.facts) as SessionFacts;
    const evidence = parseEvidence(shown.evidence);
    const row = sessionRowAt(facts, evidence, this.get(shown.machine), this.#now);
    return { ...row, ...sessionSpend(this.#db, shown.session) };
  }
}

/** Own status of the sessions whose stored one has passed its time. */
export function dueStatuses(db: Db, now: number): Map<string, SessionStatus> {
  return new Map(
    dueSessions(db, now).map((due) => {
      const { status } = statusOf(parseEvidence(due.evidence), now);
      return [due.session, status];
    }),
  );
}
