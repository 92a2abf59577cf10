// @vitest-environment happy-dom
import { expect, test } from "vitest";
import { DrawnTerminal } from "./drawn-terminal.ts";

function drawn(terminal: DrawnTerminal, text: string): Promise<void> {
  return new Promise((resolve) => terminal.write(new TextEncoder().encode(text), resolve));
}

function textOf(terminal: DrawnTerminal): string {
  return terminal
    .rows()
    .map((row) =>
      row
        .map(({ text }) => text)
        .join("")
        .trimEnd(),
    )
    .join("\n")
    .trimEnd();
}

test("a screen is drawn with its colours, and the cursor where it stands", async () => {
  const terminal = new DrawnTerminal();
  await new Promise<void>((done) => {
    terminal.screen(20, 3, new TextEncoder().encode("\x1b[1;31mred\x1b[0m \x1b[38;2;1;2;3mown\x1b[0m 日本"), done);
  });
  const [first = []] = terminal.rows();
  expect(first[0]).toMatchObject({ text: "red", fg: "var(--ansi-1)", bold: true });
  expect(first[2]).toMatchObject({ text: "own", fg: "#010203" });
  expect(textOf(terminal)).toBe("red own 日本");
  expect(first.find(({ cursor }) => cursor)).toMatchObject({ text: " " });
});

test("links, titles, the clipboard and the colours of the page are none of a program's business", async () => {
  const terminal = new DrawnTerminal();
  const before = document.title;
  await drawn(
    terminal,
    "\x1b]0;title\x07\x1b]8;;https://evil.example\x07text\x1b]8;;\x07\x1b]52;c;ZXZpbA==\x07\x1b]11;?\x07",
  );
  expect(document.title).toBe(before);
  expect(textOf(terminal)).toBe("text");
});
