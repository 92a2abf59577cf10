import type { TimelineSpan } from "@agentpane/protocol";

/** The gap between neighbours that is closed first; doubled until few enough spans are left. */
const FIRST_GAP_MS = 250;

/**
 * At most `most` spans in order of their beginning. Where there are more, neighbours of one lane, thread and outcome
 * become one that says how many they were and how long they took: first those that touch, then those further apart.
 */
export function bounded(spans: readonly TimelineSpan[], most: number): { spans: TimelineSpan[]; merged: number } {
  const ordered = [...spans].sort((a, b) => a.from - b.from);
  if (ordered.length <= most) return { spans: ordered, merged: 0 };
  for (let gap = FIRST_GAP_MS; Number.isSafeInteger(gap); gap *= 2) {
    const joined = join(ordered, gap);
    if (joined.length <= most) return { spans: joined, merged: mergedIn(joined) };
  }
  // Only calls that never ended are left, a thousand in each of many transcripts: the newest are shown.
  const joined = join(ordered, Number.MAX_SAFE_INTEGER).slice(-most);
  return { spans: joined, merged: mergedIn(joined) };
}

function mergedIn(spans: readonly TimelineSpan[]): number {
  return spans.reduce((sum, { merged = 0 }) => sum + merged, 0);
}

function join(ordered: readonly TimelineSpan[], gap: number): TimelineSpan[] {
  const open = new Map<string, TimelineSpan>();
  const joined: TimelineSpan[] = [];
  for (const span of ordered) {
    const key = `${span.lane} ${span.failed === true} ${span.agent ?? ""}`;
    const before = open.get(key);
    if (span.to === null || before === undefined || before.to === null || span.from - before.to > gap) {
      const copy = { ...span };
      joined.push(copy);
      if (span.to !== null) open.set(key, copy);
      continue;
    }
    before.busyMs = (before.busyMs ?? before.to - before.from) + (span.to - span.from);
    before.merged = (before.merged ?? 1) + 1;
    before.to = Math.max(before.to, span.to);
  }
  return joined;
}

/** At most `most` points: of each stretch its lowest and its highest, so that no peak and no fall is lost; and the last. */
export function thinned<Point>(points: readonly Point[], most: number, value: (point: Point) => number): Point[] {
  if (points.length <= most) return [...points];
  const kept: Point[] = [];
  const stretches = Math.floor((most - 1) / 2);
  for (let i = 0; i < stretches; i++) {
    const stretch = points.slice(
      Math.floor((i * points.length) / stretches),
      Math.floor(((i + 1) * points.length) / stretches),
    );
    let low = 0;
    let high = 0;
    for (const [index, point] of stretch.entries()) {
      if (value(point) < value(stretch[low] ?? point)) low = index;
      if (value(point) > value(stretch[high] ?? point)) high = index;
    }
    for (const index of low === high ? [low] : [Math.min(low, high), Math.max(low, high)]) {
      const point = stretch[index];
      if (point !== undefined) kept.push(point);
    }
  }
  const last = points.at(-1);
  if (last !== undefined && kept.at(-1) !== last) kept.push(last);
  return kept;
}
