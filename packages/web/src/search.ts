/** What the list of sessions is narrowed by, as its address says it. The server's query has the same names. */
export interface ListSearch {
  project?: string | undefined;
  branch?: string | undefined;
  /** An id. */
  machine?: string | undefined;
  status?: string | undefined;
  model?: string | undefined;
  /** Words. */
  q?: string | undefined;
}

export const LIST_SEARCH_KEYS = [
  "project",
  "branch",
  "machine",
  "status",
  "model",
  "q",
] as const satisfies readonly (keyof ListSearch)[];

/** Every part of the filter named and empty: what a filter that starts anew, or none, sets over the one before. */
export const NO_FILTER: Readonly<Record<keyof ListSearch, undefined>> = {
  project: undefined,
  branch: undefined,
  machine: undefined,
  status: undefined,
  model: undefined,
  q: undefined,
};

export function readListSearch(search: Record<string, unknown>): ListSearch {
  const read: ListSearch = {};
  for (const key of LIST_SEARCH_KEYS) {
    const value = search[key];
    if (typeof value === "string" && value !== "") read[key] = value;
  }
  return read;
}
