import { readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

interface LockEntry {
  version?: string;
  integrity?: string;
  dev?: boolean;
  optional?: boolean;
  os?: string[];
  cpu?: string[];
  libc?: string[];
  optionalDependencies?: Record<string, string>;
}

export interface Lock {
  packages: Record<string, LockEntry>;
}

const SYSTEMS = ["android", "darwin", "freebsd", "linux", "openharmony", "win32"];
const PROCESSORS = ["arm64", "arm", "ia32", "ppc64", "riscv64", "s390x", "wasm32", "x64"];
const LIBRARIES: Record<string, string> = { gnu: "glibc", musl: "musl" };

/**
 * Platform packages (`@biomejs/cli-win32-x64` and the like) that a dependency names and the lock file does not hold. npm
 * leaves them out where the registry at hand does not have them, and `npm ci` then refuses the lock file everywhere.
 */
export function missingPlatforms(lock: Lock): { owner: string; name: string; version: string; dev: boolean }[] {
  return Object.entries(lock.packages).flatMap(([path, entry]) =>
    Object.entries(entry.optionalDependencies ?? {})
      .filter(([name, version]) => /^\d+\.\d+\.\d+$/.test(version) && !lock.packages[`node_modules/${name}`])
      .map(([name, version]) => ({ owner: path, name, version, dev: entry.dev ?? false })),
  );
}

/** What npm itself writes for such a package, but for the integrity that only its tarball could give. */
export function platformEntry(name: string, version: string, dev: boolean): LockEntry {
  const words = (name.split("/").at(-1) ?? name).split("-");
  const pick = (known: string[]): string[] => words.filter((word) => known.includes(word));
  const libc = words.flatMap((word) => LIBRARIES[word] ?? []);
  const entry: LockEntry = { version, cpu: pick(PROCESSORS), ...(dev ? { dev } : {}) };
  if (libc.length > 0) entry.libc = libc;
  entry.optional = true;
  if (pick(SYSTEMS).length > 0) entry.os = pick(SYSTEMS);
  return entry;
}

/** `lock-platforms.ts [--write]`: lists what is missing, or adds it. Exit code 1 where something is missing and stays so. */
if (import.meta.main) {
  const path = join(dirname(import.meta.dirname), "package-lock.json");
  const lock = JSON.parse(readFileSync(path, "utf8")) as Lock;
  const missing = missingPlatforms(lock);
  for (const { name, version, dev } of missing) {
    process.stdout.write(`${name} ${version}\n`);
    lock.packages[`node_modules/${name}`] = platformEntry(name, version, dev);
  }
  if (process.argv.includes("--write")) {
    lock.packages = Object.fromEntries(Object.entries(lock.packages).sort(([a], [b]) => (a < b ? -1 : 1)));
    writeFileSync(path, `${JSON.stringify(lock, null, 2)}\n`);
  } else if (missing.length > 0) process.exitCode = 1;
}
