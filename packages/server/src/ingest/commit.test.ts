import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { migrate } from "../store/migrations.ts";
import { openForWriting } from "../store/sqlite.ts";
import { answer, human } from "../test-lines.ts";
import { MACHINE, NOON, registerBodyOf } from "../test-store.ts";
import { ingestBody, TestTranscript } from "../test-transcript.ts";
import { readBody } from "./body.ts";
import { WriterOperations } from "./writer.ts";

const TOKEN = {
  id: "t",
  name: "t",
  role: "monitor",
  secretSha256: "a".repeat(64),
  createdAt: 0,
  expiresAt: null,
} as const;

async function opened(): Promise<Disposable & { db: ReturnType<typeof openForWriting>; writer: WriterOperations }> {
  const folder = mkdtempSync(join(tmpdir(), "agentpane-commit-"));
  const db = openForWriting(join(folder, "agentpane.db"));
  migrate(db);
  const writer = new WriterOperations(db, NOON);
  writer.addToken(TOKEN);
  writer.register(TOKEN.id, registerBodyOf(MACHINE), NOON);
  await writer.committer.counting.ready();
  return {
    db,
    writer,
    [Symbol.dispose]() {
      db.raw.close();
      rmSync(folder, { recursive: true });
    },
  };
}

function body(...transcripts: TestTranscript[]) {
  return { machine: MACHINE, body: readBody(ingestBody(transcripts.map((transcript) => transcript.next()))) };
}

test("a full disk refuses the whole group by name, loses nothing, and heals once there is room", async () => {
  using store = await opened();
  const { db, writer } = store;
  const first = new TestTranscript("s1").append(human("before", NOON));
  writer.ingest([body(first)], NOON);
  const { page_count: pages } = db.raw.prepare("PRAGMA page_count").get() as { page_count: number };
  db.exec(`PRAGMA max_page_count = ${pages + 2}`);

  const noise = Array.from({ length: 2000 }, (_, n) => answer(`m${n}`, `${n * 7919} words`, NOON));
  const small = body(first.append(human("small", NOON)));
  const large = body(new TestTranscript("s2").append(...noise));
  expect(() => writer.ingest([small, large], NOON)).toThrow(expect.objectContaining({ code: "store_full" }));
  const cursors = () => writer.register(TOKEN.id, registerBodyOf(MACHINE), NOON).answer.cursors;
  expect(cursors().map(({ source, offset }) => [source.session, offset])).toEqual([
    ["s1", small.body.segments.flatMap((read) => ("segment" in read ? read.segment.from : []))[0]],
  ]);

  db.exec("PRAGMA max_page_count = 1000000");
  const again = writer.ingest([small, large], NOON);
  expect(again.map(({ answer: one }) => one.answers[0]?.result)).toEqual(["committed", "committed"]);
  expect(again[0]?.changes.total).toBe(2);
  expect(cursors()).toHaveLength(2);
});

test("an unexpected failure of the store rolls the whole group back and says no more than it knows", async () => {
  using store = await opened();
  const { db, writer } = store;
  const good = body(new TestTranscript("s1").append(human("good", NOON)));
  db.exec("CREATE TRIGGER fault BEFORE INSERT ON events WHEN NEW.kind = 2 BEGIN SELECT RAISE(ABORT, 'as asked'); END");
  const bad = body(new TestTranscript("s2").append(answer("m1", "words", NOON)));
  expect(() => writer.ingest([good, bad], NOON)).toThrow("as asked");
  expect(db.prepare("SELECT count(*) AS n FROM sources").get()).toEqual({ n: 0 });
  db.exec("DROP TRIGGER fault");
  const again = writer.ingest([good, bad], NOON);
  expect(again.map(({ answer: one }) => one.answers[0]?.result)).toEqual(["committed", "committed"]);
});

test("more sources than are kept in memory are all the same in the store", async () => {
  using store = await opened();
  const { writer, db } = store;
  const transcripts = Array.from({ length: 3200 }, (_, n) =>
    new TestTranscript(`s${n}`).append(human(`goal ${n}`, NOON)),
  );
  for (let n = 0; n < transcripts.length; n += 400) writer.ingest([body(...transcripts.slice(n, n + 400))], NOON);
  const [first] = transcripts;
  if (first === undefined) throw new Error("none made");
  const { answer: one, changes } = writer.ingest([body(first.append(human("again", NOON + 1)))], NOON)[0] ?? {};
  expect(one?.answers).toMatchObject([{ result: "committed" }]);
  expect(changes?.sessions).toMatchObject([{ id: "s0", goal: "goal 0", turns: 2 }]);
  expect(db.prepare("SELECT count(*) AS n FROM sessions").get()).toEqual({ n: 3200 });
});
