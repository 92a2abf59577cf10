import { INGEST_CONTENT_TYPE, MAX_BODY_BYTES, PROTOCOL_VERSION } from "@agentpane/protocol";
import { expect, test } from "vitest";
import { MACHINE } from "../fake-engine.ts";
import { type TestServer, testServer } from "../test-server.ts";

const OTHER_MACHINE = `m_${"2".repeat(32)}`;
const REGISTER = {
  protocol: PROTOCOL_VERSION,
  machine: MACHINE,
  hostSha256: "a".repeat(64),
  name: "desk",
  os: "linux",
  monitorVersion: "9.9.9",
  bootId: "boot",
};
const REPORT = {
  uptimeMs: 1,
  roots: [],
  filesKnown: 0,
  foldersWatched: 0,
  behindBytes: 0,
  behindFiles: 0,
  backfill: null,
  lines: { total: 0, slow: 0, malformed: 0 },
  unknownTypes: {},
  warnings: [],
  residentBytes: 1,
};

async function registered(test: TestServer): Promise<string> {
  const token = await test.token("monitor");
  const answer = await test.call("POST", "/api/v1/register", { token, json: REGISTER });
  expect(answer.status).toBe(200);
  return token;
}

function ingest(test: TestServer, token: string, body: Uint8Array, headers: Record<string, string> = {}) {
  return test.call("POST", "/api/v1/ingest", {
    token,
    body,
    headers: { "content-type": INGEST_CONTENT_TYPE, ...headers },
  });
}

test("registering answers the cursors, the versions and the server's clock", async () => {
  await using test = await testServer();
  const token = await test.token("monitor");
  const answer = await test.call("POST", "/api/v1/register", { token, json: REGISTER });
  expect(answer.json).toMatchObject({ protocol: PROTOCOL_VERSION, serverVersion: "9.9.9", cursors: [] });
  expect(answer.json.now).toBeGreaterThan(1_700_000_000_000);
});

test.each([
  { protocol: PROTOCOL_VERSION + 1, update: "server" },
  { protocol: PROTOCOL_VERSION - 1, update: "monitor" },
])("a monitor of protocol $protocol is told to update the $update", async ({ protocol, update }) => {
  await using test = await testServer();
  const token = await test.token("monitor");
  // Of another version, nothing but the number can be relied on.
  const answer = await test.call("POST", "/api/v1/register", { token, json: { protocol } });
  expect(answer.status).toBe(400);
  expect(answer.json.error.code).toBe("protocol_mismatch");
  expect(answer.json.error.message).toContain(`Update the ${update}`);
});

test("an ingest body reaches the writer byte for byte, for the token's machine", async () => {
  await using test = await testServer();
  const token = await registered(test);
  const body = Buffer.from("APB1 and whatever follows \x00\xff");
  expect((await ingest(test, token, body)).status).toBe(200);
  expect(test.engine.ingested.map(({ machine }) => machine)).toEqual([MACHINE]);
  expect(Buffer.from(test.engine.ingested[0]?.body ?? [])).toEqual(body);
});

test("a small body owns its memory, so that it can be transferred to the writer thread", async () => {
  await using test = await testServer();
  const token = await registered(test);
  await ingest(test, token, Buffer.from("tiny"));
  const body = test.engine.ingested[0]?.body as Uint8Array<ArrayBuffer>;
  expect(structuredClone(body, { transfer: [body.buffer] }).byteLength).toBe(4);
});

test("a machine that never registered may not ingest", async () => {
  await using test = await testServer();
  const answer = await ingest(test, await test.token("monitor"), Buffer.from("x"));
  expect(answer.json.error.code).toBe("conflict");
});

test("a token that is bound to one machine cannot speak for another", async () => {
  await using test = await testServer();
  const token = await registered(test);
  const other = { machine: OTHER_MACHINE, bootId: "boot" };
  const calls = [
    test.call("POST", "/api/v1/register", { token, json: { ...REGISTER, machine: OTHER_MACHINE } }),
    test.call("POST", "/api/v1/heartbeat", { token, json: { ...other, report: REPORT } }),
    test.call("POST", "/api/v1/deregister", { token, json: other }),
  ];
  for (const answer of await Promise.all(calls)) {
    expect(answer.status).toBe(403);
    expect(answer.json.error.code).toBe("machine_mismatch");
  }
});

test("heartbeat says whether the machine is known, and deregister says nothing", async () => {
  await using test = await testServer();
  const token = await registered(test);
  const json = { machine: MACHINE, bootId: "boot", report: REPORT };
  expect((await test.call("POST", "/api/v1/heartbeat", { token, json })).json.known).toBe(true);
  const bye = await test.call("POST", "/api/v1/deregister", { token, json: { machine: MACHINE, bootId: "boot" } });
  expect(bye.status).toBe(204);
});

test.each(["viewer", "approver", "admin"] as const)("a %s may not report for a machine", async (role) => {
  await using test = await testServer();
  const token = await test.token(role);
  for (const path of ["register", "ingest", "heartbeat", "deregister"]) {
    const answer = await test.call("POST", `/api/v1/${path}`, { token, json: {} });
    expect(answer.json.error.code).toBe("forbidden");
  }
});

test("a body of 5 MB is taken and one byte more is not", async () => {
  await using test = await testServer();
  const token = await registered(test);
  expect((await ingest(test, token, Buffer.alloc(MAX_BODY_BYTES))).status).toBe(200);
  const answer = await ingest(test, token, Buffer.alloc(MAX_BODY_BYTES + 1));
  expect(answer.status).toBe(413);
  expect(answer.json.error.code).toBe("body_too_large");
  expect(test.engine.ingested).toHaveLength(1);
});

test("an encoded or differently typed body is refused by name", async () => {
  await using test = await testServer();
  const token = await registered(test);
  const zipped = await ingest(test, token, Buffer.from("x"), { "content-encoding": "gzip" });
  const typed = await ingest(test, token, Buffer.from("x"), { "content-type": "text/plain" });
  for (const answer of [zipped, typed]) {
    expect(answer.status).toBe(415);
    expect(answer.json.error.code).toBe("unsupported_media_type");
  }
});

test("a body that does not fit the schema is told where it breaks", async () => {
  await using test = await testServer();
  const token = await test.token("monitor");
  const answer = await test.call("POST", "/api/v1/register", { token, json: { ...REGISTER, hostSha256: "short" } });
  expect(answer.status).toBe(400);
  expect(answer.json.error.code).toBe("invalid_request");
  expect(answer.json.error.details[0].path).toBe("hostSha256");
});

test.each(["{", "null", "[]", '"text"', "\xff\xfe"])("the JSON body %j is refused, not crashed on", async (text) => {
  await using test = await testServer();
  const token = await test.token("monitor");
  const answer = await test.call("POST", "/api/v1/register", {
    token,
    body: Buffer.from(text, "latin1"),
    headers: { "content-type": "application/json" },
  });
  expect(answer.status).toBe(400);
  expect(answer.json.error.code).toBe("invalid_request");
});
