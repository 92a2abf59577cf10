import { DatabaseSync } from "node:sqlite";
import { expect, test } from "vitest";
import { LIST_SCHEMA } from "./list-schema.ts";
import { FIRST_SCHEMA } from "./schema.ts";

function migrated(): DatabaseSync {
  const db = new DatabaseSync(":memory:");
  db.exec(FIRST_SCHEMA);
  const insert = db.prepare(
    "INSERT INTO sessions VALUES (?, 'claude-code', 'm', 'ended', NULL, ?, 'shop', 'main', 'words')",
  );
  const facts = db.prepare("INSERT INTO session_rows VALUES (?, ?, '{}')");
  insert.run("told", 2);
  facts.run("told", JSON.stringify({ model: "claude-haiku-4-5" }));
  insert.run("silent", 1);
  facts.run("silent", JSON.stringify({ model: null }));
  db.exec(LIST_SCHEMA);
  return db;
}

test("sessions of an older store get the model that their facts name", () => {
  using db = migrated();
  expect(db.prepare("SELECT session, model FROM sessions ORDER BY session").all()).toEqual([
    { session: "silent", model: null },
    { session: "told", model: "claude-haiku-4-5" },
  ]);
});

test.each([
  "SELECT session, machine FROM sessions WHERE model = 'x' ORDER BY last_activity_at DESC, session LIMIT 100",
  "SELECT count(*) FROM sessions WHERE model = 'x' AND project = 'y' AND status = 'ended'",
  "SELECT model, count(*) FROM sessions WHERE branch = 'main' GROUP BY model",
])("the index alone answers: %s", (query) => {
  using db = migrated();
  const plan = db.prepare(`EXPLAIN QUERY PLAN ${query}`).all() as { detail: string }[];
  expect(plan[0]?.detail).toContain("USING COVERING INDEX sessions_by_activity");
});
