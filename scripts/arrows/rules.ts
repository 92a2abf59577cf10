/**
 * Who may import whom. ARCHITECTURE.md shows the same tables to people; a test compares the two.
 * Why our own check: the best-known one parses with the JavaScript API of the TypeScript compiler, which version 7 does not
 * have, and then reports "no violations" over zero files.
 */
export interface PackageRule {
  /** Folder names of the workspace packages that may be imported. */
  packages: readonly string[];
  /** Node's own modules that may be imported; `all`, or a list. Tests may import any. */
  builtins: "all" | readonly string[];
  /** Libraries that may be imported; `declared` is whatever the package's own package.json declares. */
  libraries: "declared" | readonly string[];
}

export const PACKAGE_RULES: Readonly<Record<string, PackageRule>> = {
  protocol: { packages: [], builtins: [], libraries: ["zod"] },
  agents: { packages: ["protocol"], builtins: ["node:buffer", "node:crypto"], libraries: [] },
  usage: { packages: ["protocol", "agents"], builtins: "all", libraries: "declared" },
  "cli-monitor": { packages: ["protocol", "agents"], builtins: "all", libraries: "declared" },
  server: { packages: ["protocol", "agents", "usage"], builtins: "all", libraries: "declared" },
  web: { packages: ["protocol"], builtins: [], libraries: "declared" },
  agentpane: {
    packages: ["protocol", "agents", "usage", "cli-monitor", "server"],
    builtins: "all",
    libraries: "declared",
  },
  testkit: {
    packages: ["protocol", "agents", "usage", "cli-monitor", "server", "web"],
    builtins: "all",
    libraries: "declared",
  },
};

/** Packages that only tests may import, besides the packages whose rule names them. */
export const TEST_ONLY_PACKAGES: readonly string[] = ["testkit"];

/** Folders outside `packages/`, which are programs and import packages by name like anybody else. */
export const ROOT_FOLDER_RULES: Readonly<Record<string, readonly string[]>> = {
  scripts: [],
  e2e: ["protocol", "agents", "cli-monitor", "server", "testkit"],
  bench: ["protocol", "agents", "cli-monitor", "server", "testkit"],
};

/**
 * Folders within one package, which may import each other only so. Files at the top of `src/` put the folders together:
 * they may import any folder, and no folder may import them.
 */
export const FOLDER_RULES: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>> = {
  server: {
    store: [],
    fold: [],
    usage: ["store"],
    ingest: ["fold", "history", "store", "usage"],
    history: ["fold", "store", "usage"],
    access: ["store"],
    frames: [],
    feed: ["access", "frames", "store"],
    channel: ["access", "frames", "store"],
    requests: ["access", "frames", "store"],
    reach: ["access", "feed", "requests", "store"],
    http: ["access", "channel", "feed", "history", "ingest", "reach", "requests", "store", "usage"],
  },
};

/** `process.exit` ends what others may still be doing; only a program's first file may. */
export const ENTRY_FILES = [/^packages\/[^/]+\/src\/main\.ts$/, /^packages\/[^/]+\/bin\/[^/]+\.js$/];
