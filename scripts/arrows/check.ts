import { posix } from "node:path";
import { type ModuleFacts, type Reference, readModule } from "./references.ts";
import { ENTRY_FILES, FOLDER_RULES, PACKAGE_RULES, ROOT_FOLDER_RULES, TEST_ONLY_PACKAGES } from "./rules.ts";

export interface Manifest {
  name: string;
  dependencies?: Record<string, string>;
  devDependencies?: Record<string, string>;
}

/** A tree to be checked: paths from its root with forward slashes, and the text of each file. */
export interface Tree {
  files: readonly string[];
  read(path: string): string;
}

const MODULE_FILE = /\.(ts|tsx|mts|cts|js|mjs|cjs|jsx)$/;
const TEST_FILE = /(\.(test|spec)|(^|\/)test-setup)\.tsx?$/;
/** What tests and tools may read by path, because nobody can import it by name. */
const NEVER_CODE = /^(package\.json$|fixtures\/|docs\/)/;

interface Context {
  tree: Tree;
  /** Workspace packages: folder name by the name that one imports. */
  folderByName: Map<string, string>;
  manifests: Map<string, Manifest>;
  root: Manifest;
}

interface Place {
  path: string;
  /** Folder name under `packages/`, or null. */
  workspace: string | null;
  /** First folder of a path outside `packages/`; empty for files at the root. */
  top: string;
  test: boolean;
  /** Part of what is shipped, rather than a test, its helper or a tool's configuration. */
  shipped: boolean;
}

/** Every broken rule as `path:line message`, sorted; and how many modules were read, so that "nothing" cannot pass for "good". */
export function checkArrows(tree: Tree): { problems: string[]; modules: number } {
  const context = contextOf(tree);
  const problems: string[] = [];
  const modules = new Map<string, ModuleFacts>();
  for (const path of tree.files) {
    if (!MODULE_FILE.test(path) || path.startsWith("fixtures/")) continue;
    try {
      modules.set(path, readModule(path, tree.read(path)));
    } catch (error) {
      problems.push(`${path}:1 ${(error as Error).message}`);
    }
  }
  const testOnly = testOnlyFiles(modules);
  for (const [path, facts] of modules) {
    const place = placeOf(path, testOnly);
    const say = (line: number, message: string): void => void problems.push(`${path}:${line} ${message}`);
    for (const reference of facts.references) {
      const message = judge(context, place, reference);
      if (message) say(reference.line, message);
    }
    if (place.workspace) {
      for (const line of facts.computed) say(line, "imports something computed: name the module in a plain string");
      if (!place.test && !ENTRY_FILES.some((entry) => entry.test(path)))
        for (const line of facts.exits)
          say(line, "calls process.exit outside an entry file: set process.exitCode or throw");
    }
  }
  return { problems: problems.sort(), modules: modules.size };
}

function judge(context: Context, from: Place, reference: Reference): string | null {
  const specifier = reference.specifier.replace(/\?.*$/, "");
  if (reference.kind === "url" && !specifier.startsWith(".")) return null;
  if (specifier.startsWith(".")) return judgeRelative(from, specifier);
  if (specifier.startsWith("node:")) return judgeBuiltin(from, specifier);
  const name = packageNameOf(specifier);
  const folder = context.folderByName.get(name);
  return folder === undefined
    ? judgeLibrary(context, from, name)
    : judgeWorkspace(context, from, specifier, name, folder);
}

function judgeRelative(from: Place, specifier: string): string | null {
  const target = placeOf(resolveRelative(from.path, specifier));
  if (target.path.startsWith("../")) return `reaches outside the project: ${specifier}`;
  if (!from.shipped && NEVER_CODE.test(target.path)) return null;
  if (target.workspace !== from.workspace) {
    const whole = from.workspace === null ? "the project's own files" : `packages/${from.workspace}`;
    return `reaches by path from ${whole} into ${target.path}: import the package by its name`;
  }
  const rules = from.workspace === null ? undefined : FOLDER_RULES[from.workspace];
  if (!rules || from.workspace === null) return null;
  const here = folderOf(from.path);
  const there = folderOf(target.path);
  if (here === null || here === there) return null;
  if (from.test && there === null) return null;
  if (there === null) return `${here}/ may not import ${target.path}: the top of src/ puts folders together`;
  if (!rules[here]) return `${here}/ is not in the table of ${from.workspace}'s folders`;
  return rules[here].includes(there) ? null : `${here}/ may not import ${there}/`;
}

function judgeBuiltin(from: Place, specifier: string): string | null {
  if (from.workspace === null || !from.shipped) return null;
  const rule = PACKAGE_RULES[from.workspace];
  if (!rule || rule.builtins === "all" || rule.builtins.includes(specifier)) return null;
  return `${from.workspace} may not import ${specifier}`;
}

function judgeWorkspace(context: Context, from: Place, specifier: string, name: string, folder: string): string | null {
  if (specifier !== name) return `imports past the index of ${name}: ${specifier}`;
  if (from.workspace === null) {
    const allowed = ROOT_FOLDER_RULES[from.top] ?? [];
    return allowed.includes(folder) ? null : `${from.top || "a file at the root"} may not import ${name}`;
  }
  if (from.workspace === folder) return `imports itself by name: ${name}`;
  const rule = PACKAGE_RULES[from.workspace];
  if (!rule) return `packages/${from.workspace} is not in the table of packages`;
  const allowed = rule.packages.includes(folder) || (from.test && TEST_ONLY_PACKAGES.includes(folder));
  if (!allowed) return `${from.workspace} may not import ${folder}`;
  return judgeDeclared(context, from, name);
}

function judgeLibrary(context: Context, from: Place, name: string): string | null {
  if (from.workspace === null) {
    const declared = { ...context.root.dependencies, ...context.root.devDependencies };
    const packages = ROOT_FOLDER_RULES[from.top] ?? [];
    const borrowed = packages.some((folder) => context.manifests.get(folder)?.dependencies?.[name]);
    return declared[name] || borrowed ? null : `imports ${name}, which the root package.json does not declare`;
  }
  const rule = PACKAGE_RULES[from.workspace];
  if (rule && rule.libraries !== "declared" && from.shipped && !rule.libraries.includes(name))
    return `${from.workspace} may not import ${name}`;
  return judgeDeclared(context, from, name);
}

/** What is shipped imports `dependencies` only; tests and tools also what is there for development. */
function judgeDeclared(context: Context, from: Place, name: string): string | null {
  const manifest = context.manifests.get(from.workspace ?? "");
  if (manifest?.dependencies?.[name]) return null;
  if (!from.shipped && (manifest?.devDependencies?.[name] || context.root.devDependencies?.[name])) return null;
  return `imports ${name}, which packages/${from.workspace}/package.json does not declare`;
}

function contextOf(tree: Tree): Context {
  const folderByName = new Map<string, string>();
  const manifests = new Map<string, Manifest>();
  for (const path of tree.files) {
    const folder = /^packages\/([^/]+)\/package\.json$/.exec(path)?.[1];
    if (folder === undefined) continue;
    const manifest = JSON.parse(tree.read(path)) as Manifest;
    folderByName.set(manifest.name, folder);
    manifests.set(folder, manifest);
  }
  return { tree, folderByName, manifests, root: JSON.parse(tree.read("package.json")) as Manifest };
}

function placeOf(path: string, testOnly?: ReadonlySet<string>): Place {
  const workspace = /^packages\/([^/]+)(\/|$)/.exec(path)?.[1] ?? null;
  const test = TEST_FILE.test(path) || workspace === "testkit" || (testOnly?.has(path) ?? false);
  const top = path.includes("/") ? (path.split("/")[0] ?? "") : "";
  const shipped = workspace !== null && !test && /^packages\/[^/]+\/(src|bin)\//.test(path);
  return { path, workspace, top, test, shipped };
}

/** Helpers of tests: files that are imported, and by nothing but tests and such helpers. An entry is imported by nobody. */
function testOnlyFiles(modules: ReadonlyMap<string, ModuleFacts>): Set<string> {
  const importers = new Map<string, string[]>();
  for (const [path, { references }] of modules)
    for (const { specifier } of references) {
      if (!specifier.startsWith(".")) continue;
      const target = resolveRelative(path, specifier);
      importers.set(target, [...(importers.get(target) ?? []), path]);
    }
  const found = new Set<string>();
  for (let before = -1; before !== found.size; ) {
    before = found.size;
    for (const [path, by] of importers)
      if (by.every((importer) => TEST_FILE.test(importer) || found.has(importer))) found.add(path);
  }
  return found;
}

function resolveRelative(from: string, specifier: string): string {
  return posix.join(posix.dirname(from), specifier.replace(/\?.*$/, ""));
}

/** The folder right under `src/`; null for a file at the top of it. */
function folderOf(path: string): string | null {
  return /^packages\/[^/]+\/src\/([^/]+)\//.exec(path)?.[1] ?? null;
}

function packageNameOf(specifier: string): string {
  const parts = specifier.split("/");
  return specifier.startsWith("@") ? parts.slice(0, 2).join("/") : (parts[0] ?? specifier);
}
