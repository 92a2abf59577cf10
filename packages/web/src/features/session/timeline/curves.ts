import type { SessionTimeline } from "@agentpane/protocol";

/** Both curves on one axis of time: a value of each at every point, as the plot wants them. */
export interface Curves {
  at: number[];
  /** Share of the window, or of the most there was where nobody says how large it is. */
  context: number[];
  /** Nano-dollars. */
  cost: number[];
  /** What 1 of `context` is, in tokens. */
  fullTokens: number;
  windowKnown: boolean;
}

/** Null where there is nothing to draw. The last values hold to the end of the axis. */
export function curvesOf(timeline: SessionTimeline, contextWindow: number | null, end: number): Curves | null {
  const { context, cost } = timeline;
  if (context.length === 0 && cost.length === 0) return null;
  const fullTokens = contextWindow ?? Math.max(1, ...context.map(({ tokens }) => tokens));
  const tokens = spread(context);
  const at = [...new Set([...tokens, ...cost].map((point) => point.at))].sort((a, b) => a - b);
  const last = at.at(-1);
  if (last !== undefined && end > last) at.push(end);
  return {
    at,
    context: sampled(
      tokens.map((point) => ({ at: point.at, value: point.tokens / fullTokens })),
      at,
      true,
    ),
    cost: sampled(
      cost.map((point) => ({ at: point.at, value: point.nanoUsd })),
      at,
      false,
    ),
    fullTokens,
    windowKnown: contextWindow !== null,
  };
}

/** A fall within one moment needs two points at it: the first of them stands a millisecond earlier. */
function spread(points: SessionTimeline["context"]): SessionTimeline["context"] {
  return points.map((point, index) => (points[index + 1]?.at === point.at ? { ...point, at: point.at - 1 } : point));
}

interface Point {
  at: number;
  value: number;
}

/** The value at each moment: on the line between the points around it, or the last one's where it only steps. */
function sampled(points: readonly Point[], at: readonly number[], between: boolean): number[] {
  let next = 0;
  return at.map((moment) => {
    while ((points[next]?.at ?? Number.POSITIVE_INFINITY) <= moment) next += 1;
    const before = points[next - 1];
    const after = points[next];
    if (before === undefined) return between ? (after?.value ?? 0) : 0;
    if (after === undefined || !between) return before.value;
    return before.value + ((after.value - before.value) * (moment - before.at)) / (after.at - before.at);
  });
}

/** The values at a moment. */
export function valuesAt(curves: Curves, moment: number): { context: number; cost: number } {
  let index = curves.at.findIndex((at) => at > moment);
  index = index < 0 ? curves.at.length - 1 : Math.max(0, index - 1);
  return { context: curves.context[index] ?? 0, cost: curves.cost[index] ?? 0 };
}
