import type { RegistryEntry } from "@agentpane/agents";
import { type Presence, presence as presenceSchema } from "@agentpane/protocol";
import { expect, test } from "vitest";
import { decide, type KnownPresences, keyOf, type RegistryFile } from "./decide.ts";

const SEEDS = 300;
const STEPS = 60;
const ROOTS = ["/a", "/b"] as const;
const HERE = "pid:[1]";

/** Mulberry32: small, and the same on every machine. */
function randomOf(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}

/** A machine on which anything may happen, and what really became of each process. */
class World {
  readonly files = new Map<string, RegistryFile>();
  readonly processes = new Map<number, string>();
  /** Every process that ever ran here, by pid and start. */
  readonly ran = new Set<string>();
  now = 1_000_000;
  #ticks = 0;
  readonly #random: (below: number) => number;

  constructor(random: (below: number) => number) {
    this.#random = random;
  }

  step(): void {
    const random = this.#random;
    this.now += random(3) === 0 ? random(900_000) : random(3_000);
    const pid = 1 + random(4);
    const root = ROOTS[random(2)] as string;
    const path = `${root} ${pid}`;
    switch (random(9)) {
      case 0:
      case 1:
        return this.#start(pid, root);
      case 2:
        this.processes.delete(pid);
        return;
      case 3:
        this.files.delete(path);
        this.processes.delete(pid);
        return;
      case 4:
        this.files.delete(path);
        return;
      case 5:
        return this.#write(path, { session: `s${random(5)}` });
      case 6:
        return this.#write(path, { status: (["busy", "idle", "waiting", null] as const)[random(4)] as "busy" | null });
      case 7: {
        const copied = this.files.get(path);
        const other = root === "/a" ? "/b" : "/a";
        if (copied !== undefined) this.files.set(`${other} ${pid}`, { ...copied, root: other });
        return;
      }
      case 8:
        this.files.set(path, random(2) === 0 ? this.#foreign(pid, root) : { root, pid, entry: null });
    }
  }

  look(before: KnownPresences) {
    const start = (pid: number) => this.processes.get(pid) ?? null;
    return decide(before, [...this.files.values()], { start, tellsStarts: true, pidNamespace: HERE }, this.now);
  }

  #start(pid: number, root: string): void {
    if (this.processes.has(pid)) return;
    this.#ticks += 1 + this.#random(50);
    const procStart = String(this.#ticks);
    this.processes.set(pid, procStart);
    this.ran.add(`${pid} ${procStart}`);
    const entry = {
      ...EMPTY,
      pid,
      session: `s${this.#random(5)}`,
      procStart,
      startedAt: this.now,
      writtenAt: this.now,
    };
    this.files.set(`${root} ${pid}`, { root, pid, entry });
  }

  #write(path: string, said: Partial<RegistryEntry>): void {
    const file = this.files.get(path);
    if (file?.entry != null) {
      const entry = { ...file.entry, ...said, statusAt: this.now, writtenAt: this.now };
      this.files.set(path, { ...file, entry });
    }
  }

  #foreign(pid: number, root: string): RegistryFile {
    // The same pid and start as a process here, by the worst of chances.
    const procStart = this.processes.get(pid) ?? "77";
    return { root, pid, entry: { ...EMPTY, pid, session: "foreign", procStart, pidNamespace: "pid:[2]" } };
  }
}

const EMPTY: RegistryEntry = {
  pid: 1,
  session: "s",
  procStart: "1",
  pidNamespace: HERE,
  status: null,
  waitingFor: null,
  statusAt: null,
  startedAt: null,
  writtenAt: null,
  kind: null,
  entrypoint: null,
  agentVersion: null,
  name: null,
};

/** Runs every world, and `check` after each look. */
function everywhere(check: (world: World, known: KnownPresences, told: Map<string, Presence>) => void): number {
  let checked = 0;
  for (let seed = 1; seed <= SEEDS; seed += 1) {
    const random = randomOf(seed);
    const world = new World(random);
    const told = new Map<string, Presence>();
    let known: KnownPresences = new Map();
    for (let step = 0; step < STEPS; step += 1) {
      world.step();
      if (random(3) === 0) continue;
      const decision = world.look(known);
      known = decision.known;
      for (const { session, pid } of decision.gone) told.delete(keyOf({ session, pid }));
      for (const presence of decision.changed) told.set(keyOf(presence), presence);
      check(world, known, told);
      checked += known.size;
    }
  }
  return checked;
}

test("whatever happens, alive means running now, and no running process is called dead", () => {
  let alive = 0;
  everywhere((world, known) => {
    for (const { pid, procStart, life } of known.values()) {
      const runs = world.processes.get(pid) === procStart;
      if (life === "alive") alive += 1;
      if (life === "alive" && !runs) throw new Error("a process that is gone is called alive");
      if (life === "dead" && runs) throw new Error("a process that runs is called dead");
    }
  });
  expect(alive).toBeGreaterThan(1_000);
});

test("whatever happens, only processes that ran here are called dead or moved", () => {
  let ended = 0;
  everywhere((world, known) => {
    for (const { session, pid, procStart, life } of known.values()) {
      if (life !== "dead" && life !== "moved") continue;
      ended += 1;
      if (session === "foreign") throw new Error("another namespace's process is judged");
      if (!world.ran.has(`${pid} ${procStart}`)) throw new Error("a process that never ran is judged");
    }
  });
  expect(ended).toBeGreaterThan(1_000);
});

test("whatever happens, a process lives with one session at most", () => {
  const checked = everywhere((_world, known) => {
    const pids = [...known.values()].filter(({ life }) => life === "alive").map(({ pid }) => pid);
    if (new Set(pids).size !== pids.length) throw new Error("a process lives twice");
  });
  expect(checked).toBeGreaterThan(1_000);
});

test("whatever happens, changes add up to the whole set, and each is of the protocol", () => {
  const checked = everywhere((_world, known, told) => {
    const whole = [...known].map(([key, { fileGoneAt: _, ...presence }]) => [key, presenceSchema.parse(presence)]);
    expect(Object.fromEntries(told)).toEqual(Object.fromEntries(whole));
  });
  expect(checked).toBeGreaterThan(1_000);
});

test("looking twice says nothing new", () => {
  const checked = everywhere((world, known) => {
    const again = world.look(known);
    expect(again).toMatchObject({ changed: [], gone: [] });
    expect(again.known).toEqual(known);
  });
  expect(checked).toBeGreaterThan(1_000);
});
