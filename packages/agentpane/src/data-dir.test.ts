import { expect, test } from "vitest";
import { defaultDataDir } from "./data-dir.ts";

test.each([
  ["linux", { HOME: "/home/dev" }, "/home/dev/.local/share/agentpane"],
  ["linux", { HOME: "/home/dev", XDG_DATA_HOME: "/data" }, "/data/agentpane"],
  ["linux", { HOME: "/home/dev", XDG_DATA_HOME: "" }, "/home/dev/.local/share/agentpane"],
  ["darwin", { HOME: "/Users/dev" }, "/Users/dev/Library/Application Support/AgentPane"],
  ["darwin", { HOME: "/Users/dev", AGENTPANE_DATA: "/pane" }, "/pane"],
  ["win32", { HOME: "/Users/dev", LOCALAPPDATA: "/Local" }, "/Local/AgentPane"],
] as const)("on %s with %j the store lies in %s", (platform, env, folder) => {
  expect(defaultDataDir(env, platform)).toBe(folder);
});
