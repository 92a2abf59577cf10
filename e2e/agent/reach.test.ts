import { join } from "node:path";
import type { AuditPage, InputReport } from "@agentpane/protocol";
import { type LiveClient, REPOSITORY, until } from "@agentpane/testkit";
import { expect, it } from "vitest";
import { Stage } from "./stage.ts";

/** What a page is told of words that it sent. */
function reportsOf(page: LiveClient, id: string): string[] {
  return page.frames
    .flatMap((frame) => ((frame.inputs ?? []) as InputReport[]).filter((one) => one.id === id))
    .map((one) => one.state);
}

async function reaches(stage: Stage, session: string, kind: string): Promise<void> {
  const api = await stage.product.api();
  let last: unknown;
  await until(
    `the session is reached by ${kind}`,
    async () => {
      const row = await api.get<{ reach?: { kind: string } }>(`/api/v1/sessions/${session}`);
      last = row.reach;
      return row.reach?.kind === kind;
    },
    { pollMs: 50, describe: () => last },
  );
}

async function send(stage: Stage, session: string, text: string): Promise<InputReport> {
  const api = await stage.product.api();
  const answer = await api.call("POST", `/api/v1/sessions/${session}/input`, { body: { text } });
  expect(answer.status, JSON.stringify(answer.body)).toBe(200);
  return answer.body as InputReport;
}

it("words reach a session in a tmux pane, several lines of them, and are reported until they are taken", async () => {
  await using stage = await Stage.set("tmux");
  const client = await stage.client("one");
  await client.prompt("@@text hello@@");
  const { sessionId } = await client.registered("idle", (entry) => entry.status === "idle");
  await stage.shows(sessionId, "ready");
  await reaches(stage, sessionId, "tmux");
  using page = await stage.product.live();
  const report = await send(stage, sessionId, "First line\n@@text written from the page@@");
  expect(["sent", "taken"]).toContain(report.state);
  await client.shows(/written from the page/);
  await until("the page knows that they were taken", () => reportsOf(page, report.id).includes("taken"), {
    describe: () => reportsOf(page, report.id),
  });
  const { entries } = await (await stage.product.api()).get<AuditPage>(`/api/v1/audit?session=${sessionId}`);
  expect(
    entries.some((entry) => entry.action === "input" && JSON.stringify(entry.details).includes("First line")),
  ).toBe(true);
});

it("words for a busy agent are queued and taken later; Stop ends the turn", async () => {
  await using stage = await Stage.set("busy");
  const client = await stage.client("one");
  await client.prompt("@@slow 200@@");
  const { sessionId } = await client.registered("busy", (entry) => entry.status === "busy");
  await stage.shows(sessionId, "working");
  await reaches(stage, sessionId, "tmux");
  expect((await send(stage, sessionId, "@@text after that@@")).state).toBe("queued");
  const api = await stage.product.api();
  const stopped = await api.call("POST", `/api/v1/sessions/${sessionId}/interrupt`);
  expect(stopped.status, JSON.stringify(stopped.body)).toBe(200);
  await client.shows(/Interrupted/i);
});

it("words are held back while a dialog stands, and the dialog is not answered by them", async () => {
  await using stage = await Stage.set("dialog");
  const client = await stage.client("one");
  await client.prompt("@@bash touch never.txt@@");
  const { sessionId } = await client.registered("waiting", (entry) => entry.status === "waiting");
  await stage.shows(sessionId, "approval");
  await reaches(stage, sessionId, "tmux");
  const report = await send(stage, sessionId, "1");
  expect(report.state).toBe("not_sent");
  expect(report.reason).not.toBeNull();
  expect(client.screen()).toMatch(/Do you want to proceed/);
});

it("a session under `agentpane run` is reached through its own terminal", async () => {
  await using stage = await Stage.set("pty");
  const main = join(REPOSITORY, "packages", "agentpane", "src", "main.ts");
  const client = await stage.client("one", {
    wrapper: [process.execPath, main, "run", "--"],
    env: { AGENTPANE_STATE: stage.machine.state },
  });
  await client.prompt("@@text hello@@");
  const { sessionId } = await client.registered("idle", (entry) => entry.status === "idle");
  await stage.shows(sessionId, "ready");
  await reaches(stage, sessionId, "pty");
  using page = await stage.product.live();
  const report = await send(stage, sessionId, "@@text through the terminal@@");
  await client.shows(/through the terminal/);
  await until("the page knows that they were taken", () => reportsOf(page, report.id).includes("taken"), {
    describe: () => reportsOf(page, report.id),
  });
  await client.prompt("/exit");
  await stage.shows(sessionId, "ended");
});
