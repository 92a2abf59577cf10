import { type KeyHandler, useKeys } from "../../ui/keys.ts";

/** The keys of the current request. Where the focus is on the row of another session in the list, they are that row's. */
export function useDecisionKeys(session: string, active: boolean, handlers: readonly KeyHandler[]): void {
  useKeys(active ? handlers.map((handler) => guarded(session, handler)) : []);
}

function guarded(session: string, [key, run, about]: KeyHandler): KeyHandler {
  const guardedRun = (event: KeyboardEvent) => (isOtherRow(event.target, session) ? false : run(event));
  return about === undefined ? [key, guardedRun] : [key, guardedRun, about];
}

function isOtherRow(target: EventTarget | null, session: string): boolean {
  const row = target instanceof Element ? target.closest<HTMLElement>("[data-session]") : null;
  return row !== null && row.dataset.session !== session;
}
