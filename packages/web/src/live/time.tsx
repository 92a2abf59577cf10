import { formatAge, formatFullTime, formatMoment, formatSpan } from "../ui/format.ts";
import { useServerTime } from "./use-live.ts";

/** How long it has been since `at`, ticking. */
export function Elapsed({ at }: { at: number }) {
  return <>{useServerTime((now) => formatSpan(now - at))}</>;
}

/** How old something is, in one unit, ticking. */
export function Age({ at }: { at: number }) {
  const text = useServerTime((now) => formatAge(now - at));
  return (
    <time dateTime={new Date(at).toISOString()} title={formatFullTime(at)}>
      {text}
    </time>
  );
}

/** A point in time: the clock today, the date before. */
export function Moment({ at }: { at: number }) {
  const text = useServerTime((now) => formatMoment(at, now));
  return (
    <time dateTime={new Date(at).toISOString()} title={formatFullTime(at)}>
      {text}
    </time>
  );
}
