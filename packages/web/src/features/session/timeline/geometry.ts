import type { Row } from "./lanes.ts";
import { ROW_PX } from "./paint.ts";

/** Axis and labels of what happened, above everything. */
const HEAD_PX = 40;
const CURVES_PX = 112;
const PROMPTS_PX = 26;
const AGENTS_HEAD_PX = 26;

/** Where everything stands, in pixels from the top of the plot. */
export interface Geometry {
  curvesTop: number;
  curvesHeight: number;
  promptsTop: number;
  lanesTop: number;
  /** Of each row, from the top of the lanes. */
  tops: number[];
  /** The words above the agents; null where there are none. */
  agentsHead: number | null;
  lanesHeight: number;
  height: number;
}

export function geometryOf(rows: readonly Row[], hasCurves: boolean): Geometry {
  const curvesHeight = hasCurves ? CURVES_PX : 0;
  const promptsTop = HEAD_PX + curvesHeight;
  const lanesTop = promptsTop + PROMPTS_PX;
  const tops: number[] = [];
  let agentsHead: number | null = null;
  let top = 0;
  for (const row of rows) {
    if (row.agent !== null && agentsHead === null) {
      agentsHead = top;
      top += AGENTS_HEAD_PX;
    }
    tops.push(top);
    top += ROW_PX;
  }
  return {
    ...{ curvesTop: HEAD_PX, curvesHeight, promptsTop, lanesTop, tops, agentsHead },
    ...{ lanesHeight: top, height: lanesTop + top },
  };
}

/** The row at a height within the lanes. */
export function rowAt({ tops }: Geometry, y: number): number | null {
  const index = tops.findIndex((top) => y >= top && y < top + ROW_PX);
  return index < 0 ? null : index;
}
