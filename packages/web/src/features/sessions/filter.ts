import {
  rowMatcher,
  SESSION_STATUSES,
  type SessionFilter,
  type SessionRow,
  searchableWords,
} from "@agentpane/protocol";
import { LIST_SEARCH_KEYS, type ListSearch } from "../../search.ts";

/** What of the address the server and the list take: a status that is none is no filter. */
export function filterOf(search: ListSearch): SessionFilter {
  const filter: SessionFilter = {};
  const { status, ...texts } = search;
  for (const key of LIST_SEARCH_KEYS) {
    if (key !== "status" && texts[key] !== undefined) filter[key] = texts[key];
  }
  const known = SESSION_STATUSES.find((one) => one === status);
  if (known !== undefined) filter.status = known;
  return filter;
}

export type FilterKey = (typeof LIST_SEARCH_KEYS)[number];

/** The parts that narrow the list, in the order in which they are shown; blanks are no words. */
export function partsOf(filter: SessionFilter): { key: FilterKey; value: string }[] {
  return LIST_SEARCH_KEYS.flatMap((key) => {
    const value = filter[key];
    return value === undefined || value.trim() === "" ? [] : [{ key, value }];
  });
}

/** Words of each row, made once per row object. */
const haystacks = new WeakMap<SessionRow, string>();

function wordsOf(row: SessionRow): string {
  let words = haystacks.get(row);
  if (words === undefined) {
    words = searchableWords(row);
    haystacks.set(row, words);
  }
  return words;
}

/** The rows that the server would list under `filter`, too. */
export function filterSessions(rows: Iterable<SessionRow>, filter: SessionFilter): Iterable<SessionRow> {
  if (partsOf(filter).length === 0) return rows;
  const matches = rowMatcher(filter);
  return [...rows].filter((row) => matches(row, () => wordsOf(row)));
}

/** What hides everything: the one part without which most of `rows` would show; null where no single one helps. */
export function hidingPart(
  rows: Iterable<SessionRow>,
  filter: SessionFilter,
): { key: FilterKey; value: string; without: number } | null {
  const all = [...rows];
  let best: { key: FilterKey; value: string; without: number } | null = null;
  for (const part of partsOf(filter)) {
    const without = [...filterSessions(all, { ...filter, [part.key]: undefined })].length;
    if (without > (best?.without ?? 0)) best = { ...part, without };
  }
  return best;
}
