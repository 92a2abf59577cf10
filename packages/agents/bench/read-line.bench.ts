/**
 * How fast lines are read, by each way alone and as it is done, over a folder of transcripts (one `projects` folder in it):
 *
 *   node packages/agents/bench/read-line.bench.ts FOLDER
 *
 * CPU seconds are of this process alone; run it on a quiet machine and compare ratios.
 */
import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { claudeCode } from "../src/claude-code/index.ts";
import { isPlumbing } from "../src/claude-code/plumbing.ts";
import { readParsed, readSkimmed } from "../src/claude-code/read-line.ts";

const NEWLINE = 10;
const MB = 1e6;

const ways: Record<string, (line: Buffer, offset: number) => number> = {
  "newline walk only": () => 0,
  "keep alone": (line) => claudeCode.keep(line)?.length ?? 0,
  "readLine + keep": (line, offset) => {
    const kept = claudeCode.keep(line)?.length ?? 0;
    return kept + claudeCode.readLine(line, offset).events.length;
  },
  "all lines skimmed": (line, offset) => (isPlumbing(line) ? 0 : (readSkimmed(line, offset)?.events.length ?? 0)),
  "all lines parsed": (line, offset) => (isPlumbing(line) ? 0 : readParsed(line, offset).events.length),
};

const folder = process.argv[2];
if (!folder) throw new Error("say which folder: node packages/agents/bench/read-line.bench.ts FOLDER");
const files = globSync("projects/**/*.jsonl", { cwd: folder }).map((file) => join(folder, file));

for (const [name, read] of Object.entries(ways)) {
  for (let round = 0; round < 2; round++) {
    let bytes = 0;
    let lines = 0;
    let cpuUs = 0;
    for (const file of files) {
      const content = readFileSync(file);
      const before = process.cpuUsage();
      for (let at = 0, end = content.indexOf(NEWLINE); end >= 0; at = end + 1, end = content.indexOf(NEWLINE, at)) {
        read(content.subarray(at, end), at);
        lines++;
      }
      const used = process.cpuUsage(before);
      cpuUs += used.user + used.system;
      bytes += content.length;
    }
    const seconds = cpuUs / 1e6;
    const figures = `${(bytes / MB / seconds).toFixed(0)} MB/s, ${((seconds * 1000 * MB) / bytes).toFixed(2)} CPU s/GB`;
    process.stdout.write(`${name}, round ${round + 1}: ${figures} (${lines} lines, ${(bytes / MB).toFixed(0)} MB)\n`);
  }
}
