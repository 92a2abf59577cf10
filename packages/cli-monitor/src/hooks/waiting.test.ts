import type { Presence } from "@agentpane/protocol";
import { expect, test } from "vitest";
import { type Settlement, WaitingWatch } from "./waiting.ts";

const OPENED = 10_000;
type Step = [at: number, said: Partial<Presence> | undefined];

function last(steps: Step[]): Settlement {
  const watch = new WaitingWatch(OPENED);
  let settled: Settlement = null;
  for (const [at, said] of steps) {
    const presence: Presence = {
      ...{
        root: "/r",
        session: "s",
        pid: 1,
        procStart: "1",
        life: "alive",
        lifeAt: 0,
        status: "busy",
        waitingFor: null,
      },
      ...{ statusAt: 0, startedAt: 0, kind: null, entrypoint: "cli", agentVersion: null, name: null, ...said },
    };
    settled = watch.next(said === undefined ? undefined : presence, OPENED + at);
  }
  return settled;
}
const busy: Partial<Presence> = { status: "busy" };
const waiting = (at: number): Partial<Presence> => ({ status: "waiting", statusAt: OPENED + at });

test.each<[string, Step[], Settlement]>([
  [
    "busy as before: the word of the dialog is still on its way",
    [
      [0, busy],
      [300, busy],
    ],
    null,
  ],
  [
    "waiting",
    [
      [0, busy],
      [60, waiting(60)],
      [5_000, waiting(60)],
    ],
    null,
  ],
  [
    "waiting, then busy",
    [
      [60, waiting(60)],
      [900, busy],
      [1_100, busy],
    ],
    "answered",
  ],
  [
    "waiting, then idle, as by Escape",
    [
      [60, waiting(60)],
      [900, { status: "idle" }],
      [1_100, { status: "idle" }],
    ],
    "answered",
  ],
  [
    "a moment between two dialogs of one session",
    [
      [60, waiting(60)],
      [900, busy],
      [960, waiting(960)],
    ],
    null,
  ],
  [
    "the dialog before, left after this one was opened",
    [
      [0, waiting(-4_000)],
      [40, busy],
      [400, busy],
    ],
    null,
  ],
  [
    "one after the other without a gap",
    [
      [0, waiting(-4_000)],
      [600, waiting(-4_000)],
      [900, busy],
      [1_100, busy],
    ],
    "answered",
  ],
  [
    "waiting said before the hook came, as of a command hook",
    [
      [0, waiting(-200)],
      [600, waiting(-200)],
      [700, busy],
      [900, busy],
    ],
    "answered",
  ],
  [
    "nothing said any more",
    [
      [60, waiting(60)],
      [900, { status: null }],
      [1_500, { status: null }],
    ],
    null,
  ],
  [
    "a dead process",
    [
      [0, busy],
      [500, { life: "dead" }],
    ],
    "ended",
  ],
  [
    "a process that went to another session",
    [
      [0, busy],
      [500, { life: "moved" }],
    ],
    "ended",
  ],
  [
    "a process that is no longer told of",
    [
      [0, busy],
      [500, undefined],
    ],
    "ended",
  ],
  [
    "a process that was never told of",
    [
      [0, undefined],
      [500, undefined],
    ],
    null,
  ],
  [
    "a process of another host, as far as one can tell",
    [
      [0, { life: "unproven" }],
      [500, undefined],
    ],
    null,
  ],
])("what the registry says of an open request: %s", (_name, steps, settlement) => {
  expect(last(steps)).toBe(settlement);
});
