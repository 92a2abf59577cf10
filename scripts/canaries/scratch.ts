import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { projectFiles } from "../project-files.ts";

/** A copy of the project that may be broken. */
export interface Scratch {
  root: string;
  /** Writes a file, and answers a function that puts back what was there. */
  write(path: string, text: string): () => void;
  read(path: string): string;
}

/**
 * Copies the project's sources and the built dashboard, and links what is installed. The workspace's own packages are
 * linked to the copies, so that an import by name reaches the copy too.
 */
export function makeScratch(from: string, root: string): Scratch {
  for (const path of projectFiles(from)) {
    if (path.startsWith("fixtures/")) continue;
    copy(join(from, path), join(root, path));
  }
  const dist = join("packages", "web", "dist");
  if (existsSync(join(from, dist))) copy(join(from, dist), join(root, dist));
  linkInstalled(from, root);
  return {
    root,
    read: (path) => readFileSync(join(root, path), "utf8"),
    write(path, text) {
      const target = join(root, path);
      const before = existsSync(target) ? readFileSync(target) : null;
      mkdirSync(dirname(target), { recursive: true });
      writeFileSync(target, text);
      return () => (before ? writeFileSync(target, before) : rmSync(target));
    },
  };
}

function copy(from: string, to: string): void {
  mkdirSync(dirname(to), { recursive: true });
  cpSync(from, to, { recursive: true });
}

function linkInstalled(from: string, root: string): void {
  const own = new Map(
    readdirSync(join(root, "packages")).map((folder) => {
      const { name } = JSON.parse(readFileSync(join(root, "packages", folder, "package.json"), "utf8")) as {
        name: string;
      };
      return [name, join(root, "packages", folder)];
    }),
  );
  for (const entry of readdirSync(join(from, "node_modules"))) {
    if (entry === ".cache" || own.has(entry) || entry === "@agentpane") continue;
    link(join(from, "node_modules", entry), join(root, "node_modules", entry));
  }
  for (const [name, folder] of own) link(folder, join(root, "node_modules", name));
  for (const folder of readdirSync(join(from, "packages"))) {
    const nested = join(from, "packages", folder, "node_modules");
    if (existsSync(nested)) link(nested, join(root, "packages", folder, "node_modules"));
  }
}

function link(target: string, path: string): void {
  mkdirSync(dirname(path), { recursive: true });
  symlinkSync(target, path, "junction");
}
