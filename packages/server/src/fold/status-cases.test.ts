import { expect, test } from "vitest";
import { statusOf } from "./status.ts";
import { STATUS_CASES } from "./test-cases.ts";

test.each(STATUS_CASES)("$name", ({ evidence, now, expected }) => {
  expect(statusOf(evidence, now)).toMatchObject(expected);
});

test.each(STATUS_CASES)("$name: until the time that it names, and not beyond", ({ evidence, now }) => {
  const status = statusOf(evidence, now);
  if (status.until === null) {
    const later = statusOf(evidence, now + 365 * 24 * 3_600_000);
    expect([later.status, later.runningAgents]).toEqual([status.status, status.runningAgents]);
    return;
  }
  const before = statusOf(evidence, status.until - 1);
  expect([before.status, before.sentence, before.runningAgents]).toEqual([
    status.status,
    status.sentence,
    status.runningAgents,
  ]);
  const after = statusOf(evidence, status.until);
  expect([after.status, after.sentence, after.runningAgents, after.until]).not.toEqual([
    status.status,
    status.sentence,
    status.runningAgents,
    status.until,
  ]);
});
