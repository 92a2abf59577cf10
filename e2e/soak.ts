/** `npm run soak [-- KILLS]`: the exactly-once proof with 1,000 kills. Repeat a run with PROOF_SEED. */
import { chooseSeed } from "@agentpane/testkit";
import { killStorm } from "./kill-storm.ts";

const DEFAULT_KILLS = 1_000;
/** One storm is one store and one journal; more kills come in several, so that none grows without bound. */
const KILLS_PER_STORM = 100;
const MAX_PROBLEMS_SHOWN = 20;

const asked = Number(process.argv[2] ?? DEFAULT_KILLS);
const begun = performance.now();
const say = (line: string): void => {
  process.stdout.write(`${((performance.now() - begun) / 1000).toFixed(0).padStart(6)} s  ${line}\n`);
};

let seed = chooseSeed();
let failures = 0;
for (let done = 0; done < asked; done += KILLS_PER_STORM, seed++) {
  const kills = Math.min(KILLS_PER_STORM, asked - done);
  say(`seed ${seed}: ${kills} kills (${done} of ${asked} done)`);
  const result = await killStorm({ seed, kills, progress: (line) => say(`seed ${seed}: ${line}`) });
  say(`seed ${seed}: ${result.lives} lives, ${result.lines} lines, ${JSON.stringify(result.kills)}`);
  const problems = [...result.problems, ...result.problemsAfterRestart];
  failures += problems.length > 0 ? 1 : 0;
  for (const problem of problems.slice(0, MAX_PROBLEMS_SHOWN)) say(`seed ${seed}: BROKEN: ${problem}`);
  if (problems.length > MAX_PROBLEMS_SHOWN) say(`seed ${seed}: and ${problems.length - MAX_PROBLEMS_SHOWN} more`);
}
say(failures === 0 ? `${asked} kills, every line in its place once` : `${failures} storms broke the promise`);
process.exitCode = failures === 0 ? 0 : 1;
