import { type RefObject, useCallback, useEffect, useState } from "react";
import { useServices } from "../../../services.ts";
import { FindSession } from "./find-session.ts";
import { paint, rangesOf } from "./paint.ts";

export interface FindControls {
  session: FindSession;
  shown: boolean;
  open(): void;
  close(): void;
  go(direction: 1 | -1): void;
  /** Paints what stands in the view now. */
  repaint(): void;
}

/** The search of one open transcript. */
export function useFind(options: {
  session: string;
  subagent: string | null;
  scroller: RefObject<HTMLElement | null>;
  /** The first event in view. */
  readerPlace(): { offset: number; index: number } | null;
  onFound(place: string): void;
  reveal(place: string): void;
}): FindControls {
  const { session, subagent, scroller, readerPlace, onFound, reveal } = options;
  const { api } = useServices();
  const [shown, setShown] = useState(false);
  const [find] = useState(
    () =>
      new FindSession({ step: (q, after, limit, signal) => api.find({ session, subagent, q, after, limit }, signal) }),
  );
  useEffect(() => () => find[Symbol.dispose](), [find]);
  useEffect(() => () => paint([]), []);
  const repaint = useCallback(() => {
    const { q } = find.getSnapshot();
    if (scroller.current !== null) paint(shown ? rangesOf(scroller.current, q) : []);
  }, [find, scroller, shown]);
  useEffect(() => find.subscribe(repaint), [find, repaint]);
  return {
    session: find,
    shown,
    repaint,
    open() {
      if (shown)
        scroller.current?.closest("section")?.ownerDocument.querySelector<HTMLInputElement>("search input")?.select();
      setShown(true);
    },
    close() {
      find.stop();
      setShown(false);
      scroller.current?.focus({ preventScroll: true });
    },
    go(direction) {
      const finding = find.go(direction, readerPlace());
      if (finding === null) return;
      onFound(finding.place);
      reveal(finding.place);
    },
  };
}
