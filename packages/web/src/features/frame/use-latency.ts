import { useEffect, useState } from "react";
import { useConnection } from "../../live/use-live.ts";
import { useServices } from "../../services.ts";

/** Often enough to notice a tunnel that drags, seldom enough to cost nothing. */
const EVERY_MS = 15_000;
/** The first is asked once the page has what it came for. */
const FIRST_MS = 1_500;

/** How long the server takes to answer a call that asks for little, in ms; null where that is not known now. */
export function useLatency(): number | null {
  const { api } = useServices();
  const { kind } = useConnection();
  const [latency, setLatency] = useState<number | null>(null);
  useEffect(() => {
    if (kind !== "live") return setLatency(null);
    let ended = false;
    let timer: ReturnType<typeof setTimeout>;
    const ask = async (): Promise<void> => {
      // A browser slows down what nobody looks at, and the figure with it.
      if (!document.hidden) {
        const from = performance.now();
        const took = await api.probe().then(
          () => performance.now() - from,
          () => null,
        );
        if (!ended) setLatency(took);
      }
      if (!ended) timer = setTimeout(ask, EVERY_MS);
    };
    timer = setTimeout(ask, FIRST_MS);
    return () => {
      ended = true;
      clearTimeout(timer);
    };
  }, [api, kind]);
  return latency;
}
