import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { expect, test } from "vitest";
import { answer, human } from "../test-lines.ts";
import { MACHINE, NOON, OTHER_MACHINE, openTestStore } from "../test-store.ts";
import { TestTranscript } from "../test-transcript.ts";

const T = NOON - 60_000;

test("a deleted session is gone with its subagents, and nobody else's", async () => {
  await using store = await openTestStore();
  const main = new TestTranscript("s1").append(human("a secret", T), answer("m1", "ok", T));
  const agent = new TestTranscript("s1", { subagent: "a1" }).append(human("look", T), answer("m2", "seen", T));
  await store.commit(main, agent, new TestTranscript("s2").append(human("keep me", T)));
  const { answer: outcome, changes } = await store.engine.writer.deleteSession("s1");
  expect(outcome).toEqual({ found: true });
  expect(changes).toMatchObject({ removed: ["s1"], total: 1 });
  expect((await store.list()).sessions.map(({ id }) => id)).toEqual(["s2"]);
  const { reader } = store.engine;
  for (const asked of [
    reader.session("s1"),
    reader.events("s1", { limit: 10, view: "small" }),
    reader.eventsAfter("s1", null, "start", 10),
    reader.sessionUsage("s1"),
  ]) {
    await expect(asked).rejects.toMatchObject({ code: "session_deleted" });
  }

  const database = new DatabaseSync(join(store.dataDir, "agentpane.db"), { readOnly: true });
  const left = ["chunks", "events", "copies"].map(
    (table) => database.prepare(`SELECT count(DISTINCT source) AS sources FROM ${table}`).get()?.sources,
  );
  const states = database.prepare("SELECT state FROM sources WHERE session = 's1'").all();
  database.close();
  // The other session has no usage copies.
  expect(left).toEqual([1, 1, 0]);
  expect(JSON.stringify(states)).not.toContain("secret");
});

test("what comes of a deleted session later is answered so, and it never comes back", async () => {
  await using store = await openTestStore();
  await store.register(OTHER_MACHINE);
  const main = new TestTranscript("s1").append(human("go", T));
  await store.commit(main);
  await store.engine.writer.deleteSession("s1");
  for (const round of ["at once", "after a restart"]) {
    const more = main.append(human(round, T)).next();
    const copied = new TestTranscript("s1", { root: "/copy" }).append(human("go", T)).next();
    const agent = new TestTranscript("s1", { subagent: "a9" }).append(human("go", T)).next();
    expect((await store.send([more, copied, agent])).answer.answers.map(({ result }) => result)).toEqual([
      "deleted",
      "deleted",
      "deleted",
    ]);
    expect((await store.send([copied], OTHER_MACHINE)).answer.answers).toEqual([{ result: "deleted" }]);
    expect((await store.list()).total).toBe(0);
    await store.reopen();
  }
  const { answer: registered } = await store.register(MACHINE);
  expect(registered.cursors).toMatchObject([{ source: { session: "s1" }, deleted: true }]);
});

test("deleting what is not there says so and leaves no trace", async () => {
  await using store = await openTestStore();
  expect((await store.engine.writer.deleteSession("s1")).answer).toEqual({ found: false });
  const sent = await store.commit(new TestTranscript("s1").append(human("go", T)));
  expect(sent.answer.answers).toMatchObject([{ result: "committed" }]);
});
