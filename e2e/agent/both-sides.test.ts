import { execFile } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { clientEnvironment, prepareRoot, until } from "@agentpane/testkit";
import { expect, it } from "vitest";
import { Stage } from "./stage.ts";

it("what is answered in the terminal first leaves the page, which says so", async () => {
  await using stage = await Stage.set("terminal-first");
  await stage.hooks("install");
  const client = await stage.client("one");
  await client.prompt("@@bash touch by-hand.txt@@");
  const desk = await stage.desk();
  const row = await desk.open();
  await client.shows(/Do you want to proceed/);
  client.press("Enter");
  const closed = await desk.closed(row);
  expect(closed.closing).toMatchObject({ state: "answered", who: "terminal" });
  const late = await desk.decide(row, { type: "deny", words: "", stop: false });
  expect(late.body).toMatchObject({ error: { code: "request_settled" } });
  await client.shows(/Command finished/);
  expect(existsSync(join(stage.cwd, "by-hand.txt"))).toBe(true);
});

it("a monitor that is killed while it holds a request leaves the agent at its own dialog", async () => {
  await using stage = await Stage.set("monitor-killed");
  await stage.hooks("install");
  const client = await stage.client("one");
  await client.prompt("@@bash touch after-kill.txt@@");
  const desk = await stage.desk();
  const row = await desk.open();
  await stage.machine.monitor?.kill();
  await client.shows(/Do you want to proceed/);
  expect(existsSync(join(stage.cwd, "after-kill.txt"))).toBe(false);
  client.press("Enter");
  await client.shows(/Command finished/);
  stage.product.startMonitor(stage.machine);
  expect((await desk.closed(row)).state).not.toBe("open");
});

it("a server that is restarted while a request is held loses nothing", async () => {
  await using stage = await Stage.set("server-restarted");
  await stage.hooks("install");
  const client = await stage.client("one");
  await client.prompt("@@bash touch after-restart.txt@@");
  const desk = await stage.desk();
  const row = await desk.open();
  await stage.product.server?.kill();
  await stage.product.startServer();
  const again = await desk.open((one) => one.id === row.id);
  await desk.settle(again, { type: "allow" });
  await client.shows(/Command finished/);
  expect(existsSync(join(stage.cwd, "after-restart.txt"))).toBe(true);
});

it("a subagent's request says which subagent asks, and its answer reaches it", async () => {
  await using stage = await Stage.set("subagent");
  await stage.hooks("install");
  const client = await stage.client("one");
  // A subagent's request is held only while somebody who may answer looks.
  using _page = await stage.product.live();
  await client.prompt("@@agent bash touch by-subagent.txt@@");
  const desk = await stage.desk();
  const row = await desk.open();
  expect(row.subagent).not.toBeNull();
  expect(row.subagentType).toBe("general-purpose");
  await desk.settle(row, { type: "allow" });
  await client.shows(/The subagent reported back/);
  await until("the subagent's command has run", () => existsSync(join(stage.cwd, "by-subagent.txt")));
});

it("two parallel calls are asked one after the other, each with its own answer", async () => {
  await using stage = await Stage.set("parallel");
  await stage.hooks("install");
  const client = await stage.client("one");
  await client.prompt("@@bash2 touch par-1.txt AND touch par-2.txt@@");
  const desk = await stage.desk();
  const first = await desk.open();
  await desk.settle(first, { type: "deny", words: "Not this one.", stop: false });
  const second = await desk.open((row) => row.id !== first.id);
  expect(second.inputJson).not.toBe(first.inputJson);
  await desk.settle(second, { type: "allow" });
  await client.shows(/Both finished/);
  const denied = JSON.parse(first.inputJson ?? "").command.split(" ")[1];
  const allowed = JSON.parse(second.inputJson ?? "").command.split(" ")[1];
  expect([existsSync(join(stage.cwd, denied)), existsSync(join(stage.cwd, allowed))]).toEqual([false, true]);
});

it("a run without a terminal is answered at once and never hangs on us", async () => {
  await using stage = await Stage.set("print");
  await stage.hooks("install");
  prepareRoot({ root: stage.root, cwd: stage.cwd });
  const env = clientEnvironment({ home: stage.product.home, root: stage.root, model: stage.model.origin });
  const binary = join(process.env.AGENTPANE_CLIENT as string, "node_modules", ".bin", "claude");
  // The model answers from this process, so waiting for the client must not stop it.
  const { stdout } = await promisify(execFile)(
    binary,
    ["-p", "@@bash touch printed.txt@@", "--permission-mode", "manual", "--output-format", "json"],
    { cwd: stage.cwd, env, timeout: 60_000 },
  );
  const result = JSON.parse(stdout) as { permission_denials: unknown[] };
  expect(result.permission_denials).toHaveLength(1);
  expect(existsSync(join(stage.cwd, "printed.txt"))).toBe(false);
  expect(await (await stage.desk()).all()).toEqual([]);
});

it("the hook is installed and removed again, and the settings are as they were", async () => {
  await using stage = await Stage.set("hooks");
  prepareRoot({ root: stage.root, cwd: stage.cwd });
  const file = join(stage.root, "settings.json");
  const before = existsSync(file) ? readFileSync(file, "utf8") : null;
  await stage.hooks("install");
  const installed = readFileSync(file, "utf8");
  expect(installed).toContain("PermissionRequest");
  await stage.hooks("install");
  expect(readFileSync(file, "utf8")).toBe(installed);
  await stage.hooks("uninstall");
  expect(existsSync(file) ? readFileSync(file, "utf8").trim() : null).toBe(before ?? (existsSync(file) ? "{}" : null));
  const client = await stage.client("one");
  await client.prompt("@@bash touch unhooked.txt@@");
  await client.registered("waiting", (entry) => entry.status === "waiting");
  await until("the dialog stands", () => /Do you want to proceed/.test(client.screen()));
  expect(await (await stage.desk()).all()).toEqual([]);
});
