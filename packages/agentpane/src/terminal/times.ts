const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** "3 min ago (2026-11-22 08:24)", in the person's own time zone; "never" for null. */
export function when(at: number | null, now: number): string {
  return at === null ? "never" : `${relative(at, now)} (${absolute(at)})`;
}

export function relative(at: number, now: number): string {
  const span = words(Math.abs(now - at));
  if (span === null) return "now";
  return at > now ? `in ${span}` : `${span} ago`;
}

function words(ms: number): string | null {
  if (ms < SECOND) return null;
  if (ms < MINUTE) return `${Math.round(ms / SECOND)} s`;
  if (ms < HOUR) return `${Math.round(ms / MINUTE)} min`;
  if (ms < 2 * DAY) return `${Math.round(ms / HOUR)} h`;
  return `${Math.round(ms / DAY)} days`;
}

function absolute(at: number): string {
  const date = new Date(at);
  const two = (value: number) => String(value).padStart(2, "0");
  const day = `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
  return `${day} ${two(date.getHours())}:${two(date.getMinutes())}`;
}
