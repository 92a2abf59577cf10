import { expect, test } from "vitest";
import { answer, human } from "../test-lines.ts";
import { MACHINE, NOON, openTestStore } from "../test-store.ts";
import { ingestBody, TestTranscript } from "../test-transcript.ts";

/** A body too large to be live lines. */
function past(session: string): Uint8Array {
  const transcript = new TestTranscript(session);
  for (let n = 0; n < 400; n++) transcript.append(answer(`${session}-${n}`, `${Math.sin(n)} words`, NOON - n));
  const body = ingestBody([transcript.next()]);
  expect(body.length).toBeGreaterThan(64 * 1024);
  return body;
}

test("a live line overtakes the past that waits before it", async () => {
  await using store = await openTestStore();
  const { writer } = store.engine;
  const order: string[] = [];
  const live = ingestBody([new TestTranscript("live").append(human("now", NOON)).next()]);
  await Promise.all([
    writer.ingest(MACHINE, past("a")).then(() => order.push("a")),
    writer.ingest(MACHINE, past("b")).then(() => order.push("b")),
    writer.ingest(MACHINE, live).then(() => order.push("live")),
  ]);
  expect(order[0]).toBe("live");
  expect(order.slice(1)).toEqual(["a", "b"]);
});

test("calls of other kinds keep their place, whatever waits", async () => {
  await using store = await openTestStore();
  const { writer } = store.engine;
  const order: string[] = [];
  await Promise.all([
    writer.ingest(MACHINE, past("a")).then(() => order.push("past")),
    writer.deleteSession("a").then(({ answer: { found } }) => order.push(`deleted ${found}`)),
  ]);
  expect(order).toEqual(["past", "deleted true"]);
});

test("a call that makes no sense fails by itself", async () => {
  await using store = await openTestStore();
  const { writer } = store.engine;
  const unknown = (writer as unknown as Record<string, (token: unknown) => Promise<unknown>>).addToken?.(null);
  await expect(unknown).rejects.toMatchObject({ code: "internal" });
  expect(await store.engine.reader.machines()).toHaveLength(1);
});
