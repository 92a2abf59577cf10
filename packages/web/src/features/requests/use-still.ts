import { useEffect, useState } from "react";

/** So long after a request came under somebody's hand unasked, and after their last key or press, nothing is decided. */
const STILL_MS = 400;

/**
 * False while a hand that was about to do something else might decide: `place` says where a request stands, and each
 * change of it has to come to rest first. Whoever goes on typing keeps it from resting.
 */
export function useStill(place: string, stillAtFirst = true): boolean {
  const [rested, setRested] = useState<string | null>(stillAtFirst ? place : null);
  useEffect(() => {
    if (rested === place) return;
    let timer: ReturnType<typeof setTimeout> | null = null;
    const wait = () => {
      if (timer !== null) clearTimeout(timer);
      timer = setTimeout(() => setRested(place), STILL_MS);
    };
    wait();
    for (const event of HANDS) window.addEventListener(event, wait, true);
    return () => {
      if (timer !== null) clearTimeout(timer);
      for (const event of HANDS) window.removeEventListener(event, wait, true);
    };
  }, [place, rested]);
  return rested === place;
}

const HANDS = ["keydown", "pointerdown"] as const;
