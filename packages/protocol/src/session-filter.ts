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
 * Whether a row is listed under `filter`, in the page as in the store. `words` is the row's `searchableWords`, which a
 * caller that asks often keeps; it is read only where the filter has words.
 */
export function rowMatcher(filter: SessionFilter): (row: SessionRow, words?: () => string) => boolean {
  const wanted = queryWords(filter.q ?? "");
  return (row, words = () => searchableWords(row)) => {
    if (filter.status !== undefined && row.status !== filter.status) return false;
    if (filter.project !== undefined && row.project !== filter.project) return false;
    if (filter.branch !== undefined && row.branch !== filter.branch) return false;
    if (filter.machine !== undefined && row.machine.id !== filter.machine) return false;
    if (filter.model !== undefined && row.model !== filter.model) return false;
    if (wanted.length === 0) return true;
    const within = words();
    return wanted.every((word) => within.includes(word));
  };
}
