const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

const plainNumber = new Intl.NumberFormat("en");
const clockTime = new Intl.DateTimeFormat("en", { hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
const dayAndMonth = new Intl.DateTimeFormat("en", { day: "numeric", month: "short" });
const dayMonthYear = new Intl.DateTimeFormat("en", { day: "numeric", month: "short", year: "numeric" });
const fullTime = new Intl.DateTimeFormat("en", {
  year: "numeric",
  month: "short",
  day: "numeric",
  hour: "2-digit",
  minute: "2-digit",
  second: "2-digit",
  hourCycle: "h23",
});

export function formatCount(value: number): string {
  return plainNumber.format(value);
}

/** How long something lasts, in two units: "48 s", "11 m 20 s", "1 h 38 m", "3 d 4 h". Below zero is zero. */
export function formatSpan(ms: number): string {
  const span = Math.max(0, ms);
  if (span < MINUTE) return `${Math.floor(span / SECOND)} s`;
  if (span < HOUR) return `${Math.floor(span / MINUTE)} m ${pad(Math.floor((span % MINUTE) / SECOND))} s`;
  if (span < DAY) return `${Math.floor(span / HOUR)} h ${pad(Math.floor((span % HOUR) / MINUTE))} m`;
  return `${Math.floor(span / DAY)} d ${Math.floor((span % DAY) / HOUR)} h`;
}

/** How old something is, in one unit: "48 s", "44 m", "2 h", "3 d". */
export function formatAge(ms: number): string {
  const age = Math.max(0, ms);
  if (age < MINUTE) return `${Math.floor(age / SECOND)} s`;
  if (age < HOUR) return `${Math.floor(age / MINUTE)} m`;
  if (age < DAY) return `${Math.floor(age / HOUR)} h`;
  return `${Math.floor(age / DAY)} d`;
}

/** How long a call took: "0.4 s" below ten seconds, then as a span. */
export function formatDuration(ms: number): string {
  if (ms < 10) return `${Math.round(ms)} ms`;
  if (ms < 10 * SECOND) return `${(ms / SECOND).toFixed(1)} s`;
  return formatSpan(ms);
}

/** "07:31" on the day of `now`, else "12 Nov", else "12 Nov 2024". In the reader's time zone. */
export function formatMoment(at: number, now: number): string {
  const then = new Date(at);
  const today = new Date(now);
  if (then.toDateString() === today.toDateString()) return clockTime.format(then);
  return then.getFullYear() === today.getFullYear() ? dayAndMonth.format(then) : dayMonthYear.format(then);
}

/** As a moment, and where that is a date, with the clock: "07:31", "Nov 12, 07:31". */
export function formatWhen(at: number, now: number): string {
  const moment = formatMoment(at, now);
  const clock = formatClock(at);
  return moment === clock ? clock : `${moment}, ${clock}`;
}

/** "2026-11-22": the day of a moment in the reader's time zone. */
export function localDay(at: number): string {
  const then = new Date(at);
  return `${then.getFullYear()}-${pad(then.getMonth() + 1)}-${pad(then.getDate())}`;
}

export function formatClock(at: number): string {
  return clockTime.format(new Date(at));
}

/** For a tooltip: everything, to the second. */
export function formatFullTime(at: number): string {
  return fullTime.format(new Date(at));
}

/** Decimal units, as file managers count: "212 MB". */
export function formatBytes(bytes: number): string {
  const units = ["B", "kB", "MB", "GB", "TB"];
  let value = bytes;
  let unit = 0;
  while (value >= 1000 && unit < units.length - 1) {
    value /= 1000;
    unit += 1;
  }
  return `${unit === 0 || value >= 100 ? Math.round(value) : value.toFixed(1)} ${units[unit]}`;
}

const NANO_PER_USD = 1_000_000_000;
const CENT_NANO_USD = 10_000_000;
/** From here on cents are noise. */
const WHOLE_USD = 1_000;
const cents = new Intl.NumberFormat("en", { style: "currency", currency: "USD" });
const wholeDollars = new Intl.NumberFormat("en", { style: "currency", currency: "USD", maximumFractionDigits: 0 });
const exactDollars = new Intl.NumberFormat("en", { style: "currency", currency: "USD", maximumFractionDigits: 9 });

/** "$1.84", "$1,234"; what is not zero but less than a cent is "<$0.01". */
export function formatUsd(nanoUsd: number): string {
  const usd = nanoUsd / NANO_PER_USD;
  if (nanoUsd > 0 && nanoUsd < CENT_NANO_USD) return `<${cents.format(CENT_NANO_USD / NANO_PER_USD)}`;
  return usd < WHOLE_USD ? cents.format(usd) : wholeDollars.format(usd);
}

/** A sum that may lack what has no price: "$1.84", "$1.84+", "?" where there is nothing else. */
export function formatSum(nanoUsd: number, lacks: boolean): string {
  if (!lacks) return formatUsd(nanoUsd);
  return nanoUsd === 0 ? "?" : `${formatUsd(nanoUsd)}+`;
}

/** For a tooltip: to the nano-dollar. */
export function formatExactUsd(nanoUsd: number): string {
  return exactDollars.format(nanoUsd / NANO_PER_USD);
}

const shortNumber = new Intl.NumberFormat("en", { notation: "compact", maximumSignificantDigits: 3 });

/** Tokens, in three digits at most: "940", "61.2K", "1.2M". */
export function formatTokens(count: number): string {
  return shortNumber.format(count);
}

/** A share as "61%"; what is not zero or one never looks like it. */
export function formatPercent(part: number): string {
  if (part > 0 && part < 0.01) return "<1%";
  if (part > 0.99 && part < 1) return ">99%";
  return `${Math.round(part * 100)}%`;
}

function pad(value: number): string {
  return String(value).padStart(2, "0");
}

/** A model as people call it: without the maker's name before it and the day of the snapshot after it. */
export function formatModel(model: string): string {
  return model.replace(/^claude-/, "").replace(/-20\d{6}$/, "");
}
