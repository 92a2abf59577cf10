import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { HookEntry } from "../adapter.ts";
import { hookState, installHook, uninstallHook } from "./hook-settings.ts";

const ENTRY: HookEntry = {
  type: "http",
  url: "http://127.0.0.1:41234/agentpane/permission-request",
  headers: { "x-agentpane-token": "secret" },
  timeout: 86_400,
};
const OTHER: HookEntry = { type: "command", command: '"node" "/state/agentpane-hook.mjs"', timeout: 86_400 };
const GROUP = { matcher: "*", hooks: [ENTRY] };

const SETTINGS: [string, string][] = [
  ["nothing", "{}"],
  ["nothing, with a line end", "{}\n"],
  ["nothing, on two lines", "{\n}\n"],
  ["two spaces", '{\n  "model": "opus"\n}\n'],
  ["tabs", '{\n\t"model": "opus",\n\t"env": {"A": "1"}\n}'],
  ["Windows line ends", '{\r\n    "model": "opus"\r\n}\r\n'],
  ["one line", '{"model":"opus"}'],
  ["one line with spaces", '{ "model": "opus", "x": [1, 2] }'],
  ["a byte order mark", '\uFEFF{\n  "model": "opus"\n}\n'],
  ["odd spaces", '{ "a" :1 ,\n\n   "b": [ 1,2 , 3 ]  , "big": 12345678901234567890 }\n\n'],
  ["empty hooks", '{\n  "hooks": {}\n}\n'],
  ["an empty list", '{"hooks":{"PermissionRequest":[]}}'],
  [
    "other hooks",
    '{\n  "hooks": {\n    "Stop": [{ "hooks": [{ "type": "command", "command": "beep" }] }]\n  },\n  "z": 1\n}\n',
  ],
  [
    "another hook of the same event",
    '{"hooks":{"PermissionRequest":[{"matcher":"Bash","hooks":[{"type":"command","command":"ask"}]}],"Stop":[]}}',
  ],
  ["keys with escapes", '{"ho\\u006fks": {"Stop": []}, "a\\"}{": "}{\\\\"}'],
];

describe("the hook in the settings", () => {
  it.each(SETTINGS)("is put there and taken out again, to the byte: %s", (_name, before) => {
    const installed = installHook(before, ENTRY);
    expect(hookState(before, ENTRY)).toBe("absent");
    expect(hookState(installed, ENTRY)).toBe("installed");
    const { hooks, ...rest } = JSON.parse(installed.replace(/^\uFEFF/, ""));
    const { hooks: hooksBefore, ...restBefore } = JSON.parse(before.replace(/^\uFEFF/, ""));
    expect(rest).toEqual(restBefore);
    expect(hooks.PermissionRequest.at(-1)).toEqual(GROUP);
    expect({ ...hooks, PermissionRequest: undefined }).toEqual({ ...hooksBefore, PermissionRequest: undefined });
    expect(installHook(installed, ENTRY)).toBe(installed);
    expect(uninstallHook(installed, before)).toBe(before);
  });

  it.each(SETTINGS.slice(3, 10))("is taken out to the byte without knowing what stood there: %s", (_name, before) => {
    expect(uninstallHook(installHook(before, ENTRY))).toBe(before);
  });

  it("is written as a person would, where there was no file", () => {
    expect(installHook(null, OTHER)).toBe(`{
  "hooks": {
    "PermissionRequest": [
      {
        "matcher": "*",
        "hooks": [
          {
            "type": "command",
            "command": "\\"node\\" \\"/state/agentpane-hook.mjs\\"",
            "timeout": 86400
          }
        ]
      }
    ]
  }
}
`);
  });

  it("is there once, however often and in whatever form it was put there", () => {
    const twice = installHook(installHook('{"a":1}', ENTRY), OTHER);
    expect(JSON.parse(twice)).toEqual({ a: 1, hooks: { PermissionRequest: [{ matcher: "*", hooks: [OTHER] }] } });
    const doubled = { hooks: { PermissionRequest: [GROUP, { hooks: [{ type: "command", command: "x" }, ENTRY] }] } };
    expect(hookState(JSON.stringify(doubled), ENTRY)).toBe("changed");
    expect(JSON.parse(installHook(JSON.stringify(doubled), ENTRY))).toEqual({
      hooks: { PermissionRequest: [{ hooks: [{ type: "command", command: "x" }] }, GROUP] },
    });
  });

  it("that a person changed is said to be changed", () => {
    const installed = installHook("{}", ENTRY);
    expect(hookState(installed.replace("86400", "60"), ENTRY)).toBe("changed");
    expect(hookState(installed.replace('"*"', '"Bash"'), ENTRY)).toBe("changed");
    expect(hookState(installed.replace("41234", "41235"), ENTRY)).toBe("changed");
    expect(hookState(installed.replace("{", '{"disableAllHooks":true,'), ENTRY)).toBe("changed");
    expect(hookState(installed, null)).toBe("changed");
    expect(hookState(null, ENTRY)).toBe("absent");
  });

  it("goes without what a person changed meanwhile", () => {
    const installed = installHook('{\n  "model": "opus"\n}\n', ENTRY);
    const changed = installed.replace('"opus"', '"sonnet"').replace("86400", "60");
    expect(uninstallHook(changed, '{\n  "model": "opus"\n}\n')).toBe('{\n  "model": "sonnet"\n}\n');
  });

  it.each([
    ['{\n  "model": "opus",\n}', "line 3"],
    ['{\n  "model": opus\n}', "line 2"],
    ['{\n  "model": "opus"\n', "line 2"],
    ['// mine\n{"model":"opus"}', "line 1"],
    ["[]", "line 1: it is not an object"],
    ['{\n"hooks": []}', 'line 2: "hooks" is not an object'],
    ['{"hooks": {\n"PermissionRequest": {}}}', 'line 2: "PermissionRequest" is not a list'],
    ['{\n\n"disableAllHooks": true}', "line 3"],
  ])("is not put into settings that are broken: %j", (text, where) => {
    expect(() => installHook(text, ENTRY)).toThrow(where);
    expect(() => installHook(text, ENTRY)).toThrow(expect.objectContaining({ code: "settings_invalid" }));
  });

  it("comes and goes in any settings, however they are indented", () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), fc.constantFrom(0, 1, 2, 4, "\t"), (value, indent) => {
        const { hooks: _, disableAllHooks: _off, ...given } = value;
        const before = JSON.stringify(given, null, indent);
        const settings = JSON.parse(before);
        const installed = installHook(before, ENTRY);
        expect(JSON.parse(installed)).toEqual({ ...settings, hooks: { PermissionRequest: [GROUP] } });
        expect(uninstallHook(installed, before)).toBe(before);
        expect(uninstallHook(installed)).toBe(before);
      }),
    );
  });
});
