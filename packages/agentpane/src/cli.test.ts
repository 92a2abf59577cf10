import { existsSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DEFAULT_PORT } from "@agentpane/protocol";
import { expect, test, vi } from "vitest";
import { type Running, type TestHome, testHome } from "./test-command.ts";

// Whole programs are started here, on cores that other tests want too.
vi.setConfig({ testTimeout: 60_000 });

const SHIM = join(import.meta.dirname, "..", "bin", "agentpane.js");

async function serving(home: TestHome): Promise<{ server: Running; address: string }> {
  const server = home.start(["serve", "--port", "0"]);
  const [address] = await server.said(/http:\/\/127\.0\.0\.1:\d+/);
  return { server, address };
}

async function me(address: string, token: string): Promise<{ status: number; role?: string }> {
  const answer = await fetch(`${address}/api/v1/me`, { headers: { authorization: `Bearer ${token}` } });
  const body = (await answer.json()) as { role?: string };
  return { status: answer.status, ...body };
}

test("the version is package.json's, through the shim as well, and making it costs no folder", async () => {
  await using home = testHome();
  const { version } = JSON.parse(readFileSync(join(import.meta.dirname, "..", "package.json"), "utf8"));
  expect(await home.run("version")).toMatchObject({ code: 0, out: `${version}\n` });
  expect(await home.start(["version"], [process.execPath, SHIM]).ended).toMatchObject({ code: 0, out: `${version}\n` });
  expect(JSON.parse((await home.run("version", "--json")).out)).toMatchObject({ version });
  expect(existsSync(home.data)).toBe(false);
});

test.each([
  [["frob"], "unknown command 'frob'"],
  [["tokens", "add", "x"], "--role"],
  [["tokens", "add", "x", "--role", "king"], "viewer, approver, admin, monitor"],
  [["link", "--role", "monitor"], "viewer, approver, admin"],
  [["serve", "--port", "70000"], "from 0 to 65535"],
  [["sessions", "--limit", "0"], "from 1 to 500"],
  [["sessions", "--nonsense"], "--nonsense"],
])("%j is not understood: exit code 2 and a line that says why", async (args, words) => {
  await using home = testHome();
  const { code, out, err } = await home.run(...args);
  expect({ code, out }).toEqual({ code: 2, out: "" });
  expect(err).toContain(words);
});

test("what is not understood names the help of its own command", async () => {
  await using home = testHome();
  expect((await home.run("tokens", "add", "x")).err).toContain("(agentpane tokens add --help tells what there is)");
  expect((await home.run("up", "--frob")).err).toContain("(agentpane up --help tells what there is)");
});

test("a data folder that cannot be made is refused with what to do", async () => {
  await using home = testHome();
  const file = join(home.config, "file");
  writeFileSync(file, "");
  const { code, err } = await home.run("up", "--no-open", "--port", "0", "--data", join(file, "data"));
  expect(code).toBe(1);
  expect(err).toContain(`${join(file, "data")} cannot be written. Take another: --data`);
});

test.each([[["sessions"]], [["link"]], [["reindex"]]])("%j without a server says so and what to do", async (args) => {
  await using home = testHome();
  const { code, err } = await home.run(...args);
  expect(code).toBe(1);
  expect(err).toBe(`No server runs on ${home.data}. Start it: agentpane up\n`);
});

test("--host beyond loopback is refused with the reason", async () => {
  await using home = testHome();
  const { code, err } = await home.run("serve", "--host", "0.0.0.0", "--port", "0");
  expect(code).toBe(1);
  expect(err).toContain("0.0.0.0 is not a loopback address");
});

test("tokens are made, listed and revoked where no server runs, in a folder that its owner alone can read", async () => {
  await using home = testHome();
  const made = await home.run("tokens", "add", "ci", "--role", "viewer", "--expires", "30", "--json");
  const { token, expiresAt } = JSON.parse(made.out);
  expect(token).toMatch(/^ap_v_/);
  expect((expiresAt - Date.now()) / 86_400_000).toBeCloseTo(30, 1);
  expect(statSync(home.data).mode & 0o777).toBe(0o700);
  const listed = await home.run("tokens", "list");
  expect(listed.out).toMatch(/ci +viewer/);
  expect(listed.out).not.toContain(token);
  expect((await home.run("tokens", "revoke", "ci")).out).toContain("Revoked ci");
  expect((await home.run("tokens", "list")).out).toContain("No valid tokens");
  expect((await home.run("tokens", "list", "--all")).out).toMatch(/ci .*revoked/);
  expect((await home.run("tokens", "revoke", "ci")).code).toBe(1);
});

test("a name that would not stand in a list is refused", async () => {
  await using home = testHome();
  const { code, err } = await home.run("tokens", "add", "a\u001b[31mb", "--role", "viewer");
  expect(code).toBe(1);
  expect(err).not.toContain("\u001b");
});

test("beside a running server tokens work at once, and stop working at once", async () => {
  await using home = testHome();
  const { server, address } = await serving(home);
  const { token } = JSON.parse((await home.run("tokens", "add", "now", "--role", "approver", "--json")).out);
  expect(await me(address, token)).toMatchObject({ status: 200, role: "approver" });
  expect((await home.run("tokens", "revoke", "now")).code).toBe(0);
  expect((await me(address, token)).status).toBe(401);
  const link = JSON.parse((await home.run("link", "--role", "viewer", "--json")).out);
  const [base, code] = link.url.split("/#code=");
  expect(base).toBe(address);
  const login = await fetch(`${address}/api/v1/login`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ code }),
  });
  expect(await login.json()).toMatchObject({ role: "viewer" });
  expect(JSON.parse((await home.run("sessions", "--json")).out)).toEqual({ sessions: [], total: 0 });
  expect((await home.run("sessions")).out).toBe("No sessions.\n");
  expect((await home.run("reindex")).out).toContain("Rebuilt 0 events of 0 transcripts");
  server.process.kill("SIGTERM");
  expect((await server.ended).code).toBe(0);
});

test("a second server on the same store says where the first one is", async () => {
  await using home = testHome();
  const { address } = await serving(home);
  const { code, err } = await home.run("serve", "--port", "0");
  expect(code).toBe(1);
  expect(err).toContain(`runs already, at ${address}`);
});

test("a port that is taken is named with the way out", async () => {
  await using home = testHome();
  await using other = testHome();
  const { address } = await serving(home);
  const { port } = new URL(address);
  const { code, err } = await other.run("serve", "--port", port);
  expect(code).toBe(1);
  expect(err).toBe(`Port ${port} is taken. Stop what holds it or choose another: --port N\n`);
});

test("what a killed server left behind keeps nobody from starting again", async () => {
  await using home = testHome();
  const { server } = await serving(home);
  server.process.kill("SIGKILL");
  await server.ended;
  expect(existsSync(join(home.data, "server.json"))).toBe(true);
  expect((await home.run("sessions")).err).toContain("No server runs");
  await serving(home);
  expect((await home.run("sessions")).code).toBe(0);
});

test("the shim passes a stop on, and gives back the exit code", async () => {
  await using home = testHome();
  const server = home.start(["serve", "--port", "0"], [process.execPath, SHIM]);
  await server.said(/http:\/\/127\.0\.0\.1:\d+/);
  server.process.kill("SIGTERM");
  expect(await server.ended).toMatchObject({ code: 0 });
  expect((await home.start(["frob"], [process.execPath, SHIM]).ended).code).toBe(2);
});

test("a monitor without a token says how to make one", async () => {
  await using home = testHome();
  const { code, err } = await home.run("monitor", "--server", `http://127.0.0.1:${DEFAULT_PORT}`);
  expect(code).toBe(2);
  expect(err).toContain("agentpane tokens add");
});

test("a monitor that the server refuses ends with the server's words", async () => {
  await using home = testHome();
  const { address } = await serving(home);
  const { token } = JSON.parse((await home.run("tokens", "add", "person", "--role", "viewer", "--json")).out);
  const file = join(home.folder, "token");
  writeFileSync(file, token, { mode: 0o600 });
  const { code, err } = await home.run("monitor", "--server", address, "--token-file", file, "--log-level", "silent");
  expect(code).toBe(1);
  expect(err).toContain("Only a token of role monitor may report");
});

test("a monitor with a token that others can read is refused", async () => {
  await using home = testHome();
  const file = join(home.folder, "token");
  writeFileSync(file, "ap_m_x\n", { mode: 0o644 });
  const { code, err } = await home.run("monitor", "--token-file", file);
  expect(code).toBe(2);
  expect(err).toContain("chmod 600");
});
