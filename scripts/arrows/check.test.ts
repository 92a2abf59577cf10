import { expect, test } from "vitest";
import { checkArrows } from "./check.ts";

/** A tree that breaks nothing, to which each test adds the files of its story. */
function problemsOf(files: Record<string, string>): string[] {
  const manifest = (name: string, dependencies: string[] = []) =>
    JSON.stringify({ name, dependencies: Object.fromEntries(dependencies.map((on) => [on, "1"])) });
  const all: Record<string, string> = {
    "package.json": JSON.stringify({ name: "root", devDependencies: { vitest: "1" } }),
    "packages/protocol/package.json": manifest("@agentpane/protocol", ["zod"]),
    "packages/agents/package.json": manifest("@agentpane/agents", ["@agentpane/protocol"]),
    "packages/server/package.json": manifest("@agentpane/server", ["@agentpane/protocol", "fastify"]),
    "packages/web/package.json": manifest("@agentpane/web", ["@agentpane/protocol", "react"]),
    "packages/testkit/package.json": manifest("@agentpane/testkit", ["@agentpane/server"]),
    "packages/agentpane/package.json": manifest("agentpane", ["@agentpane/server"]),
    ...files,
  };
  return checkArrows({ files: Object.keys(all), read: (path) => all[path] ?? "" }).problems;
}

test("a tree that keeps to the tables has no problems", () => {
  const problems = problemsOf({
    "packages/protocol/src/a.ts": 'import { z } from "zod"; export { b } from "./b.ts";',
    "packages/server/src/http/a.ts": 'import "fastify"; import type { B } from "../store/b.ts"; import "node:fs";',
    "packages/server/src/http/a.test.ts": 'import { test } from "vitest"; import { app } from "../app.ts";',
    "packages/server/src/app.ts": 'const writer = new URL("./ingest/thread.ts", import.meta.url);',
    "packages/agentpane/src/main.ts": "process.exit(1);",
    "packages/web/src/a.tsx": 'import "./a.css"; const page = import("./b.tsx"); const x = <b>{"import y"}</b>;',
  });
  expect(problems).toEqual([]);
});

test.each([
  ["a static import", 'import { a } from "@agentpane/server";'],
  ["a bare import", 'import "@agentpane/server";'],
  ["a type import", 'import type { A } from "@agentpane/server";'],
  ["a re-export", 'export { a } from "@agentpane/server";'],
  ["a re-export of everything", 'export * from "@agentpane/server";'],
  ["a dynamic import", 'export const a = () => import("@agentpane/server");'],
  ["an import in a type", 'export type A = import("@agentpane/server").A;'],
  ["a template without holes", "export const a = import(`@agentpane/server`);"],
  ["require", 'const a = require("@agentpane/server");'],
])("%s of the server from the dashboard is found", (_, text) => {
  expect(problemsOf({ "packages/web/src/a.ts": text })).toEqual(["packages/web/src/a.ts:1 web may not import server"]);
});

test.each([
  ["protocol may not import node:fs", "packages/protocol/src/a.ts", 'import "node:fs";'],
  ["protocol may not import fastify", "packages/protocol/src/a.ts", 'import "fastify";'],
  ["agents may not import node:fs", "packages/agents/src/a.ts", 'import "node:fs";'],
  ["web may not import node:path", "packages/web/src/a.ts", 'import "node:path";'],
  ["server may not import agentpane", "packages/server/src/a.ts", 'import "agentpane";'],
  ["server may not import testkit", "packages/server/src/a.ts", 'import "@agentpane/testkit";'],
  ["e2e may not import agentpane", "e2e/a.ts", 'import "agentpane";'],
  ["store/ may not import ingest/", "packages/server/src/store/a.ts", 'import "../ingest/b.ts";'],
  ["feed/ may not import ingest/", "packages/server/src/feed/a.ts", 'new URL("../ingest/b.ts", import.meta.url);'],
  ["fold/ may not import packages/server/src/app.ts", "packages/server/src/fold/a.ts", 'import "../app.ts";'],
  ["misc/ is not in the table", "packages/server/src/misc/a.ts", 'import "../store/b.ts";'],
  ["imports past the index of @agentpane/protocol", "packages/web/src/a.ts", 'import "@agentpane/protocol/src/b.ts";'],
  ["reaches by path", "packages/web/src/a.ts", 'import "../../protocol/src/b.ts";'],
  ["reaches outside the project", "packages/web/src/a.ts", 'import "../../../../b.ts";'],
  ["packages/server/package.json does not declare", "packages/server/src/a.ts", 'import "left-pad";'],
  ["packages/server/package.json does not declare", "packages/server/src/a.ts", 'import "vitest";'],
  ["packages/server/package.json does not declare", "packages/server/src/a.ts", 'import "@agentpane/agents";'],
  ["imports something computed", "packages/server/src/a.ts", "const a = (name: string) => import(name);"],
  ["calls process.exit", "packages/server/src/a.ts", "process.exit(1);"],
  ["calls process.exit", "packages/server/src/a.ts", 'process["exit"](1);'],
  ["calls process.exit", "packages/server/src/a.ts", 'import { exit } from "node:process";'],
  ["packages/other is not in the table", "packages/other/src/a.ts", 'import "@agentpane/protocol";'],
  ["does not parse", "packages/server/src/a.ts", "import { from"],
])("it says: %s", (message, path, text) => {
  const problems = problemsOf({ [path]: text });
  expect(problems).toHaveLength(1);
  expect(problems[0]).toContain(message);
});

const HELPER = 'import { readFileSync } from "node:fs"; new URL("../../../fixtures/", import.meta.url);';

test("a file that only tests import is judged as a test", () => {
  const problems = problemsOf({
    "packages/agents/src/helper.ts": HELPER,
    "packages/agents/src/other-helper.ts": 'import "./helper.ts";',
    "packages/agents/src/a.test.ts": 'import "./other-helper.ts";',
  });
  expect(problems).toEqual([]);
});

test("a file that a test and a source import is judged as a source", () => {
  const problems = problemsOf({
    "packages/agents/src/helper.ts": HELPER,
    "packages/agents/src/index.ts": 'export { a } from "./helper.ts";',
    "packages/agents/src/a.test.ts": 'import "./helper.ts";',
  });
  expect(problems).toHaveLength(2);
});

test("a file that nobody imports is judged as a source", () => {
  expect(problemsOf({ "packages/agents/src/helper.ts": HELPER })).toHaveLength(2);
});
