import { clsx } from "clsx";
import type { ReactNode } from "react";
import { Kbd } from "../../ui/controls.tsx";

/** What can be answered: in a row on a desk, under the thumb on a phone. */
export function Choices({ stacked = false, children }: { stacked?: boolean; children: ReactNode }) {
  return (
    <div
      className={clsx(
        "flex flex-wrap items-center gap-2 pt-0.5 max-desk:grid max-desk:[&>button]:justify-center",
        stacked ? "max-desk:grid-cols-1" : "max-desk:grid-cols-2",
      )}
    >
      {children}
    </div>
  );
}

/**
 * The key of a choice, where there are keys. Its place is kept while it does not stand there: a press makes a card the
 * current one, and what is pressed must not move from under the pointer.
 */
export function KeyHint({ shown, children }: { shown: boolean; children: ReactNode }) {
  return <Kbd className={clsx("max-desk:hidden pointer-coarse:hidden", !shown && "invisible")}>{children}</Kbd>;
}
