import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";

/** Names and licence texts of the libraries in these folders: most licences ask to travel with the code. */
export function licencesOf(folders: ReadonlySet<string>): string {
  const parts = [...folders].map(describe).sort();
  return `This package contains the following libraries.\n\n${parts.join("\n")}`;
}

interface Library {
  name: string;
  version: string;
  license: string;
  repository?: string | { url: string };
}

function describe(folder: string): string {
  const library = JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as Library;
  const { name, version, license, repository } = library;
  const file = readdirSync(folder).find((entry) => /^(licen[cs]e|copying)(\.|$)/i.test(entry));
  const source = typeof repository === "string" ? repository : repository?.url;
  const elsewhere = source === undefined ? "" : `\nIts text, which the package does not bring, is at ${source}\n`;
  const text = file === undefined ? elsewhere : `\n${readFileSync(join(folder, file), "utf8").trim()}\n`;
  return `---- ${name} ${version} (${license})\n${text}`;
}

/** Folders of the libraries that modules of a bundle come from. */
export function librariesOf(modules: readonly string[]): string[] {
  return modules.map(packageFolder).filter((folder) => folder !== null);
}

/**
 * Folders of all that a workspace package depends on, directly or not: for the dashboard, whose builder does not say what
 * it took. That may be more than is in the bundle, never less.
 */
export function dependenciesOf(root: string, workspace: string): string[] {
  const found = new Map<string, string>();
  const follow = (folder: string): void => {
    const { dependencies = {} } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as {
      dependencies?: Record<string, string>;
    };
    for (const name of Object.keys(dependencies)) {
      if (name.startsWith("@agentpane/")) continue;
      const places = [join(folder, "node_modules", name), join(root, "node_modules", name)];
      const place = places.find((path) => existsSync(path));
      if (!place || found.has(place)) continue;
      found.set(place, name);
      follow(place);
    }
  };
  follow(join(root, "packages", workspace));
  return [...found.keys()];
}

/** The folder of the installed package that a module belongs to; null for our own and for what the bundler made up. */
function packageFolder(module: string): string | null {
  if (!module.includes("/node_modules/")) return null;
  for (let at = dirname(module); !at.endsWith("/node_modules"); at = dirname(at)) {
    const manifest = join(at, "package.json");
    if (existsSync(manifest) && /"version"/.test(readFileSync(manifest, "utf8"))) return at;
  }
  return null;
}
