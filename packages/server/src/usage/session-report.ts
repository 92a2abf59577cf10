import type { SessionUsage, UsageRow } from "@agentpane/protocol";
import { spendOverTime } from "../store/responses.ts";
import { allNames, cellsOfSession, SUMS } from "../store/rollups.ts";
import type { Db } from "../store/sqlite.ts";
import { Sums } from "./sums.ts";

const MAX_POINTS = 500;
const UNKNOWN = "unknown";
const MAIN_THREAD = "main";

/** What one session cost, as its page shows it; `client` is the agent's own total. */
export function sessionReport(db: Db, session: string, client: SessionUsage["client"]): SessionUsage {
  const names = new Map(allNames(db).map(({ id, name }) => [id, name]));
  const total = new Sums();
  const byModel = new Map<string, Sums>();
  const bySubagent = new Map<string, Sums>();
  for (const cell of cellsOfSession(db, session)) {
    const model = names.get(cell.model) ?? UNKNOWN;
    const sums = SUMS.map((name) => cell[name]);
    const rows = [
      total,
      rowOf(byModel, model),
      rowOf(bySubagent, cell.subagent === "" ? MAIN_THREAD : (cell.type ?? UNKNOWN)),
    ];
    for (const row of rows) row.add(sums, 0, () => model);
  }
  const { key: _, costUsd: __, ...all } = total.row("");
  return {
    total: all,
    byModel: sorted(byModel),
    bySubagent: sorted(bySubagent),
    overTime: overTime(db, session),
    client,
  };
}

function rowOf(rows: Map<string, Sums>, key: string): Sums {
  let row = rows.get(key);
  if (row === undefined) {
    row = new Sums();
    rows.set(key, row);
  }
  return row;
}

function sorted(rows: ReadonlyMap<string, Sums>): UsageRow[] {
  return [...rows].sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, row]) => row.row(key));
}

interface StepSpend {
  input: number;
  output: number;
  cacheWrite5m: number;
  cacheWrite1h: number;
  cacheRead: number;
  cost: number | null;
}

/** Cumulative; of more points than are shown, evenly many, and always the last. What nobody dated is in the first. */
function overTime(db: Db, session: string): SessionUsage["overTime"] {
  const points: SessionUsage["overTime"] = [];
  let costNanoUsd = 0;
  let tokens = 0;
  for (const response of spendOverTime(db, session)) {
    costNanoUsd += response.cost;
    tokens += response.tokens;
    for (const step of response.steps === null ? [] : (JSON.parse(response.steps) as StepSpend[])) {
      costNanoUsd += step.cost ?? 0;
      tokens += step.input + step.output + step.cacheWrite5m + step.cacheWrite1h + step.cacheRead;
    }
    if (response.at !== null) points.push({ at: response.at, costNanoUsd, tokens });
  }
  if (points.length <= MAX_POINTS) return points;
  const step = (points.length - 1) / (MAX_POINTS - 1);
  return Array.from({ length: MAX_POINTS }, (_, i) => points[Math.round(i * step)]).filter(
    (point) => point !== undefined,
  );
}
