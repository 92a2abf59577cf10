import type { UsageCopy } from "@agentpane/protocol";

/** A copy with where it was found. The source, its offset and its index are the copy's identity. */
export interface LocatedCopy extends UsageCopy {
  /** The source, as one string whose order breaks ties: `sourceKeyString` within one machine. */
  source: string;
  session: string;
  /** Null for the session's own transcript. */
  subagent: string | null;
  /** Birth of the source, as its monitor saw it first. */
  birthMs: number;
}

/** A response, counted once: which copy speaks for it, and whose it is. */
export interface CountedResponse {
  key: string;
  /** The elected copy: its tokens, model and terms are the response's. */
  copy: LocatedCopy;
  /** The session of the earliest copy. */
  session: string;
  subagent: string | null;
  /** Time of the earliest copy, which is the response's time; null where no copy has one. */
  at: number | null;
}

/** What names the same response everywhere: a message id, else a request id, else a line. */
export function responseKey(copy: Pick<UsageCopy, "key" | "keyKind">): string {
  return `${copy.keyKind}:${copy.key}`;
}

/** Negative where `a` rather than `b` speaks for the response: more output, then a final stop reason, then its place. */
export function compareElected(a: LocatedCopy, b: LocatedCopy): number {
  return (
    b.outputTokens - a.outputTokens ||
    Number(isFinal(b)) - Number(isFinal(a)) ||
    compareText(a.source, b.source) ||
    comparePlace(a, b)
  );
}

/** Negative where `a` is earlier: by time, undated last, then by birth of its source, then by session. */
export function compareEarliest(a: LocatedCopy, b: LocatedCopy): number {
  return (
    compareTime(a.at, b.at) ||
    a.birthMs - b.birthMs ||
    compareText(a.session, b.session) ||
    compareText(a.source, b.source) ||
    comparePlace(a, b)
  );
}

/**
 * Counts one response from all of its copies, in any order and with any repetition. Null where none of them stands on a line
 * of its own: what a parent only tells of its subagent's progress is no evidence by itself.
 */
export function countResponse(copies: Iterable<LocatedCopy>): CountedResponse | null {
  let elected: LocatedCopy | null = null;
  let earliest: LocatedCopy | null = null;
  let earliestOwn: LocatedCopy | null = null;
  for (const copy of copies) {
    if (!elected || compareElected(copy, elected) < 0) elected = copy;
    if (!earliest || compareEarliest(copy, earliest) < 0) earliest = copy;
    if (!copy.nested && (!earliestOwn || compareEarliest(copy, earliestOwn) < 0)) earliestOwn = copy;
  }
  if (!elected || !earliest || !earliestOwn) return null;
  // A parent may tell of a subagent's response at the very moment when the subagent wrote it down: the spend is the subagent's.
  const subagent = (earliestOwn.session === earliest.session ? earliestOwn : earliest).subagent;
  return { key: responseKey(elected), copy: elected, session: earliest.session, subagent, at: earliest.at };
}

function isFinal(copy: UsageCopy): boolean {
  return copy.stopReason !== null;
}

function comparePlace(a: UsageCopy, b: UsageCopy): number {
  return a.offset - b.offset || a.index - b.index;
}

function compareTime(a: number | null, b: number | null): number {
  if (a === b) return 0;
  if (a === null) return 1;
  return b === null ? -1 : a - b;
}

/** By UTF-16 units: the same everywhere, whatever the locale. */
function compareText(a: string, b: string): number {
  return a === b ? 0 : a < b ? -1 : 1;
}
