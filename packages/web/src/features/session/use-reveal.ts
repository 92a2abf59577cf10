import { useEffect, useRef, useState } from "react";
import { eventKey, type Transcript, type TranscriptView } from "../../live/transcript.ts";
import type { Entry } from "./entries.ts";
import type { Folds } from "./fold-memory.ts";
import { type Whereabouts, whereIs } from "./where.ts";

export interface Reveal {
  /** The entry that has the event of the address; -1 where none is asked for, or it is not loaded. */
  marked: number;
  /** Loads what stands around the event where it has to, opens what it is folded in, and brings it into view. */
  reveal(place: string): void;
}

/** Brings the event of the address into view, once it is there. */
export function useReveal(options: {
  event: string | null;
  view: TranscriptView;
  entries: readonly Entry[];
  transcript: Transcript;
  folds: Folds;
  show(index: number): void;
}): Reveal {
  const { event, view, entries, transcript, folds, show } = options;
  const [wanted, setWanted] = useState<string | null>(event);
  const before = useRef(event);
  useEffect(() => {
    if (before.current === event) return;
    before.current = event;
    setWanted(event);
  }, [event]);

  // The transcript was begun around the event that the address named then.
  const asked = useRef(event);
  useEffect(() => {
    if (wanted === null || view.phase !== "ready") return;
    const found = find(view, entries, wanted);
    if (found !== null) {
      folds.openAll(found.folds);
      show(found.index);
      setWanted(null);
    } else if (asked.current !== wanted) {
      asked.current = wanted;
      void transcript.start(wanted);
    } else {
      // It was read around, and is not there: what it stood in was rewritten.
      setWanted(null);
    }
  }, [wanted, view, entries, transcript, folds, show]);

  return {
    marked: event === null ? -1 : (find(view, entries, event)?.index ?? -1),
    reveal(place) {
      asked.current = null;
      setWanted(place);
    },
  };
}

function find(view: TranscriptView, entries: readonly Entry[], place: string): Whereabouts | null {
  const event = view.events.find((one) => one.place === place);
  return event === undefined ? null : whereIs(entries, eventKey(event));
}
