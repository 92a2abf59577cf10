import type { DayClock } from "./day.ts";

/** Epoch milliseconds: from `from` on and before `before`; null leaves that side open. */
export interface Period {
  from: number | null;
  before: number | null;
}

const DAY = /^\d{4}-\d\d-\d\d$/;
const MAX_DAY_MS = 27 * 3_600_000;

/**
 * What a person means by "from" and "to": a day (2026-11-22, in the clock's zone; `to` includes the whole of it) or a moment
 * (ISO 8601 with its zone). Throws a RangeError that names what it could not read.
 */
export function periodOf(from: string | undefined, to: string | undefined, clock: DayClock): Period {
  return {
    from: from === undefined ? null : DAY.test(from) ? clock.startOf(from) : moment(from),
    before: to === undefined ? null : DAY.test(to) ? startOfNext(to, clock) : moment(to),
  };
}

/** Whether a response of that time is meant; one without a time only where all of time is. */
export function isWithin(at: number | null, period: Period): boolean {
  if (at === null) return period.from === null && period.before === null;
  return (period.from === null || at >= period.from) && (period.before === null || at < period.before);
}

/** No day lasts longer than 27 hours, and none is shorter than that minus a night. */
function startOfNext(day: string, clock: DayClock): number {
  return clock.startOf(clock.day(clock.startOf(day) + MAX_DAY_MS));
}

function moment(text: string): number {
  const at = Date.parse(text);
  if (Number.isNaN(at))
    throw new RangeError(`not a day like 2026-11-22, nor a moment like 2026-11-22T08:00:00Z: ${text}`);
  return at;
}
