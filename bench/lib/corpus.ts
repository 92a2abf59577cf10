import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A generated config folder that stays under the OS's temp folder, since making 1 GB takes longer than reading it. */
export interface Corpus {
  /** Serves as CLAUDE_CONFIG_DIR. Never written to by a bench. */
  path: string;
  files: number;
  bytes: number;
  lines: number;
}

export interface CorpusOptions {
  files: number;
  megabytes: number;
  seed?: number;
  /** The last day ("2026-02-20"); files get the time of their last line. */
  end?: string;
  projects?: number;
}

/** BENCH_CORPORA names another place: a tmpfs where the system does not keep what was read in its page cache. */
export function corpusFolder(): string {
  const folder = process.env.BENCH_CORPORA ?? join(tmpdir(), "agentpane-bench");
  mkdirSync(folder, { recursive: true });
  return folder;
}

export function corpus(options: CorpusOptions): Corpus {
  const { files, megabytes, seed = 42, end, projects } = options;
  const path = join(corpusFolder(), `corpus-${files}-${megabytes}-${seed}${end === undefined ? "" : `-${end}`}`);
  const done = join(path, "bench-corpus.json");
  if (!existsSync(done)) {
    process.stderr.write(`making ${megabytes} MB of transcripts in ${files} files...\n`);
    const making = `${path}.making`;
    rmSync(making, { recursive: true, force: true });
    const args = ["--out", making, "--files", files, "--mb", megabytes, "--seed", seed];
    if (end !== undefined) args.push("--end", end);
    if (projects !== undefined) args.push("--projects", projects);
    const script = join(import.meta.dirname, "..", "gen-transcripts.mjs");
    const printed = execFileSync(process.execPath, [script, ...args.map(String)], { encoding: "utf8" });
    writeFileSync(join(making, "bench-corpus.json"), printed);
    rmSync(path, { recursive: true, force: true });
    renameSync(making, path);
  }
  const facts = JSON.parse(readFileSync(done, "utf8")) as { files: number; bytes: number; lines: number };
  readAll(path);
  return { path, files: facts.files, bytes: facts.bytes, lines: facts.lines };
}

/** Brings the corpus into the page cache: what is measured is the product and not the disk's mood. */
function readAll(folder: string): void {
  for (const path of readdirSync(folder, { recursive: true, encoding: "utf8" })) {
    if (statSync(join(folder, path)).isFile()) readFileSync(join(folder, path));
  }
}
