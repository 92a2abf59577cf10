import { readdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { adapterCopies, completeLines } from "../conformance/adapter-path.ts";
import { CopyLedger } from "../copies/ledger.ts";
import { listTranscripts } from "../scan/transcripts.ts";
import { chargesOf } from "./charge.ts";
import { RateBook } from "./rate-book.ts";

/** Sessions that the real client (2.1.330) played against a stand-in for the model, with its own last total in each. */
const FIXTURES = join(import.meta.dirname, "../../../../fixtures/claude-code-2.1.330");
const NANO = 1e9;

interface ClientTotal {
  costUsd: number;
  outputTokens: number;
  inputTokens: number;
}

let book: RateBook;
beforeAll(async () => {
  book = await RateBook.load();
});

/** The client's last total of a session's process, from its `cost-state`. */
function clientTotal(path: string): ClientTotal | null {
  let last: ClientTotal | null = null;
  for (const { line } of completeLines(readFileSync(path))) {
    const text = line.toString();
    if (!text.startsWith('{"type":"cost-state"')) continue;
    const { totalCostUSD, modelUsage } = JSON.parse(text);
    const models = Object.values(modelUsage as Record<string, { outputTokens: number; inputTokens: number }>);
    last = {
      costUsd: totalCostUSD,
      outputTokens: models.reduce((sum, model) => sum + model.outputTokens, 0),
      inputTokens: models.reduce((sum, model) => sum + model.inputTokens, 0),
    };
  }
  return last;
}

/** Our total of what stands in one session's files, its subagents' included, copied lines of a fork too. */
function ourTotal(session: string): { nano: number; outputTokens: number; inputTokens: number } {
  const ledger = new CopyLedger();
  for (const file of listTranscripts([FIXTURES]).filter((each) => each.session === session))
    ledger.add(adapterCopies(file, FIXTURES));
  const total = { nano: 0, outputTokens: 0, inputTokens: 0 };
  for (const { copy, at } of ledger.responses())
    for (const charge of chargesOf(copy, at, book)) {
      expect(charge.costNanoUsd, charge.model).not.toBeNull();
      total.nano += charge.costNanoUsd ?? 0;
      total.outputTokens += charge.outputTokens;
      total.inputTokens += charge.inputTokens;
    }
  return total;
}

const sessions = readdirSync(join(FIXTURES, "projects"), { recursive: true, encoding: "utf8" })
  .filter((path) => path.endsWith(".jsonl") && !path.includes("subagents"))
  .map((path) => [basename(path, ".jsonl"), join(FIXTURES, "projects", path)] as const)
  .filter(([, path]) => clientTotal(path) !== null);

describe("our price of what the real client did", () => {
  test.each(sessions)(
    "session %s: never above the client's own total, and equal where it knows no further call",
    (session, path) => {
      const client = clientTotal(path);
      const ours = ourTotal(session);
      const clientNano = Math.round((client?.costUsd ?? 0) * NANO);
      expect(ours.nano).toBeLessThanOrEqual(clientNano);
      const complete = ours.outputTokens === client?.outputTokens && ours.inputTokens === client.inputTokens;
      if (complete) expect(ours.nano).toBe(clientNano);
      else expect(ours.nano).toBeLessThan(clientNano);
    },
  );

  test("most sessions are complete, so that the equality is not empty", () => {
    const complete = sessions.filter(
      ([session, path]) => ourTotal(session).outputTokens === clientTotal(path)?.outputTokens,
    );
    expect(sessions.length).toBeGreaterThanOrEqual(25);
    expect(complete.length).toBeGreaterThanOrEqual(20);
  });
});
