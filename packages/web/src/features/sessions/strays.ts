import type { SessionRow } from "@agentpane/protocol";

/**
 * Clients up to 2.0.x wrote a subagent's transcript beside its session's, under a name that says nothing of whose it is:
 * such a file is a session of its own to us, and no conversation to a person.
 */
const STRAY = /^agent-[0-9a-f]+$/;

export function isStray(row: Pick<SessionRow, "id" | "product">): boolean {
  return row.product === "claude-code" && STRAY.test(row.id);
}

export function withoutStrays(rows: Iterable<SessionRow>): Iterable<SessionRow> {
  return [...rows].filter((row) => !isStray(row));
}
