import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";

/** Names and licence texts of the libraries that went into a bundle: most licences ask to travel with the code. */
export function licencesOf(modules: readonly string[]): string {
  const folders = new Set(modules.map(packageFolder).filter((folder) => folder !== null));
  const parts = [...folders].map(describe).sort();
  return `This package contains the following libraries.\n\n${parts.join("\n")}`;
}

function describe(folder: string): string {
  const { name, version, license } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as Record<
    string,
    string
  >;
  const file = readdirSync(folder).find((entry) => /^(licen[cs]e|copying)(\.|$)/i.test(entry));
  const text = file === undefined ? "" : `\n${readFileSync(join(folder, file), "utf8").trim()}\n`;
  return `---- ${name} ${version} (${license})\n${text}`;
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
