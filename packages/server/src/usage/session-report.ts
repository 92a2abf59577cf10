import type { SessionUsage } from "@agentpane/protocol";
import { type CountedCall, responsesOfSession } from "../store/responses.ts";
import { allNames } from "../store/rollups.ts";
import type { Db } from "../store/sqlite.ts";
import { sumsOf } from "./deltas.ts";
import { UsageTable } from "./usage-table.ts";

const MAX_POINTS = 500;
const UNKNOWN = "unknown";
const MAIN_THREAD = "main";

/** What one session cost, as its page shows it; `client` is the agent's own total. */
export function sessionReport(db: Db, session: string, client: SessionUsage["client"]): SessionUsage {
  const names = new Map(allNames(db).map(({ id, name }) => [id, name]));
  const nameOf = (id: number) => names.get(id) ?? UNKNOWN;
  const byModel = new UsageTable();
  const bySubagent = new UsageTable();
  const points: SessionUsage["overTime"] = [];
  let costNanoUsd = 0;
  let tokens = 0;
  for (const response of responsesOfSession(db, session)) {
    const subagent = response.subagent === "" ? MAIN_THREAD : (response.type ?? UNKNOWN);
    const add = (call: CountedCall, model: number, responses: 0 | 1) => {
      const sums = sumsOf(call, responses);
      byModel.add(byModel.row(nameOf(model)), sums, 0, model);
      bySubagent.add(bySubagent.row(subagent), sums, 0, model);
      costNanoUsd += call.cost ?? 0;
      tokens += call.input + call.output + call.cacheWrite5m + call.cacheWrite1h + call.cacheRead;
    };
    add(response, response.model, 1);
    for (const step of response.steps) add(step, step.model, 0);
    // What nobody dated comes first, and is in the first point.
    if (response.at !== null) points.push({ at: response.at, costNanoUsd, tokens });
  }
  const { costUsd: _, ...total } = byModel.total(nameOf);
  return {
    total,
    byModel: byModel.rows(nameOf),
    bySubagent: bySubagent.rows(nameOf),
    overTime: thinned(points),
    client,
  };
}

/** Of more points than are shown evenly many, and always the last. */
function thinned(points: SessionUsage["overTime"]): SessionUsage["overTime"] {
  if (points.length <= MAX_POINTS) return points;
  const step = (points.length - 1) / (MAX_POINTS - 1);
  const chosen = Array.from({ length: MAX_POINTS }, (_, i) => points[Math.round(i * step)]);
  return chosen.filter((point) => point !== undefined);
}
