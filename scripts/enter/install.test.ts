import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import { staleBecause } from "./install.mjs";

const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
});

type Packages = Record<string, { version?: string; integrity?: string; optional?: boolean; link?: boolean }>;

/** A checkout with a lock file, and with npm's record of what it installed where there is any. */
function checkout(locked: Packages | null, installed: Packages | null): string {
  const root = mkdtempSync(join(tmpdir(), "install-"));
  folders.push(root);
  if (locked) writeFileSync(join(root, "package-lock.json"), JSON.stringify({ packages: locked }));
  if (installed) {
    mkdirSync(join(root, "node_modules"));
    writeFileSync(join(root, "node_modules", ".package-lock.json"), JSON.stringify({ packages: installed }));
  }
  return root;
}

const zod = { "node_modules/zod": { version: "4.0.0", integrity: "sha512-a" } };

test("what the lock file says is installed needs no installing", () => {
  expect(staleBecause(checkout({ "": {}, "packages/a": {}, ...zod }, zod))).toBeNull();
});

test("a fresh clone is stale", () => {
  expect(staleBecause(checkout(zod, null))).toBe("nothing is installed yet");
});

test.each([
  ["is missing", {}],
  ["is another version", { "node_modules/zod": { version: "4.0.1", integrity: "sha512-a" } }],
  ["is another version", { "node_modules/zod": { version: "4.0.0", integrity: "sha512-b" } }],
])("it says which dependency %s", (words, installed) => {
  expect(staleBecause(checkout(zod, installed))).toBe(`zod ${words}`);
});

test("a package for another platform may be missing", () => {
  const other = { "node_modules/tool-win32": { version: "1.0.0", optional: true } };
  expect(staleBecause(checkout({ ...zod, ...other }, zod))).toBeNull();
});

test("a package that was linked into the workspace since is missing", () => {
  const linked = { "node_modules/@agentpane/new": { link: true } };
  expect(staleBecause(checkout({ ...zod, ...linked }, zod))).toBe("@agentpane/new is missing");
});

test("a checkout without a lock file is refused in words", () => {
  expect(() => staleBecause(checkout(null, null))).toThrow(/package-lock.json is missing/);
});
