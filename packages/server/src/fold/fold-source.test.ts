import type { TodoItem, TranscriptEvent } from "@agentpane/protocol";
import fc from "fast-check";
import { expect, test } from "vitest";
import { anyTranscript } from "./any-transcript.ts";
import { foldLines } from "./fold-source.ts";
import { projectOf } from "./project.ts";
import { emptyState, MAX_OPEN_CALLS, MAX_TODOS, MAX_UNKNOWN_TYPES } from "./source-state.ts";
import { Events } from "./test-events.ts";

const T = 1_790_000_000_000;
/** What is said of a state's size, but for the todo list, which is bounded by itself. */
const MAX_STATE_BYTES = 8 * 1024;

test("any cut of a source into segments folds to the same state, byte for byte", () => {
  fc.assert(
    fc.property(anyTranscript(), fc.array(fc.nat(60), { maxLength: 8 }), ({ events, contexts }, cuts) => {
      const whole = emptyState();
      foldLines(whole, contexts, events);
      const pieces = emptyState();
      // A cut lies between lines: events and context of one line stay together.
      const offsets = [...new Set(cuts)].sort((a, b) => a - b).map((line) => line * 100);
      for (const [n, to] of [...offsets, Number.POSITIVE_INFINITY].entries()) {
        const from = offsets[n - 1] ?? 0;
        const inside = ({ offset }: { offset: number }) => offset >= from && offset < to;
        foldLines(pieces, contexts.filter(inside), events.filter(inside));
        // What crosses from one segment to the next crosses the store.
        Object.assign(pieces, JSON.parse(JSON.stringify(pieces)));
      }
      expect(JSON.stringify(pieces)).toBe(JSON.stringify(whole));
    }),
  );
});

test("a state stays small, whatever the transcript holds", () => {
  fc.assert(
    fc.property(anyTranscript({ long: true }), ({ events, contexts }) => {
      const state = emptyState();
      foldLines(state, contexts, events);
      const { todos, ...rest } = state;
      expect(JSON.stringify(rest).length).toBeLessThan(MAX_STATE_BYTES);
      expect(todos.length).toBeLessThanOrEqual(MAX_TODOS);
    }),
  );
});

test("the goal is the first thing that a person asked", () => {
  const events = new Events()
    .add("prompt", T, { origin: "meta", summary: "caveat", chars: 6, images: 0 })
    .add("prompt", T, { origin: "command", summary: "/init", chars: 5, images: 0 })
    .prompt(T, "add retries")
    .prompt(T, "now tests");
  expect(events.state()).toMatchObject({ goal: "add retries", turns: 2 });
});

test("what was typed in the middle of a turn is no turn of its own", () => {
  const queued = { origin: "human", summary: "and docs", chars: 8, images: 0, queued: true } as const;
  const events = new Events().prompt(T).call(T, "c1", "Bash").add("prompt", T, queued);
  expect(events.state()).toMatchObject({ turns: 1, lastWords: { who: "person", summary: "and docs" } });
  expect(events.state().open).toHaveLength(1);
});

test.each([
  ["a person's own title", ["ai", "user", "ai", "agent"], "user"],
  ["the model's title", ["summary", "ai", "agent", "summary"], "ai"],
  ["the last name of an agent or summary", ["agent", "summary"], "summary"],
] as const)("%s wins over what weighs less", (_what, sources, winner) => {
  const events = new Events();
  for (const source of sources) events.add("title", T, { title: source, source });
  expect(events.state().title).toBe(winner);
});

test("a person may change their own title", () => {
  const events = new Events()
    .add("title", T, { title: "one", source: "user" })
    .add("title", T, { title: "two", source: "user" });
  expect(events.state().title).toBe("two");
});

test.each([
  ["/home/dev/shop", "shop"],
  ["/home/dev/shop/", "shop"],
  ["/home/dev/shop/.claude/worktrees/wt1", "shop"],
  ["/home/dev/shop/.claude/worktrees/wt1/packages/api", "shop"],
  ["C:\\Users\\dev\\shop", "shop"],
  ["C:\\Users\\dev\\shop\\.claude\\worktrees\\wt1", "shop"],
  ["/home/dev/my-shop.v2", "my-shop.v2"],
  ["/", null],
  ["C:\\", null],
])("the project of %s is %s", (cwd, project) => {
  expect(projectOf(cwd)).toBe(project);
});

test("a session belongs to the project it was started in, wherever its shell goes", () => {
  const events = new Events()
    .context({ cwd: "/home/dev/shop", branch: "main", version: "2.1.330" })
    .prompt(T)
    .context({ cwd: "/home/dev/shop/packages/api", branch: "feat/x" })
    .prompt(T);
  expect(events.state()).toMatchObject({
    project: "shop",
    cwd: "/home/dev/shop/packages/api",
    branch: "feat/x",
    version: "2.1.330",
  });
});

test("the model is the last that answered, and the client's own messages are no model's", () => {
  const events = new Events()
    .add("response", T, {
      response: "a",
      model: "claude-opus-4-6",
      stopReason: null,
      contextTokens: 1,
      outputTokens: 1,
    })
    .add("response", T, { response: "b", model: "<synthetic>", stopReason: null, contextTokens: 0, outputTokens: 0 });
  expect(events.state().model).toBe("claude-opus-4-6");
});

test("times run as the lines say, even backwards", () => {
  const events = new Events()
    .prompt(T + 5000)
    .prompt(T)
    .prompt(null);
  expect(events.state()).toMatchObject({ firstAt: T + 5000, lastAt: T, latestAt: T + 5000 });
});

test("todo lists are replaced, changed by id and left by what was deleted", () => {
  const item = (id: string | null, text: string | null, status: TodoItem["status"] | null) => ({ id, text, status });
  const events = new Events()
    .add("todo", T, { op: "replace", items: [item("1", "plan", "pending"), item("2", "build", "pending")] })
    .add("todo", T, { op: "update", items: [item("1", null, "completed"), item("3", "ship", null)] })
    .add("todo", T, { op: "update", items: [item("2", null, "deleted")] });
  expect(events.state().todos).toEqual([
    { id: "1", text: "plan", status: "completed" },
    { id: "3", text: "ship", status: "pending" },
  ]);
});

test("lines of types that nobody knows are counted by type, a hostile name among them", () => {
  const unknown = (type: string) => ({ type, summary: "", unknown: true });
  const events = new Events().add("note", T, unknown("new-thing")).add("note", T, unknown("new-thing"));
  events.add("note", T, unknown("__proto__")).add("note", T, { type: "known", summary: "" });
  expect(events.state()).toMatchObject({
    unknownLines: 3,
    unknownTypes: [
      ["new-thing", 2],
      ["__proto__", 1],
    ],
  });
});

test("of too many unknown types the rest is counted together", () => {
  const events = new Events();
  for (let n = 0; n < MAX_UNKNOWN_TYPES + 5; n++) events.add("note", T, { type: `t${n}`, summary: "", unknown: true });
  const { unknownTypes, unknownLines } = events.state();
  expect(unknownTypes.at(-1)).toEqual(["(other)", 5]);
  expect(unknownTypes.reduce((sum, [, count]) => sum + count, 0)).toBe(unknownLines);
});

test("of more open calls than are remembered, those that ask a person stay", () => {
  const events = new Events().prompt(T).call(T, "q", "AskUserQuestion");
  for (let n = 0; n < 2 * MAX_OPEN_CALLS; n++) events.call(T, `c${n}`, "Read");
  const state = events.state();
  expect(state.open).toHaveLength(MAX_OPEN_CALLS);
  expect(state.open[0]?.call).toBe("q");
  expect(state.openMore).toBe(MAX_OPEN_CALLS + 1);
  for (let n = 0; n < 2 * MAX_OPEN_CALLS; n++) events.result(T, `c${n}`);
  expect(events.state()).toMatchObject({ open: [{ call: "q" }], openMore: 0 });
});

test("every event is counted, malformed lines by themselves too", () => {
  const events = new Events().prompt(T).add("malformed", null, { reason: "not JSON", bytes: 9 });
  const state = events.state();
  expect([state.events, state.malformed]).toEqual([2, 1]);
  const kinds: TranscriptEvent["kind"][] = events.list.map(({ kind }) => kind);
  expect(kinds).toEqual(["prompt", "malformed"]);
});
