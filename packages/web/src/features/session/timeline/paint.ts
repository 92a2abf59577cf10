import { inSight, type Row } from "./lanes.ts";
import type { Stretch } from "./viewport.ts";

export const ROW_PX = 26;
const BAR_PX = 12;
/** What failed is higher than the rest, so that it shows without its colour. */
const FAILED_PX = 18;
const MIN_BAR_PX = 2;
const ROUND_FROM_PX = 5;
const RADIUS_PX = 1.5;
/** Spans that end within the same part of a pixel are drawn once. */
const SAME_PX = 0.5;

/** Colours as the canvas takes them, read from the tokens of the theme. */
export interface Palette {
  model: string;
  tool: string;
  faint: string;
  failed: string;
  line: string;
  accent: string;
  /** Under a curve. */
  wash: string;
  /** Of what is words elsewhere. */
  ink: string;
}

/** Where the rows stand, in pixels from the top of the canvas. */
type Tops = readonly number[];

export function paintRows(
  context: CanvasRenderingContext2D,
  rows: readonly Row[],
  tops: Tops,
  stretch: Stretch,
  width: number,
  palette: Palette,
): void {
  const scale = width / (stretch.to - stretch.from);
  const x = (at: number) => (at - stretch.from) * scale;
  for (const [index, row] of rows.entries()) {
    const top = tops[index] ?? 0;
    context.fillStyle = palette.line;
    context.fillRect(0, top + ROW_PX - 1, width, 1);
    if (row.agent !== null) {
      const { from, to } = row.agent.extent;
      if (to >= stretch.from && from <= stretch.to)
        bar(context, x(from), x(to), top + (ROW_PX - BAR_PX) / 2, BAR_PX, palette.faint, width);
    }
    paintRow(context, row, top, stretch, x, width, palette);
  }
}

function paintRow(
  context: CanvasRenderingContext2D,
  row: Row,
  top: number,
  stretch: Stretch,
  x: (at: number) => number,
  width: number,
  palette: Palette,
): void {
  const [first, behind] = inSight(row, stretch);
  const drawn = { model: Number.NEGATIVE_INFINITY, tool: Number.NEGATIVE_INFINITY, failed: Number.NEGATIVE_INFINITY };
  for (const pass of ["tool", "model", "failed"] as const) {
    for (let index = first; index < behind; index += 1) {
      const each = row.spans[index];
      if (each === undefined || passOf(row, each.span) !== pass || each.end < stretch.from) continue;
      const left = x(each.from);
      const right = Math.max(left + MIN_BAR_PX, x(each.end));
      if (right <= drawn[pass] + SAME_PX) continue;
      drawn[pass] = right;
      const height = pass === "failed" ? FAILED_PX : BAR_PX;
      bar(context, left, right, top + (ROW_PX - height) / 2, height, palette[pass], width);
    }
  }
}

function passOf(row: Row, { lane, failed }: Row["spans"][number]["span"]): "model" | "tool" | "failed" {
  if (failed === true) return "failed";
  return lane === "model" || row.key === "model" ? "model" : "tool";
}

function bar(
  context: CanvasRenderingContext2D,
  left: number,
  right: number,
  top: number,
  height: number,
  colour: string,
  width: number,
): void {
  // Far beyond the edges a canvas loses its precision.
  const from = Math.max(left, -RADIUS_PX * 2);
  const to = Math.min(right, width + RADIUS_PX * 2);
  if (to <= from) return;
  context.fillStyle = colour;
  if (to - from < ROUND_FROM_PX) {
    context.fillRect(from, top, to - from, height);
    return;
  }
  context.beginPath();
  context.roundRect(from, top, to - from, height, RADIUS_PX);
  context.fill();
}

/** How busy each of `columns` stretches of the session was, 0 to 1: for the strip that shows all of it. */
export function busyness(rows: readonly Row[], domain: Stretch, columns: number): Float64Array {
  const busy = new Float64Array(columns);
  const each = (domain.to - domain.from) / columns;
  for (const row of rows) {
    for (const { from, end } of row.spans) {
      const first = Math.max(0, Math.floor((from - domain.from) / each));
      const last = Math.min(columns - 1, Math.floor((end - domain.from) / each));
      for (let column = first; column <= last; column += 1) {
        const start = domain.from + column * each;
        const share = (Math.min(end, start + each) - Math.max(from, start)) / each;
        busy[column] = (busy[column] ?? 0) + Math.max(share, ONE_CALL);
      }
    }
  }
  const most = busy.reduce((a, b) => Math.max(a, b), 0);
  return most === 0 ? busy : busy.map((value) => value / most);
}
/** What a call of no length adds: it is seen that something happened. */
const ONE_CALL = 0.02;
