import { type CountedResponse, countResponse, type LocatedCopy, responseKey } from "./election.ts";

/** What adding or removing copies did to one response; null means not counted. */
export interface ResponseChange {
  key: string;
  before: CountedResponse | null;
  after: CountedResponse | null;
}

/**
 * All copies of all responses. Adding and removing commute: the same set of copies counts the same, however it came about.
 * A store that keeps copies in tables does the same with `countResponse` over the copies of each key that it touched.
 */
export class CopyLedger {
  readonly #copies = new Map<string, Map<string, LocatedCopy>>();
  readonly #counted = new Map<string, CountedResponse>();

  /** Only responses whose counting changed are answered; a copy that is already there changes nothing. */
  add(copies: Iterable<LocatedCopy>): ResponseChange[] {
    const touched = new Set<string>();
    for (const copy of copies) {
      const key = responseKey(copy);
      let known = this.#copies.get(key);
      if (!known) {
        known = new Map();
        this.#copies.set(key, known);
      }
      known.set(identity(copy), copy);
      touched.add(key);
    }
    return this.#recount(touched);
  }

  remove(copies: Iterable<LocatedCopy>): ResponseChange[] {
    const touched = new Set<string>();
    for (const copy of copies) {
      const key = responseKey(copy);
      const known = this.#copies.get(key);
      if (!known?.delete(identity(copy))) continue;
      if (known.size === 0) this.#copies.delete(key);
      touched.add(key);
    }
    return this.#recount(touched);
  }

  /** In no particular order. */
  responses(): Iterable<CountedResponse> {
    return this.#counted.values();
  }

  #recount(keys: Iterable<string>): ResponseChange[] {
    const changes: ResponseChange[] = [];
    for (const key of keys) {
      const before = this.#counted.get(key) ?? null;
      const after = countResponse(this.#copies.get(key)?.values() ?? []);
      if (after) this.#counted.set(key, after);
      else this.#counted.delete(key);
      if (!same(before, after)) changes.push({ key, before, after });
    }
    return changes;
  }
}

function identity(copy: LocatedCopy): string {
  return `${copy.offset} ${copy.index} ${copy.source}`;
}

/** By what they say: a copy that came again is another object. */
function same(a: CountedResponse | null, b: CountedResponse | null): boolean {
  return a === b || JSON.stringify(a) === JSON.stringify(b);
}
