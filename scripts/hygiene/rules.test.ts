import { expect, test } from "vitest";
import { linkProblems } from "./link-rules.ts";
import { shapeProblems } from "./shape-rules.ts";
import { textProblems } from "./text-rules.ts";

const ROOT = "/data/someone/checkout";

test.each([
  ["names a package registry", ["https://registry", "npmjs", "org/zod"].join(".")],
  ["holds a registry credential", ["//host/:_auth", "Token=abc"].join("")],
  ["names a folder outside the project", `see ${"../"}shared/notes`],
  ["holds a private key", `-----BEGIN RSA ${"PRIVATE"} KEY-----`],
  ["holds a token of ours", `ap_${"k3J9".repeat(8)}`],
  ["holds somebody's token", `sk-ant-${"api03x".repeat(6)}`],
  ["names a path of this machine", `${ROOT}/package.json`],
  ["names a path of this machine", "open /data/someone/other"],
])("a line that %s is found", (what, line) => {
  expect(textProblems("a.md", `first\n${line}\n`, ROOT)).toEqual([`a.md:2 ${what}`]);
});

test.each(["/tmp/demo", "/home/dev/demo", "/workspace/demo"])(
  "a checkout at %s does not forbid its common parent",
  (root) => {
    expect(textProblems("a.ts", "cd /tmp/x; ls /home/dev/shop; ls /workspace", root)).toEqual([]);
  },
);

test("an ordinary line passes", () => {
  expect(textProblems("a.ts", 'import { x } from "../share.ts"; // ap_short, npm, /data/else', ROOT)).toEqual([]);
});

test("a file over one mebibyte is found", () => {
  expect(shapeProblems("a.bin", 1024 * 1024 + 1, "")).toHaveLength(1);
  expect(shapeProblems("a.bin", 1024 * 1024, "")).toEqual([]);
});

test("a source of more than 400 lines gives its reason at its top", () => {
  const long = "x;\n".repeat(401);
  expect(shapeProblems("packages/a/src/a.ts", 1, long)).toHaveLength(1);
  expect(shapeProblems("packages/a/src/a.ts", 1, "x;\n".repeat(400))).toEqual([]);
  expect(shapeProblems("packages/a/src/a.ts", 1, `// Over 400 lines because it is one table.\n${long}`)).toEqual([]);
  expect(shapeProblems("docs/a.md", 1, long)).toEqual([]);
});

test("an entry file of more than 20 lines is found", () => {
  expect(shapeProblems("packages/a/src/main.ts", 1, "x;\n".repeat(21))).toHaveLength(1);
});

test.each(["it.only('a')", "test.skip('a')", "describe.todo('a')", "test.describe.only('a')", "test.fixme()"])(
  "%s in a test is found",
  (code) => {
    expect(shapeProblems("packages/a/src/a.test.ts", 1, `\n${code};\n`)).toHaveLength(1);
  },
);

test("a condition for a test and the same words in a string pass", () => {
  expect(shapeProblems("a.test.ts", 1, "test.skipIf(windows)('it.only', () => {}); test.each([1])('a');")).toEqual([]);
});

test("a link to a file that is not there is found, from where the document stands", () => {
  const files = new Set(["README.md", "docs/a.md", "docs/pictures/b.png"]);
  const text =
    "[a](a.md) [up](../README.md#start) ![b](pictures/b.png) [all](pictures) [web](https://x.y/z) [here](#top)";
  expect(linkProblems("docs/a.md", text, files)).toEqual([]);
  expect(linkProblems("docs/a.md", "\n[gone](b.md)", files)).toEqual(["docs/a.md:2 links to b.md, which is not there"]);
});
