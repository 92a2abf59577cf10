import type { SessionFacets, SessionFilter, SessionRow } from "@agentpane/protocol";
import { filterSessions } from "./filter.ts";

export const FACET_KEYS = ["project", "branch", "machine", "status", "model"] as const;
export type FacetKey = (typeof FACET_KEYS)[number];

export interface FacetValue {
  value: string;
  count: number;
}

const VALUE_OF: Record<FacetKey, (row: SessionRow) => string | null> = {
  project: (row) => row.project,
  branch: (row) => row.branch,
  machine: (row) => row.machine.id,
  status: (row) => row.status,
  model: (row) => row.model,
};

/** What a menu offers of the loaded rows: each value with the rows it would leave under the rest of the filter. */
export function facetOf(rows: Iterable<SessionRow>, filter: SessionFilter, key: FacetKey): FacetValue[] {
  const counts = new Map<string, number>();
  for (const row of filterSessions(rows, { ...filter, [key]: undefined })) {
    const value = VALUE_OF[key](row);
    if (value !== null) counts.set(value, (counts.get(value) ?? 0) + 1);
  }
  return sorted([...counts].map(([value, count]) => ({ value, count })));
}

/**
 * The server counts all sessions, the page only those it loaded, but it knows of what began since; what is chosen is
 * offered in any case, so that it can be seen and taken back.
 */
export function offered(
  fromServer: SessionFacets | null,
  loaded: readonly FacetValue[],
  key: FacetKey,
  chosen: string | undefined,
): FacetValue[] {
  const values = new Map(loaded.map(({ value, count }) => [value, count]));
  for (const { value, count } of fromServer?.[key] ?? []) values.set(value, count);
  if (chosen !== undefined && !values.has(chosen)) values.set(chosen, 0);
  return sorted([...values].map(([value, count]) => ({ value, count })));
}

function sorted(values: FacetValue[]): FacetValue[] {
  return values.sort((a, b) => b.count - a.count || (a.value < b.value ? -1 : a.value > b.value ? 1 : 0));
}
