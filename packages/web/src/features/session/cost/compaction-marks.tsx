import type { Compaction } from "@agentpane/protocol";
import { costTexts } from "../../../texts/cost.ts";
import { spendTexts } from "../../../texts/spend.ts";
import { formatWhen } from "../../../ui/format.ts";

const PERCENT = 100;

interface Placed extends Compaction {
  at: number;
}

/** Those that lie on the curve; one that nobody dated has no place on it. */
export function compactionsBetween(compactions: readonly Compaction[], first: number, last: number): Placed[] {
  return compactions.filter((one): one is Placed => one.at !== null && one.at >= first && one.at <= last);
}

interface MarksProps {
  compactions: readonly Placed[];
  /** From the left edge, 0 to 1. */
  x(at: number): number;
  now: number;
}

/** A line down the curve where the agent made its context smaller. */
export function CompactionMarks({ compactions, x, now }: MarksProps) {
  return compactions.map((one, index) => (
    <span
      // biome-ignore lint/suspicious/noArrayIndexKey: two may be of the same millisecond, and none ever moves.
      key={index}
      aria-hidden="true"
      data-compaction={one.at}
      title={wordsOf(one, now)}
      className="absolute inset-y-0 w-2 border-fg-3 border-l border-dashed"
      style={{ left: `${x(one.at) * PERCENT}%` }}
    />
  ));
}

/** The same in words: how many there are to everybody, and each to a reader of the screen. */
export function CompactionWords({ compactions, now }: Omit<MarksProps, "x">) {
  if (compactions.length === 0) return null;
  return (
    <div className="text-fg-3 text-s">
      <p className="flex items-center gap-2">
        <span aria-hidden="true" className="h-3 border-fg-3 border-l border-dashed" />
        {costTexts.compactions(compactions.length)}
      </p>
      <ul aria-label={costTexts.compactionList} className="sr-only">
        {compactions.map((one, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: two may be of the same millisecond, and none ever moves.
          <li key={index}>{wordsOf(one, now)}</li>
        ))}
      </ul>
    </div>
  );
}

function wordsOf({ at, preTokens, postTokens }: Placed, now: number): string {
  return `${formatWhen(at, now)}: ${spendTexts.compacted(preTokens, postTokens)}`;
}
