import { type Segment, type SourceKey, sourceKeyString } from "@agentpane/protocol";
import type { MergeSource } from "../fold/elect.ts";
import type { PresenceEvidence } from "../fold/presence.ts";
import type { RequestEvidence } from "../fold/request-evidence.ts";
import { emptyState, FOLD_VERSION, parseState, type SourceState } from "../fold/source-state.ts";
import { isListed, listedProduct } from "../store/sessions.ts";
import { insertSource, type StoredSource, sourcesOfSession, updateSource } from "../store/sources.ts";
import type { Db } from "../store/sqlite.ts";
import { isDeleted } from "../store/tombstones.ts";
import type { CopySource } from "../usage/counter.ts";
import type { Presences } from "./presences.ts";
import { requestsOfSession } from "./requests.ts";

/** Sources whose folded states are kept in memory, about 2 KiB each. */
const MAX_CACHED_SOURCES = 3_000;

/** A source with its folded state opened, as the writer works on it. */
export interface SourceRecord extends Omit<StoredSource, "state">, MergeSource {
  state: SourceState;
}

export interface SessionEntry {
  id: string;
  product: SourceKey["product"];
  sources: SourceRecord[];
  /** Its processes, on all machines. */
  presences: PresenceEvidence[];
  /** What its agents wait for a person for. */
  requests: RequestEvidence[];
  /** Whether it has a row in the list. */
  listed: boolean;
  deleted: boolean;
}

/**
 * The writer's view of sources by session: read once, then changed here and in the store alike. Only the writer changes
 * sources, so nothing goes stale; after a transaction that was rolled back everything is forgotten.
 */
export class Catalogue {
  readonly #db: Db;
  readonly #presences: Presences;
  readonly #sessions = new Map<string, SessionEntry>();
  #sources = 0;

  constructor(db: Db, presences: Presences) {
    this.#db = db;
    this.#presences = presences;
  }

  /** A session of which something is shown or about to be; null where it never wrote a line. */
  listed(id: string): SessionEntry | null {
    const product = this.#sessions.get(id)?.product ?? listedProduct(this.#db, id);
    return product === undefined ? null : this.session(id, product);
  }

  session(id: string, product: SourceKey["product"]): SessionEntry {
    const known = this.#sessions.get(id);
    if (known !== undefined) {
      // Last used goes last, so that the first is the one to forget.
      this.#sessions.delete(id);
      this.#sessions.set(id, known);
      return known;
    }
    const entry: SessionEntry = {
      id,
      product,
      sources: sourcesOfSession(this.#db, id).map(open),
      presences: this.#presences.ofSession(id),
      requests: requestsOfSession(this.#db, this.#presences.channels, id),
      listed: isListed(this.#db, id),
      deleted: isDeleted(this.#db, id),
    };
    this.#sessions.set(id, entry);
    this.#sources += entry.sources.length;
    return entry;
  }

  /** A source that was not there before, at the beginning of its first generation. */
  add(entry: SessionEntry, machine: string, segment: Segment, adapterVersion: number): SourceRecord {
    const fresh = {
      machine,
      key: sourceKeyString(segment.source),
      source: segment.source,
      generation: 1,
      offset: 0,
      path: segment.path,
      birthMs: segment.birthMs,
      proof: segment.proof,
      gone: false,
      meta: null,
      adapterVersion,
      foldVersion: FOLD_VERSION,
    };
    const state = emptyState();
    const id = insertSource(this.#db, { ...fresh, state: JSON.stringify(state) });
    const record: SourceRecord = {
      ...fresh,
      id,
      root: segment.source.root,
      subagent: segment.source.subagent,
      state,
    };
    entry.sources.push(record);
    this.#sources++;
    return record;
  }

  save(record: SourceRecord): void {
    updateSource(this.#db, { ...record, state: JSON.stringify(record.state) });
  }

  forget(session: string): void {
    const entry = this.#sessions.get(session);
    if (entry === undefined) return;
    this.#sessions.delete(session);
    this.#sources -= entry.sources.length;
  }

  forgetAll(): void {
    this.#sessions.clear();
    this.#sources = 0;
  }

  /** Drops what was not used for longest. Between transactions only: within one, entries are ahead of the store. */
  trim(): void {
    for (const id of this.#sessions.keys()) {
      if (this.#sources <= MAX_CACHED_SOURCES) return;
      this.forget(id);
    }
  }
}

/** What the counting of responses needs to know of a source. */
export function copySource({ id, machine, key, source, subagent, birthMs }: SourceRecord): CopySource {
  return { id, machine, key, session: source.session, subagent, birthMs };
}

function open(stored: StoredSource): SourceRecord {
  return {
    ...stored,
    root: stored.source.root,
    subagent: stored.source.subagent,
    state: parseState(stored.state),
  };
}
