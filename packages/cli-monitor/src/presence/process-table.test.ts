import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { startInStat } from "./linux-processes.ts";
import { processTable } from "./process-table.ts";
import { parseStarts, psProcessTable } from "./ps-processes.ts";

/** A line of /proc/<pid>/stat with this name, state and start. */
function stat(name: string, state: string, start: string): string {
  return `4711 (${name}) ${state} 1 4711 4711 0 -1 4194304 100 0 0 0 1 2 3 4 20 0 1 0 ${start} 1000 200 18446744073709551615\n`;
}

test.each(["node", "a (b) c", ") S 9 9 9", "x) R 1 (", "tmux: server", "new\nline)", "", ")"])(
  "the start is found behind the name %j",
  (name) => {
    expect(startInStat(stat(name, "S", "566776"))).toBe("566776");
  },
);

test.each(["Z", "X", "x"])("a process in state %s has ended", (state) => {
  expect(startInStat(stat("node", state, "566776"))).toBeNull();
});

test("a stat that is cut off tells no start", () => {
  expect(startInStat("4711 (node) S 1 4711")).toBe("");
  expect(startInStat("")).toBe("");
});

test.runIf(process.platform === "linux")("a process of this host has the start that the system gives it", () => {
  const table = processTable();
  const own = readFileSync("/proc/self/stat", "latin1");
  expect(own.slice(own.lastIndexOf(")")).split(" ")[20]).toBe(table.start(process.pid));
  expect(table.start(process.pid)).toMatch(/^\d+$/);
  expect(table.domain.boot).toMatch(/^[0-9a-f-]{36}$/);
  expect(table.domain.pidNamespace).toMatch(/^pid:\[\d+\]$/);
});

test.runIf(process.platform === "linux")(
  "a process that was killed is gone, also before its parent looks",
  async () => {
    const table = processTable();
    const child = spawn(process.execPath, ["-e", "setInterval(() => {}, 60000)"]);
    const pid = child.pid as number;
    expect(table.start(pid)).toMatch(/^\d+$/);
    child.kill("SIGKILL");
    await once(child, "exit");
    expect(table.start(pid)).toBeNull();
  },
);

test("words of ps are read whatever surrounds them", () => {
  const text = "  812 Sun Nov 22 09:40:58 2026  \n\n 7 Mon Jan  5 00:00:01 2026\nps: nothing\n";
  expect([...parseStarts(text)]).toEqual([
    [812, "Sun Nov 22 09:40:58 2026"],
    [7, "Mon Jan  5 00:00:01 2026"],
  ]);
});

test("without /proc new processes are looked up together, once, and not more often than every two seconds", async () => {
  let now = 0;
  const calls: (readonly number[])[] = [];
  const listStarts = async (pids: readonly number[]) => {
    calls.push(pids);
    return pids.map((pid) => `${pid} Sun Nov 22 09:40:58 2026`).join("\n");
  };
  const table = psProcessTable(listStarts, () => now);
  const [own, parent] = [process.pid, process.ppid];
  expect(table.start(own)).toBeUndefined();
  await Promise.all([table.refresh([own, own]), table.refresh([own])]);
  expect(table.start(own)).toBe("Sun Nov 22 09:40:58 2026");
  expect(calls).toEqual([[own]]);
  await table.refresh([own, parent]);
  now = 1_999;
  await table.refresh([own, parent]);
  expect(calls).toEqual([[own]]);
  now = 2_000;
  await table.refresh([own, parent]);
  expect(calls).toEqual([[own], [parent]]);
  now = 10_000;
  await table.refresh([own, parent]);
  expect(calls).toHaveLength(2);
});

test("a tool that fails tells nothing, and one that hides a process says so", async () => {
  let now = 0;
  let answer = async (): Promise<string> => {
    throw new Error("no ps");
  };
  const table = psProcessTable(
    () => answer(),
    () => now,
  );
  await table.refresh([process.pid]);
  expect(table.start(process.pid)).toBeUndefined();
  answer = async () => "1 Sun Nov 22 09:40:58 2026";
  now = 5_000;
  await table.refresh([process.pid]);
  expect(table.start(process.pid)).toBe("");
});

test("where there is no such tool, a process exists or does not", async () => {
  const table = psProcessTable(null);
  const child = spawn(process.execPath, ["-e", "setInterval(() => {}, 60000)"]);
  expect(table.tellsStarts).toBe(false);
  expect(table.start(child.pid as number)).toBe("");
  child.kill("SIGKILL");
  await once(child, "exit");
  expect(table.start(child.pid as number)).toBeNull();
});
