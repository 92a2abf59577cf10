import { mkdirSync, writeFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import type { Gate } from "../gate/step.ts";
import type { Published } from "./packages.ts";
import { runInstalled } from "./product.ts";

/** From here on a scan starts a thread for each core without asking the files for their sizes. */
const FILES = 501;
const TOKENS_EACH = 7;

/**
 * Has the installed command scan transcripts of our making, so many that it needs its worker threads, which are bundles of
 * their own. Answers what is wrong, or an empty text.
 */
export async function tryScan(gate: Gate, folder: string, published: Published): Promise<string> {
  const home = join(gate.scratch, "installed", "scanned");
  const project = join(home, "projects", "-home-dev-shop");
  mkdirSync(project, { recursive: true });
  for (let file = 0; file < FILES; file++) writeFileSync(join(project, `session-${file}.jsonl`), `${response(file)}\n`);
  const { code, output } = await runInstalled(gate, folder, published, ["usage", "--json", "--scan", home], {
    HOME: home,
    USERPROFILE: home,
  });
  const line = output.split("\n").find((each) => each.startsWith("{"));
  if (code !== 0 || line === undefined) return `exit code ${code}\n${output}`;
  const { total, scan } = JSON.parse(line) as Record<string, Record<string, number>>;
  const good =
    total?.responses === FILES &&
    total.inputTokens === FILES * TOKENS_EACH &&
    (total.costUsd ?? 0) > 0 &&
    scan?.threads === availableParallelism();
  return good ? "" : output;
}

function response(id: number): string {
  return JSON.stringify({
    type: "assistant",
    uuid: `u${id}`,
    timestamp: "2026-11-22T08:00:00.000Z",
    message: {
      id: `msg_${id}`,
      model: "claude-opus-5-5",
      stop_reason: "end_turn",
      usage: { input_tokens: TOKENS_EACH, output_tokens: 1 },
    },
  });
}
