import { describe, expect, it } from "vitest";
import { events, user } from "./message-lines.ts";

describe("a tool's result", () => {
  const result = (content: unknown, more: object = {}, block: object = {}) =>
    events(user([{ type: "tool_result", tool_use_id: "toolu_1", content, ...block }], more));
  const plain = { kind: "tool.result", call: "toolu_1", isError: false, summary: "ok", chars: 2, images: 0 };

  it("is its text, with how long it took and who allowed it", () => {
    const more = { toolUseResult: { durationMs: 12 }, permissionDecision: { decision: "accept", source: "hook" } };
    expect(result("ok", more)).toEqual([{ ...plain, durationMs: 12, decidedBy: "hook" }]);
    expect(result("ok", { toolUseResult: { durationSeconds: 1.25 } })).toEqual([{ ...plain, durationMs: 1250 }]);
  });

  it("joins its blocks and counts its images", () => {
    const blocks = [{ type: "text", text: "o" }, { type: "image" }, { type: "tool_reference", tool_name: "k" }];
    expect(result(blocks)).toEqual([{ ...plain, summary: "o k", chars: 3, images: 1 }]);
  });

  it.each<[string, object, object]>([
    ["by its kind", { toolDenialKind: "user-rejected" }, {}],
    ["by the decision", { permissionDecision: { decision: "reject" } }, {}],
    ["in words alone, up to 2.1.44", {}, { content: "The user doesn't want to proceed with this tool use. STOP" }],
  ])("was refused: %s", (_, more, block) => {
    expect(result("no", more, { is_error: true, ...block })[0]).toMatchObject({ isError: true, denied: true });
  });

  it("is not refused because a file says so", () => {
    const [event] = result("The user doesn't want to proceed with this tool use.");
    expect(event).not.toHaveProperty("denied");
  });

  it.each([
    ["Exit code 3\nls: no", true, 3],
    ["Error: Exit code 127", true, 127],
    ["Exit code 3\nin a file", false, undefined],
    ["no code", true, undefined],
  ])("%j, failed: %s, says exit code %s", (content, is_error, exitCode) => {
    const [event] = result(content, {}, { is_error });
    expect(event && "exitCode" in event ? event.exitCode : undefined).toBe(exitCode);
  });

  it("of a subagent in the background starts it, of one that is done ends it", () => {
    const launched = { isAsync: true, status: "async_launched", agentId: "a31b", description: "Audit" };
    expect(result("ok", { toolUseResult: launched })).toEqual([
      { ...plain, subagent: "a31b" },
      { kind: "subagent.start", call: "toolu_1", subagent: "a31b", type: "", summary: "Audit" },
    ]);
    const done = { status: "completed", agentId: "a31b", totalDurationMs: 839 };
    expect(result("ok", { toolUseResult: done })).toEqual([
      { ...plain, subagent: "a31b", durationMs: 839 },
      { kind: "subagent.end", call: "toolu_1", subagent: "a31b", status: "completed", summary: "" },
    ]);
  });

  it("takes nothing from beside it when the line has two results", () => {
    const blocks = ["toolu_1", "toolu_2"].map((id) => ({ type: "tool_result", tool_use_id: id, content: "ok" }));
    expect(events(user(blocks, { toolUseResult: { agentId: "a31b", durationMs: 5 } }))).toEqual([
      plain,
      { ...plain, call: "toolu_2" },
    ]);
  });

  it.each<[string, object, object | null]>([
    [
      "a new task",
      { task: { id: "1", subject: "Do A" } },
      { op: "update", items: [{ id: "1", text: "Do A", status: "pending" }] },
    ],
    [
      "a task's new status",
      { success: true, taskId: "1", statusChange: { from: "pending", to: "deleted" } },
      { op: "update", items: [{ id: "1", text: null, status: "deleted" }] },
    ],
    ["a change that was not made", { success: false, taskId: "1", statusChange: { to: "completed" } }, null],
    [
      "all tasks",
      { tasks: [{ id: "1", subject: "Do A", status: "completed" }] },
      { op: "replace", items: [{ id: "1", text: "Do A", status: "completed" }] },
    ],
    ["an empty list", { tasks: [] }, { op: "replace", items: [] }],
    ["another tool's tasks", { tasks: [{ name: "build" }] }, null],
  ])("tells the todo list of %s", (_, toolUseResult, todo) => {
    expect(result("ok", { toolUseResult }).slice(1)).toEqual(todo ? [{ kind: "todo", ...todo }] : []);
  });
});
