/** The calendar day of a moment in one time zone. `day` costs nanoseconds once a UTC day's offset is known. */
export interface DayClock {
  readonly zone: string;
  /** YYYY-MM-DD. */
  day(at: number): string;
  /** First moment of the local day that begins with `day`, in epoch milliseconds. */
  startOf(day: string): number;
}

const DAY_MS = 86_400_000;
const ISO_DAY = /^\d{4}-\d\d-\d\d$/;

/** Zone offsets are asked for once per UTC day, and once more to the millisecond where they change within it. */
interface UtcDay {
  /** Offset before `changeAt` and from then on; the same where nothing changes that day. */
  before: number;
  after: number;
  changeAt: number;
}

/** Throws a RangeError where nobody knows the zone. */
export function dayClock(zone: string): DayClock {
  const offsetAt = offsetReader(zone);
  const utcDays = new Map<number, UtcDay>();
  const names = new Map<number, string>();

  const localDay = (at: number): number => {
    const utc = Math.floor(at / DAY_MS);
    let known = utcDays.get(utc);
    if (!known) {
      known = readUtcDay(utc * DAY_MS, offsetAt);
      utcDays.set(utc, known);
    }
    return Math.floor((at + (at < known.changeAt ? known.before : known.after)) / DAY_MS);
  };

  return {
    zone,
    day(at) {
      const day = localDay(at);
      let name = names.get(day);
      if (!name) {
        name = nameOf(day);
        names.set(day, name);
      }
      return name;
    },
    startOf(day) {
      const wanted = ISO_DAY.test(day) ? Date.parse(`${day}T00:00:00Z`) / DAY_MS : Number.NaN;
      // The 30th of February parses, as a day in March.
      if (!Number.isInteger(wanted) || nameOf(wanted) !== day) throw new RangeError(`not a day: ${day}`);
      // Local midnight lies within a day and a half of UTC midnight; a day that the zone skipped begins where the next does.
      return firstWhere((wanted - 1.5) * DAY_MS, (wanted + 1.5) * DAY_MS, (at) => localDay(at) >= wanted);
    },
  };
}

function nameOf(day: number): string {
  return new Date(day * DAY_MS).toISOString().slice(0, 10);
}

function readUtcDay(start: number, offsetAt: (at: number) => number): UtcDay {
  const before = offsetAt(start);
  const after = offsetAt(start + DAY_MS - 1);
  const changeAt =
    before === after
      ? Number.POSITIVE_INFINITY
      : firstWhere(start, start + DAY_MS - 1, (at) => offsetAt(at) !== before);
  return { before, after, changeAt };
}

/** The first whole number for which `holds`, which holds at `high` and from some point on. */
function firstWhere(low: number, high: number, holds: (at: number) => boolean): number {
  let from = low;
  let to = high;
  while (from < to) {
    const middle = Math.floor((from + to) / 2);
    if (holds(middle)) to = middle;
    else from = middle + 1;
  }
  return from;
}

/** Milliseconds that local time is ahead of UTC. */
function offsetReader(zone: string): (at: number) => number {
  if (zone === "UTC") return () => 0;
  const format = new Intl.DateTimeFormat("en-US", {
    timeZone: zone,
    calendar: "gregory",
    numberingSystem: "latn",
    year: "numeric",
    month: "numeric",
    day: "numeric",
    hour: "numeric",
    minute: "numeric",
    second: "numeric",
    hourCycle: "h23",
  });
  return (at) => {
    const parts = new Map(format.formatToParts(at).map((part) => [part.type, part.value]));
    const field = (type: Intl.DateTimeFormatPartTypes): number => Number(parts.get(type));
    const local = Date.UTC(
      field("year"),
      field("month") - 1,
      field("day"),
      field("hour"),
      field("minute"),
      field("second"),
    );
    return local - Math.floor(at / 1000) * 1000;
  };
}
