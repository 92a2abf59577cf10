import type { Stretch } from "./viewport.ts";

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const STEPS: readonly number[] = [
  ...[0.2, 0.5, 1, 2, 5, 10, 15, 30].map((seconds) => seconds * SECOND),
  ...[1, 2, 5, 10, 15, 30].map((minutes) => minutes * MINUTE),
  ...[1, 2, 3, 6, 12].map((hours) => hours * HOUR),
  ...[1, 2, 7, 14, 28].map((days) => days * DAY),
];
/** Labels closer than this run into each other. */
const LABEL_PX = 84;

interface Tick {
  at: number;
  label: string;
}

/** Round moments of the reader's clock, as many as have room; the first of each day says the day. */
export function ticksIn({ from, to }: Stretch, widthPx: number): Tick[] {
  const most = Math.max(1, Math.floor(widthPx / LABEL_PX));
  const step = STEPS.find((each) => (to - from) / each <= most) ?? Math.ceil((to - from) / most / DAY) * DAY;
  const offset = new Date(from).getTimezoneOffset() * MINUTE;
  const ticks: Tick[] = [];
  let day: string | null = null;
  for (let at = Math.ceil((from - offset) / step) * step + offset; at <= to; at += step) {
    const date = new Date(at);
    const today = date.toDateString();
    const turned = day !== null && today !== day;
    day = today;
    const format = step >= DAY || turned ? dayOnly : step < SECOND ? fractions : step < MINUTE ? withSeconds : clock;
    ticks.push({ at, label: format.format(date) });
  }
  return ticks;
}

const clock = new Intl.DateTimeFormat("en", { hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
const withSeconds = new Intl.DateTimeFormat("en", {
  hour: "2-digit",
  minute: "2-digit",
  second: "2-digit",
  hourCycle: "h23",
});
const fractions = new Intl.DateTimeFormat("en", {
  minute: "2-digit",
  second: "2-digit",
  fractionalSecondDigits: 1,
});
const dayOnly = new Intl.DateTimeFormat("en", { day: "numeric", month: "short" });

/** "07:21:40". */
export function clockOf(at: number): string {
  return withSeconds.format(new Date(at));
}
