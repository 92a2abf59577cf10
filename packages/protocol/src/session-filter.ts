import type { SessionsQuery } from "./http.ts";
import type { SessionRow } from "./session.ts";

/** What a list of sessions may be narrowed by: all that is given must hold. */
export type SessionFilter = { [Key in keyof Omit<SessionsQuery, "limit" | "offset">]?: SessionsQuery[Key] | undefined };

/** The form in which words are compared: neither case nor the way an accent was typed matters. */
function plain(text: string): string {
  return text.normalize("NFC").toLowerCase();
}

/** What a search of the list looks through. */
export function searchableWords(row: Pick<SessionRow, "title" | "goal" | "project" | "branch">): string {
  return plain([row.title, row.goal, row.project, row.branch].filter((text) => text !== null).join("\n"));
}

/** The words that must all be found, each anywhere. */
export function queryWords(query: string): string[] {
  return plain(query)
    .split(/\s+/)
    .filter((word) => word !== "");
}

/**
 * Whether `row` is listed under `filter`, in the page as in the store; `words` is its `searchableWords`, which a caller
 * that asks often keeps.
 */
export function matchesFilter(row: SessionRow, filter: SessionFilter, words = searchableWords(row)): boolean {
  return (
    (filter.status === undefined || row.status === filter.status) &&
    (filter.project === undefined || row.project === filter.project) &&
    (filter.branch === undefined || row.branch === filter.branch) &&
    (filter.machine === undefined || row.machine.id === filter.machine) &&
    (filter.model === undefined || row.model === filter.model) &&
    queryWords(filter.q ?? "").every((word) => words.includes(word))
  );
}
