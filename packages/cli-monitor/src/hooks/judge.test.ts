import type { Presence } from "@agentpane/protocol";
import { expect, test } from "vitest";
import { BOUNDS, type Circumstances, type Refusal, refusalOf } from "./judge.ts";

function presence(entrypoint: string | null): Presence {
  return {
    ...{ root: "/r", session: "s", pid: 1, procStart: "1", life: "alive", lifeAt: 0, status: "busy", waitingFor: null },
    ...{ statusAt: 0, startedAt: 0, kind: "interactive", entrypoint, agentVersion: null, name: null },
  };
}
const GOOD: Circumstances = {
  isConnected: true,
  held: 0,
  heldBytes: 0,
  presence: presence("cli"),
  attended: null,
  cwd: "/home/dev/shop",
  holdPrintProjects: [],
  isBackground: false,
  approversPresent: false,
};
const RUN = { presence: presence("sdk-cli"), attended: false };

test.each<[string, Partial<Circumstances>, Refusal | null]>([
  ["a session at a terminal", {}, null],
  ["no server", { isConnected: false }, "not_connected"],
  ["the last place", { held: BOUNDS.requests - 1 }, null],
  ["no place left", { held: BOUNDS.requests }, "too_many"],
  ["too many bytes", { heldBytes: BOUNDS.bytes + 1 }, "too_many"],
  ["a run without a terminal", { presence: presence("sdk-cli") }, "not_interactive"],
  ["one that only the call tells", { presence: undefined, attended: false }, "not_interactive"],
  ["a terminal that only the call tells", { presence: undefined, attended: true }, null],
  ["an agent that does not say how it runs", { presence: presence(null) }, "not_interactive"],
  ["a session that nobody knows", { presence: undefined }, "not_interactive"],
  ["a call that contradicts the registry", { attended: false }, "not_interactive"],
  ["a run in a project that was opted in", { ...RUN, holdPrintProjects: ["/x", "/home/dev"] }, null],
  ["a run beside such a project", { ...RUN, holdPrintProjects: ["/home/dev/sho"] }, "not_interactive"],
  ["a run that says no folder", { ...RUN, cwd: null, holdPrintProjects: ["/home/dev"] }, "not_interactive"],
  ["a subagent in the background, nobody looking", { isBackground: true }, "nobody_looks"],
  ["a subagent in the background, somebody looking", { isBackground: true, approversPresent: true }, null],
])("whether a request is held: %s", (_name, change, refusal) => {
  expect(refusalOf({ ...GOOD, ...change })).toBe(refusal);
});
