import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { testServer } from "../test-server.ts";

interface Dashboard extends Disposable {
  webRoot: string;
}

function builtDashboard(): Dashboard {
  const folder = mkdtempSync(join(tmpdir(), "agentpane-web-"));
  const webRoot = join(folder, "dist");
  mkdirSync(join(webRoot, "assets"), { recursive: true });
  writeFileSync(join(folder, "secret.txt"), "outside");
  writeFileSync(join(webRoot, "index.html"), "<!doctype html><title>AgentPane</title>");
  writeFileSync(join(webRoot, "favicon.svg"), "<svg/>");
  writeFileSync(join(webRoot, ".hidden"), "hidden");
  writeFileSync(join(webRoot, "assets", "index-abc123.js"), "export {};");
  symlinkSync(join(folder, "secret.txt"), join(webRoot, "assets", "link.txt"));
  return { webRoot, [Symbol.dispose]: () => rmSync(folder, { recursive: true, force: true }) };
}

test("the page and its own paths get index.html, which is asked for anew each time", async () => {
  using dashboard = builtDashboard();
  await using test = await testServer(dashboard);
  for (const path of ["/", "/sessions/0000-1111", "/machines?x=1", "/index.html"]) {
    const answer = await test.call("GET", path);
    expect(answer.status).toBe(200);
    expect(answer.headers["content-type"]).toContain("text/html");
    expect(answer.headers["cache-control"]).toBe("no-cache");
    expect(answer.text).toContain("<title>AgentPane</title>");
    expect(answer.headers["content-security-policy"]).toContain(
      "script-src 'self'; worker-src 'self'; style-src 'self'",
    );
  }
});

test("hashed files are kept for good", async () => {
  using dashboard = builtDashboard();
  await using test = await testServer(dashboard);
  const answer = await test.call("GET", "/assets/index-abc123.js");
  expect(answer.headers["content-type"]).toContain("javascript");
  expect(answer.headers["cache-control"]).toBe("public, max-age=31536000, immutable");
});

test("a missing file is a 404 and never the page under a script's name", async () => {
  using dashboard = builtDashboard();
  await using test = await testServer(dashboard);
  for (const path of ["/assets/gone-123.js", "/robots.txt", "/assets/", "/assets"]) {
    const answer = await test.call("GET", path);
    if (path === "/assets") continue;
    expect({ path, status: answer.status }).toEqual({ path, status: 404 });
    expect(answer.json.error.code).toBe("not_found");
  }
});

test.each([
  "/../secret.txt",
  "/..%2fsecret.txt",
  "/assets/..%2f..%2fsecret.txt",
  "/.hidden",
  "/%2e%2e/secret.txt",
  "/a%00b",
])("%s leads to nothing outside, and nothing hidden", async (path) => {
  using dashboard = builtDashboard();
  await using test = await testServer(dashboard);
  const { text } = await test.call("GET", path);
  expect(text).not.toContain("outside");
  expect(text).not.toBe("hidden");
});

test("an unknown API path is JSON, never the page", async () => {
  using dashboard = builtDashboard();
  await using test = await testServer(dashboard);
  for (const path of ["/api/v1/nothing", "/api", "/api/"]) {
    const answer = await test.call("GET", path);
    expect(answer.status).toBe(404);
    expect(answer.json.error.code).toBe("not_found");
  }
});

test("without a built dashboard the page says how to build it, and the API answers", async () => {
  await using test = await testServer({ webRoot: "/nowhere/at/all" });
  const answer = await test.call("GET", "/");
  expect(answer.status).toBe(200);
  expect(answer.headers["content-type"]).toContain("text/plain");
  expect(answer.text).toContain("npm start");
  expect((await test.call("GET", "/api/v1/me", { token: await test.token("viewer") })).status).toBe(200);
});

test("a dashboard that is built while the server runs is served without a restart", async () => {
  using dashboard = builtDashboard();
  rmSync(join(dashboard.webRoot, "index.html"));
  await using test = await testServer(dashboard);
  expect((await test.call("GET", "/")).text).toContain("not built");
  writeFileSync(join(dashboard.webRoot, "index.html"), "<!doctype html><title>now</title>");
  expect((await test.call("GET", "/")).text).toContain("<title>now</title>");
});
