import { expect, it } from "vitest";
import type { LiveStore } from "../../live/store.ts";
import { madeRequest, madeRow } from "../../testing/made.ts";
import { waitingOf } from "./pages.ts";

it("the sign in the browser's tab counts each session that waits once, and what asks without one that is known", () => {
  const sessions = [madeRow("s1", { status: "approval" }), madeRow("s2", { status: "error" }), madeRow("s3")];
  const requests = [
    madeRequest("1"),
    madeRequest("2", { subagent: "a1" }),
    madeRequest("3", { session: "never-seen" }),
    madeRequest("4", { session: "s3", state: "decided" }),
  ];
  const store = {
    sessions: new Map(sessions.map((row) => [row.id, row])),
    requests: new Map(requests.map((row) => [row.id, row])),
  } as unknown as LiveStore;
  expect(waitingOf(store)).toBe(3);
});
