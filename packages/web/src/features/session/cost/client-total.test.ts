import type { SessionUsage } from "@agentpane/protocol";
import { expect, test } from "vitest";
import { madeTotals, NOON } from "../../../testing/made.ts";
import { explainClientTotal } from "./client-total.ts";

const USD = 1_000_000_000;
const MINUTE_MS = 60_000;

function usage(ours: number, client: SessionUsage["client"], lastAt = NOON): SessionUsage {
  return {
    total: madeTotals({ responses: 1, costNanoUsd: ours }),
    byModel: [],
    bySubagent: [],
    overTime: [{ at: lastAt, costNanoUsd: ours, tokens: 1 }],
    client,
  };
}

test("what the client counts beyond the transcript is said as a share of the session's cost", () => {
  const words = explainClientTotal(usage(97 * USD, { costNanoUsd: 100 * USD, at: NOON }));
  expect(words).toBe("3% of this session's cost is in calls that are not in the transcript.");
});

test("a difference is never rounded away", () => {
  const words = explainClientTotal(usage(9_999 * USD, { costNanoUsd: 10_000 * USD, at: NOON }));
  expect(words).toContain("<1% of this session's cost");
});

test("sums that agree to a micro-dollar are the same", () => {
  expect(explainClientTotal(usage(USD, { costNanoUsd: USD + 900, at: NOON }))).toContain("Both agree");
});

test("a client's total that is lower is explained by its age where it is older, and else not explained", () => {
  const older = explainClientTotal(usage(2 * USD, { costNanoUsd: USD, at: NOON - MINUTE_MS }));
  expect(older).toMatch(/^It is of .*; \$1\.00 came after it/);
  expect(explainClientTotal(usage(2 * USD, { costNanoUsd: USD, at: NOON }))).toContain("$1.00 lower than ours");
  expect(explainClientTotal(usage(2 * USD, { costNanoUsd: USD, at: null }))).toContain("$1.00 lower than ours");
});

test("nothing is compared where ours lacks a price, or where the client wrote no total", () => {
  const lacking = usage(USD, { costNanoUsd: 2 * USD, at: NOON });
  lacking.total.unpriced = [{ model: "gpt-6", responses: 1 }];
  expect(explainClientTotal(lacking)).toContain("cannot be compared");
  expect(explainClientTotal(usage(USD, null))).toBeNull();
});
