/**
 * `npm run bench [-- NAME...]`: measures the running product against the figures it promises; prints a table and writes
 * JSON. Never part of `npm test`: figures are for machines that do nothing else.
 */
import { mkdirSync, writeFileSync } from "node:fs";
import { cpus, totalmem } from "node:os";
import { join } from "node:path";
import { BENCHES } from "./benches/index.ts";
import { corpusFolder } from "./lib/corpus.ts";
import { type Figure, formatTable, isMet } from "./lib/figures.ts";

const names = process.argv.slice(2);
const unknown = names.filter((name) => !(name in BENCHES));
if (unknown.length > 0) {
  process.stderr.write(`no bench named ${unknown.join(", ")}; there are: ${Object.keys(BENCHES).join(", ")}\n`);
  process.exitCode = 2;
} else {
  const figures: (Figure & { bench: string })[] = [];
  for (const [name, bench] of Object.entries(BENCHES)) {
    if (names.length > 0 && !names.includes(name)) continue;
    process.stderr.write(`${name}...\n`);
    for (const figure of await bench()) figures.push({ bench: name, ...figure });
  }
  process.stdout.write(`${formatTable(figures)}\n`);
  const folder = join(corpusFolder(), "results");
  mkdirSync(folder, { recursive: true });
  const file = join(folder, `${new Date().toISOString().replaceAll(":", "-")}.json`);
  const machine = { cpu: cpus()[0]?.model, cores: cpus().length, memoryBytes: totalmem(), node: process.version };
  const results = figures.map((figure) => ({ ...figure, met: isMet(figure) }));
  writeFileSync(file, `${JSON.stringify({ machine, at: new Date().toISOString(), figures: results }, null, 2)}\n`);
  process.stdout.write(`\nJSON: ${file}\n`);
}
