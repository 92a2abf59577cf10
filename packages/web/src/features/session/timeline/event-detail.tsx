import { useQuery } from "@tanstack/react-query";
import { useEffect, useMemo, useState } from "react";
import { eventQuery } from "../../../api/queries.ts";
import { eventKey } from "../../../live/transcript.ts";
import { useServices } from "../../../services.ts";
import { timelineTexts } from "../../../texts/timeline.ts";
import { toEntries } from "../entries.ts";
import { EntryView } from "../entry.tsx";
import { EventLinkContext } from "../event-link.ts";
import { FoldMemory, Folds } from "../fold-memory.ts";
import { whereIs } from "../where.ts";
import "../transcript.css";
import "./event-detail.css";
import type { Item } from "./listing.ts";

/** A pointer on its way over the chart passes many events; only one that it rests at is read. */
const REST_MS = 150;
/** What stays clamped, since it can be longer than the place beside the list. */
const LONG = /^(command|diff|input|input json|agent) /;
const NO_SEAMS: ReadonlySet<string> = new Set();

interface EventDetailProps {
  session: string;
  item: Item;
  onOpen(place: string, agent: string | null): void;
}

/** One event as the transcript shows it, beside the list that it stands in. */
export function EventDetail({ session, item, onOpen }: EventDetailProps) {
  const { api } = useServices();
  const rested = useRested(item);
  const { place, agent } = rested;
  const { data } = useQuery(eventQuery(api, session, agent, place, rested.span?.to ?? null));
  const shown = useMemo(() => {
    const event = data?.events.find((one) => one.place === place);
    if (data === undefined || event === undefined) return null;
    const entries = toEntries(data.events, NO_SEAMS);
    const where = whereIs(entries, eventKey(event));
    if (where === null) return null;
    const folds = new Folds();
    folds.openAll(where.folds.filter((key) => !LONG.test(key)));
    const entry = entries[where.index];
    return entry === undefined ? null : { entry, folds };
  }, [data, place]);
  const links = useMemo(() => {
    const search = (at: string) => new URLSearchParams({ ...(agent === null ? {} : { agent }), event: at });
    return {
      hrefOf: (at: string) => `/sessions/${encodeURIComponent(session)}?${search(at)}`,
      open: (at: string) => onOpen(at, agent),
    };
  }, [session, agent, onOpen]);
  return (
    <section aria-label={timelineTexts.detail} className="timeline-detail">
      {shown !== null && (
        <FoldMemory value={shown.folds}>
          <EventLinkContext value={links}>
            <EntryView entry={shown.entry} />
          </EventLinkContext>
        </FoldMemory>
      )}
    </section>
  );
}

function useRested(item: Item): Item {
  const [rested, setRested] = useState(item);
  useEffect(() => {
    const id = setTimeout(() => setRested(item), REST_MS);
    return () => clearTimeout(id);
  }, [item]);
  return rested;
}
