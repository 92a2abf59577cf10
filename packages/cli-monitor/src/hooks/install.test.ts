import {
  chmodSync,
  chownSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import os from "node:os";
import path from "node:path";
import { claudeCode } from "@agentpane/agents";
import { afterEach, beforeEach, expect, test } from "vitest";
import { keepPort, readHookKeys } from "./hook-keys.ts";
import { changeHooks, type HookPlaces, hookDiffs, hookFiles } from "./install.ts";
import { readSettings, writeSettings } from "./settings-files.ts";

const MINE = '{\n\t"model": "opus",\n\t"env": {"A": "1"}\n}';
/** An account that no one of the tests' own is. */
const OTHER_UID = 54_321;
let folder: string;
let places: HookPlaces;

beforeEach(() => {
  folder = realpathSync(mkdtempSync(path.join(os.tmpdir(), "agentpane-install-")));
  for (const root of ["one", "two"]) mkdirSync(path.join(folder, root));
  const roots = ["one", "two", "missing"].map((root) => path.join(folder, root));
  places = { state: path.join(folder, "state"), roots, format: claudeCode.hook, way: "http" };
  keepPort(places.state, 41_234);
});
afterEach(() => rmSync(folder, { recursive: true }));

const settings = (root: string) => path.join(folder, root, "settings.json");
const states = () => hookFiles(places).map(({ state }) => state);

test("the hook is put into every root that exists, and taken out to the byte", () => {
  writeFileSync(settings("one"), MINE, { mode: 0o640 });
  chmodSync(settings("one"), 0o640);
  expect(states()).toEqual(["absent", "absent"]);
  changeHooks(places, "install");
  expect(states()).toEqual(["installed", "installed"]);
  const { hooks, ...rest } = JSON.parse(readFileSync(settings("one"), "utf8"));
  expect(rest).toEqual(JSON.parse(MINE));
  expect(hooks.PermissionRequest[0].hooks[0]).toEqual({
    type: "http",
    url: "http://127.0.0.1:41234/agentpane/permission-request",
    headers: { "x-agentpane-token": readHookKeys(places.state).token },
    timeout: 86_400,
  });
  expect(statSync(settings("one")).mode & 0o777).toBe(0o640);
  expect(statSync(settings("two")).mode & 0o777).toBe(0o600);
  expect(readFileSync(`${settings("one")}.agentpane-backup`, "utf8")).toBe(MINE);
  expect(statSync(`${settings("one")}.agentpane-backup`).mode & 0o777).toBe(0o600);

  const once = readFileSync(settings("one"), "utf8");
  changeHooks(places, "install");
  expect(readFileSync(settings("one"), "utf8")).toBe(once);
  changeHooks(places, "uninstall");
  expect(readFileSync(settings("one"), "utf8")).toBe(MINE);
  expect(readdirSync(path.join(folder, "one"))).toEqual(["settings.json"]);
  expect(readdirSync(path.join(folder, "two"))).toEqual([]);
  changeHooks(places, "uninstall");
  expect(existsSync(path.join(folder, "missing"))).toBe(false);
});

test("what was there before comes back, also where containers were empty, and another port is one change", () => {
  const before = '{ "hooks": { "PermissionRequest": [] } }\n';
  writeFileSync(settings("one"), before);
  changeHooks(places, "install");
  keepPort(places.state, 41_235);
  expect(states()).toEqual(["changed", "changed"]);
  changeHooks(places, "install");
  expect(states()).toEqual(["installed", "installed"]);
  expect(readFileSync(settings("one"), "utf8")).not.toContain("41234");
  changeHooks(places, "uninstall");
  expect(readFileSync(settings("one"), "utf8")).toBe(before);
});

test("a link is followed and stays a link", () => {
  const real = path.join(folder, "dotfiles.json");
  writeFileSync(real, MINE);
  symlinkSync(real, settings("one"));
  changeHooks(places, "install");
  expect(lstatSync(settings("one")).isSymbolicLink()).toBe(true);
  expect(readFileSync(real, "utf8")).toContain("permission-request");
  changeHooks(places, "uninstall");
  expect(readFileSync(real, "utf8")).toBe(MINE);
});

test("a broken file is refused with its line, and then no file is touched", () => {
  writeFileSync(settings("one"), MINE);
  writeFileSync(settings("two"), '{\n  "a": 1,\n}\n');
  const error = { code: "settings_invalid", message: `${settings("two")}, line 3: it is not JSON` };
  expect(() => changeHooks(places, "install")).toThrow(expect.objectContaining(error));
  expect(() => hookDiffs(places, "install")).toThrow(expect.objectContaining(error));
  expect(readFileSync(settings("one"), "utf8")).toBe(MINE);
  expect(hookFiles(places)[1]).toEqual({ path: settings("two"), state: "invalid", problem: error.message, diff: null });
});

test("a file that changed since it was read is not written", () => {
  writeFileSync(settings("one"), MINE);
  const read = readSettings(settings("one"));
  writeFileSync(settings("one"), '{"theirs":1}');
  expect(() => writeSettings(read, "{}")).toThrow(expect.objectContaining({ code: "conflict" }));
  expect(readFileSync(settings("one"), "utf8")).toBe('{"theirs":1}');
  expect(readdirSync(path.join(folder, "one"))).toEqual(["settings.json"]);
});

test("the exact change is shown before it is made", () => {
  writeFileSync(settings("one"), '{\n  "a": 1,\n  "b": 2,\n  "c": 3,\n  "d": 4\n}\n');
  const [one, two] = hookDiffs(places, "install");
  expect(one).toBe(`--- ${settings("one")}
+++ ${settings("one")}
@@ -2,5 +2,22 @@
   "a": 1,
   "b": 2,
   "c": 3,
-  "d": 4
+  "d": 4,
+  "hooks": {
+    "PermissionRequest": [
+      {
+        "matcher": "*",
+        "hooks": [
+          {
+            "type": "http",
+            "url": "http://127.0.0.1:41234/agentpane/permission-request",
+            "headers": {
+              "x-agentpane-token": "${readHookKeys(places.state).token}"
+            },
+            "timeout": 86400
+          }
+        ]
+      }
+    ]
+  }
 }
`);
  expect(two?.split("\n").slice(0, 3)).toEqual(["--- /dev/null", `+++ ${settings("two")}`, "@@ -0,0 +1,19 @@"]);
  expect(hookFiles(places)[0]?.diff).toEqual({ action: "install", text: one });
  changeHooks(places, "install");
  expect(hookDiffs(places, "install")).toEqual([]);
  expect(hookFiles(places)[0]?.diff?.action).toBe("uninstall");
});

test("the keys are readable by their owner alone, and stay what they are", () => {
  const keys = readHookKeys(places.state);
  expect(readHookKeys(places.state)).toEqual(keys);
  expect(statSync(path.join(places.state, "hook")).mode & 0o777).toBe(0o700);
  expect(statSync(path.join(places.state, "hook", "keys.json")).mode & 0o777).toBe(0o600);
  writeFileSync(path.join(places.state, "hook", "keys.json"), "{");
  expect(readHookKeys(places.state).token).not.toBe(keys.token);
});

test("the program of the hook is not put where others could put another", () => {
  const command: HookPlaces = { ...places, way: "command" };
  chmodSync(folder, 0o777);
  expect(() => changeHooks(command, "install")).toThrow("Others could replace");
  expect(existsSync(settings("one"))).toBe(false);
  chmodSync(folder, 0o700);
  changeHooks(command, "install");
  expect(readFileSync(settings("one"), "utf8")).toContain("agentpane-hook");
});

test.each([
  ["read-only", () => chmodSync(settings("two"), 0o444), "is read-only"],
  ["another user's", () => chownSync(settings("two"), OTHER_UID, OTHER_UID), "belongs to another user"],
])("a settings file that is %s is refused, and then no file is touched", (kind, make, words) => {
  writeFileSync(settings("one"), MINE);
  writeFileSync(settings("two"), MINE);
  // Only root may give files away; a folder of the system's is another user's as well.
  if (kind === "read-only" || process.getuid?.() === 0) make();
  else places = { ...places, roots: [path.join(folder, "one"), "/etc"] };
  expect(() => changeHooks(places, "install")).toThrow(words);
  expect(readFileSync(settings("one"), "utf8")).toBe(MINE);
  expect(readdirSync(path.join(folder, "one"))).toEqual(["settings.json"]);
});

test("settings that are not UTF-8 are refused: their bytes would not come back", () => {
  const bytes = Buffer.from('{"name": "Andr\xe9"}', "latin1");
  writeFileSync(settings("one"), bytes);
  expect(() => changeHooks(places, "install")).toThrow("is not text in UTF-8");
  expect(readFileSync(settings("one"))).toEqual(bytes);
  expect(states()).toEqual(["invalid", "absent"]);
});

test.each([
  ["a byte order mark", `\uFEFF${MINE}`],
  ["CRLF", MINE.replaceAll("\n", "\r\n")],
  ["no line end", '{"model":"opus"}'],
  [
    "a megabyte",
    JSON.stringify(
      { env: Object.fromEntries(Array.from({ length: 20_000 }, (_, n) => [`KEY_${n}`, "x".repeat(40)])) },
      null,
      2,
    ),
  ],
  [
    "hooks of others",
    '{ "hooks": {"PermissionRequest": [ {"matcher": "Bash", "hooks": [{"type":"command","command":"notify"}]} ]}, "a": [1 , 2] }\n',
  ],
  ["the same key twice", '{"hooks": {}, "hooks": {"Stop": []}}'],
])("settings with %s are as before, to the byte, after installing twice and uninstalling", (_name, text) => {
  writeFileSync(settings("one"), text);
  changeHooks(places, "install");
  const installed = readFileSync(settings("one"), "utf8");
  expect(JSON.parse(installed.replace("\uFEFF", "")).hooks.PermissionRequest.at(-1).hooks).toHaveLength(1);
  changeHooks(places, "install");
  expect(readFileSync(settings("one"), "utf8")).toBe(installed);
  expect(states()[0]).toBe("installed");
  changeHooks(places, "uninstall");
  expect(readFileSync(settings("one"), "utf8")).toBe(text);
  expect(readdirSync(path.join(folder, "one"))).toEqual(["settings.json"]);
});
