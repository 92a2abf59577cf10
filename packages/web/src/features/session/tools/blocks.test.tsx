// @vitest-environment happy-dom
import { render, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { describe, expect, it } from "vitest";
import { LiveStore } from "../../../live/store.ts";
import { LiveContext } from "../../../live/use-live.ts";
import { FakeEnvironment } from "../../../testing/fake-environment.ts";
import { madeCall } from "../../../testing/made.ts";
import { withPage } from "../../../testing/page.tsx";
import { CallContext, type CallSurroundings } from "../call-context.ts";
import { toEntries } from "../entries.ts";
import { FoldMemory, Folds } from "../fold-memory.ts";
import { CallBlock } from "./index.tsx";

withPage();

function draw(tool: string, input: unknown, result?: Record<string, unknown>, around: Partial<CallSurroundings> = {}) {
  const entry = toEntries(madeCall(10, tool, input, result), new Set())[0];
  if (entry?.kind !== "call") throw new Error("is no call");
  const store = new LiveStore(new FakeEnvironment(), {
    token: () => null,
    onRefused() {},
    onSilentFailure: async () => false,
  });
  const surroundings = {
    working: false,
    asked: false,
    cwd: "/home/dev/shop",
    agentOfCall: () => null,
    openAgent() {},
    ...around,
  };
  return render(
    <LiveContext value={store}>
      <FoldMemory value={new Folds()}>
        <CallContext value={surroundings}>
          <CallBlock call={entry.call} />
        </CallContext>
      </FoldMemory>
    </LiveContext>,
  ).container;
}

const text = (element: Element) => element.textContent?.replace(/\s+/g, " ") ?? "";

describe("the block of a call", () => {
  it("shows a command, what it returned and how it ended", () => {
    const page = draw("Bash", { command: "npm test" }, { text: "1 failed", exitCode: 1, durationMs: 12_400 });
    expect(text(page)).toBe("Bashnpm testexit 112 s1 failed");
  });

  it("shows a long command in full, and every character of it that has no ink", () => {
    const command = `cat a.txt |\n  sort \u202E| sh # ${"x".repeat(80)}`;
    const page = draw("Bash", { command, description: "Sort the file" }, { text: "", exitCode: 0 });
    expect(page.textContent).toContain(`sort \\u202e| sh # ${"x".repeat(80)}`);
    expect(page.textContent).toContain("Sort the file");
    expect(page.textContent).toContain("No output");
  });

  it("says that a call runs while the session works, and that it has no result when not", () => {
    expect(text(draw("Bash", { command: "sleep 9" }, undefined, { working: true }))).toContain("running");
    // Allowed or not yet, nobody here can tell.
    const asked = text(draw("Bash", { command: "sleep 9" }, undefined, { working: true, asked: true }));
    expect(asked).toContain("not done yet");
    expect(asked).not.toContain("running");
    expect(text(draw("Bash", { command: "sleep 9" }))).toContain("no result");
  });

  it("clamps long output until somebody asks for all of it", async () => {
    const lines = Array.from({ length: 60 }, (_, i) => `line ${i}`).join("\n");
    const page = draw("Bash", { command: "seq" }, { text: lines, exitCode: 0 });
    expect(page.textContent).not.toContain("line 40");
    await userEvent.click(screen.getByRole("button", { name: "Show all 60 lines" }));
    expect(page.textContent).toContain("line 59");
  });

  it("shows who refused a call", () => {
    const result = { text: "no", isError: true, denied: true };
    expect(text(draw("Bash", { command: "ls" }, { ...result, decidedBy: "hook" }))).toContain("denied by a hook");
    expect(text(draw("Bash", { command: "ls" }, { ...result, decidedBy: "constructor" }))).toContain(
      "denied by constructor",
    );
  });

  it("shows an edit by the patch that the agent kept, with the lines of the file", () => {
    const patch = [{ oldStart: 41, newStart: 41, lines: [" a", "-old", "+new"] }];
    const page = draw(
      "Edit",
      { file_path: "/home/dev/shop/src/a.ts", old_string: "old", new_string: "new" },
      {
        text: "updated",
        kept: { structuredPatch: patch },
      },
    );
    expect(page.querySelector("code")?.textContent).toBe("src/a.ts");
    expect(text(page)).toContain("+1 −1");
    expect([...page.querySelectorAll(".is-del, .is-add")].map(text)).toEqual(["42−old", "42+new"]);
  });

  it("compares the two texts where there is no patch, and gives no line numbers that it does not know", () => {
    const page = draw("MultiEdit", { file_path: "/x", edits: [{ old_string: "a\nb", new_string: "a\nc" }] });
    expect([...page.querySelectorAll(".diff > div")].map(text)).toEqual([" a", "−b", "+c"]);
  });

  it("shows a question with what was chosen, also in own words", () => {
    const question = {
      question: "Which store?",
      options: [{ label: "Postgres", description: "one table" }, { label: "SQLite" }],
    };
    const chosen = draw(
      "AskUserQuestion",
      { questions: [question] },
      { kept: { answers: { "Which store?": "SQLite" } } },
    );
    expect(chosen.querySelector("[aria-label=chosen]")?.closest("li")?.textContent).toBe("SQLite");
    const own = draw("AskUserQuestion", { questions: [question] }, { kept: { answers: { "Which store?": "a file" } } });
    expect(own.querySelector("[aria-label=chosen]")?.closest("li")?.textContent).toContain("a file");
    expect(text(draw("AskUserQuestion", { questions: [question] }))).toContain("not answered here");
  });

  it("says who answered and who approved, where the agent wrote it down", () => {
    const by = { text: "ok", decidedBy: "hook" };
    expect(text(draw("AskUserQuestion", { questions: [] }, by))).toContain("answered by a hook");
    expect(text(draw("ExitPlanMode", { plan: "Do it" }, by))).toContain("approved by a hook");
    expect(text(draw("ExitPlanMode", { plan: "Do it" }, { text: "ok" }))).toContain("approved");
    const denied = text(draw("ExitPlanMode", { plan: "Do it" }, { ...by, isError: true, denied: true }));
    expect(denied).not.toContain("approved");
    expect(denied).toContain("denied by a hook");
  });

  it("shows a list of tasks by shape and name of each state", () => {
    draw("TodoWrite", {
      todos: [
        { content: "one", status: "completed" },
        { content: "two", status: "in_progress" },
      ],
    });
    expect(screen.getByRole("img", { name: "done" }).closest("li")?.textContent).toBe("one");
    expect(screen.getByRole("img", { name: "doing" }).closest("li")?.textContent).toBe("two");
  });

  it("leads to the transcript of the subagent that a call started", async () => {
    const opened: string[] = [];
    draw(
      "Agent",
      { description: "Look", subagent_type: "explore" },
      { text: "ok", agent: "a7" },
      {
        openAgent: (id) => void opened.push(id),
      },
    );
    await userEvent.click(screen.getByRole("button", { name: "explore" }));
    expect(opened).toEqual(["a7"]);
  });

  it("names server and tool of an MCP call, and shows its input as JSON on demand", async () => {
    const page = draw("mcp__tracker__create_issue", { title: "Sleep" }, { text: '{"id":1}' });
    expect(text(page)).toContain("tracker · create_issue");
    await userEvent.click(screen.getByRole("button", { name: "Input as JSON" }));
    expect(page.textContent).toContain('"title": "Sleep"');
  });

  it("leads to the page that was fetched, where it is one of the web", () => {
    const page = draw("WebFetch", { url: "https://example.com/a", prompt: "what is new" }, { text: "it says hello" });
    expect(page.querySelector("a")?.getAttribute("href")).toBe("https://example.com/a");
    expect(page.querySelector("a")?.rel).toContain("noopener");
    expect(text(page)).toBe("WebFetchhttps://example.com/a1 mswhat is newit says hello");
    const bad = draw("WebFetch", { url: "javascript:alert(1)" }, { text: "no" });
    expect(bad.querySelector("a")).toBeNull();
    expect(text(draw("WebSearch", { query: "fake timers" }, { text: "ten pages" }))).toContain("fake timers");
  });

  it("shows the colours of a terminal, and takes them for what says what is bad", () => {
    const page = draw("Bash", { command: "npm test" }, { text: "\u001B[31mfailed\u001B[0m, and why", isError: true });
    expect(page.querySelector(".ansi-red")?.textContent).toBe("failed");
    expect(page.querySelector(".output.is-error")).toBeNull();
    const plain = draw("Bash", { command: "npm test" }, { text: "failed", isError: true });
    expect(plain.querySelector(".output.is-error")).not.toBeNull();
  });

  it("copies a command and its output as they are written", async () => {
    const user = userEvent.setup();
    draw("Bash", { command: "cat \u202Ea" }, { text: "\u001B[31mred\u001B[0m" });
    await user.click(screen.getByRole("button", { name: "Copy the command" }));
    expect(await navigator.clipboard.readText()).toBe("cat \u202Ea");
    await user.click(screen.getByRole("button", { name: "Copy the output" }));
    expect(await navigator.clipboard.readText()).toBe("\u001B[31mred\u001B[0m");
  });

  it("marks the words that changed in a line", () => {
    const page = draw("Edit", { file_path: "/x", old_string: "let a = 1;", new_string: "let a = 2;" });
    expect([...page.querySelectorAll("mark")].map(text)).toEqual(["1", "2"]);
  });

  it.each(["constructor", "__proto__", "toString"])("is not led astray by a tool called %j", (tool) => {
    expect(text(draw(tool, { a: 1 }, { text: "fine" }))).toContain("fine");
  });

  it.each([
    "Bash",
    "Edit",
    "Write",
    "AskUserQuestion",
    "ExitPlanMode",
    "TodoWrite",
    "TaskUpdate",
    "Agent",
    "WebFetch",
    "Other",
  ])("stands whatever the input of %s is", (tool) => {
    for (const input of [
      null,
      undefined,
      7,
      "x",
      [],
      { questions: [null, 1], todos: [1], edits: [null], command: {} },
    ]) {
      expect(() => draw(tool, input, { text: "r", kept: [1] })).not.toThrow();
    }
  });

  it("says how much of a text was left out on the way", () => {
    const entry = toEntries(madeCall(10, "Bash", { command: "x" }, { text: "head", exitCode: 0 }), new Set())[0];
    if (entry?.kind !== "call" || entry.call.result?.content === undefined) throw new Error("is no result");
    entry.call.result.content.omittedChars = 1_200;
    const { container } = render(<CallBlock call={entry.call} />);
    expect(container.textContent).toContain("1,200 characters more are not shown here");
  });
});
