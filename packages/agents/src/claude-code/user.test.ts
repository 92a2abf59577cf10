import { describe, expect, it } from "vitest";
import { events, kinds, user } from "./message-lines.ts";
import { readParsed, readSkimmed } from "./read-line.ts";

function prompt(origin: string, summary: string, chars: number, images = 0): object {
  return { kind: "prompt", origin, summary, chars, images };
}

describe("who wrote a prompt", () => {
  const origin = (kind: string) => ({ origin: { kind } });
  it.each<[string, object, string]>([
    ["a person, at the prompt line", user("hi", origin("human")), "human"],
    ["a person, through -p", user("hi", { promptSource: "sdk" }), "human"],
    ["a person, where an older version says nothing", user("hi"), "human"],
    ["a person's slash command", user("<command-name>/hi</command-name>", origin("human")), "command"],
    ["a person's skill", user("<command-message>hi</command-message>"), "command"],
    ["a person's shell command", user("<bash-input>ls</bash-input>"), "command"],
    ["a command's output", user("<local-command-stdout>ok</local-command-stdout>"), "meta"],
    ["the client, hidden from the person", user("Continue from where you left off.", { isMeta: true }), "meta"],
    ["the client, for the transcript alone", user("...", { isVisibleInTranscriptOnly: true }), "meta"],
    ["the client, openly", user("go on", { promptSource: "system" }), "system"],
    ["a background task", user("done", origin("task-notification")), "task"],
    ["a background task of an older version", user("<task-notification>done"), "task"],
    ["another session", user("Another Claude session sent a message", { isMeta: true, ...origin("peer") }), "peer"],
    ["the parent, in a subagent's transcript", user("You are the helper.", { isSidechain: true }), "peer"],
    ["a kind that is not known yet", user("hello", origin("channel")), "system"],
    [
      "the summary after a compaction",
      user("This session is being continued", { isCompactSummary: true }),
      "compact-summary",
    ],
  ])("%s", (_, line, expected) => {
    expect(events(line)[0]).toMatchObject({ kind: "prompt", origin: expected });
  });
});

describe("a prompt", () => {
  it("joins its texts and counts its images", () => {
    const image = { type: "image", source: { type: "base64", media_type: "image/png", data: "AAAA" } };
    expect(events(user([{ type: "text", text: "Look" }, image, { type: "text", text: "here" }]))).toEqual([
      prompt("human", "Look here", 9, 1),
    ]);
    expect(events(user([image]))).toEqual([prompt("human", "", 0, 1)]);
  });

  it("shows a command as it was typed", () => {
    const content =
      "<command-name>/model</command-name>\n <command-message>model</command-message>\n <command-args>opus</command-args>";
    expect(events(user(content))).toEqual([prompt("command", "/model opus", 112)]);
  });

  it("tells the permission mode where no line of its own does", () => {
    expect(events(user("hi", { permissionMode: "plan" }))).toEqual([
      prompt("human", "hi", 2),
      { kind: "mode", mode: "plan", what: "permission" },
    ]);
    expect(events(user("hi", { permissionMode: "plan", promptSource: "typed", origin: { kind: "human" } }))).toEqual([
      prompt("human", "hi", 2),
    ]);
  });

  it.each([
    ["promptSource", {}],
    ["promptSource", []],
    ["origin", "human"],
    ["origin", []],
  ])("whose %s is %j, which no client writes, reads the same skimmed and parsed", (field, value) => {
    const line = Buffer.from(
      JSON.stringify({ type: "user", message: { content: "hi" }, permissionMode: "plan", [field]: value }),
    );
    expect(readSkimmed(line, 0)?.events).toEqual(readParsed(line, 0).events);
  });

  it("that says an agent stopped ends the subagent", () => {
    const content =
      "<task-notification>\n<task-id>a31b</task-id>\n<tool-use-id>toolu_1</tool-use-id>\n<status>killed</status>\n" +
      '<summary>Agent "Audit" was stopped</summary>\n</task-notification>';
    expect(events(user(content, { origin: { kind: "task-notification" } }))[1]).toEqual({
      kind: "subagent.end",
      call: "toolu_1",
      subagent: "a31b",
      status: "killed",
      summary: 'Agent "Audit" was stopped',
    });
  });

  it("that says a background command stopped ends no subagent", () => {
    const content =
      "<task-notification>\n<task-id>bcc6</task-id>\n<status>completed</status>\n" +
      '<summary>Background command "Agent build" completed (exit code 0)</summary>\n</task-notification>';
    expect(kinds(user(content))).toEqual(["prompt"]);
  });
});

describe("an interruption", () => {
  it.each([
    ["[Request interrupted by user]", "response"],
    ["[Request interrupted by user for tool use]", "tool"],
  ])("%s is no prompt", (said, during) => {
    expect(events(user([{ type: "text", text: said }]))).toEqual([{ kind: "interrupt", during }]);
    expect(events(user(said))).toEqual([{ kind: "interrupt", during }]);
  });

  it("beside the result that it refused gives both, in their order", () => {
    const result = { type: "tool_result", tool_use_id: "toolu_1", content: "no", is_error: true };
    const said = { type: "text", text: "[Request interrupted by user for tool use]" };
    expect(kinds(user([result, said]))).toEqual(["tool.result", "interrupt"]);
  });
});

describe("a background task", () => {
  const status = (more: object) =>
    events({ type: "attachment", attachment: { type: "task_status", taskId: "a31b", ...more } });

  it("ends a subagent only when it is one and does not run any more", () => {
    expect(status({ taskType: "local_agent", status: "failed", description: "Audit" })).toEqual([
      { kind: "subagent.end", call: null, subagent: "a31b", status: "failed", summary: "Audit" },
    ]);
    expect(status({ taskType: "local_agent", status: "running", description: "Audit" })).toEqual([
      { kind: "note", type: "attachment/task_status", summary: "running: Audit" },
    ]);
    expect(status({ taskType: "local_bash", status: "completed", description: "Build" })).toEqual([
      { kind: "note", type: "attachment/task_status", summary: "completed: Build" },
    ]);
  });
});
