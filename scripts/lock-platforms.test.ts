import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect, test } from "vitest";
import { type Lock, missingPlatforms, platformEntry } from "./lock-platforms.ts";

const lock = JSON.parse(readFileSync(join(dirname(import.meta.dirname), "package-lock.json"), "utf8")) as Lock;

test("the lock file names the packages of every platform (mend: node scripts/lock-platforms.ts --write)", () => {
  expect(missingPlatforms(lock)).toEqual([]);
});

test("a platform package that the lock file lacks is found, with its version", () => {
  const optionalDependencies = { "@tool/cli-win32-x64": "1.2.3", fsevents: "^2.0.0" };
  expect(missingPlatforms({ packages: { "node_modules/tool": { dev: true, optionalDependencies } } })).toEqual([
    { owner: "node_modules/tool", name: "@tool/cli-win32-x64", version: "1.2.3", dev: true },
  ]);
});

test("system, processor and C library are read from the package's name", () => {
  expect(platformEntry("@tool/cli-linux-arm64-musl", "1.2.3", true)).toEqual({
    version: "1.2.3",
    cpu: ["arm64"],
    dev: true,
    libc: ["musl"],
    optional: true,
    os: ["linux"],
  });
  expect(platformEntry("@tool/binding-win32-x64-msvc", "1.2.3", false)).toEqual({
    version: "1.2.3",
    cpu: ["x64"],
    optional: true,
    os: ["win32"],
  });
});

test("what is guessed of a name is what npm wrote where it could look", () => {
  const known = Object.entries(lock.packages).filter(
    ([path, entry]) =>
      /^node_modules\/@(rolldown\/binding|tailwindcss\/oxide)-/.test(path) && entry.integrity && !/wasm/.test(path),
  );
  expect(known.length).toBeGreaterThan(10);
  for (const [path, { version, os, cpu, libc }] of known) {
    const guess = platformEntry(path.replace("node_modules/", ""), version ?? "", false);
    expect({ path, os, cpu, libc }).toEqual({ path, os: guess.os, cpu: guess.cpu, libc: guess.libc });
  }
});
