/** A stretch of time, epoch milliseconds. */
export interface Stretch {
  from: number;
  to: number;
}

/**
 * What of the session is looked at. `live` keeps the end in sight while the session grows; `whole` shows all there is,
 * however much that becomes.
 */
export type View = { kind: "whole" } | { kind: "live"; spanMs: number } | ({ kind: "fixed" } & Stretch);

/** No closer than this: transcripts say times to the millisecond, and lines of one answer stand some tens apart. */
const MIN_SPAN_MS = 1_000;
/** What is shown at first of a session that is longer. */
const FIRST_SPAN_MS = 60 * 60_000;
/** How close to the end counts as the end. */
const AT_END = 0.002;

export function firstView(domain: Stretch): View {
  return domain.to - domain.from <= 2 * FIRST_SPAN_MS ? { kind: "whole" } : { kind: "live", spanMs: FIRST_SPAN_MS };
}

/** A session of one moment still has a width. */
export function domainOf(from: number, to: number): Stretch {
  return { from, to: Math.max(to, from + MIN_SPAN_MS) };
}

export function stretchOf(view: View, domain: Stretch): Stretch {
  if (view.kind === "whole") return domain;
  if (view.kind === "live") return { from: Math.max(domain.from, domain.to - view.spanMs), to: domain.to };
  return { from: view.from, to: view.to };
}

/** `stretch` within the domain, as wide as it can be of what was asked; one that ends at the end follows it. */
export function viewOf(stretch: Stretch, domain: Stretch): View {
  const whole = domain.to - domain.from;
  const span = Math.min(whole, Math.max(MIN_SPAN_MS, stretch.to - stretch.from));
  if (span >= whole) return { kind: "whole" };
  const from = Math.max(domain.from, Math.min(stretch.from, domain.to - span));
  return from + span >= domain.to - span * AT_END
    ? { kind: "live", spanMs: span }
    : { kind: "fixed", from, to: from + span };
}

/** `factor` below 1 looks closer; what stands at `at` stays where it is. */
export function zoomed(view: View, domain: Stretch, factor: number, at: number): View {
  const { from, to } = stretchOf(view, domain);
  const span = Math.max(MIN_SPAN_MS, (to - from) * factor);
  const share = (at - from) / (to - from);
  const start = at - span * share;
  return viewOf({ from: start, to: start + span }, domain);
}

/** `share` of what is seen: 0.5 is half a screen later. */
export function panned(view: View, domain: Stretch, share: number): View {
  const { from, to } = stretchOf(view, domain);
  const shift = (to - from) * share;
  return viewOf({ from: from + shift, to: to + shift }, domain);
}

/** Moved only as far as it takes to see `stretch`, or its beginning where it is longer than what is seen. */
export function revealing(view: View, domain: Stretch, stretch: Stretch): View {
  const seen = stretchOf(view, domain);
  const span = seen.to - seen.from;
  const margin = span * REVEAL_MARGIN;
  if (stretch.from >= seen.from && Math.min(stretch.to, stretch.from + margin) <= seen.to) return view;
  const from = stretch.from < seen.from ? stretch.from - margin : stretch.from - span + 2 * margin;
  return viewOf({ from, to: from + span }, domain);
}
const REVEAL_MARGIN = 0.1;
