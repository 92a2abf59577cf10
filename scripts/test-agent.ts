import { mkdtempSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { getClient } from "./agent/get-client.ts";
import { missingTools, UNSHARE } from "./agent/tools.ts";
import { runWithProgress } from "./enter/progress.mjs";
import { vitestCommand } from "./gate/commands.ts";
import { type Counts, vitestCounts } from "./gate/counts.ts";
import { testEnvironment } from "./gate/environment.ts";

/**
 * `npm run test:agent [-- FILE ...]`: the real client against a model on loopback, in a network that has nothing else. The last
 * line is always `N passed, N failed, N skipped`; fewer than 14 passed is a failure, as is a run that could not begin.
 */
const MIN_SCENARIOS = 14;
const RUN_TIMEOUT_MS = 40 * 60_000;
const root = dirname(import.meta.dirname);
const files = process.argv.slice(2);
/** Short, since addresses of Unix sockets below it must fit 108 bytes. */
const scratch = mkdtempSync(join(realpathSync(tmpdir()), "apt-"));

async function run(): Promise<Counts> {
  const reason = await missingTools();
  if (reason !== null) {
    process.stdout.write(`The tests with the real client cannot run: ${reason}.\n`);
    return { passed: 0, failed: 0, skipped: MIN_SCENARIOS };
  }
  const client = await getClient();
  const report = join(scratch, "report.json");
  const vitest = [process.execPath, ...vitestCommand(root, ["agent"], report), ...files];
  const env = { ...testEnvironment(root, scratch, process.env), AGENTPANE_CLIENT: client };
  const inside = 'PATH="$PATH:/usr/sbin:/sbin"; ip link set lo up && exec "$@"';
  const { code, output } = await runWithProgress(
    "the real client",
    "unshare",
    [...UNSHARE, "sh", "-c", inside, "sh", ...vitest],
    { cwd: root, env, timeoutMs: RUN_TIMEOUT_MS },
  );
  process.stdout.write(`${output.trimEnd()}\n`);
  return vitestCounts(report, code);
}

let counts: Counts;
try {
  counts = await run();
} catch (error) {
  process.stdout.write(`${(error as Error).message}\n`);
  counts = { passed: 0, failed: 1, skipped: 0 };
}
rmSync(scratch, { recursive: true, force: true });
const enough = files.length > 0 ? counts.passed > 0 : counts.passed >= MIN_SCENARIOS;
if (!enough)
  process.stdout.write(`Fewer than ${files.length > 0 ? 1 : MIN_SCENARIOS} scenarios passed: that is a failure.\n`);
process.stdout.write(`\n${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped\n`);
process.exitCode = counts.failed > 0 || !enough ? 1 : 0;
