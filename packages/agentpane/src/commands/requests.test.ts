import { createHash } from "node:crypto";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { canonicalJson, type Decision, type RequestRow } from "@agentpane/protocol";
import { expect, test, vi } from "vitest";
import { type Call, fakeServer } from "../test-api.ts";
import { testHome } from "../test-command.ts";

// Whole programs are started here, on cores that other tests want too.
vi.setConfig({ testTimeout: 60_000 });

const ID = `r_ab12${"0".repeat(28)}`;
const MACHINE = { id: `m_${"1".repeat(32)}`, name: "desk" };

function requestRow(changes: Partial<RequestRow> = {}): RequestRow {
  const inputJson = changes.inputJson ?? '{"command":"npm test","description":"Run the tests"}';
  return {
    id: ID,
    session: "s1",
    subagent: null,
    subagentType: null,
    kind: "permission",
    tool: "Bash",
    suggestions: [{ json: '{"type":"setMode","mode":"acceptEdits"}', words: "Accept edits" }],
    plan: null,
    cwd: "/home/dev/shop",
    permissionMode: "default",
    toolUseId: null,
    openedAt: Date.now() - 60_000,
    expiresAt: Date.now() + 60_000,
    machine: MACHINE,
    inputBytes: Buffer.byteLength(inputJson),
    summary: "npm test",
    state: "open",
    closing: null,
    latencyMs: null,
    reachable: true,
    ...changes,
    inputJson,
  };
}

interface Desk {
  row?: RequestRow;
  rows?: RequestRow[];
  dangerous?: string[];
  refusal?: { status: number; code: string; message: string };
}

/** A server with these requests, which takes every decision or refuses every one. */
function desk({ row = requestRow(), rows = [row], dangerous, refusal }: Desk) {
  return ({ method, path }: Call) => {
    if (path === "/api/v1/settings") return { body: { prices: {}, ...(dangerous === undefined ? {} : { dangerous }) } };
    if (path === "/api/v1/requests") return { body: { requests: rows, next: null, open: rows.length } };
    if (path === `/api/v1/requests/${row.id}` && method === "GET") return { body: row };
    if (path !== `/api/v1/requests/${row.id}/decision`) {
      return { status: 404, body: { error: { code: "not_found", message: "There is no such request." } } };
    }
    if (refusal !== undefined) {
      return { status: refusal.status, body: { error: { code: refusal.code, message: refusal.message } } };
    }
    const closing = { state: "decided", at: Date.now(), who: "person", name: "Ana", how: "settled in AgentPane" };
    return { body: { request: { ...row, state: "decided", closing } } };
  };
}

async function run(what: Desk, ...args: string[]) {
  await using home = testHome();
  await using server = await fakeServer(home, desk(what));
  const ended = await home.run("requests", ...args);
  const decided = server.calls.find(({ method }) => method === "POST")?.body as { decision: Decision; digest: string };
  return { ...ended, decided };
}

test("what is open is listed, and shown with every character of what would run", async () => {
  const inputJson = JSON.stringify({ command: "echo 1\n\u001b[2Jecho \u202e2", timeout: 5 });
  const row = requestRow({ inputJson, summary: "echo 1", subagent: "a1", subagentType: "Explore" });
  const listed = await run({ row });
  expect(listed).toMatchObject({ code: 0, err: "" });
  expect(listed.out).toContain("r_ab120000");
  expect(listed.out).toContain("echo 1");
  const { out } = await run({ row }, "show", "ab12");
  expect(out).toContain("  command\n  │ echo 1\n  │ <U+001B>[2Jecho <U+202E>2\n  timeout\n  │ 5\n");
  expect(out).toContain("subagent  Explore a1");
  expect(out).not.toContain("\u001b");
  expect(out).not.toContain("\u202e");
  expect((await run({ rows: [] })).out).toBe("No requests.\n");
});

test("allowing prints what runs and sends the digest over just that", async () => {
  const { code, out, decided } = await run({}, "allow", ID, "--always", "1");
  expect(code).toBe(0);
  expect(out).toContain("  │ npm test\n");
  expect(out).toContain("1  Accept edits");
  expect(out).toContain("Allowed: decided: settled in AgentPane by Ana");
  const decision = { type: "allow", always: [0] };
  const shown = {
    request: ID,
    machine: MACHINE.id,
    session: "s1",
    subagent: null,
    tool: "Bash",
    input: { command: "npm test", description: "Run the tests" },
    suggestions: [{ type: "setMode", mode: "acceptEdits" }],
    plan: null,
    decision,
  };
  const digest = createHash("sha256").update(canonicalJson(shown), "utf8").digest("hex");
  expect(decided).toEqual({ decision, digest });
});

test("what settings call dangerous is not allowed by one word", async () => {
  const row = requestRow({ inputJson: '{"command":"rm -rf build"}' });
  const refused = await run({ row }, "allow", ID);
  expect(refused).toMatchObject({ code: 2, decided: undefined });
  expect(refused.err).toContain("Settings call this dangerous: rm -rf. To allow it all the same: --yes");
  expect((await run({ row }, "allow", ID, "--yes")).decided).toMatchObject({ decision: { type: "allow" } });
  expect((await run({ row, dangerous: ["npm *"] }, "allow", ID)).code).toBe(0);
  expect((await run({ dangerous: ["npm *"] }, "allow", ID)).code).toBe(2);
});

test("another input is shown beside the one that was asked for, and judged in its place", async () => {
  await using home = testHome();
  await using server = await fakeServer(home, desk({}));
  const file = join(home.folder, "input.json");
  writeFileSync(file, '{"command":"npm test -- shop"}');
  const { code, out } = await home.run("requests", "allow", ID, "--input", file);
  expect(code).toBe(0);
  expect(out).toContain("instead of it will run\n  command\n  │ npm test -- shop\n");
  expect(server.calls.at(-1)?.body).toMatchObject({
    decision: { type: "allow", updatedInputJson: '{"command":"npm test -- shop"}' },
  });
  writeFileSync(file, '{"command":"sudo npm test"}');
  expect((await home.run("requests", "allow", ID, "--input", file)).code).toBe(2);
  writeFileSync(file, "{");
  expect((await home.run("requests", "allow", ID, "--input", file)).err).toContain("not JSON");
});

test.each<[string[], Partial<RequestRow>, Decision]>([
  [["deny", ID, "not", "now", "--stop"], {}, { type: "deny", words: "not now", stop: true }],
  [["approve", ID, "--accept-edits"], { kind: "plan" }, { type: "approve", acceptEdits: true }],
  [["reject", ID, "smaller", "steps"], { kind: "plan" }, { type: "reject", words: "smaller steps" }],
  [["skip", ID, "ask", "later"], { kind: "question" }, { type: "skip", words: "ask later" }],
])("%j says so", async (args, changes, decision) => {
  expect((await run({ row: requestRow(changes) }, ...args)).decided).toMatchObject({ decision });
});

test("questions are answered by choices and in words", async () => {
  const questions = [
    { question: "Colour?", options: [{ label: "Red" }, { label: "Blue" }], multiSelect: true },
    { question: "Size?", options: [{ label: "S" }] },
  ];
  const row = requestRow({ kind: "question", tool: "AskUserQuestion", inputJson: JSON.stringify({ questions }) });
  const { decided } = await run({ row }, "answer", ID, "2=as large as a cat", "1=Red", "1=Blue", "1=and green");
  expect(decided.decision).toEqual({
    type: "answer",
    answers: [
      { question: "Colour?", choices: ["Red", "Blue"], other: "and green" },
      { question: "Size?", choices: [], other: "as large as a cat" },
    ],
  });
  expect((await run({ row }, "answer", ID, "Red")).code).toBe(2);
  expect((await run({ row }, "answer", ID, "2=S", "2=M")).err).toContain("takes one answer");
});

test("whoever is late is told who was first, by an exit code of its own", async () => {
  const message = "It is settled already: denied in AgentPane, by Ben.";
  const late = await run({ refusal: { status: 409, code: "request_settled", message } }, "allow", ID);
  expect(late).toMatchObject({ code: 3, err: `${message}\n` });
  const gone = { status: 503, code: "request_unreachable", message: "Its monitor is away." };
  expect((await run({ refusal: gone }, "deny", ID)).code).toBe(4);
  const other = { status: 409, code: "digest_mismatch", message: "It is something else." };
  expect((await run({ refusal: other }, "deny", ID)).code).toBe(1);
});

test.each<[string[], RegExp]>([
  [["allow", "r_ffff"], /No open request begins with/],
  [["allow", "ab"], /at least 4 characters/],
  [["approve", ID], /settled by allow or deny, not by approve/],
  [["allow", ID, "--always", "2"], /no suggestion 2/],
])("%j is not understood", async (args, message) => {
  const { code, err, decided } = await run({}, ...args);
  expect(code).toBe(2);
  expect(err).toMatch(message);
  expect(decided).toBeUndefined();
});

test("scripts get JSON", async () => {
  const { out } = await run({}, "allow", ID, "--json");
  expect(JSON.parse(out)).toMatchObject({ id: ID, state: "decided" });
  expect(JSON.parse((await run({}, "list", "--json")).out).open).toBe(1);
});
