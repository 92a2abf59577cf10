import type { SessionFacts } from "./merge.ts";

/** The form in which words are compared: neither case nor the way an accent was typed matters. */
function plain(text: string): string {
  return text.normalize("NFC").toLowerCase();
}

/** What a search of the list looks through. */
export function searchableWords(facts: Pick<SessionFacts, "title" | "goal" | "project" | "branch">): string {
  return plain([facts.title, facts.goal, facts.project, facts.branch].filter((text) => text !== null).join("\n"));
}

/** The words that must all be found. */
export function queryWords(query: string): string[] {
  return plain(query)
    .split(/\s+/)
    .filter((word) => word !== "");
}
