import type { RegistryEntry } from "@agentpane/agents";
import { MAX_PRESENCES, type Presence } from "@agentpane/protocol";
import { expect, test } from "vitest";
import {
  type Decision,
  decide,
  FILE_GONE_MS,
  KEEP_ENDED_MS,
  type Known,
  type Processes,
  type RegistryFile,
} from "./decide.ts";
import type { Start } from "./process-table.ts";

const ROOT = "/home/dev/.claude";
const HERE = "pid:[1]";

function entry(said: Partial<RegistryEntry> = {}): RegistryEntry {
  return {
    pid: 7,
    session: "one",
    procStart: "100",
    pidNamespace: HERE,
    status: "busy",
    waitingFor: null,
    statusAt: 1000,
    startedAt: 900,
    writtenAt: 1000,
    kind: "interactive",
    entrypoint: "cli",
    agentVersion: "2.1.330",
    name: null,
    ...said,
  };
}

function file(said: Partial<RegistryEntry> = {}, place: Partial<RegistryFile> = {}): RegistryFile {
  return { root: ROOT, pid: said.pid ?? 7, entry: entry(said), ...place };
}

/** A machine whose files and processes a test changes; looks at it like a monitor does. */
class Machine {
  files: RegistryFile[] = [];
  starts: Record<number, Start> = {};
  tellsStarts = true;
  now = 10_000;
  last: Decision = { known: new Map<string, Known>(), changed: [], gone: [] };

  look(afterMs = 0): this {
    this.now += afterMs;
    const processes: Processes = {
      start: (pid) => (pid in this.starts ? this.starts[pid] : null),
      tellsStarts: this.tellsStarts,
      pidNamespace: HERE,
    };
    this.last = decide(this.last.known, this.files, processes, this.now);
    return this;
  }

  get lives(): Record<string, Presence["life"]> {
    return Object.fromEntries([...this.last.known.values()].map(({ session, life }) => [session, life]));
  }

  one(session = "one"): Known | undefined {
    return [...this.last.known.values()].find((known) => known.session === session);
  }
}

function machine(files: RegistryFile[], starts: Record<number, Start>): Machine {
  return Object.assign(new Machine(), { files, starts }).look();
}

const running = () => machine([file()], { 7: "100" });

test("a process that began when its entry says is alive, and says what it does", () => {
  const { last } = running();
  expect(last.changed).toEqual([
    {
      root: ROOT,
      session: "one",
      pid: 7,
      procStart: "100",
      life: "alive",
      lifeAt: 10_000,
      status: "busy",
      waitingFor: null,
      statusAt: 1000,
      startedAt: 900,
      kind: "interactive",
      entrypoint: "cli",
      agentVersion: "2.1.330",
      name: null,
    },
  ]);
});

test("what did not change is not told again", () => {
  expect(running().look(5_000).last).toMatchObject({ changed: [], gone: [] });
});

test("a new status is told, and life is as old as it was", () => {
  const here = running();
  here.files = [file({ status: "waiting", waitingFor: "permission prompt", statusAt: 2000 })];
  expect(here.look(50).last.changed).toMatchObject([
    { status: "waiting", waitingFor: "permission prompt", statusAt: 2000, lifeAt: 10_000 },
  ]);
});

test("kill -9 leaves the file: dead all the same, and for as long as the file is there", () => {
  const here = running();
  here.starts = {};
  expect(here.look(2_000).last.changed).toMatchObject([{ life: "dead", lifeAt: 12_000, status: "busy" }]);
  expect(here.look(KEEP_ENDED_MS * 3).last.changed).toEqual([]);
  expect(here.lives).toEqual({ one: "dead" });
});

test("a clean exit takes the file away first, and is dead once the process is gone", () => {
  const here = running();
  here.files = [];
  expect(here.look(10).last.changed).toEqual([]);
  here.starts = {};
  expect(here.look(250).last.changed).toMatchObject([{ life: "dead" }]);
});

test("one that ended is told for ten minutes after its file is gone, and then no more", () => {
  const here = running();
  here.files = [];
  here.starts = {};
  here.look().look(KEEP_ENDED_MS - 1);
  expect(here.lives).toEqual({ one: "dead" });
  expect(here.look(1).last.gone).toEqual([{ session: "one", pid: 7 }]);
  expect(here.lives).toEqual({});
});

test("a file that is away while its process lives soon says nothing, and life goes on", () => {
  const here = running();
  here.files = [];
  here.look().look(FILE_GONE_MS - 1);
  expect(here.one()).toMatchObject({ life: "alive", status: "busy" });
  here.look(1);
  expect(here.one()).toMatchObject({ life: "alive", status: null, waitingFor: null, statusAt: null });
});

test("a file that is taken away and made again at once changes nothing", () => {
  const here = running();
  here.files = [];
  expect(here.look(5).last.changed).toEqual([]);
  here.files = [file()];
  expect(here.look(5).last.changed).toEqual([]);
  expect(here.look(FILE_GONE_MS * 2).last.changed).toEqual([]);
});

test("a pid that passed to another process is not the one that was meant", () => {
  const here = running();
  here.starts = { 7: "500" };
  expect(here.look(2_000).lives).toEqual({ one: "dead" });
});

test("a pid that passed to another agent is dead as the one and alive as the other", () => {
  const here = running();
  here.files = [file({ session: "two", procStart: "500" })];
  here.starts = { 7: "500" };
  expect(here.look().lives).toEqual({ one: "dead", two: "alive" });
});

test("a session that is resumed under the same pid is alive anew", () => {
  const here = running();
  here.starts = {};
  here.look(1_000);
  here.files = [file({ procStart: "500" })];
  here.starts = { 7: "500" };
  expect(here.look(1_000).last.changed).toMatchObject([{ life: "alive", lifeAt: 12_000, procStart: "500" }]);
});

test("/clear moves the process to a new session, and going back moves it back", () => {
  const here = running();
  here.files = [file({ session: "two" })];
  expect(here.look(10).lives).toEqual({ one: "moved", two: "alive" });
  here.files = [file()];
  expect(here.look(10).lives).toEqual({ one: "alive", two: "moved" });
  expect(here.one()).toMatchObject({ lifeAt: 10_020 });
});

test("/clear and the end between two looks: the new session is dead, since its process was seen", () => {
  const here = running();
  here.files = [file({ session: "two" })];
  here.starts = {};
  expect(here.look(2_000).lives).toEqual({ one: "dead", two: "dead" });
});

test("an entry whose process was never seen proves nothing", () => {
  expect(machine([file()], {}).lives).toEqual({ one: "unproven" });
  expect(machine([file()], { 7: "99" }).lives).toEqual({ one: "unproven" });
});

test("an unproven entry that goes away is told to be gone", () => {
  const here = machine([file()], {});
  here.files = [];
  expect(here.look().last.gone).toEqual([{ session: "one", pid: 7 }]);
});

test("an entry of another pid namespace proves nothing, even where pid and start agree", () => {
  const foreign = file({ pidNamespace: "pid:[2]" });
  expect(machine([foreign], { 7: "100" }).lives).toEqual({ one: "unproven" });
  expect(machine([foreign], {}).look(60_000).lives).toEqual({ one: "unproven" });
  expect(machine([foreign], { 7: undefined }).lives).toEqual({ one: "unproven" });
});

test("an entry that does not say its namespace counts by pid and start", () => {
  expect(machine([file({ pidNamespace: null })], { 7: "100" }).lives).toEqual({ one: "alive" });
});

test("an entry without a start proves nothing where starts can be told", () => {
  expect(machine([file({ procStart: "" })], { 7: "100" }).lives).toEqual({ one: "unproven" });
});

test("a start that is hidden from us leaves what was known", () => {
  const here = running();
  here.starts = { 7: "" };
  expect(here.look(2_000).last.changed).toEqual([]);
  expect(here.lives).toEqual({ one: "alive" });
});

test("a process that is still being looked up is not spoken of", () => {
  const here = machine([file()], { 7: undefined });
  expect(here.last.changed).toEqual([]);
  here.starts = { 7: "100" };
  expect(here.look().lives).toEqual({ one: "alive" });
});

test("where the system tells no starts, a process counts as long as it exists", () => {
  const here = machine([], { 7: "" });
  here.tellsStarts = false;
  here.files = [file()];
  expect(here.look().lives).toEqual({ one: "alive" });
  here.starts = {};
  expect(here.look().lives).toEqual({ one: "dead" });
});

test("an unreadable file is not believed: what was known stays, and death is still death", () => {
  const here = running();
  here.files = [file({}, { entry: null })];
  expect(here.look(FILE_GONE_MS * 10).last.changed).toEqual([]);
  here.starts = {};
  expect(here.look().lives).toEqual({ one: "dead" });
  expect(machine([file({}, { entry: null })], { 7: "100" }).last.changed).toEqual([]);
});

test("an unreadable file in another root says nothing of this one", () => {
  const here = running();
  here.files = [file({}, { entry: null, root: "/other" })];
  here.look(0).look(FILE_GONE_MS);
  expect(here.one()).toMatchObject({ life: "alive", status: null });
});

test("a file that speaks of another pid than its name is not believed", () => {
  expect(machine([file({ pid: 8 }, { pid: 7 })], { 7: "100", 8: "100" }).last.changed).toEqual([]);
});

test("a monitor that starts again with what the one before it saw may say who died", () => {
  const before = running();
  const after = Object.assign(new Machine(), { now: 60_000 });
  after.last = { known: before.last.known, changed: [], gone: [] };
  expect(after.look().last.changed).toMatchObject([{ session: "one", life: "dead", lifeAt: 60_000 }]);
  const without = Object.assign(new Machine(), { files: [file()] });
  expect(without.look().lives).toEqual({ one: "unproven" });
});

test("two roots have their own processes", () => {
  const files = [file(), file({ pid: 8, session: "two", procStart: "200" }, { root: "/other" })];
  const here = machine(files, { 7: "100", 8: "200" });
  expect(here.last.changed.map(({ root, session }) => [root, session])).toEqual([
    [ROOT, "one"],
    ["/other", "two"],
  ]);
});

test("of a home and its copy, the one that goes on being written speaks for the process", () => {
  const copy = file({ status: "idle", writtenAt: 500 }, { root: "/copy" });
  for (const files of [
    [copy, file()],
    [file(), copy],
  ]) {
    expect([...machine(files, { 7: "100" }).last.known.values()]).toMatchObject([{ root: ROOT, status: "busy" }]);
  }
});

test("what a copied home says of a process that went on to another session is not its life", () => {
  const copy = file({ session: "old", writtenAt: 500 }, { root: "/copy" });
  expect(machine([copy, file()], { 7: "100" }).lives).toEqual({ one: "alive", old: "moved" });
});

test("a session may run in two processes", () => {
  const here = machine([file(), file({ pid: 8, procStart: "200" })], { 7: "100", 8: "200" });
  expect([...here.last.known.values()].map(({ pid, life }) => [pid, life])).toEqual([
    [7, "alive"],
    [8, "alive"],
  ]);
  here.starts = { 8: "200" };
  expect(here.look().last.changed).toMatchObject([{ pid: 7, life: "dead" }]);
});

test("of more processes than the protocol carries, the living stay", () => {
  const files = Array.from({ length: MAX_PRESENCES + 50 }, (_, n) =>
    file({ pid: n + 1, session: `s${n}`, procStart: String(n) }),
  );
  const here = machine(files, { [MAX_PRESENCES + 50]: String(MAX_PRESENCES + 49) });
  expect(here.last.known.size).toBe(MAX_PRESENCES);
  expect(here.one(`s${MAX_PRESENCES + 49}`)).toMatchObject({ life: "alive" });
});
