import { expect, test } from "vitest";
import { compileCacheFolder } from "./compile-cache.ts";

const PUBLISHED = "/usr/lib/node_modules/agentpane/dist/main.js";

test("a checkout keeps compiled code beside its libraries", () => {
  const source = "/home/dev/pane/packages/agentpane/src/compile-cache.ts";
  expect(compileCacheFolder({ HOME: "/home/dev" }, source)).toBe("/home/dev/pane/node_modules/.cache/agentpane");
});

test.each([
  ["linux", { HOME: "/home/dev" }, "/home/dev/.cache/agentpane"],
  ["linux", { HOME: "/home/dev", XDG_CACHE_HOME: "/cache" }, "/cache/agentpane"],
  ["darwin", { HOME: "/Users/dev" }, "/Users/dev/Library/Caches/AgentPane"],
] as const)("a published program on %s with %j keeps it in %s", (platform, env, folder) => {
  expect(compileCacheFolder(env, PUBLISHED, platform)).toBe(folder);
});
