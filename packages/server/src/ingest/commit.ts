import { type RequestRow, type SessionRow, searchableWords } from "@agentpane/protocol";
import { parseEvidence, type SessionEvidence } from "../fold/evidence.ts";
import { mergeSession, type SessionFacts } from "../fold/merge.ts";
import { requestRowOf } from "../fold/request-row.ts";
import { sessionRowAt } from "../fold/row.ts";
import { statusOf } from "../fold/status.ts";
import type { CommitChanges, Committed } from "../store/contract.ts";
import { smallRequest } from "../store/requests.ts";
import {
  countSessions,
  openSessionsOfMachine,
  removeSession,
  type ShownSession,
  saveSession,
} from "../store/sessions.ts";
import { type Db, inTransaction, isDiskFull, storeFull } from "../store/sqlite.ts";
import { sessionSpend } from "../usage/spend.ts";
import { Catalogue, copySource, type SessionEntry } from "./catalogue.ts";
import { Counting } from "./counting.ts";
import { Growth } from "./growth.ts";
import { Machines } from "./machines.ts";
import { Presences } from "./presences.ts";
import { lostSince } from "./requests.ts";

/** What one transaction changed, collected while it runs. */
export interface Changed {
  growth: Growth;
  /** Sessions whose row is to be told as stored, though none of their sources was touched. */
  rows: Map<string, ShownSession>;
  removed: Set<string>;
  machines: Set<string>;
  /** Requests that were opened, changed or closed. */
  requests: Set<string>;
  /** When time alone changes the first of the sessions that were saved. */
  nextAt: number;
}

/** Runs one transaction at a time and says what it changed. Owns all that the writer keeps in memory of the store. */
export class Committer {
  readonly db: Db;
  readonly presences: Presences;
  readonly catalogue: Catalogue;
  readonly machines: Machines;
  readonly counting: Counting;
  #total: number;

  constructor(db: Db, now: number) {
    this.db = db;
    this.presences = new Presences(db);
    this.catalogue = new Catalogue(db, this.presences);
    this.machines = new Machines(db, now);
    this.counting = new Counting(db);
    this.#total = countSessions(db);
  }

  /** `store_full` where the disk is; after any failure nothing of `work` stands. */
  commit<A>(now: number, work: (changed: Changed) => A): Committed<A> {
    const changed: Changed = {
      growth: new Growth(),
      rows: new Map(),
      removed: new Set(),
      machines: new Set(),
      requests: new Set(),
      nextAt: Number.POSITIVE_INFINITY,
    };
    try {
      return inTransaction(this.db, () => {
        const answer = work(changed);
        return { answer, changes: this.#settle(changed, now) };
      });
    } catch (error) {
      this.catalogue.forgetAll();
      this.counting.forgetAll();
      this.machines.distrust();
      this.presences.reload();
      this.#total = countSessions(this.db);
      throw isDiskFull(error) ? storeFull(error) : error;
    } finally {
      this.catalogue.trim();
    }
  }

  /** A slice of history, counted or priced anew in the background. */
  countSlice(now: number): void {
    this.counting.work(
      (work) => this.commit(now, work),
      ({ source, session, product }) => {
        const entry = this.catalogue.session(session, product);
        const record = entry.sources.find(({ id }) => id === source);
        return record === undefined ? null : copySource(record);
      },
    );
  }

  /** A sign of life: where the feed was told of a silence, it is told of its end. */
  seen(machine: string, now: number, changed: Changed): void {
    const wasSilent = this.machines.wasSilent(machine);
    this.machines.seen(machine, now);
    if (wasSilent) this.tellMachine(machine, changed);
  }

  /** The machine's row and those of its sessions that its silence concerns. */
  tellMachine(machine: string, changed: Changed): void {
    changed.machines.add(machine);
    for (const row of openSessionsOfMachine(this.db, machine)) changed.rows.set(row.session, row);
  }

  /** Its row goes; its sources are the caller's. */
  remove(session: string, changed: Changed): boolean {
    const found = removeSession(this.db, session);
    if (found) {
      this.#total--;
      changed.removed.add(session);
    }
    return found;
  }

  #settle(changed: Changed, now: number): CommitChanges {
    const { growth } = changed;
    for (const source of growth.sources) this.catalogue.save(source);
    this.counting.settle(growth.sources);
    const sessions: SessionRow[] = [];
    const grown: CommitChanges["grown"] = [];
    for (const touched of growth.sessions.values()) {
      const { entry } = touched;
      const { shown, merged } = mergeSession(entry.id, entry.product, entry.sources, entry.presences, entry.requests);
      // Of a file that is there but empty, nothing is to be shown until its first line.
      if (merged === null || (merged.facts.bytes === 0 && !entry.listed)) continue;
      changed.rows.delete(entry.id);
      this.counting.told(entry.id);
      merged.facts = this.counting.withWindow(merged.facts);
      this.#save(entry, merged, now, changed);
      const machine = this.machines.rowMachine(merged.machine);
      sessions.push(this.#spent(sessionRowAt(merged.facts, merged.evidence, machine, now)));
      grown.push(...growth.grown(this.db, touched, shown));
    }
    for (const row of this.counting.takeToTell()) changed.rows.set(row.session, row);
    for (const row of changed.rows.values()) sessions.push(this.#shown(row, now));
    const machines = [...changed.machines].map((id) => this.machines.row(id, now)).filter((row) => row !== null);
    const next = changed.nextAt === Number.POSITIVE_INFINITY ? {} : { nextAt: changed.nextAt };
    const requests = this.#requestRows(changed.requests);
    return { sessions, requests, removed: [...changed.removed], machines, grown, total: this.#total, ...next };
  }

  #save(
    entry: SessionEntry,
    merged: { machine: string; facts: SessionFacts; evidence: SessionEvidence },
    now: number,
    changed: Changed,
  ): void {
    const { facts, evidence, machine } = merged;
    const { status, until } = statusOf(evidence, now);
    changed.nextAt = Math.min(changed.nextAt, until ?? changed.nextAt);
    saveSession(this.db, {
      session: entry.id,
      product: entry.product,
      machine,
      status,
      statusUntil: until,
      lastActivityAt: facts.lastActivityAt ?? 0,
      project: facts.project,
      branch: facts.branch,
      words: searchableWords(facts),
      model: facts.model,
      facts: JSON.stringify(facts),
      evidence: JSON.stringify(evidence),
    });
    if (!entry.listed) {
      entry.listed = true;
      this.#total++;
      // A machine's row says how many sessions it has.
      changed.machines.add(machine);
    }
  }

  #requestRows(ids: ReadonlySet<string>): RequestRow[] {
    const stored = [...ids].map((id) => smallRequest(this.db, id)).filter((request) => request !== null);
    return stored.map((request) => {
      const { id, name } = this.machines.rowMachine(request.machine);
      return requestRowOf(request, { id, name }, lostSince(this.presences.channels, request.machine) === null);
    });
  }

  #shown(row: ShownSession, now: number): SessionRow {
    const facts = JSON.parse(row.facts) as SessionFacts;
    const evidence = parseEvidence(row.evidence);
    return this.#spent(sessionRowAt(facts, evidence, this.machines.rowMachine(row.machine), now));
  }

  #spent(row: SessionRow): SessionRow {
    return { ...row, ...sessionSpend(this.db, row.id) };
  }
}
