const NANO_PER_USD = 1_000_000_000;
const STEPS = [1, 2, 2.5, 5, 10];
const WANTED_LINES = 4;
const MAX_DECIMALS = 9;
const EPSILON = 1e-6;

/** Round amounts of money for the lines of a chart, in nano-dollars, from zero to the first at or above `most`. */
export function moneyTicks(most: number): number[] {
  const rough = Math.max(most, 1) / WANTED_LINES;
  const magnitude = 10 ** Math.floor(Math.log10(rough));
  const step = magnitude * (STEPS.find((each) => each * magnitude >= rough) ?? 10);
  return Array.from({ length: Math.max(1, Math.ceil(most / step)) + 1 }, (_, line) => line * step);
}

/** Labels of lines that stand `ticks[1]` apart, with as few decimals as tell them apart: "$0.05", "$20". */
export function tickLabels(ticks: readonly number[]): string[] {
  const step = (ticks[1] ?? 0) / NANO_PER_USD;
  let decimals = 0;
  while (decimals < MAX_DECIMALS && !isWhole(step * 10 ** decimals)) decimals += 1;
  // Money has cents or none.
  if (decimals === 1) decimals = 2;
  return ticks.map((tick) => `$${(tick / NANO_PER_USD).toFixed(decimals)}`);
}

function isWhole(value: number): boolean {
  return Math.abs(value - Math.round(value)) < EPSILON;
}

/** The first point at which at least `part` of the last one's cost was spent. */
export function spentBy<Point extends { costNanoUsd: number }>(
  points: readonly Point[],
  part: number,
): Point | undefined {
  const total = points.at(-1)?.costNanoUsd ?? 0;
  return points.find(({ costNanoUsd }) => costNanoUsd >= total * part);
}

/** The last point that is not after `at`; the first where all are. Points are in time order. */
export function pointBefore(points: readonly { at: number }[], at: number): number {
  const after = points.findIndex((point) => point.at > at);
  return after < 0 ? points.length - 1 : Math.max(0, after - 1);
}
