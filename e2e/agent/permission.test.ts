import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { Stage } from "./stage.ts";

it("a permission is allowed from the page: the command runs, and the transcript says that the hook decided", async () => {
  await using stage = await Stage.set("allow");
  await stage.hooks("install");
  const client = await stage.client("one");
  await client.prompt("@@bash touch allowed.txt@@");
  const desk = await stage.desk();
  const row = await desk.open();
  expect(row).toMatchObject({ kind: "permission", tool: "Bash" });
  expect(JSON.parse(row.inputJson ?? "").command).toBe("touch allowed.txt");
  const shown = await stage.shows(row.session, "approval");
  expect(shown.source).toBe("hook");
  const settled = await desk.settle(row, { type: "allow" });
  expect(settled.closing).toMatchObject({ state: "decided", who: "person" });
  await client.shows(/Command finished/);
  expect(existsSync(join(stage.cwd, "allowed.txt"))).toBe(true);
  await stage.shows(row.session, "ready");
});

it("a permission is denied with words: nothing runs, and the agent reads them", async () => {
  await using stage = await Stage.set("deny");
  await stage.hooks("install");
  const client = await stage.client("one");
  await client.prompt("@@bash touch denied.txt@@");
  const desk = await stage.desk();
  const row = await desk.open();
  await desk.settle(row, { type: "deny", words: "Use the other folder.", stop: false });
  await client.shows(/Use the other folder\./);
  await stage.shows(row.session, "ready");
  expect(existsSync(join(stage.cwd, "denied.txt"))).toBe(false);
});

it("a permission is edited and allowed: the edited command runs, the asked one does not", async () => {
  await using stage = await Stage.set("edit");
  await stage.hooks("install");
  const client = await stage.client("one");
  await client.prompt("@@bash touch asked.txt@@");
  const desk = await stage.desk();
  const row = await desk.open();
  const updatedInputJson = JSON.stringify({ ...JSON.parse(row.inputJson ?? ""), command: "touch edited.txt" });
  await desk.settle(row, { type: "allow", updatedInputJson });
  await client.shows(/Command finished/);
  expect([existsSync(join(stage.cwd, "edited.txt")), existsSync(join(stage.cwd, "asked.txt"))]).toEqual([true, false]);
});

it("allow always takes the client's own suggestion: the next call of the kind asks nobody", async () => {
  await using stage = await Stage.set("always");
  await stage.hooks("install");
  const client = await stage.client("one");
  await client.prompt(`@@write ${join(stage.cwd, "first.txt")}@@`);
  const desk = await stage.desk();
  const row = await desk.open();
  expect(row.suggestions.length).toBeGreaterThan(0);
  await desk.settle(row, { type: "allow", always: row.suggestions.map((_, index) => index) });
  await stage.shows(row.session, "ready");
  await client.prompt(`@@write ${join(stage.cwd, "second.txt")}@@`);
  await client.registered("idle again", () => existsSync(join(stage.cwd, "second.txt")));
  expect(readFileSync(join(stage.cwd, "second.txt"), "utf8")).toContain("line two");
  expect((await desk.all()).map(({ id }) => id)).toEqual([row.id]);
});

it("denied and stopped, the turn ends as by Escape", async () => {
  await using stage = await Stage.set("stop");
  await stage.hooks("install");
  const client = await stage.client("one");
  await client.prompt("@@bash touch stopped.txt@@");
  const desk = await stage.desk();
  const row = await desk.open();
  await desk.settle(row, { type: "deny", words: "", stop: true });
  await client.registered("idle", (entry) => entry.status === "idle");
  await stage.shows(row.session, "ready");
  expect(client.screen()).not.toContain("Command finished");
  expect(existsSync(join(stage.cwd, "stopped.txt"))).toBe(false);
});
