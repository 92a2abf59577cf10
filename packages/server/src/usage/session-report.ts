import type { SessionUsage } from "@agentpane/protocol";
import { addCostByKind, noCost, type RateBook, type Rates, type TokenCounts } from "@agentpane/usage";
import { type CountedCall, responsesOfSession } from "../store/responses.ts";
import { allNames } from "../store/rollups.ts";
import type { Db } from "../store/sqlite.ts";
import { sumsOf } from "./deltas.ts";
import { UsageTable } from "./usage-table.ts";

const MAX_POINTS = 500;
const UNKNOWN = "unknown";
const MAIN_THREAD = "main";

/** What one session cost, as its page shows it; `client` is the agent's own total. */
export function sessionReport(db: Db, session: string, client: SessionUsage["client"], book: RateBook): SessionUsage {
  const names = new Map(allNames(db).map(({ id, name }) => [id, name]));
  const nameOf = (id: number) => names.get(id) ?? UNKNOWN;
  const byModel = new UsageTable();
  const bySubagent = new UsageTable();
  const points: SessionUsage["overTime"] = [];
  const byKind = noCost();
  let costNanoUsd = 0;
  let tokens = 0;
  for (const response of responsesOfSession(db, session)) {
    const subagent = response.subagent === "" ? MAIN_THREAD : (response.type ?? UNKNOWN);
    const { at } = response;
    const add = (call: CountedCall, model: number, responses: 0 | 1) => {
      const sums = sumsOf(call, responses);
      byModel.add(byModel.row(nameOf(model)), sums, 0, model);
      bySubagent.add(bySubagent.row(subagent), sums, 0, model);
      costNanoUsd += call.cost ?? 0;
      addCostByKind(byKind, tokensOf(call), call.cost ?? 0, ratesOf(book, nameOf(model), call, at));
      tokens += call.input + call.output + call.cacheWrite5m + call.cacheWrite1h + call.cacheRead;
    };
    add(response, response.model, 1);
    for (const step of response.steps) add(step, step.model, 0);
    // What nobody dated comes first, and is in the first point.
    if (at !== null) points.push({ at, costNanoUsd, tokens });
  }
  const { costUsd: _, ...total } = byModel.total(nameOf);
  return {
    total,
    byModel: byModel.rows(nameOf),
    bySubagent: bySubagent.rows(nameOf),
    overTime: thinned(points),
    client,
    costByKind: byKind,
  };
}

function tokensOf(call: CountedCall): TokenCounts {
  return {
    inputTokens: call.input,
    outputTokens: call.output,
    cacheReadTokens: call.cacheRead,
    cacheWrite5mTokens: call.cacheWrite5m,
    cacheWrite1hTokens: call.cacheWrite1h,
    webSearches: call.webSearches,
  };
}

/** At standard speed and tier, in the base region: those change all rates of tokens alike, so not what each kind's part is. */
function ratesOf(book: RateBook, model: string, call: CountedCall, at: number | null): Rates | null {
  const promptTokens = call.input + call.cacheRead + call.cacheWrite5m + call.cacheWrite1h;
  return book.tariff(model)?.at(at, promptTokens) ?? null;
}

/** Of more points than are shown evenly many, and always the last. */
function thinned(points: SessionUsage["overTime"]): SessionUsage["overTime"] {
  if (points.length <= MAX_POINTS) return points;
  const step = (points.length - 1) / (MAX_POINTS - 1);
  const chosen = Array.from({ length: MAX_POINTS }, (_, i) => points[Math.round(i * step)]);
  return chosen.filter((point) => point !== undefined);
}
