import type { Role } from "@agentpane/protocol";
import { expect, test } from "vitest";
import { sessionRow } from "../fake-engine.ts";
import { testServer } from "../test-server.ts";

/** Every route that needs a token, with the least role that it lets in. */
const ROUTES: [method: string, path: string, needs: Role][] = [
  ["GET", "/api/v1/sessions", "viewer"],
  ["GET", "/api/v1/sessions/one", "viewer"],
  ["GET", "/api/v1/sessions/one/events", "viewer"],
  ["GET", "/api/v1/sessions/one/find?q=x", "viewer"],
  ["GET", "/api/v1/machines", "viewer"],
  ["GET", "/api/v1/me", "viewer"],
  ["DELETE", "/api/v1/sessions/one", "admin"],
  ["GET", "/api/v1/tokens", "admin"],
  ["POST", "/api/v1/tokens", "admin"],
  ["DELETE", "/api/v1/tokens/nobody", "admin"],
  ["POST", "/api/v1/links", "admin"],
  ["POST", "/api/v1/reindex", "admin"],
  ["POST", "/api/v1/register", "monitor"],
  ["POST", "/api/v1/ingest", "monitor"],
  ["POST", "/api/v1/heartbeat", "monitor"],
  ["POST", "/api/v1/deregister", "monitor"],
];
const RANK = ["viewer", "approver", "admin"];

test("each route lets in its role and those above, and nobody else", async () => {
  await using test = await testServer();
  for (const role of ["viewer", "approver", "admin", "monitor"] as const) {
    const token = await test.token(role);
    for (const [method, path, needs] of ROUTES) {
      const allowed =
        needs === "monitor" || role === "monitor" ? needs === role : RANK.indexOf(role) >= RANK.indexOf(needs);
      test.engine.rows.set("one", sessionRow("one"));
      test.engine.transcripts.set("one", []);
      const { json } = await test.call(method, path, { token });
      const refused = json?.error?.code === "forbidden";
      expect({ role, method, path, refused }).toEqual({ role, method, path, refused: !allowed });
    }
  }
});

test("no route but the open ones answers without a token", async () => {
  await using test = await testServer();
  for (const [method, path] of [...ROUTES, ["GET", "/api/v1/stream"], ["POST", "/api/v1/logout"]]) {
    for (const headers of [{}, { authorization: "Basic abc" }, { authorization: "Bearer nonsense" }]) {
      const answer = await test.call(method ?? "", path ?? "", { headers });
      expect({ path, status: answer.status }).toEqual({ path, status: 401 });
    }
  }
  expect((await test.call("GET", "/healthz")).status).toBe(200);
  expect((await test.call("GET", "/readyz")).status).toBe(200);
});

test("a token in the query or in a cookie is no token", async () => {
  await using test = await testServer();
  const token = await test.token("admin");
  const inQuery = await test.call("GET", `/api/v1/me?token=${token}&access_token=${token}`);
  const inCookie = await test.call("GET", "/api/v1/me", { headers: { cookie: `token=${token}` } });
  expect([inQuery.status, inCookie.status]).toEqual([401, 401]);
});

test("no answer sets a cookie or lets another origin read it", async () => {
  await using test = await testServer();
  const token = await test.token("admin");
  const origin = `http://127.0.0.1:${test.server.port}`;
  for (const path of ["/", "/healthz", "/api/v1/me", "/api/v1/nothing"]) {
    const { headers } = await test.call("GET", path, { token, headers: { origin } });
    expect(Object.keys(headers).filter((name) => /cookie|access-control/.test(name))).toEqual([]);
    expect(headers["x-content-type-options"]).toBe("nosniff");
    expect(headers["referrer-policy"]).toBe("no-referrer");
    expect(headers["cross-origin-resource-policy"]).toBe("same-origin");
    expect(headers["cross-origin-opener-policy"]).toBe("same-origin");
    expect(headers["content-security-policy"]).toContain("default-src 'none'");
    expect(headers["content-security-policy"]).toContain(`ws://127.0.0.1:${test.server.port}`);
  }
});

test("a hostile page gets nothing, even with a stolen admin token", async () => {
  await using test = await testServer();
  const token = await test.token("admin");
  const hostile = [
    { origin: "https://evil.example" },
    { origin: "http://127.0.0.1:1" },
    { host: "evil.example" },
    { "sec-fetch-site": "cross-site" },
    { "sec-fetch-site": "same-site" },
  ];
  for (const headers of hostile) {
    for (const [method, path] of [
      ["GET", "/api/v1/sessions"],
      ["POST", "/api/v1/links"],
      ["GET", "/"],
      ["OPTIONS", "/api/v1/sessions"],
    ]) {
      const answer = await test.call(method ?? "", path ?? "", { token, headers: headers as Record<string, string> });
      expect(answer.status).toBe(403);
      expect(answer.json.error.code).toBe("origin_refused");
    }
  }
});

test("a refused caller is refused before its body is read", async () => {
  await using test = await testServer();
  // The body never comes: an answer at all proves that nobody waited for it.
  const answer = await test.call("POST", "/api/v1/ingest", {
    headers: { "content-length": "1000000", "x-test": "no body" },
  });
  expect(answer.status).toBe(401);
});
