import { mkdirSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { PUBLISHED } from "./pack/packages.ts";
import { packPackage } from "./pack/stage.ts";

/** `npm run pack`: the tarballs of everything that is published, in `dist/`. */
const root = dirname(import.meta.dirname);
const outDir = join(root, "dist");
mkdirSync(outDir, { recursive: true });
for (const published of PUBLISHED) {
  const tarball = await packPackage(root, published, outDir);
  process.stdout.write(`${tarball}  ${(statSync(tarball).size / 1024).toFixed(0)} KiB\n`);
}
