import type { RequestRow } from "@agentpane/protocol";
import { expect, test } from "vitest";
import { decisionOn, type RealServer, realServer, requestOf, type ScriptedMonitor } from "../test-requests.ts";
import { MACHINE, OTHER_MACHINE } from "../test-store.ts";

const DEADLINE = { timeout: 25_000 };
const ALLOW = { type: "allow" as const };

async function rowOf(real: RealServer, id: string): Promise<RequestRow> {
  const token = await real.token("viewer");
  await expect.poll(async () => (await real.call("GET", `/requests/${id}`, { token })).status, DEADLINE).toBe(200);
  return (await real.call("GET", `/requests/${id}`, { token })).json;
}

async function openOne(
  real: RealServer,
  changes: Parameters<typeof requestOf>[1] = {},
): Promise<{ monitor: ScriptedMonitor; row: RequestRow }> {
  const monitor = await real.monitor(MACHINE);
  const request = requestOf(1, changes);
  monitor.hold(request);
  return { monitor, row: await rowOf(real, request.id) };
}

async function auditOf(real: RealServer, query = ""): Promise<Record<string, unknown>[]> {
  const answer = await real.call("GET", `/audit${query}`, { token: await real.token("admin") });
  return answer.json.entries;
}

test("a request of a session never seen is on every page, is settled from one, and the audit says what was shown", async () => {
  await using real = await realServer();
  const pages = [await real.page("viewer"), await real.page("approver")];
  const { monitor, row } = await openOne(real, { session: "never-seen" });
  expect(row).toMatchObject({ state: "open", reachable: true, summary: "npm test", session: "never-seen" });
  for (const page of pages) {
    await page.until((frames) =>
      frames.some((frame) => frame.type === "changes" && frame.requests?.some(({ id }) => id === row.id)),
    );
  }
  const json = decisionOn(row, ALLOW);
  const token = await real.token("approver", "Ana");
  const answer = await real.call("POST", `/requests/${row.id}/decision`, { token, json });
  expect(answer.status).toBe(200);
  expect(answer.json.request).toMatchObject({
    state: "decided",
    reachable: false,
    closing: { who: "person", name: "Ana", how: "allowed in AgentPane" },
  });
  expect(monitor.decided).toMatchObject([{ by: "Ana", decision: ALLOW, digest: json.digest }]);
  for (const page of pages) {
    await page.until((frames) =>
      frames.some((frame) => frame.type === "changes" && frame.requests?.some(({ state }) => state === "decided")),
    );
  }
  const shown = { id: row.id, tool: "Bash", inputJson: row.inputJson, suggestions: row.suggestions, plan: null };
  expect(await auditOf(real, "?session=never-seen")).toMatchObject([
    { action: "decision.result", actor: "Ana", request: row.id, details: { taken: true } },
    { action: "decision", actor: "Ana", from: "127.0.0.1", details: { digest: json.digest, decision: ALLOW, shown } },
  ]);
  expect(await auditOf(real, "?actor=Ben")).toEqual([]);
});

test("of two people at once exactly one wins, and the other is told who", async () => {
  await using real = await realServer();
  const { monitor, row } = await openOne(real);
  const names = ["Ana", "Ben", "Cleo", "Dan"];
  const answers = await Promise.all(
    names.map(async (name) => {
      const token = await real.token("approver", name);
      const decision = name === "Ana" ? ALLOW : { type: "deny" as const, words: "no", stop: false };
      return real.call("POST", `/requests/${row.id}/decision`, { token, json: decisionOn(row, decision) });
    }),
  );
  const won = names.filter((_, at) => answers[at]?.status === 200);
  expect(won).toHaveLength(1);
  expect(monitor.decided.map(({ by }) => by)).toEqual(won);
  for (const refused of answers.filter(({ status }) => status !== 200)) {
    expect(refused).toMatchObject({ status: 409, json: { error: { code: "request_settled" } } });
    expect(refused.json.error.message).toContain(won[0]);
  }
});

const REFUSED: [string, (row: RequestRow) => object, number, string][] = [
  ["a wrong digest", (row) => ({ ...decisionOn(row, ALLOW), digest: "0".repeat(64) }), 409, "digest_mismatch"],
  [
    "a digest over another input than what will run",
    (row) => decisionOn({ ...row, inputJson: '{"command":"ls"}' }, ALLOW),
    409,
    "digest_mismatch",
  ],
  [
    "an edit that the digest was not taken over",
    (row) => ({ ...decisionOn(row, ALLOW), decision: { ...ALLOW, updatedInputJson: '{"command":"rm -rf /"}' } }),
    409,
    "digest_mismatch",
  ],
  [
    "a decision of another kind",
    (row) => decisionOn(row, { type: "approve", acceptEdits: true }),
    400,
    "invalid_request",
  ],
  ["a suggestion that is not there", (row) => decisionOn(row, { ...ALLOW, always: [1] }), 400, "invalid_request"],
  [
    "an edit that is no JSON",
    (row) => ({ ...decisionOn(row, ALLOW), decision: { ...ALLOW, updatedInputJson: "{" } }),
    400,
    "invalid_request",
  ],
  ["an edit that is no object", (row) => decisionOn(row, { ...ALLOW, updatedInputJson: "[]" }), 400, "invalid_request"],
  ["no digest", () => ({ decision: ALLOW }), 400, "invalid_request"],
];

test("what was not decided about exactly what was asked settles nothing, and the next good decision does", async () => {
  await using real = await realServer();
  const { monitor, row } = await openOne(real);
  const token = await real.token("approver");
  for (const [what, json, status, code] of REFUSED) {
    const answer = await real.call("POST", `/requests/${row.id}/decision`, { token, json: json(row) });
    expect(answer, what).toMatchObject({ status, json: { error: { code } } });
  }
  expect(monitor.decided).toEqual([]);
  expect((await rowOf(real, row.id)).state).toBe("open");
  const good = await real.call("POST", `/requests/${row.id}/decision`, { token, json: decisionOn(row, ALLOW) });
  expect(good.status).toBe(200);
  const refused = (await auditOf(real)).filter(({ action }) => action === "decision.refused");
  expect(refused.map(({ details }) => (details as { why: string }).why)).toEqual(Array(3).fill("digest_mismatch"));
});

test("a decision that was taken cannot be sent again, nor for the same command of a parallel session or subagent", async () => {
  await using real = await realServer();
  const monitor = await real.monitor(MACHINE);
  const twins = [requestOf(1), requestOf(2, { session: "s2" }), requestOf(3, { subagent: "a1" })];
  monitor.hold(...twins);
  const other = await real.monitor(OTHER_MACHINE);
  other.hold(requestOf(4));
  const row = await rowOf(real, twins[0]?.id ?? "");
  await rowOf(real, requestOf(4).id);
  const json = decisionOn(row, ALLOW);
  const token = await real.token("approver");
  const post = (id: string) => real.call("POST", `/requests/${id}/decision`, { token, json });
  for (const { id } of [...twins.slice(1), requestOf(4)]) {
    expect((await post(id)).json.error.code).toBe("digest_mismatch");
  }
  expect((await post(row.id)).status).toBe(200);
  expect((await post(row.id)).json.error).toMatchObject({
    code: "request_settled",
    message: "It is settled already: allowed in AgentPane, by approver.",
  });
  expect(monitor.decided).toHaveLength(1);
  expect(other.decided).toEqual([]);
  const { json: open } = await real.call("GET", "/requests?state=open", { token });
  expect(open.requests.map(({ id }: RequestRow) => id).sort()).toEqual([2, 3, 4].map((n) => requestOf(n).id));
});

test("whoever may not decide does not: viewers, monitors, nobody, other pages and other sites", async () => {
  await using real = await realServer();
  const { monitor, row } = await openOne(real);
  const json = decisionOn(row, ALLOW);
  const path = `/requests/${row.id}/decision`;
  const token = await real.token("approver");
  const code = async (options: Parameters<RealServer["call"]>[2]) => {
    const answer = await real.call("POST", path, options);
    return [answer.status, answer.json.error.code];
  };
  expect(await code({ json })).toEqual([401, "unauthenticated"]);
  expect(await code({ json, token: `apm_${"x".repeat(43)}` })).toEqual([401, "unauthenticated"]);
  expect(await code({ json, token: await real.token("viewer") })).toEqual([403, "forbidden"]);
  expect(await code({ json, token: await real.token("monitor", `monitor of ${MACHINE}`) })).toEqual([403, "forbidden"]);
  for (const headers of [
    { origin: "http://evil.example" },
    { origin: "http://127.0.0.1:1" },
    { "sec-fetch-site": "cross-site" },
    { "sec-fetch-site": "same-site" },
    { host: "evil.example" },
  ]) {
    expect(await code({ json, token, headers })).toEqual([403, "origin_refused"]);
  }
  const body = Buffer.from(JSON.stringify(json));
  expect(await code({ body, token, headers: { "content-type": "text/plain" } })).toEqual([
    415,
    "unsupported_media_type",
  ]);
  for (const method of ["GET", "PUT", "DELETE"]) {
    expect((await real.call(method, path, { token })).status).toBe(405);
  }
  expect((await real.call("GET", "/audit", { token })).status).toBe(403);
  expect(monitor.decided).toEqual([]);
  expect((await rowOf(real, row.id)).state).toBe("open");
});

test("a body of ten megabytes is refused, and an input too large for lists is there when asked for", async () => {
  await using real = await realServer();
  const large = JSON.stringify({ command: `echo ${"ä".repeat(20_000)}` });
  const { row } = await openOne(real, { inputJson: large });
  const token = await real.token("approver");
  const huge = {
    decision: { ...ALLOW, updatedInputJson: `"${"x".repeat(10 * 1024 * 1024)}"` },
    digest: "0".repeat(64),
  };
  const refused = await real.call("POST", `/requests/${row.id}/decision`, { token, json: huge });
  expect(refused).toMatchObject({ status: 413, json: { error: { code: "body_too_large" } } });
  const { json: page } = await real.call("GET", "/requests", { token });
  expect(page.requests).toMatchObject([{ inputJson: null, inputBytes: Buffer.byteLength(large) }]);
  expect(row.inputJson).toBe(large);
  const answer = await real.call("POST", `/requests/${row.id}/decision`, { token, json: decisionOn(row, ALLOW) });
  expect(answer.status).toBe(200);
});

test("a thousand requests at once are all there, and all can be settled", async () => {
  await using real = await realServer();
  const page = await real.page();
  const monitor = await real.monitor(MACHINE);
  const requests = Array.from({ length: 1_000 }, (_, n) => requestOf(n, { session: `s${n % 50}` }));
  monitor.hold(...requests, requestOf(1_001));
  const seen = new Set<string>();
  await page.until((frames) => {
    for (const frame of frames.splice(0))
      if (frame.type === "changes") for (const { id } of frame.requests ?? []) seen.add(id);
    return seen.size >= 1_000;
  });
  const token = await real.token("approver");
  const first = await real.call("GET", "/requests?state=open&limit=500", { token });
  const second = await real.call("GET", `/requests?state=open&limit=500&after=${first.json.next}`, { token });
  expect([first.json.open, first.json.requests.length, second.json.requests.length]).toEqual([1_000, 500, 500]);
  expect(second.json.next).toBeNull();
  const rows: RequestRow[] = [...first.json.requests, ...second.json.requests];
  expect(new Set(rows.map(({ id }) => id)).size).toBe(1_000);
  const codes = await Promise.all(
    rows.slice(0, 100).map(async (row) => {
      const json = decisionOn(row, ALLOW);
      return (await real.call("POST", `/requests/${row.id}/decision`, { token, json })).status;
    }),
  );
  expect(codes.every((code) => code === 200)).toBe(true);
  expect(monitor.held.size).toBe(901);
}, 60_000);

test("what was answered in the terminal first says so to whoever decides late", async () => {
  await using real = await realServer();
  const { monitor, row } = await openOne(real);
  monitor.answeredInTerminal(row.id);
  await expect.poll(async () => (await rowOf(real, row.id)).state, DEADLINE).toBe("answered");
  const token = await real.token("approver");
  const late = await real.call("POST", `/requests/${row.id}/decision`, { token, json: decisionOn(row, ALLOW) });
  expect(late.json.error).toMatchObject({
    code: "request_settled",
    message: "It is settled already: denied in the terminal.",
  });
});

test("a restart of the server loses none that is still held, and none can be settled until its monitor is back", async () => {
  await using real = await realServer();
  const { monitor, row } = await openOne(real);
  await real.restart();
  expect(await rowOf(real, row.id)).toMatchObject({ state: "open", reachable: false });
  const token = await real.token("approver");
  const json = decisionOn(row, ALLOW);
  const early = await real.call("POST", `/requests/${row.id}/decision`, { token, json });
  expect(early).toMatchObject({ status: 503, json: { error: { code: "request_unreachable" } } });
  const back = await real.monitor(MACHINE);
  back.hold(...monitor.held.values());
  back.tellHeld();
  await expect.poll(async () => (await rowOf(real, row.id)).reachable, DEADLINE).toBe(true);
  expect((await real.call("POST", `/requests/${row.id}/decision`, { token, json })).status).toBe(200);
});

test("a decision whose result was lost with the channel can be given again where the request is still held", async () => {
  await using real = await realServer();
  const { monitor, row } = await openOne(real);
  monitor.answers = false;
  const ana = await real.token("approver", "Ana");
  const json = decisionOn(row, ALLOW);
  const lost = real.call("POST", `/requests/${row.id}/decision`, { token: ana, json });
  await expect.poll(() => monitor.decided.length, DEADLINE).toBe(1);
  const ben = await real.token("approver", "Ben");
  const meanwhile = await real.call("POST", `/requests/${row.id}/decision`, { token: ben, json });
  expect(meanwhile.json.error).toMatchObject({ code: "request_settled" });
  expect(meanwhile.json.error.message).toContain("Ana");
  monitor.channel.ws.terminate();
  expect(await lost).toMatchObject({ status: 503, json: { error: { code: "request_unreachable" } } });
  const back = await real.monitor(MACHINE);
  back.hold(...monitor.held.values());
  back.tellHeld();
  const actions = async () => (await auditOf(real)).map(({ action }) => action);
  await expect.poll(actions, DEADLINE).toEqual(["decision.result", "decision"]);
  const again = await real.call("POST", `/requests/${row.id}/decision`, { token: ben, json });
  expect(again.json.request.closing).toMatchObject({ name: "Ben" });
});

test("a decision whose result was lost with the channel, but which the hook took, is the one that counts", async () => {
  await using real = await realServer();
  const { monitor, row } = await openOne(real);
  monitor.answers = false;
  const token = await real.token("approver", "Ana");
  const lost = real.call("POST", `/requests/${row.id}/decision`, { token, json: decisionOn(row, ALLOW) });
  await expect.poll(() => monitor.decided.length, DEADLINE).toBe(1);
  monitor.channel.ws.terminate();
  expect((await lost).status).toBe(503);
  const back = await real.monitor(MACHINE);
  const closing = { state: "decided" as const, at: Date.now(), who: "person" as const, name: null, how: "allowed" };
  const decision = monitor.decided[0]?.decisionId ?? null;
  back.channel.send({ type: "request.closed", now: Date.now(), id: row.id, closing, decision });
  back.tellHeld();
  await expect.poll(async () => (await rowOf(real, row.id)).closing?.name, DEADLINE).toBe("Ana");
  expect(await auditOf(real)).toMatchObject([
    { action: "decision.result", actor: "Ana", details: { taken: true } },
    { action: "decision", actor: "Ana" },
  ]);
});

test("a monitor can neither close nor settle what another machine asks", async () => {
  await using real = await realServer();
  const { row } = await openOne(real);
  const other = await real.monitor(OTHER_MACHINE);
  other.answeredInTerminal(row.id);
  other.hold(requestOf(1, { inputJson: '{"command":"ls"}' }), requestOf(2));
  other.tellHeld();
  await rowOf(real, requestOf(2).id);
  expect(await rowOf(real, row.id)).toMatchObject({
    state: "open",
    machine: { id: MACHINE },
    inputJson: row.inputJson,
  });
});

test("what nobody asked about is not there", async () => {
  await using real = await realServer();
  const token = await real.token("approver");
  const { id } = requestOf(7);
  expect((await real.call("GET", `/requests/${id}`, { token })).status).toBe(404);
  const json = { decision: ALLOW, digest: "0".repeat(64) };
  expect((await real.call("POST", `/requests/${id}/decision`, { token, json })).status).toBe(404);
  expect((await real.call("GET", "/requests?after=nowhere", { token })).status).toBe(400);
});

test("how the hook stands on a machine is asked of its monitor, and a change of it is written down", async () => {
  await using real = await realServer();
  const monitor = await real.monitor(MACHINE);
  const file = { path: "/home/dev/.claude/settings.json", state: "installed" as const, problem: null, diff: null };
  const report = { listening: true, how: "http" as const, reason: null, files: [file] };
  monitor.channel.ws.on("message", (data) => {
    const frame = JSON.parse(String(data));
    if (frame.type !== "hooks.ask") return;
    const error = { code: "settings_invalid", message: "line 3 is no JSON" };
    const answer = frame.action === "uninstall" ? { report: null, error } : { report, error: null };
    monitor.channel.send({ type: "hooks.answer", now: Date.now(), ask: frame.ask, ...answer });
  });
  const token = await real.token("admin", "Ana");
  const path = `/machines/${MACHINE}/hooks`;
  expect((await real.call("GET", path, { token })).json).toEqual(report);
  expect((await real.call("POST", path, { token, json: { action: "install" } })).json).toEqual(report);
  const refused = await real.call("POST", path, { token, json: { action: "uninstall" } });
  expect(refused).toMatchObject({ status: 409, json: { error: { code: "settings_invalid" } } });
  expect(
    (await real.call("POST", path, { token: await real.token("approver"), json: { action: "install" } })).status,
  ).toBe(403);
  expect((await real.call("GET", `/machines/${OTHER_MACHINE}/hooks`, { token })).status).toBe(404);
  expect(await auditOf(real)).toMatchObject([
    { action: "hooks.uninstall", actor: "Ana", details: { machine: MACHINE, done: false, error: "settings_invalid" } },
    { action: "hooks.install", actor: "Ana", details: { machine: MACHINE, done: true } },
  ]);
  monitor.channel.ws.terminate();
  await expect.poll(async () => (await real.call("GET", path, { token })).status, DEADLINE).toBe(503);
});

test("a monitor is told of settings that concern it, and of people who may approve", async () => {
  await using real = await realServer();
  const monitor = await real.monitor(MACHINE);
  const told = (type: string) => monitor.channel.frames.filter((frame) => frame.type === type);
  await monitor.channel.until(() => told("options").length === 1 && told("approvers").length === 1);
  expect(told("approvers")).toEqual([{ type: "approvers", present: false }]);
  await real.page("viewer");
  await real.page("approver");
  await monitor.channel.until(() => told("approvers").length === 2);
  expect(told("approvers").at(-1)).toEqual({ type: "approvers", present: true });
  const token = await real.token("admin");
  const json = { prices: {}, dangerous: ["rm -rf"], holdPrintProjects: ["/home/dev/shop"] };
  expect((await real.call("PUT", "/settings", { token, json })).json).toEqual(json);
  await monitor.channel.until(() => told("options").length === 2);
  expect(told("options").at(-1)).toEqual({ type: "options", holdPrintProjects: ["/home/dev/shop"] });
  // What a page does not know of stays as it was.
  expect((await real.call("PUT", "/settings", { token, json: { prices: {} } })).json).toEqual(json);
  const bad = await real.call("PUT", "/settings", { token, json: { prices: {}, dangerous: ["*"] } });
  expect(bad).toMatchObject({ status: 400, json: { error: { code: "invalid_request" } } });
  expect(bad.json.error.message).toContain("at least 2 characters");
});
