import { openSync } from "node:fs";
import { expect, onTestFinished, test, vi } from "vitest";
import { MonitorProcess } from "./monitor-process.ts";
import { isRunning } from "./test-command.ts";

const NULL = openSync("/dev/null", "w");
const PATIENCE = { timeout: 10_000, interval: 20 };

function child(script: string): { monitor: MonitorProcess; restarts: string[] } {
  const restarts: string[] = [];
  const monitor = new MonitorProcess({
    args: [],
    output: NULL,
    onRestart: (why, inMs) => restarts.push(`${why} ${inMs}`),
    program: [process.execPath, "-e", script],
  });
  onTestFinished(() => monitor[Symbol.asyncDispose]());
  return { monitor, restarts };
}

test("a child that dies at once is started again after 1 s, 2 s, 4 s and so on up to 30 s", async () => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  onTestFinished(() => void vi.useRealTimers());
  const { restarts } = child("process.exit(3)");
  const waits = [1, 2, 4, 8, 16, 30, 30];
  for (const [at] of waits.entries()) {
    await vi.waitUntil(() => restarts.length === at + 1, PATIENCE);
    vi.advanceTimersByTime(30_000);
  }
  expect(restarts.slice(0, waits.length)).toEqual(waits.map((seconds) => `code 3 ${seconds * 1_000}`));
});

test("a child that ends when its channel closes is let go in peace", async () => {
  const { monitor, restarts } = child("process.on('disconnect', () => process.exit(0)); setInterval(() => {}, 1000)");
  const { pid } = monitor;
  expect(pid).toBeGreaterThan(0);
  await monitor[Symbol.asyncDispose]();
  expect(isRunning(pid ?? 0)).toBe(false);
  expect(restarts).toEqual([]);
});

test("a child that does not end is killed", async () => {
  const { monitor } = child("process.on('SIGTERM', () => {}); setInterval(() => {}, 1000)");
  const { pid } = monitor;
  await monitor[Symbol.asyncDispose]();
  expect(isRunning(pid ?? 0)).toBe(false);
});

test("a program that cannot be started is reported, not thrown", async () => {
  const restarts: string[] = [];
  const monitor = new MonitorProcess({
    args: [],
    output: NULL,
    onRestart: (why) => restarts.push(why),
    program: ["/nowhere/no-such-program"],
  });
  await expect.poll(() => restarts.length, PATIENCE).toBe(1);
  expect(restarts[0]).toContain("ENOENT");
  await monitor[Symbol.asyncDispose]();
});

test("a token in the environment is not the monitor's", async () => {
  process.env.AGENTPANE_TOKEN = "of something else";
  onTestFinished(() => {
    delete process.env.AGENTPANE_TOKEN;
  });
  const { restarts } = child("process.exit(process.env.AGENTPANE_TOKEN === undefined ? 7 : 8)");
  await expect.poll(() => restarts[0], PATIENCE).toBe("code 7 1000");
});
