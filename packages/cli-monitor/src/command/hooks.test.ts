import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { EXIT } from "./exit-codes.ts";
import { runCommand } from "./program.ts";

const MINE = '{\n  "model": "opus"\n}\n';
let folder: string;
let settings: string;

beforeEach(() => {
  folder = realpathSync(mkdtempSync(path.join(os.tmpdir(), "agentpane-hooks-")));
  mkdirSync(path.join(folder, "config"));
  settings = path.join(folder, "config", "settings.json");
  writeFileSync(settings, MINE);
  vi.stubEnv("HOME", folder);
  vi.stubEnv("CLAUDE_CONFIG_DIR", path.join(folder, "config"));
  vi.stubEnv("AGENTPANE_STATE", path.join(folder, "state"));
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true });
});

async function hooks(...args: string[]): Promise<{ code: number; said: string }> {
  const lines: string[] = [];
  const say = (line: string) => void lines.push(line);
  return { code: await runCommand(["hooks", ...args], say, say), said: lines.join("\n") };
}

test("the hook is shown, installed once, looked at and removed", async () => {
  expect(await hooks("status")).toMatchObject({
    code: EXIT.failed,
    said: expect.stringContaining(`absent           ${settings}`),
  });
  const dry = await hooks("install", "--dry-run");
  expect(dry).toMatchObject({ code: EXIT.ok, said: expect.stringContaining('+    "PermissionRequest": [') });
  expect(dry.said).toContain("Nothing was changed");
  expect(readFileSync(settings, "utf8")).toBe(MINE);
  const done = await hooks("install");
  expect(done.said).toContain("Installed.");
  expect(done.said).toContain("No monitor listens");
  expect((await hooks("install")).said).toContain("installed already");
  const status = await hooks("status", "--json");
  expect(JSON.parse(status.said)).toMatchObject({ listening: false, files: [{ path: settings, state: "installed" }] });
  writeFileSync(settings, readFileSync(settings, "utf8").replace("86400", "60"));
  expect((await hooks("status")).said).toMatch(/changed by hand[\s\S]*run `hooks install` again/);
  expect(await hooks("uninstall")).toMatchObject({ code: EXIT.ok, said: expect.stringContaining("Removed.") });
  expect(readFileSync(settings, "utf8")).toBe(MINE);
});

test("broken settings are refused with file and line, and left alone", async () => {
  writeFileSync(settings, '{\n  "model": "opus",\n}\n');
  expect(await hooks("install")).toEqual({ code: EXIT.failed, said: `${settings}, line 3: it is not JSON` });
  expect((await hooks("status")).said).toContain(`cannot be read   ${settings}, line 3`);
  expect(readFileSync(settings, "utf8")).toBe('{\n  "model": "opus",\n}\n');
});

test("a folder that was named and is not there is refused, not passed over", async () => {
  const { code, said } = await hooks("install", "--root", path.join(folder, "absent"));
  expect({ code, said }).toMatchObject({ code: EXIT.usage, said: expect.stringContaining("absent is no folder") });
  expect(readFileSync(settings, "utf8")).toBe(MINE);
});

test("where no config folder is, it says what makes one", async () => {
  vi.stubEnv("CLAUDE_CONFIG_DIR", path.join(folder, "absent"));
  expect((await hooks("install")).said).toContain("Start the agent once");
  expect((await hooks("status")).said).toContain("Start the agent once");
});

test("what settings hold cannot steer the terminal", async () => {
  writeFileSync(settings, '{\n  "a": "\u202ex\u009b31m"\n}\n');
  const { said } = await hooks("install", "--dry-run");
  expect(said).toContain('"\\u{202e}x\\u{9b}31m"');
  expect(said).not.toMatch(/\u202e|\u009b/);
});
