import type { SessionTimeline, TimelineSpan } from "@agentpane/protocol";
import { NOON } from "../../../testing/made.ts";

/** For tests: a moment so many seconds after the beginning of `madeTimeline`. */
export const at = (seconds: number): number => NOON - 600_000 + seconds * 1_000;

export function madeSpan(from: number, to: number | null, change: Partial<TimelineSpan> = {}): TimelineSpan {
  return {
    ...{ lane: "bash", from: at(from), to: to === null ? null : at(to), place: `1.1.${from}.0` },
    ...{ tool: "Bash", call: `c${from}`, summary: `run ${from}` },
    ...change,
  };
}

/** Ten minutes with every kind of thing in them. */
export function madeTimeline(change: Partial<SessionTimeline> = {}): SessionTimeline {
  return {
    from: at(0),
    to: at(600),
    spans: [
      { lane: "model", from: at(0), to: at(20), place: "1.1.1.0", summary: "I look first" },
      madeSpan(20, 80, { summary: "npm test" }),
      { lane: "model", from: at(80), to: at(90), place: "1.1.80.1" },
      madeSpan(90, 150, { failed: true, exitCode: 2, summary: "npm run lint" }),
      madeSpan(160, 220, { lane: "ask", tool: "AskUserQuestion", summary: "Which?" }),
      madeSpan(230, 232, { lane: "agent", tool: "Agent", call: "c230", summary: "look around" }),
      madeSpan(240, 300, { agent: "a1", lane: "read", tool: "Read", summary: "/home/dev/shop/a.ts", place: "2.1.5.0" }),
      madeSpan(500, null, { summary: "npm run build" }),
    ],
    totals: [
      { lane: "model", calls: 2, busyMs: 30_000, failed: 0 },
      { lane: "bash", calls: 3, busyMs: 120_000, failed: 1 },
      { lane: "ask", calls: 1, busyMs: 60_000, failed: 0 },
      { lane: "agent", calls: 1, busyMs: 2_000, failed: 0 },
    ],
    waits: [{ what: "question", from: at(160), to: at(220), place: "1.1.160.0", summary: "Which?" }],
    marks: [
      { kind: "prompt", at: at(0), place: "1.1.0.0", summary: "make it green" },
      { kind: "compaction", at: at(400), place: "1.1.400.0", trigger: "auto", preTokens: 182_000, postTokens: 68_000 },
    ],
    agents: [{ id: "a1", from: at(232), to: at(320), call: "c230", parent: null }],
    context: [
      { at: at(20), tokens: 50_000 },
      { at: at(400), tokens: 182_000 },
      { at: at(400), tokens: 68_000 },
    ],
    cost: [
      { at: at(20), nanoUsd: 100_000_000 },
      { at: at(500), nanoUsd: 1_840_000_000 },
    ],
    omitted: { mergedSpans: 0, marks: 0, waits: 0, agents: 0 },
    ...change,
  };
}
