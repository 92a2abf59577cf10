import type { UsageCopy } from "@agentpane/protocol";
import {
  type Charge,
  chargesOf,
  compareEarliest,
  countResponse,
  type LocatedCopy,
  responseKey,
} from "@agentpane/usage";
import { deleteCopiesInRange, deleteCopiesOfSession, insertCopy } from "../store/copies.ts";
import {
  type CountedCall,
  type CountedRow,
  copiesOfResponse,
  dropResponse,
  type KnownResponse,
  lastResponseId,
  responseById,
  responseByKey,
  responsesInRange,
  responsesOfSessionCopies,
  type StoredCopy,
  saveResponse,
  setResponse,
  uncountedCopies,
} from "../store/responses.ts";
import type { Db } from "../store/sqlite.ts";
import { Deltas } from "./deltas.ts";
import { hashOf } from "./key-hash.ts";
import { Owners } from "./owners.ts";
import type { Rates } from "./rates.ts";

/** What the counting needs to know of a source. */
export interface CopySource {
  id: number;
  machine: string;
  /** `sourceKeyString`; with the machine and the generation it orders copies that tie. */
  key: string;
  session: string;
  subagent: string | null;
  birthMs: number;
}

interface PlacedCopy extends LocatedCopy {
  machine: string;
}

/** A response that this transaction touched. */
interface Touched {
  id: number;
  key: string;
  hash: number;
  before: CountedRow | null;
  /** It has no row yet. */
  fresh: boolean;
  /** All of its copies, where they are at hand; null where they are to be read from the store. */
  copies: PlacedCopy[] | null;
}

/**
 * Counts responses within the writer's transaction: copies go through here into the store, and `settle` elects each touched
 * response anew and corrects every sum by the difference. What a response counts as depends on the set of its copies
 * alone, so order of arrival and repetition change nothing.
 */
export class UsageCounter {
  readonly #db: Db;
  readonly #owners: Owners;
  rates: Rates;
  #lastId: number;
  #byKey = new Map<string, Touched>();
  #byId = new Map<number, Touched>();

  constructor(db: Db, rates: Rates) {
    this.#db = db;
    this.#owners = new Owners(db);
    this.rates = rates;
    this.#lastId = lastResponseId(db);
  }

  /** The largest number that a response has. */
  get lastId(): number {
    return this.#lastId;
  }

  /** Stores copies that a source did not have before. */
  add(source: CopySource, generation: number, copies: readonly UsageCopy[]): void {
    if (copies.length === 0) return;
    const where = placeOf(source, generation);
    for (const copy of copies) {
      const touched = this.#touch(responseKey(copy));
      touched.copies?.push({ ...copy, ...where });
      insertCopy(this.#db, source.id, generation, copy, touched.id);
    }
  }

  /** Copies of an older schema, which are in the store but belong to no response yet. */
  adopt(source: CopySource): void {
    for (const { generation, ...copy } of uncountedCopies(this.#db, source.id)) {
      const touched = this.#touch(responseKey(copy));
      touched.copies?.push({ ...copy, ...placeOf(source, generation) });
      setResponse(this.#db, source.id, generation, copy, touched.id);
    }
  }

  removeRange(source: number, generation: number, from: number, to: number): void {
    this.#reread(responsesInRange(this.#db, source, generation, from, to));
    deleteCopiesInRange(this.#db, source, generation, from, to);
  }

  removeSession(session: string): void {
    this.#reread(responsesOfSessionCopies(this.#db, session));
    deleteCopiesOfSession(this.#db, session);
  }

  /** Prices these anew; where its price is the same, nothing changes. */
  reprice(responses: readonly KnownResponse[]): void {
    for (const known of responses) if (known.counted !== null) this.#enter(known, hashOf(known.key));
  }

  /** A subagent's file says of which type it is. */
  typeSaid(session: string, subagent: string): void {
    this.#owners.typeSaid(session, subagent);
  }

  /** Elects what was touched and corrects the sums. Answers the sessions whose spend is another one now. */
  settle(): Set<string> {
    const sessions = new Set<string>();
    if (this.#byKey.size === 0) return sessions;
    const deltas = new Deltas();
    for (const touched of this.#byKey.values()) {
      const copies = touched.copies ?? copiesOfResponse(this.#db, touched.id).map(placed);
      const after = this.#count(copies);
      const { before, fresh } = touched;
      const changed = !same(before, after);
      if (copies.length === 0) dropResponse(this.#db, touched.id);
      else if (fresh || changed) saveResponse(this.#db, touched, after, fresh);
      if (!changed) continue;
      for (const row of [before, after]) if (row !== null) sessions.add(this.#owners.session(row.owner));
      if (before !== null) deltas.add(before, -1);
      if (after !== null) deltas.add(after, 1);
    }
    this.#owners.forget(deltas.write(this.#db));
    this.#clear();
    return sessions;
  }

  /** After a transaction that was rolled back. */
  forgetAll(): void {
    this.#clear();
    this.#owners.forgetAll();
    this.#lastId = lastResponseId(this.#db);
  }

  #clear(): void {
    this.#byKey = new Map();
    this.#byId = new Map();
  }

  #touch(key: string): Touched {
    const touched = this.#byKey.get(key);
    if (touched !== undefined) return touched;
    const hash = hashOf(key);
    const known = responseByKey(this.#db, key, hash);
    if (known !== null) return this.#enter(known, hash);
    const fresh: Touched = { id: ++this.#lastId, key, hash, before: null, fresh: true, copies: [] };
    this.#byKey.set(key, fresh);
    this.#byId.set(fresh.id, fresh);
    return fresh;
  }

  #enter({ id, key, counted }: KnownResponse, hash: number): Touched {
    const touched = { id, key, hash, before: counted, fresh: false, copies: null };
    this.#byKey.set(key, touched);
    this.#byId.set(id, touched);
    return touched;
  }

  /** Copies of these go: what is left of each is read from the store. */
  #reread(ids: readonly number[]): void {
    for (const id of ids) {
      const touched = this.#byId.get(id);
      if (touched !== undefined) {
        touched.copies = null;
        continue;
      }
      const known = responseById(this.#db, id);
      if (known !== null) this.#enter(known, hashOf(known.key));
    }
  }

  /** Null where there is nothing to count: no copy on a line of its own, or words that the client put there itself. */
  #count(copies: readonly PlacedCopy[]): CountedRow | null {
    const counted = countResponse(copies);
    if (counted === null) return null;
    const [own, ...steps] = chargesOf(counted.copy, counted.at, this.rates.book);
    if (own === undefined) return null;
    const earliest = copies.reduce((first, copy) => (compareEarliest(copy, first) < 0 ? copy : first));
    return {
      owner: this.#owners.id(counted.session, counted.subagent ?? ""),
      machine: this.#owners.name(earliest.machine),
      model: this.#owners.name(own.model),
      at: counted.at,
      ...callOf(own),
      steps: steps.map((step) => ({ model: this.#owners.name(step.model), ...callOf(step) })),
    };
  }
}

function placeOf(source: CopySource, generation: number): Omit<PlacedCopy, keyof UsageCopy> {
  const { machine, key, session, subagent, birthMs } = source;
  return { source: `${machine} ${key} ${generation}`, machine, session, subagent, birthMs };
}

function placed({ copy, generation, sourceKey, ...source }: StoredCopy): PlacedCopy {
  return { ...copy, ...placeOf({ id: 0, key: sourceKey, ...source }, generation) };
}

function callOf(charge: Charge): CountedCall {
  return {
    input: charge.inputTokens,
    output: charge.outputTokens,
    cacheWrite5m: charge.cacheWrite5mTokens,
    cacheWrite1h: charge.cacheWrite1hTokens,
    cacheRead: charge.cacheReadTokens,
    webSearches: charge.webSearches,
    cost: charge.costNanoUsd,
  };
}

const CALL_FIELDS = ["input", "output", "cacheWrite5m", "cacheWrite1h", "cacheRead", "webSearches", "cost"] as const;
const ROW_FIELDS = ["owner", "machine", "model", "at", ...CALL_FIELDS] as const;

function same(a: CountedRow | null, b: CountedRow | null): boolean {
  if (a === null || b === null) return a === b;
  if (ROW_FIELDS.some((field) => a[field] !== b[field]) || a.steps.length !== b.steps.length) return false;
  return a.steps.every((step, index) => {
    const other = b.steps[index];
    return step.model === other?.model && CALL_FIELDS.every((field) => step[field] === other[field]);
  });
}
