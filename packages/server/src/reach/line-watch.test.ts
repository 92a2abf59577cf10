import type { InputReport } from "@agentpane/protocol";
import { expect, test } from "vitest";
import { FakeClock } from "../fake-clock.ts";
import type { Reader } from "../store/contract.ts";
import { LineWatch, SEEN_MS } from "./line-watch.ts";

const SECOND = 1_000;
const MINUTE = 60 * SECOND;

type Page = NonNullable<Awaited<ReturnType<Reader["eventsAfter"]>>>;

/** A transcript that grows by prompts of a person, and what was told of the words that are looked for in it. */
function stage(state: InputReport["state"], words = "run the tests") {
  const clock = new FakeClock();
  const prompts: string[] = [];
  const told: string[] = [];
  const watch = new LineWatch({
    clock,
    reader: {
      eventsAfter: async (_session, _subagent, place) => {
        const events = prompts.slice(Number(place)).map((summary) => ({ kind: "prompt", origin: "human", summary }));
        return { events: events as unknown as Page["events"], next: `${prompts.length}`, more: false, reset: false };
      },
    },
    tell: (report) => void told.push(report.reason === null ? report.state : `${report.state}: ${report.reason}`),
    onFault: (error) => {
      throw error;
    },
  });
  const id = `i_${"0".repeat(32)}`;
  watch.follow({ id, session: "s1", state, reason: null, at: clock.now() }, words, "0");
  return { clock, prompts, told, watch };
}

test("words whose line comes are taken, and told of once", async () => {
  const { clock, prompts, told } = stage("sent", "run the tests\nand mend them");
  await clock.advance(SEEN_MS - 2 * SECOND);
  expect(told).toEqual([]);
  prompts.push("run the tests and mend them");
  await clock.advance(MINUTE);
  expect(told).toEqual(["taken"]);
});

test("words whose line does not come within 5 s were not seen, though other words are", async () => {
  const { clock, prompts, told } = stage("sent");
  prompts.push("run the tests again");
  await clock.advance(SEEN_MS - SECOND);
  expect(told).toEqual([]);
  await clock.advance(2 * SECOND);
  expect(told).toEqual(["not_seen: its line is not in the transcript after 5 s"]);
});

test("words that wait behind a turn have an hour", async () => {
  const { clock, prompts, told } = stage("queued");
  await clock.advance(59 * MINUTE);
  expect(told).toEqual([]);
  prompts.push("run the tests");
  await clock.advance(2 * SECOND);
  expect(told).toEqual(["taken"]);
});

test("what is no longer watched is told of no more", async () => {
  const { clock, told, watch } = stage("sent");
  watch.close();
  await clock.advance(MINUTE);
  expect(told).toEqual([]);
});
