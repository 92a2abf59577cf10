import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { Stage } from "./stage.ts";

it("a question is answered with one of its choices", async () => {
  await using stage = await Stage.set("ask");
  await stage.hooks("install");
  const client = await stage.client("one");
  await client.prompt("@@ask@@");
  const desk = await stage.desk();
  const row = await desk.open();
  expect(row.kind).toBe("question");
  await stage.shows(row.session, "question");
  const question = "Which database should we use?";
  await desk.settle(row, { type: "answer", answers: [{ question, choices: ["SQLite"], other: null }] });
  const screen = await client.shows(/Thanks for the answer/);
  expect(screen).toMatch(/SQLite/);
  await stage.shows(row.session, "ready");
});

it("several questions are answered at once, with several choices", async () => {
  await using stage = await Stage.set("ask2");
  await stage.hooks("install");
  const client = await stage.client("one");
  await client.prompt("@@ask2@@");
  const desk = await stage.desk();
  const row = await desk.open();
  await desk.settle(row, {
    type: "answer",
    answers: [
      { question: "Which database should we use?", choices: ["PostgreSQL"], other: null },
      { question: "Which features?", choices: ["Auth", "Logs"], other: null },
    ],
  });
  const screen = await client.shows(/Thanks for the answers/);
  expect(screen).toMatch(/Auth, Logs/);
});

it("a question is answered in own words", async () => {
  await using stage = await Stage.set("own-words");
  await stage.hooks("install");
  const client = await stage.client("one");
  await client.prompt("@@ask@@");
  const desk = await stage.desk();
  const row = await desk.open();
  const question = "Which database should we use?";
  await desk.settle(row, { type: "answer", answers: [{ question, choices: [], other: "A flat file" }] });
  expect(await client.shows(/Thanks for the answer/)).toMatch(/A flat file/);
});

/** Plan mode: the plan is in the file that the client names, beside those of other sessions. */
async function planned(stage: Stage) {
  await stage.hooks("install");
  const client = await stage.client("one", { args: ["--permission-mode", "plan"] });
  await client.prompt("@@plan@@");
  const desk = await stage.desk();
  return { client, desk, row: await desk.open((one) => one.kind === "plan") };
}

it("a plan is approved", async () => {
  await using stage = await Stage.set("plan-yes");
  mkdirSync(join(stage.root, "plans"), { recursive: true });
  writeFileSync(join(stage.root, "plans", "unrelated.md"), "# Of another session");
  const { client, desk, row } = await planned(stage);
  expect(row.plan?.text).toContain("Mend the worst");
  await stage.shows(row.session, "approval");
  await desk.settle(row, { type: "approve", acceptEdits: false });
  await client.shows(/Plan handled/);
  await stage.shows(row.session, "ready");
});

it("a plan is sent back with words, and the agent goes on planning", async () => {
  await using stage = await Stage.set("plan-no");
  const { client, desk, row } = await planned(stage);
  await desk.settle(row, { type: "reject", words: "Measure first." });
  await client.shows(/Measure first\./);
  await stage.shows(row.session, "ready");
});
