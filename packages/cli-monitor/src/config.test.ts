import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { expect, test } from "vitest";
import { ConfigError, readMonitorSecrets, resolveMonitorConfig } from "./config.ts";
import type { Surroundings } from "./state/state-folder.ts";

const from: Surroundings = { env: {}, home: "/home/dev", cwd: "/here", hostname: "laptop", platform: "linux" };

test("without flags: both usual places, the host's name, a server on this machine", () => {
  const config = resolveMonitorConfig({}, from);
  expect(config.roots).toEqual(["/home/dev/.claude", "/home/dev/.config/claude"]);
  expect(config.server.origin).toBe("http://127.0.0.1:4477");
  expect(config.name).toBe("laptop");
  expect(config.stateFolder).toBe("/home/dev/.local/state/agentpane");
});

test.each<[string, Parameters<typeof resolveMonitorConfig>[0], Partial<Surroundings>, readonly string[]]>([
  ["the agent's own variable", {}, { env: { CLAUDE_CONFIG_DIR: "/cfg" } }, ["/cfg"]],
  ["flags beside the variable", { roots: ["/r"] }, { env: { CLAUDE_CONFIG_DIR: "/cfg" } }, ["/cfg", "/r"]],
  ["flags beside the usual places", { roots: ["/r"] }, {}, ["/home/dev/.claude", "/home/dev/.config/claude", "/r"]],
  [
    "a projects folder means its parent, once",
    { roots: ["/r/projects", "/r/projects/", "/cfg"] },
    { env: { CLAUDE_CONFIG_DIR: "/cfg" } },
    ["/cfg", "/r"],
  ],
  [
    "relative to where the command runs",
    { roots: ["more"] },
    { env: { CLAUDE_CONFIG_DIR: "/cfg" } },
    ["/cfg", "/here/more"],
  ],
])("roots: %s", (_name, raw, surroundings, roots) => {
  expect(resolveMonitorConfig(raw, { ...from, ...surroundings }).roots).toEqual(roots);
});

test.each<[string, Partial<Surroundings>, string]>([
  ["its own variable", { env: { AGENTPANE_STATE: "/s", XDG_STATE_HOME: "/x" } }, "/s"],
  ["XDG", { env: { XDG_STATE_HOME: "/x" } }, "/x/agentpane"],
  ["macOS", { platform: "darwin" }, "/home/dev/Library/Application Support/AgentPane/state"],
  ["Windows", { platform: "win32", env: { LOCALAPPDATA: "/l" } }, "/l/AgentPane/state"],
])("state folder: %s", (_name, surroundings, expected) => {
  expect(resolveMonitorConfig({}, { ...from, ...surroundings }).stateFolder).toBe(expected);
});

test.each<[string, Parameters<typeof resolveMonitorConfig>[0], NodeJS.ProcessEnv, RegExp]>([
  ["not an address", { server: "localhost:4477" }, {}, /write it as http/],
  ["a path", { server: "http://127.0.0.1:4477/api" }, {}, /takes no path/],
  ["a password", { server: "http://me:secret@127.0.0.1:1" }, {}, /--token-file/],
  ["unencrypted over the network", { server: "http://192.168.0.7:4477" }, {}, /https/],
  ["unknown level", { logLevel: "loud" }, {}, /one of silent/],
  ["no name", { name: " " }, {}, /--name is empty/],
  ["an empty root", { roots: [""] }, {}, /--root is empty/],
  ["two tokens", { tokenFile: "/t" }, { AGENTPANE_TOKEN: "x" }, /leave one of them out/],
])("refused with the sentence that mends it: %s", (_name, raw, env, message) => {
  expect(() => resolveMonitorConfig(raw, { ...from, env })).toThrow(message);
});

test("the token comes from the environment or from a file that nobody else can read", () => {
  const folder = mkdtempSync(path.join(os.tmpdir(), "agentpane-token-"));
  try {
    const file = path.join(folder, "token");
    writeFileSync(file, "  ap_123\n", { mode: 0o600 });
    const config = resolveMonitorConfig({ tokenFile: file }, from);
    expect(readMonitorSecrets(config, {}).token).toBe("ap_123");
    expect(readMonitorSecrets(resolveMonitorConfig({}, from), { AGENTPANE_TOKEN: "ap_4" }).token).toBe("ap_4");
    expect(() => readMonitorSecrets(resolveMonitorConfig({}, from), {})).toThrow(/agentpane tokens add/);
    chmodSync(file, 0o640);
    expect(() => readMonitorSecrets(config, {})).toThrow(/chmod 600/);
    expect(() => readMonitorSecrets({ ...config, tokenFile: path.join(folder, "none") }, {})).toThrow(ConfigError);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
