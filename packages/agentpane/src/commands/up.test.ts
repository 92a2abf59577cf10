import { readFileSync, statSync, writeFileSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { expect, test, vi } from "vitest";
import { childrenOf, isRunning, type Running, type TestHome, testHome } from "../test-command.ts";

// Whole programs are started here, on cores that other tests want too.
vi.setConfig({ testTimeout: 60_000 });

const SESSION = "20260000-0000-4000-8000-000000000001";
const PATIENCE = { timeout: 40_000, interval: 50 };

interface Up {
  up: Running;
  url: string;
  address: string;
}

async function isUp(home: TestHome, ...flags: string[]): Promise<Up> {
  const up = home.start(["up", "--no-open", "--port", "0", "--json", ...flags]);
  const [line] = await up.said(/^\{.*\}$/m);
  return { up, ...JSON.parse(line) };
}

async function writeSession(home: TestHome): Promise<void> {
  const folder = join(home.config, "projects", "-home-dev-shop");
  await mkdir(folder, { recursive: true });
  const line = {
    type: "user",
    uuid: "20260000-0000-4000-8000-00000000000a",
    parentUuid: null,
    sessionId: SESSION,
    timestamp: new Date().toISOString(),
    cwd: "/home/dev/shop",
    gitBranch: "main",
    version: "2.1.330",
    userType: "external",
    isSidechain: false,
    message: { role: "user", content: "Fix the cart total" },
  };
  writeFileSync(join(folder, `${SESSION}.jsonl`), `${JSON.stringify(line)}\n`);
}

/** The monitor that `up` started. */
async function monitorOf(up: Running): Promise<number> {
  await expect.poll(() => childrenOf(up.pid).length, PATIENCE).toBe(1);
  return childrenOf(up.pid)[0] ?? 0;
}

test("one command shows a person's own sessions, through a link that is good once", async () => {
  await using home = testHome();
  await writeSession(home);
  const { url, address } = await isUp(home, "--name", "my desk");
  const list = async () => JSON.parse((await home.run("sessions", "--json")).out).sessions;
  await expect
    .poll(list, PATIENCE)
    .toMatchObject([
      { id: SESSION, goal: "Fix the cart total", project: "shop", branch: "main", machine: { name: "my desk" } },
    ]);
  expect((await home.run("sessions")).out).toMatch(/Fix the cart total +shop · main +my desk/);
  const [, code] = url.split("#code=");
  const login = () =>
    fetch(`${address}/api/v1/login`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ code }),
    });
  expect(await (await login()).json()).toMatchObject({ role: "admin" });
  expect((await login()).status).toBe(401);
  expect(statSync(join(home.data, "monitor.token")).mode & 0o777).toBe(0o600);
  expect(readFileSync(join(home.data, "agentpane.log"), "utf8")).not.toContain("Fix the cart");
});

test("Ctrl-C ends server and monitor", async () => {
  await using home = testHome();
  const { up } = await isUp(home);
  const monitor = await monitorOf(up);
  up.process.kill("SIGINT");
  expect((await up.ended).code).toBe(0);
  await expect.poll(() => isRunning(monitor), PATIENCE).toBe(false);
});

test("a second Ctrl-C ends it at once, and the monitor follows", async () => {
  await using home = testHome();
  const { up } = await isUp(home);
  const monitor = await monitorOf(up);
  // A monitor that does not react keeps the first stop waiting.
  process.kill(monitor, "SIGSTOP");
  up.process.kill("SIGINT");
  await up.said(/Stopping/);
  up.process.kill("SIGINT");
  await up.ended;
  expect(up.process.signalCode).toBe("SIGINT");
  process.kill(monitor, "SIGCONT");
  await expect.poll(() => isRunning(monitor), PATIENCE).toBe(false);
});

test("a killed server takes its monitor along", async () => {
  await using home = testHome();
  const { up } = await isUp(home);
  const monitor = await monitorOf(up);
  up.process.kill("SIGKILL");
  await up.ended;
  await expect.poll(() => isRunning(monitor), PATIENCE).toBe(false);
});

test("a monitor that dies is started again, and a person is told", async () => {
  await using home = testHome();
  const { up } = await isUp(home);
  const first = await monitorOf(up);
  process.kill(first, "SIGKILL");
  await up.said(/The monitor stopped \(SIGKILL\); it starts again in 1 s/);
  await expect.poll(() => childrenOf(up.pid).filter((pid) => pid !== first).length, PATIENCE).toBe(1);
});
