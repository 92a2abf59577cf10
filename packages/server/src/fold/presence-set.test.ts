import type { Presence } from "@agentpane/protocol";
import fc from "fast-check";
import { expect, test } from "vitest";
import { presenceOf } from "../test-presence.ts";
import { isAfter, weighed } from "./presence.ts";
import { afterFrame, type KnownProcess, skewOf } from "./presence-set.ts";

const T = Date.UTC(2026, 9, 20, 12);

function said(presences: Presence[], { full = true, gone = [] as { session: string; pid: number }[] } = {}) {
  return { full, presences, gone };
}

const alive = afterFrame("m", [], said([presenceOf("s", T)]), 0);
const dead = afterFrame("m", alive, said([presenceOf("s", T, { life: "dead", lifeAt: T + 9 })]), 0);

test("times of a frame are moved to the server's clock", () => {
  const [known] = afterFrame("m", [], said([presenceOf("s", T, { startedAt: null })]), 5_000);
  expect(known).toMatchObject({ lifeAt: T + 5_000, statusAt: T + 5_000, startedAt: null, skewMs: 5_000 });
  if (known === undefined) throw new Error("no process");
  // A line carries the machine's own time: two hours behind or not, the difference is taken off before comparing.
  const process = { ...known, lostAt: null };
  expect([isAfter(T, T + 5_000, process), isAfter(T + 1, T + 5_000, process)]).toEqual([false, true]);
});

test.each<[string, KnownProcess[], ReturnType<typeof said>, string[]]>([
  ["a full set without a living process takes it away", alive, said([]), []],
  ["a change that does not name a living process leaves it", alive, said([], { full: false }), ["alive"]],
  [
    "a process that is no longer worth telling goes",
    alive,
    said([], { full: false, gone: [{ session: "s", pid: 4711 }] }),
    [],
  ],
  ["an end that was seen outlives the set that told it", dead, said([]), ["dead"]],
  [
    "an end that was seen stays where it is no longer told",
    dead,
    said([], { full: false, gone: [{ session: "s", pid: 4711 }] }),
    ["dead"],
  ],
  [
    "a monitor that never saw the process says nothing against its end",
    dead,
    said([presenceOf("s", T, { life: "unproven" })]),
    ["dead"],
  ],
  [
    "a monitor that never saw the process cannot keep it alive",
    alive,
    said([presenceOf("s", T, { life: "unproven" })]),
    [],
  ],
  ["the same process alive takes its end back", dead, said([presenceOf("s", T)]), ["alive"]],
  [
    "another process of the same number does not, but lives beside it",
    dead,
    said([presenceOf("s", T, { procStart: "999" })]),
    ["alive", "dead"],
  ],
])("%s", (_what, before, frame, lives) => {
  expect(afterFrame("m", before, frame, 0).map(({ life }) => life)).toEqual(lives);
});

test("what a process did before is remembered, and not by a word that is told twice", () => {
  const shell = afterFrame("m", [], said([presenceOf("s", T, { status: "shell" })]), 0);
  const idle = afterFrame("m", shell, said([presenceOf("s", T, { status: "idle" })]), 0);
  const again = afterFrame("m", idle, said([presenceOf("s", T, { status: "idle" })]), 0);
  expect([shell, idle, again].map(([known]) => known?.statusBefore)).toEqual([null, "shell", "shell"]);
});

test("of several ends only the last is kept", () => {
  const ends = [1, 3, 2].map((n) => presenceOf("s", T, { pid: n, life: "dead", lifeAt: T + n }));
  expect(afterFrame("m", [], said(ends), 0)).toMatchObject([{ pid: 3 }]);
});

test("one process that two roots tell of counts once, by the fresher word", () => {
  const told = [presenceOf("s", T, { status: "idle" }), presenceOf("s", T, { root: "/b", statusAt: T + 1 })];
  expect(afterFrame("m", [], said(told), 0)).toMatchObject([{ status: "busy" }]);
  expect(afterFrame("m", [], said(told.toReversed()), 0)).toMatchObject([{ status: "busy" }]);
});

test.each<[string, number, number | null, number]>([
  ["the first frame's is taken", 40, null, 40],
  ["a frame that came a little sooner or later changes nothing", 60, 40, 40],
  ["one that came much sooner tells the truth better", -300, 40, -300],
  ["one that was long on its way is not believed", 4_000, 40, 40],
  ["a clock that was set is", 3_600_000, 40, 3_600_000],
])("difference of clocks: %s", (_what, took, known, skew) => {
  expect(skewOf(T, T + took, known)).toBe(skew);
});

const anyPresence = fc
  .record({
    pid: fc.integer({ min: 1, max: 3 }),
    procStart: fc.constantFrom("a", "b"),
    life: fc.constantFrom("alive", "dead", "moved", "unproven"),
    lifeAt: fc.integer({ min: T, max: T + 5 }),
    status: fc.constantFrom("busy", "idle", null),
    statusAt: fc.option(fc.integer({ min: T, max: T + 5 }), { nil: null }),
    root: fc.constantFrom("/a", "/b"),
  })
  .map((changes) => presenceOf("s", T, changes as Partial<Presence>));

test("a frame that is told twice changes nothing the second time, and its order does not matter", () => {
  const frames = fc.record({
    full: fc.boolean(),
    presences: fc.uniqueArray(anyPresence, { selector: ({ pid, procStart }) => `${pid}${procStart}`, maxLength: 5 }),
    gone: fc.array(fc.record({ session: fc.constant("s"), pid: fc.integer({ min: 1, max: 3 }) }), { maxLength: 2 }),
  });
  fc.assert(
    fc.property(fc.array(frames, { maxLength: 6 }), frames, (earlier, last) => {
      const before = earlier.reduce<KnownProcess[]>((known, frame) => afterFrame("m", known, frame, 0), []);
      const after = afterFrame("m", before, last, 0);
      const sorted = (known: KnownProcess[]) => weighed(known.map((one) => ({ ...one, lostAt: null })));
      expect(sorted(afterFrame("m", after, last, 0))).toEqual(sorted(after));
      const turned = { ...last, presences: last.presences.toReversed(), gone: last.gone.toReversed() };
      expect(sorted(afterFrame("m", before, turned, 0))).toEqual(sorted(after));
    }),
  );
});
