import { facetsQuery, MAX_FACET_VALUES, rowMatcher, sessionsQuery } from "@agentpane/protocol";
import { expect, test } from "vitest";
import { answer, goodbye, human, title, toolCall, turnEnd } from "../test-lines.ts";
import { MACHINE, NOON, openTestStore, type TestStore } from "../test-store.ts";
import { type Line, TestTranscript } from "../test-transcript.ts";

const MINUTE = 60_000;

function session(id: string, minutesAgo: number, goal: string, more: { cwd?: string; gitBranch?: string } = {}) {
  return new TestTranscript(id).append(human(goal, NOON - minutesAgo * MINUTE, more));
}

function by(model: string, line: Line): Line {
  return { ...line, message: { ...(line.message as Line), model } };
}

async function threeSessions(store: TestStore): Promise<void> {
  await store.commit(
    session("a", 3, "Add retries to the client", { cwd: "/home/dev/api", gitBranch: "main" }).append(
      by("claude-haiku-4-5", toolCall("m0", "c0", "Bash", { command: "ls" }, NOON - 3 * MINUTE)),
    ),
    session("b", 1, "Fix 100% CPU in the_parser", { cwd: "/home/dev/cli", gitBranch: "feat/parser" }),
    session("c", 2, "Übersetze die Seite", { cwd: "/home/dev/web", gitBranch: "main" }).append(title("Translation")),
  );
}

const ids = async (list: ReturnType<TestStore["list"]>) => (await list).sessions.map(({ id }) => id);

test("the list shows the newest activity first, and how many there are in all", async () => {
  await using store = await openTestStore();
  await threeSessions(store);
  const page = await store.list({ limit: 2 });
  expect([page.sessions.map(({ id }) => id), page.total]).toEqual([["b", "c"], 3]);
  expect(await ids(store.list({ limit: 2, offset: 2 }))).toEqual(["a"]);
  expect((await store.list({ offset: 10 })).total).toBe(3);
});

test("a session with new activity comes first", async () => {
  await using store = await openTestStore();
  await threeSessions(store);
  const old = session("d", 60, "old");
  await store.commit(old);
  expect(await ids(store.list())).toEqual(["b", "c", "a", "d"]);
  await store.commit(old.append(answer("m1", "still here", NOON)));
  expect(await ids(store.list())).toEqual(["d", "b", "c", "a"]);
});

test.each<[string, Record<string, string>, string[]]>([
  ["project", { project: "api" }, ["a"]],
  ["branch", { branch: "main" }, ["c", "a"]],
  ["model", { model: "claude-haiku-4-5" }, ["a"]],
  ["a part of a model's name", { model: "claude-haiku" }, []],
  ["a machine that is none", { machine: `m_${"9".repeat(32)}` }, []],
  ["project and branch", { project: "web", branch: "main" }, ["c"]],
  ["a project that is none", { project: "ap" }, []],
  ["status", { status: "working" }, ["b", "c", "a"]],
  ["a status that none has", { status: "ready" }, []],
  ["a word of the goal", { q: "retries" }, ["a"]],
  ["a word in another case", { q: "RETRIES" }, ["a"]],
  ["a part of a word", { q: "etri" }, ["a"]],
  ["words of goal and branch", { q: "parser feat" }, ["b"]],
  ["words and a project", { q: "feat", project: "api" }, []],
  ["words and a branch", { q: "e", branch: "main" }, ["c", "a"]],
  ["words of which one is nowhere", { q: "retries nowhere" }, []],
  ["a word of the title", { q: "translation" }, ["c"]],
  ["a word beyond ASCII in another case", { q: "übersetze" }, ["c"]],
  ["an accent typed as two characters", { q: "u\u0308bersetze" }, ["c"]],
  ["a percent sign, which is no wildcard", { q: "%" }, ["b"]],
  ["an underscore, which is no wildcard", { q: "e_p" }, ["b"]],
  ["a quote", { q: "'" }, []],
  ["blanks alone", { q: "   " }, ["b", "c", "a"]],
])("a filter by %s, in the store and on the page alike", async (_what, query, expected) => {
  await using store = await openTestStore();
  await threeSessions(store);
  const page = await store.list(query);
  expect(page.sessions.map(({ id }) => id)).toEqual(expected);
  expect(page.total).toBe(expected.length);
  const all = (await store.list()).sessions;
  const matches = rowMatcher(sessionsQuery.parse(query));
  expect(all.filter((row) => matches(row)).map(({ id }) => id)).toEqual(expected);
});

test("a page of a search holds its part of what was found, and an empty one still says how many there are", async () => {
  await using store = await openTestStore();
  await threeSessions(store);
  const second = await store.list({ q: "e", limit: 1, offset: 1 });
  expect([second.sessions.map(({ id }) => id), second.total]).toEqual([["c"], 3]);
  const beyond = await store.list({ q: "e", limit: 1, offset: 3 });
  expect([beyond.sessions, beyond.total]).toEqual([[], 3]);
});

test("facets count what each value would leave under the rest of the filter", async () => {
  await using store = await openTestStore();
  await threeSessions(store);
  const facets = (query: object) => store.engine.reader.facets(facetsQuery.parse(query));
  const all = await facets({});
  expect(all.branch).toEqual([
    { value: "main", count: 2 },
    { value: "feat/parser", count: 1 },
  ]);
  expect(all.project.map(({ value }) => value)).toEqual(["api", "cli", "web"]);
  expect(all.model).toEqual([{ value: "claude-haiku-4-5", count: 1 }]);
  expect(all.machine).toEqual([{ value: MACHINE, count: 3 }]);
  const onMain = await facets({ branch: "main", q: "retries" });
  expect(onMain.branch, "another branch may still be chosen").toEqual([{ value: "main", count: 1 }]);
  expect(onMain.project).toEqual([{ value: "api", count: 1 }]);
});

test("facets by status know of the moment as the list does", async () => {
  await using store = await openTestStore();
  await threeSessions(store);
  await store.commit(session("done", 4, "go").append(goodbye()));
  for (const later of [0, 30 * MINUTE, 48 * 60 * MINUTE]) {
    store.clock.now = NOON + later;
    const { status } = await store.engine.reader.facets({});
    for (const { value, count } of status) expect((await store.list({ status: value })).total, value).toBe(count);
    expect(status.reduce((sum, { count }) => sum + count, 0)).toBe(4);
  }
});

test("a kind with more values than an answer holds gives those with the most sessions", async () => {
  await using store = await openTestStore();
  const many = Array.from({ length: MAX_FACET_VALUES + 1 }, (_, i) =>
    session(`s${i}`, 5, "go", { gitBranch: `b${i}` }),
  );
  await store.commit(...many, session("again", 1, "go", { gitBranch: "b200" }));
  const { branch } = await store.engine.reader.facets({});
  expect(branch).toHaveLength(MAX_FACET_VALUES);
  expect(branch[0]).toEqual({ value: "b200", count: 2 });
});

test("a filter by machine is by the primary's", async () => {
  await using store = await openTestStore();
  await threeSessions(store);
  const [machine] = await store.engine.reader.machines();
  expect((await store.list({ machine: machine?.id })).total).toBe(3);
  expect((await store.list({ machine: `m_${"9".repeat(32)}` })).total).toBe(0);
});

test("every status is found by its filter, and by no other", async () => {
  await using store = await openTestStore();
  const at = NOON - MINUTE;
  await store.commit(
    new TestTranscript("working").append(human("go", at)),
    new TestTranscript("ready").append(human("go", at), turnEnd(at)),
    new TestTranscript("ended").append(human("go", at), goodbye()),
    new TestTranscript("approval").append(human("go", at), toolCall("m1", "c1", "ExitPlanMode", {}, at)),
    new TestTranscript("question").append(human("go", at), toolCall("m1", "c1", "AskUserQuestion", {}, at)),
    new TestTranscript("unknown").append(human("go", NOON - 30 * MINUTE)),
  );
  const statuses = ["working", "ready", "ended", "approval", "question", "unknown", "error"];
  const found = await Promise.all(statuses.map(async (status) => [status, await ids(store.list({ status }))]));
  expect(found).toEqual([...statuses.slice(0, -1).map((status) => [status, [status]]), ["error", []]]);
});

test("a session of which no line has a time comes last", async () => {
  await using store = await openTestStore();
  await store.commit(new TestTranscript("undated").append(title("no time")), session("dated", 5, "go"));
  expect(await ids(store.list())).toEqual(["dated", "undated"]);
  expect((await store.list()).sessions[1]).toMatchObject({ lastActivityAt: null, since: null, status: "unknown" });
});
