import { MAX_CONTENT_CHARS } from "@agentpane/protocol";
import { describe, expect, it } from "vitest";
import { claudeCode } from "./index.ts";

function contents(line: object | string): Record<number, unknown> {
  const bytes = Buffer.from(typeof line === "string" ? line : JSON.stringify(line));
  return Object.fromEntries(claudeCode.lineContent(bytes, 0));
}

const answer = (...content: object[]) => ({
  type: "assistant",
  message: { id: "m", model: "x", stop_reason: null, content },
});
const user = (content: unknown, more: object = {}) => ({ type: "user", message: { role: "user", content }, ...more });
const result = (content: unknown, toolUseResult?: unknown) =>
  contents(user([{ type: "tool_result", tool_use_id: "t", content }], { toolUseResult }))[0];

describe("the whole of", () => {
  it("a prompt is its text, however long its summary is not", () => {
    const text = `${"word ".repeat(500)}\nend`;
    expect(contents(user(text))).toEqual({ 0: { text } });
    expect(
      contents(
        user([
          { type: "text", text: "a" },
          { type: "text", text: "b" },
        ]),
      ),
    ).toEqual({ 0: { text: "a\nb" } });
  });

  it("a prompt that was queued is its text too", () => {
    const attachment = { type: "queued_command", prompt: [{ type: "text", text: "and this" }], commandMode: "prompt" };
    expect(contents({ type: "attachment", attachment })).toEqual({ 0: { text: "and this" } });
  });

  it("an answer goes block by block, under the same indices as its events", () => {
    const input = { command: "ls", nested: { deep: [1, null, "x"] } };
    const line = answer(
      { type: "thinking", thinking: "Hm.", signature: "s" },
      { type: "text", text: "I look." },
      { type: "tool_use", id: "t", name: "Task", input },
      { type: "text", text: "Done." },
    );
    const kinds = claudeCode.readLine(Buffer.from(JSON.stringify(line)), 0).events.map((event) => event.kind);
    expect(kinds).toEqual(["thinking", "text", "tool.call", "subagent.start", "text"]);
    expect(contents(line)).toEqual({ 0: { text: "Hm." }, 1: { text: "I look." }, 2: { input }, 4: { text: "Done." } });
  });

  it("a result is its output, and beside it what the output does not say", () => {
    const patch = [{ oldStart: 1, newStart: 1, lines: ["-a", "+b"] }];
    expect(result("ok", { filePath: "/a", originalFile: "a\n", structuredPatch: patch })).toEqual({
      text: "ok",
      result: { filePath: "/a", structuredPatch: patch },
    });
  });

  it.each<[string, unknown, unknown, unknown]>([
    ["a command's output", "hi", { stdout: "hi", stderr: "", interrupted: false }, { stderr: "", interrupted: false }],
    ["an error", "no such file", "Error: no such file", undefined],
    [
      "a file with its lines numbered",
      `     1→${"a".repeat(150)}\n     2→${"b".repeat(150)}`,
      { type: "text", file: { filePath: "/a", content: `${"a".repeat(150)}\n${"b".repeat(150)}`, numLines: 2 } },
      { type: "text", file: { filePath: "/a", numLines: 2 } },
    ],
    ["its own blocks", [{ type: "text", text: "found" }], [{ type: "text", text: "found" }], undefined],
    [
      "an image",
      [{ type: "text", text: "x" }],
      { type: "image", file: { base64: "AAAA", type: "image/png" } },
      { type: "image", file: { type: "image/png" } },
    ],
  ])("a result does not repeat %s", (_, output, beside, expected) => {
    expect(result(output, beside)).toHaveProperty("text");
    expect((result(output, beside) as { result?: unknown }).result).toEqual(expected);
  });

  it("a result is shown soon, however many texts it holds beside a long output", () => {
    const texts = Object.fromEntries(Array.from({ length: 20_000 }, (_, i) => [`k${i}`, `${"x".repeat(300)}y`]));
    expect(result("x".repeat(6_000_000), texts)).toMatchObject({ text: "x".repeat(MAX_CONTENT_CHARS) });
  });

  it("a result keeps the lines of a patch together, even where the output quotes one", () => {
    const long = `+${"x".repeat(300)}`;
    const beside = { structuredPatch: [{ lines: ["-a", long, "+b"] }] };
    expect(result(`edited: ${long}`, beside)).toMatchObject({ result: beside });
  });

  it("an image is its type and size", () => {
    const image = { type: "image", source: { type: "base64", media_type: "image/jpeg", data: "QUJDRA==" } };
    expect(result([image])).toEqual({ text: "", images: [{ mediaType: "image/jpeg", bytes: 4 }] });
  });

  it("an API error is what the API said", () => {
    const failed = { ...answer({ type: "text", text: "API Error: 529" }), isApiErrorMessage: true };
    expect(contents(failed)).toEqual({ 0: { text: "API Error: 529" } });
    const retried = { type: "system", subtype: "api_error", error: { message: "529 long story", formatted: "529" } };
    expect(contents(retried)).toEqual({ 0: { text: "529 long story" } });
  });

  it("progress is the output so far", () => {
    const data = { type: "bash_progress", output: "tail", fullOutput: "head\ntail" };
    expect(contents({ type: "progress", data })).toEqual({ 0: { text: "head\ntail" } });
  });

  it("a note is the text that its line carries", () => {
    expect(contents({ type: "system", subtype: "informational", content: "Heads up" })).toEqual({
      0: { text: "Heads up" },
    });
    const attachment = { type: "hook_success", stdout: "out", stderr: "err" };
    expect(contents({ type: "attachment", attachment })).toEqual({ 0: { text: "out\nerr" } });
    const rendered = [{ content: "<reminder>" }];
    expect(contents({ type: "attachment", attachment: { type: "date" }, rendered })).toEqual({
      0: { text: "<reminder>" },
    });
  });

  it("a line that cannot be read is the line", () => {
    expect(contents('{"type":"us')).toEqual({ 0: { text: '{"type":"us' } });
    expect(contents("[1]")).toEqual({ 0: { text: "[1]" } });
  });
});

describe("what does not fit a page", () => {
  it("is cut, and said to be", () => {
    const text = "x".repeat(MAX_CONTENT_CHARS + 5);
    expect(contents(user(text))).toEqual({ 0: { text: text.slice(5), omittedChars: 5 } });
  });

  it("is cut within a call's input, whose shape stays", () => {
    const line = answer({
      type: "tool_use",
      id: "t",
      name: "Write",
      input: { file_path: "/a", content: "x".repeat(400_000) },
    });
    const shown = contents(line)[0] as { input: { file_path: string; content: string }; omittedChars: number };
    expect(shown.input.file_path).toBe("/a");
    expect(shown.input.content.length + shown.omittedChars).toBe(400_000);
    expect(JSON.stringify(shown.input).length).toBeLessThan(MAX_CONTENT_CHARS + 100);
  });

  it("is left out where it is nested too deeply for whoever shows it", () => {
    const text = `{"type":"assistant","message":{"content":[{"type":"tool_use","id":"t","name":"X","input":${"[".repeat(50_000)}${"]".repeat(50_000)}}]}}`;
    const shown = contents(text)[0] as { omittedChars: number };
    expect(JSON.stringify(shown).length).toBeLessThan(1000);
    expect(shown.omittedChars).toBeGreaterThan(0);
  });

  it("is left out after so many small values, too", () => {
    const line = answer({
      type: "tool_use",
      id: "t",
      name: "X",
      input: { list: Array.from({ length: 200_000 }, () => 1) },
    });
    const shown = contents(line)[0] as { input: { list: number[] }; omittedChars: number };
    expect(shown.input.list.length).toBeLessThan(MAX_CONTENT_CHARS / 8 + 1);
    expect(shown.omittedChars).toBeGreaterThan(0);
  });
});
