import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { runNpm } from "../enter/npm.mjs";
import { bundle } from "./bundle.ts";
import { dependenciesOf, librariesOf, licencesOf } from "./licences.ts";
import { nativeDependencies, type Published, workspaceVersion } from "./packages.ts";

const LICENCES_FILE = "THIRD-PARTY-LICENCES.txt";
const DOCUMENTS = ["LICENSE", "CHANGELOG.md"];

/**
 * Bundles a package into `dist/<folder>` below `outDir` and packs that into a tarball beside it; answers the tarball's path.
 * Everything that it needs is in the bundle, so its package.json has no dependencies, but for optional ones that are native.
 * Throws where anything is missing.
 */
export async function packPackage(root: string, published: Published, outDir: string): Promise<string> {
  const version = workspaceVersion(root);
  const source = join(root, "packages", published.folder);
  const stage = join(outDir, published.folder);
  rmSync(stage, { recursive: true, force: true });
  mkdirSync(stage, { recursive: true });
  const modules = await bundle({ entry: join(source, "src", "main.ts"), outDir: join(stage, "dist"), version });
  for (const shim of Object.values(published.bin)) cpSync(join(source, shim), join(stage, shim));
  for (const document of DOCUMENTS) cpSync(join(root, document), join(stage, document));
  const readme = published.dashboard ? join(root, "README.md") : join(source, "README.md");
  if (existsSync(readme)) cpSync(readme, join(stage, "README.md"));
  if (published.dashboard) copyDashboard(join(root, "packages", "web", "dist"), join(stage, "dist", "web"));
  const libraries = new Set([...librariesOf(modules), ...(published.dashboard ? dependenciesOf(root, "web") : [])]);
  writeFileSync(join(stage, LICENCES_FILE), licencesOf(libraries));
  writeFileSync(join(stage, "package.json"), `${JSON.stringify(manifest(root, published, version), null, 2)}\n`);
  const packed = await runNpm(`npm pack ${published.name}`, ["pack", "--pack-destination", outDir], { cwd: stage });
  if (packed.code !== 0) throw new Error(`npm pack failed:\n${packed.output}`);
  return join(outDir, `${published.name.replace("@", "").replace("/", "-")}-${version}.tgz`);
}

function manifest(root: string, published: Published, version: string): object {
  const { name, description, bin } = published;
  const native = nativeDependencies(root, published);
  return {
    name,
    version,
    description,
    license: "MIT",
    type: "module",
    bin,
    engines: { node: ">=24" },
    ...(Object.keys(native).length === 0 ? {} : { optionalDependencies: native }),
    files: ["bin", "dist", ...DOCUMENTS, LICENCES_FILE],
  };
}

function copyDashboard(from: string, to: string): void {
  if (!existsSync(join(from, "index.html"))) throw new Error("the dashboard is not built: npm run build");
  cpSync(from, to, { recursive: true, filter: (path) => basename(path) !== ".stamp" });
}

/** What a packed package.json says, for those who check it. */
export function readManifest(folder: string): Record<string, unknown> {
  return JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as Record<string, unknown>;
}
