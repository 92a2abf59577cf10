import type { Entry } from "./entries.ts";
import { eventOf } from "./where.ts";

/** Copies the address of an event: of the marked one, else of the first in view. False where there is none. */
export function copyLink(
  hrefOf: (place: string) => string,
  entry: Entry | undefined,
  reader: () => ReturnType<typeof eventOf>,
): boolean {
  const place = (entry === undefined ? reader() : eventOf(entry))?.place;
  if (place === undefined) return false;
  void navigator.clipboard.writeText(new URL(hrefOf(place), location.href).href).catch(() => {});
  return true;
}

/**
 * Presses the copy button of the event that has the focus, else of the marked one, else of the first in view that has
 * one, so that key and button copy the same and say so in the same place. False where there is none.
 */
export function copyEvent(log: HTMLElement | null): boolean {
  if (log === null) return false;
  const top = log.getBoundingClientRect().top;
  const inView = [...log.querySelectorAll("article")].filter((one) => one.getBoundingClientRect().bottom > top);
  const chosen = [document.activeElement?.closest("article"), log.querySelector("article[aria-current=location]")];
  for (const article of [...chosen, ...inView]) {
    const button = article?.querySelector<HTMLButtonElement>("button.copy-text");
    if (button == null) continue;
    button.click();
    return true;
  }
  return false;
}
