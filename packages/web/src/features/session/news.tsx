import { useEffect, useRef, useState } from "react";
import { entryTexts } from "../../texts/entry.ts";
import type { Entry } from "./entries.ts";
import { nameOf } from "./names.ts";

/** A busy session is told in pieces that can be listened to. */
const SAID_EVERY_MS = 4_000;

/** Tells a listener what was added at the end: how much, and what the last of it is. */
export function News({ entries, resets, missed }: { entries: readonly Entry[]; resets: number; missed: number }) {
  const [said, setSaid] = useState("");
  const last = entries.at(-1);
  const heard = useRef<{ key: string | undefined; resets: number; missed: number }>({ key: last?.key, resets, missed });
  const timer = useRef<ReturnType<typeof setTimeout> | null>(null);
  const now = useRef({ entries, missed });
  now.current = { entries, missed };
  useEffect(() => {
    if (heard.current.resets !== resets) heard.current = { key: last?.key, resets, missed };
    if (heard.current.key === last?.key && heard.current.missed === missed) return;
    timer.current ??= setTimeout(() => {
      timer.current = null;
      const { entries, missed } = now.current;
      const from = entries.findLastIndex((entry) => entry.key === heard.current.key);
      const count = entries.length - 1 - from + (missed - heard.current.missed);
      const newest = entries.at(-1);
      heard.current = { ...heard.current, key: newest?.key, missed };
      if (count > 0 && newest !== undefined) setSaid(entryTexts.news(count, nameOf(newest)));
    }, SAID_EVERY_MS);
  }, [last?.key, resets, missed]);
  useEffect(
    () => () => {
      if (timer.current !== null) clearTimeout(timer.current);
      timer.current = null;
    },
    [],
  );
  return (
    <p role="status" className="sr-only">
      {said}
    </p>
  );
}
