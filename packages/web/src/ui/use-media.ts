import { useCallback, useSyncExternalStore } from "react";

/** The same widths as the breakpoints of theme.css. */
export const PHONE = "(max-width: 640px)";
/** Wide enough for the list and an open session side by side. */
export const SPLIT = "(min-width: 1180px)";

export function useMedia(query: string): boolean {
  const subscribe = useCallback(
    (listener: () => void) => {
      const media = matchMedia(query);
      media.addEventListener("change", listener);
      return () => media.removeEventListener("change", listener);
    },
    [query],
  );
  return useSyncExternalStore(subscribe, () => matchMedia(query).matches);
}
