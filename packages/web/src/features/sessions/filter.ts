import type { SessionRow } from "@agentpane/protocol";

/** Lower-case words of each row, made once per row object. */
const haystacks = new WeakMap<SessionRow, string>();

function haystack(row: SessionRow): string {
  let words = haystacks.get(row);
  if (words === undefined) {
    words = [row.title, row.goal, row.project, row.branch]
      .filter((part) => part !== null)
      .join("\n")
      .toLowerCase();
    haystacks.set(row, words);
  }
  return words;
}

/** Rows whose title, goal, project or branch hold every word of `text`, in any order and any case. */
export function filterSessions(rows: Iterable<SessionRow>, text: string): Iterable<SessionRow> {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) return rows;
  return [...rows].filter((row) => {
    const within = haystack(row);
    return words.every((word) => within.includes(word));
  });
}
