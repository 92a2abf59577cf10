import { useNavigate } from "@tanstack/react-router";
import { useVirtualizer } from "@tanstack/react-virtual";
import { Search } from "lucide-react";
import { useCallback, useContext, useEffect, useLayoutEffect, useMemo, useRef, useState } from "react";
import { createPortal } from "react-dom";
import type { Transcript, TranscriptView as View } from "../../live/transcript.ts";
import { entryTexts } from "../../texts/entry.ts";
import { findTexts } from "../../texts/find.ts";
import { IconButton } from "../../ui/controls.tsx";
import { useKeys } from "../../ui/keys.ts";
import { copyEvent, copyLink } from "./copy-keys.ts";
import { type Entry, toEntries } from "./entries.ts";
import { EntryView } from "./entry.tsx";
import { EventLinkContext } from "./event-link.ts";
import { FindBar } from "./find/find-bar.tsx";
import { useFind } from "./find/use-find.ts";
import { FoldMemory, Folds } from "./fold-memory.ts";
import { Beginning, Later, ToEnd } from "./log-ends.tsx";
import { News } from "./news.tsx";
import { PanelTools } from "./panel-tools.ts";
import { useReveal } from "./use-reveal.ts";
import { eventOf } from "./where.ts";

const ESTIMATED_ENTRY_PX = 72;
const OVERSCAN_ENTRIES = 6;
/** The line above the first entry that says what is before it. */
const BEGINNING_PX = 36;
/** Nearer to the end than this, the reader follows it. */
const AT_END_PX = 48;
/** This close to either end of what is loaded, more of it is asked for. */
const NEAR_PX = 2_000;

export interface LogProps {
  session: string;
  subagent: string | null;
  event: string | null;
  view: View;
  transcript: Transcript;
  label: string;
  empty: string;
}

/** The transcript itself: only what is near the view is drawn, the end is followed until the reader leaves it. */
export function Log({ session, subagent, event, view, transcript, label, empty }: LogProps) {
  const scroller = useRef<HTMLDivElement>(null);
  const tools = useContext(PanelTools);
  const [folds] = useState(() => new Folds());
  const entries = useMemo(() => toEntries(view.events, view.seams), [view.events, view.seams]);
  const virtualizer = useVirtualizer({
    count: entries.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ESTIMATED_ENTRY_PX,
    getItemKey: (index) => entries[index]?.key ?? index,
    overscan: OVERSCAN_ENTRIES,
    anchorTo: "end",
    followOnAppend: view.later === "none",
    scrollEndThreshold: AT_END_PX,
    paddingStart: BEGINNING_PX,
    paddingEnd: 12,
  });

  const [following, setFollowing] = useState(event === null);
  const follow = useCallback(
    (yes: boolean) => {
      setFollowing(yes);
      transcript.setFollowing(yes);
    },
    [transcript],
  );
  const load = useCallback(() => {
    const element = scroller.current;
    if (element === null) return;
    if (element.scrollTop < NEAR_PX && view.earlier === "more") void transcript.loadEarlier();
    const below = element.scrollHeight - element.scrollTop - element.clientHeight;
    if (below < NEAR_PX && view.later === "more") void transcript.loadLater();
  }, [transcript, view.earlier, view.later]);
  const onScroll = () => {
    const element = scroller.current;
    if (element === null) return;
    const below = element.scrollHeight - element.scrollTop - element.clientHeight;
    follow(below <= AT_END_PX && view.later === "none");
    load();
  };

  const show = useCallback(
    (index: number) => {
      follow(false);
      virtualizer.scrollToIndex(index, { align: "center" });
    },
    [virtualizer, follow],
  );
  const { marked, reveal } = useReveal({ event, view, entries, transcript, folds, show });

  // The end first, and again when everything was read anew: unless it was read around an event.
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new reading is the reason to go to the end
  useEffect(() => {
    if (view.later !== "none" || marked >= 0) return;
    virtualizer.scrollToEnd();
    follow(true);
  }, [virtualizer, view.resets]);

  // What was asked for may end where the reader stands already, and then nothing scrolls.
  // biome-ignore lint/correctness/useExhaustiveDependencies: more entries are the reason to look again
  useEffect(() => {
    const request = requestAnimationFrame(load);
    return () => cancelAnimationFrame(request);
  }, [load, entries]);

  const unread = useUnread(entries, following || view.later !== "none") + view.missed;
  const links = useLinks(session, subagent);
  const readerPlace = () => {
    const item = virtualizer.getVirtualItems().find((one) => one.end > (virtualizer.scrollOffset ?? 0));
    const entry = item === undefined ? undefined : entries[item.index];
    return entry === undefined ? null : eventOf(entry);
  };
  const find = useFind({ session, subagent, scroller, readerPlace, onFound: (place) => links.open(place), reveal });

  const goToEnd = () => {
    if (event !== null) links.open(null);
    if (view.later === "none") {
      virtualizer.scrollToEnd();
      follow(true);
    } else void transcript.start();
    scroller.current?.focus({ preventScroll: true });
  };
  useKeys([
    ["End", goToEnd, { label: entryTexts.keys.end, group: "session" }],
    ["f", find.open, { label: findTexts.open, group: "session" }],
    ["Mod+f", find.open, { label: findTexts.open, group: "session" }],
    ["c", () => copyEvent(scroller.current), { label: entryTexts.keys.copy, group: "session" }],
    ["Escape", () => (find.shown ? find.close() : false)],
    [
      "y",
      () => copyLink(links.hrefOf, marked >= 0 ? entries[marked] : undefined, readerPlace),
      {
        label: entryTexts.keys.copyLink,
        group: "session",
      },
    ],
  ]);

  // What is painted stands in rows that come and go with each scroll.
  useLayoutEffect(() => find.repaint());
  return (
    <FoldMemory value={folds}>
      <EventLinkContext value={links}>
        {tools !== null &&
          entries.length > 0 &&
          createPortal(
            <IconButton label={findTexts.open} onClick={find.open}>
              <Search aria-hidden size={14} />
            </IconButton>,
            tools,
          )}
        {find.shown && <FindBar find={find.session} onGo={find.go} onClose={find.close} />}
        <div className="relative flex min-h-0 flex-1 flex-col">
          <section
            ref={scroller}
            aria-label={label}
            data-scrolls
            data-panel-focus
            // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls has to be reachable by keys
            tabIndex={0}
            className="scroll min-h-0 flex-1 -outline-offset-2"
            onScroll={onScroll}
          >
            <div
              role="feed"
              aria-label={label}
              aria-busy={view.earlier === "loading" || view.later === "loading"}
              className="relative"
              style={{ height: virtualizer.getTotalSize() }}
            >
              <Beginning view={view} onLoad={transcript.loadEarlier} empty={entries.length === 0 ? empty : null} />
              {virtualizer.getVirtualItems().map((item) => {
                const entry = entries[item.index];
                return entry === undefined ? null : (
                  <div
                    key={item.key}
                    ref={virtualizer.measureElement}
                    data-index={item.index}
                    className="absolute inset-x-0 top-0"
                    style={{ transform: `translateY(${item.start}px)` }}
                  >
                    <EntryView entry={entry} marked={item.index === marked} position={item.index + 1} />
                  </div>
                );
              })}
            </div>
          </section>
          <Later view={view} onLoad={() => void transcript.loadLater()} />
          {!following && <ToEnd unread={unread} onGo={goToEnd} />}
          <News entries={entries} resets={view.resets} missed={view.missed} />
        </div>
      </EventLinkContext>
    </FoldMemory>
  );
}

/** Entries that came after the reader left the end; what is read on from the middle is not new. */
function useUnread(entries: readonly Entry[], following: boolean): number {
  const lastSeen = useRef<string | null>(null);
  const lastKey = entries.at(-1)?.key ?? null;
  if (following || lastSeen.current === null) lastSeen.current = lastKey;
  if (following || lastKey === lastSeen.current) return 0;
  const index = entries.findLastIndex((entry) => entry.key === lastSeen.current);
  return index < 0 ? 0 : entries.length - 1 - index;
}

function useLinks(session: string, subagent: string | null) {
  const navigate = useNavigate();
  return useMemo(() => {
    const hrefOf = (place: string) => {
      const search = new URLSearchParams({ ...(subagent === null ? {} : { agent: subagent }), event: place });
      return `/sessions/${encodeURIComponent(session)}?${search}`;
    };
    const open = (place: string | null) =>
      void navigate({
        to: "/sessions/$sessionId",
        params: { sessionId: session },
        search: {
          ...(subagent === null ? {} : { agent: subagent }),
          ...(place === null ? {} : { event: place }),
        },
        replace: true,
      });
    return { hrefOf, open };
  }, [navigate, session, subagent]);
}
