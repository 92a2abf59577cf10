import { expect, test } from "vitest";
import { runWithProgress } from "./progress.mjs";

const run = (code: string, timeoutMs?: number) =>
  runWithProgress("test", process.execPath, ["-e", code], {
    cwd: process.cwd(),
    quiet: true,
    ...(timeoutMs ? { timeoutMs } : {}),
  });

test("exit code and both outputs of a command come back", async () => {
  const { code, output } = await run("console.log('out'); console.error('err'); process.exitCode = 3");
  expect(code).toBe(3);
  expect(output).toContain("out");
  expect(output).toContain("err");
});

test("a command that a signal ended has failed", async () => {
  expect((await run("process.kill(process.pid, 'SIGKILL')")).code).toBe(1);
});

test("a command that does not end in time is ended, and that is said", async () => {
  const { code, output } = await run("setInterval(() => {}, 1000)", 200);
  expect(code).toBe(1);
  expect(output).toContain("ended: still running");
});

test("a command that is not there has failed", async () => {
  const { code, output } = await runWithProgress("test", "no-such-command-here", [], {
    cwd: process.cwd(),
    quiet: true,
  });
  expect(code).toBe(127);
  expect(output).toContain("no-such-command-here");
});
