import { USAGE_DIMENSIONS } from "@agentpane/protocol";
import { expect, test } from "vitest";
import { answer, human } from "../test-lines.ts";
import { NOON, openTestStore, type TestStore } from "../test-store.ts";
import { type Line, TestTranscript } from "../test-transcript.ts";
import { usageOf } from "../test-usage.ts";

const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;
/** Nobody lists a price of it. */
const UNPRICED = "nobody-knows-1";

function withModel(model: string, line: Line): Line {
  return { ...line, message: { ...(line.message as Line), model } };
}

/** Some days of one session, each hour an answer, every third of a model without a price. */
function daysOf(session: string, from: number, days: number, cwd = "/home/dev/shop"): TestTranscript {
  const lines = Array.from({ length: days * 24 }, (_, n) => {
    const line = { ...answer(`${session}-${n}`, "words", from + n * HOUR_MS), cwd };
    return n % 3 === 0 ? withModel(UNPRICED, line) : line;
  });
  return new TestTranscript(session).append({ ...human("hi", from), cwd }, ...lines);
}

/** What each question is answered, also of parts of days and in a time zone that cuts days elsewhere. */
async function allAnswers(store: TestStore) {
  const answers: unknown[] = [];
  for (const by of USAGE_DIMENSIONS) {
    for (const tz of ["UTC", "Asia/Kolkata", "America/New_York"]) {
      answers.push(await usageOf(store, { by, tz }));
      answers.push(await usageOf(store, { by, tz, from: "2026-10-21", to: "2026-10-22" }));
    }
  }
  return answers;
}

test("what is kept of earlier questions says what a fresh reader says, after every commit", async () => {
  await using store = await openTestStore();
  await store.commit(daysOf("s1", NOON, 4), daysOf("s2", NOON + DAY_MS, 2, "/home/dev/other"));
  const rounds = [
    () => {},
    () => store.commit(daysOf("s3", NOON + 2 * DAY_MS, 1, "/home/dev/third")),
    () => store.commit(new TestTranscript("s4", { subagent: "a1" }).append(answer("late", "words", NOON))),
    () => store.engine.writer.deleteSession("s2"),
  ];
  for (const round of rounds) {
    await round();
    await allAnswers(store);
    const kept = await allAnswers(store);
    await store.reopen();
    expect(kept).toEqual(await allAnswers(store));
  }
});

test("a day that is summed up keeps apart which models had no price", async () => {
  await using store = await openTestStore();
  await store.commit(daysOf("s1", NOON, 1));
  await usageOf(store, { by: "session" });
  const { rows } = await usageOf(store, { by: "session" });
  expect(rows).toMatchObject([{ key: "s1", responses: 24, unpriced: [{ model: UNPRICED, responses: 8 }] }]);
});
