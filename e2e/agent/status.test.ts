import { expect, it } from "vitest";
import { Stage } from "./stage.ts";

it("the page says what the real client does: works, waits for permission, is done, is gone", async () => {
  await using stage = await Stage.set("status");
  const client = await stage.client("one");
  await client.prompt("Please @@bash touch made.txt@@");
  const { sessionId, pid } = await client.registered("waiting", (entry) => entry.status === "waiting");
  const waiting = await stage.shows(sessionId, "approval");
  expect(waiting.sentence).toMatch(/permission/);
  client.press("Enter");
  await client.registered("idle", (entry) => entry.status === "idle");
  await stage.shows(sessionId, "ready");
  process.kill(pid, "SIGKILL");
  await stage.shows(sessionId, "ended");
});
