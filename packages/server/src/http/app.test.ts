import { connect } from "node:net";
import { AgentPaneError, errorBody } from "@agentpane/protocol";
import { expect, test } from "vitest";
import { Access, allowedHosts, newTokenSecret, systemClock } from "../access/index.ts";
import { Channels } from "../channel/index.ts";
import { FakeEngine, sessionRow } from "../fake-engine.ts";
import { Feed } from "../feed/index.ts";
import { Inputs } from "../reach/index.ts";
import { MachineHooks, MonitorOptions, Requests } from "../requests/index.ts";
import type { Committed } from "../store/contract.ts";
import { httpCall, testServer } from "../test-server.ts";
import { buildApp } from "./app.ts";

/** Sends bytes as they are and answers everything that came until the server closed. */
function raw(port: number, text: string): Promise<string> {
  return new Promise((resolve, reject) => {
    let got = "";
    const socket = connect(port, "127.0.0.1", () => socket.write(text));
    socket.on("data", (chunk) => {
      got += chunk;
    });
    socket.on("error", reject);
    socket.on("close", () => resolve(got));
  });
}

test("an unknown path is a JSON 404 under the API, whatever the method", async () => {
  await using test = await testServer();
  for (const [method, path] of [
    ["GET", "/api/v1/nothing"],
    ["POST", "/api/v2/sessions"],
    ["DELETE", "/api"],
    ["PUT", "/api/v1/sessions/a/b/c"],
  ]) {
    const answer = await test.call(method ?? "", path ?? "");
    expect(answer.status).toBe(404);
    expect(errorBody.parse(answer.json).error.code).toBe("not_found");
  }
});

test("a known path with another method says which it takes", async () => {
  await using test = await testServer();
  for (const [method, path, takes] of [
    ["POST", "/api/v1/sessions", "GET"],
    ["GET", "/api/v1/login", "POST"],
    ["PUT", "/api/v1/sessions/a", "GET"],
  ]) {
    const answer = await test.call(method ?? "", path ?? "");
    expect(answer.status).toBe(405);
    expect(answer.json.error.code).toBe("method_not_allowed");
    expect(answer.json.error.message).toContain(takes);
  }
});

test("whoever may decide is told what settings call dangerous; a viewer is not", async () => {
  await using test = await testServer();
  for (const [role, told] of [
    ["viewer", false],
    ["approver", true],
    ["admin", true],
  ] as const) {
    const me = await test.call("GET", "/api/v1/me", { token: await test.token(role) });
    expect(me.json.role).toBe(role);
    expect(me.json.dangerous?.includes("rm -rf") ?? false).toBe(told);
  }
});

test("a fault hides its cause from the caller and logs it under the request's id", async () => {
  await using test = await testServer();
  const token = await test.token("viewer");
  test.engine.beforeSessions = async () => {
    throw new Error("SQL near secret_table");
  };
  const answer = await test.call("GET", "/api/v1/sessions?q=private+words", { token });
  expect(answer.status).toBe(500);
  expect(answer.json.error.code).toBe("internal");
  expect(answer.text).not.toContain("secret_table");
  const { requestId } = answer.json.error.details;
  const line = test.logged.find((one) => one.includes("secret_table"));
  expect(line).toContain(requestId);
  expect(test.logged.join("")).not.toContain("private");
});

test("a named fault of the store keeps its name", async () => {
  await using test = await testServer();
  const token = await test.token("viewer");
  test.engine.beforeSessions = async () => {
    throw new AgentPaneError("store_full", "The disk is full.");
  };
  const answer = await test.call("GET", "/api/v1/sessions", { token });
  expect(answer.status).toBe(507);
  expect(answer.json.error).toEqual({ code: "store_full", message: "The disk is full." });
});

test("tokens and codes are in no log line", async () => {
  await using test = await testServer();
  const token = await test.token("admin");
  const made = await test.call("POST", "/api/v1/links", { token });
  const code = made.json.path.split("=")[1];
  const login = await test.call("POST", "/api/v1/login", { json: { code } });
  await test.call("GET", "/api/v1/me", { token: login.json.token });
  expect(test.logged.length).toBeGreaterThan(2);
  for (const secret of [token, code, login.json.token]) expect(test.logged.join("")).not.toContain(secret);
});

test("what is not HTTP is refused in the API's own form, and the server lives on", async () => {
  await using test = await testServer();
  const answer = await raw(test.server.port, "what is this\r\n\r\n");
  expect(answer).toMatch(/^HTTP\/1.1 400 /);
  expect(answer).toContain('"invalid_request"');
  expect((await test.call("GET", "/healthz")).status).toBe(200);
});

test("a path that is no URL is refused in the API's own form", async () => {
  await using test = await testServer();
  const answer = await raw(
    test.server.port,
    `GET /api/v1/sessions/%zz HTTP/1.1\r\nHost: 127.0.0.1:${test.server.port}\r\n\r\n`,
  );
  expect(answer).toMatch(/^HTTP\/1.1 400 /);
  expect(answer).toContain('"invalid_request"');
});

test("a query that breaks the schema says where", async () => {
  await using test = await testServer();
  const token = await test.token("viewer");
  for (const query of ["limit=501", "limit=0", "limit=x", "offset=-1", "status=happy", "machine=mine"]) {
    const answer = await test.call("GET", `/api/v1/sessions?${query}`, { token });
    expect(answer.status).toBe(400);
    expect(answer.json.error.details[0].path).toBe(query.split("=")[0]);
  }
});

test("sessions are listed by page, and read, and deleted by an admin", async () => {
  await using test = await testServer();
  const token = await test.token("admin");
  for (const id of ["a", "b", "c"]) test.engine.rows.set(id, sessionRow(id));
  const page = await test.call("GET", "/api/v1/sessions?limit=2&offset=1", { token });
  expect(page.json.total).toBe(3);
  expect(page.json.sessions.map((row: { id: string }) => row.id)).toEqual(["b", "c"]);
  expect((await test.call("GET", "/api/v1/sessions/b", { token })).json.id).toBe("b");
  expect((await test.call("DELETE", "/api/v1/sessions/b", { token })).status).toBe(204);
  const gone = await test.call("GET", "/api/v1/sessions/b", { token });
  expect([gone.status, gone.json.error.code]).toEqual([410, "session_deleted"]);
  expect((await test.call("GET", "/api/v1/sessions/none", { token })).status).toBe(404);
});

test("a session's events come as the reader encoded them, and both ends of a page cannot be asked for at once", async () => {
  await using test = await testServer();
  const token = await test.token("viewer");
  test.engine.transcripts.set("a", []);
  const page = await test.call("GET", "/api/v1/sessions/a/events", { token });
  expect(page.json).toEqual({ events: [], next: null, previous: null });
  expect(page.headers["content-type"]).toContain("application/json");
  expect((await test.call("GET", "/api/v1/sessions/a/events?after=1&before=2", { token })).status).toBe(400);
  expect((await test.call("GET", "/api/v1/sessions/a/events?around=1&before=2", { token })).status).toBe(400);
  expect((await test.call("GET", "/api/v1/sessions/none/events", { token })).status).toBe(404);
  expect((await test.call("GET", "/api/v1/sessions/a/find?q=x", { token })).json).toMatchObject({ findings: [] });
  for (const query of ["", "q=", `q=${"x".repeat(201)}`, "q=x&limit=0", "q=x&after=../etc", "q=a&q=b"]) {
    expect((await test.call("GET", `/api/v1/sessions/a/find?${query}`, { token })).status, query).toBe(400);
  }
  expect((await test.call("GET", "/api/v1/sessions/none/find?q=x", { token })).status).toBe(404);
});

test("a session id of 200 odd characters is still one path", async () => {
  await using test = await testServer();
  const token = await test.token("viewer");
  const id = "%".repeat(200);
  test.engine.rows.set(id, sessionRow(id));
  expect((await test.call("GET", `/api/v1/sessions/${encodeURIComponent(id)}`, { token })).json.id).toBe(id);
});

test("a link's code logs a page in once, with the link's role", async () => {
  await using test = await testServer();
  const token = await test.token("admin");
  const link = await test.call("POST", "/api/v1/links", { token, json: { role: "viewer" } });
  const code = link.json.path.replace("/#code=", "");
  const login = await test.call("POST", "/api/v1/login", { json: { code } });
  expect(login.json).toMatchObject({ role: "viewer" });
  const me = await test.call("GET", "/api/v1/me", { token: login.json.token });
  expect(me.json).toMatchObject({ role: "viewer", version: "9.9.9", protocol: 1 });
  expect((await test.call("POST", "/api/v1/login", { json: { code } })).json.error.code).toBe("code_invalid");
});

test("logging out makes the token useless", async () => {
  await using test = await testServer();
  const token = await test.token("viewer");
  expect((await test.call("POST", "/api/v1/logout", { token })).status).toBe(204);
  expect((await test.call("GET", "/api/v1/me", { token })).status).toBe(401);
});

test("tokens are made, listed without their secret, and revoked by name", async () => {
  await using test = await testServer();
  const admin = await test.token("admin");
  const made = await test.call("POST", "/api/v1/tokens", { token: admin, json: { name: "ci", role: "viewer" } });
  expect(made.status).toBe(201);
  const { token } = made.json;
  expect((await test.call("GET", "/api/v1/me", { token })).status).toBe(200);
  const list = await test.call("GET", "/api/v1/tokens", { token: admin });
  expect(list.json.tokens.map((row: { name: string }) => row.name)).toContain("ci");
  expect(list.text).not.toContain(token);
  expect((await test.call("DELETE", "/api/v1/tokens/ci", { token: admin })).status).toBe(200);
  expect((await test.call("GET", "/api/v1/me", { token })).status).toBe(401);
  expect((await test.call("DELETE", "/api/v1/tokens/ci", { token: admin })).status).toBe(404);
});

test("a token that would have expired already is not made", async () => {
  await using test = await testServer();
  const admin = await test.token("admin");
  const json = { name: "late", role: "viewer", expiresAt: 1 };
  expect((await test.call("POST", "/api/v1/tokens", { token: admin, json })).json.error.code).toBe("invalid_request");
});

test("reindexing answers what was rebuilt", async () => {
  await using test = await testServer();
  const answer = await test.call("POST", "/api/v1/reindex", { token: await test.token("admin") });
  expect(answer.json).toEqual({ sources: 1, events: 2, failed: 0 });
});

test("while the server starts or stops it is alive but not ready, and takes no calls", async () => {
  const engine = new FakeEngine();
  const control = newTokenSecret("admin");
  const onFault = () => {};
  const access = new Access({ reader: engine.reader, writer: engine.writer, clock: systemClock, control, onFault });
  const feed = new Feed({ engine, access, clock: systemClock, onFault });
  const quiet = { debug: onFault, info: onFault, warn: onFault, error: onFault };
  const commit = async () => ({ stale: false });
  const channels = new Channels({ access, clock: systemClock, commit, log: quiet, onFault });
  const { reader, writer } = engine;
  const clock = systemClock;
  const settle = async <Answer>(committing: Promise<Committed<Answer>>) => (await committing).answer;
  let hosts: ReadonlySet<string> = new Set();
  const app = await buildApp({
    engine,
    access,
    feed,
    channels,
    requests: new Requests({ line: channels, reader, writer, clock, commit: settle }),
    inputs: new Inputs({ line: channels, reader, writer, clock, tell: () => {}, onFault }),
    hooks: new MachineHooks({ line: channels, writer, clock }),
    monitorOptions: new MonitorOptions({ line: channels, reader, onFault }),
    clock: systemClock,
    log: quiet,
    version: "9.9.9",
    startedAt: 0,
    webRoot: null,
    ready: () => false,
    hosts: () => hosts,
  });
  const port = Number(new URL(await app.listen({ host: "127.0.0.1", port: 0 })).port);
  hosts = allowedHosts(port);
  const call = (path: string) => httpCall(port, "GET", path, { token: control });
  expect((await call("/healthz")).status).toBe(200);
  for (const path of ["/readyz", "/api/v1/sessions"]) {
    const answer = await call(path);
    expect(answer.status).toBe(503);
    expect(answer.json.error.code).toBe("not_ready");
    expect(answer.headers["retry-after"]).toBe("1");
  }
  await app.close();
});
