import { useVirtualizer } from "@tanstack/react-virtual";
import { ArrowDown } from "lucide-react";
import { useEffect, useMemo, useRef, useState } from "react";
import type { Transcript, TranscriptView as View } from "../../live/transcript.ts";
import { sessionTexts } from "../../texts/session.ts";
import { texts } from "../../texts.ts";
import { Button } from "../../ui/controls.tsx";
import { type Entry, toEntries } from "./entries.ts";
import { EntryView } from "./entry.tsx";
import { FoldMemory } from "./fold-memory.ts";
import { useTranscript } from "./use-transcript.ts";
import "./transcript.css";

const ESTIMATED_ENTRY_PX = 72;
const OVERSCAN_ENTRIES = 6;
/** The line above the first entry that says what is before it. */
const BEGINNING_PX = 36;
/** Nearer to the end than this, the reader follows it. */
const AT_END_PX = 48;
/** This close to the beginning, earlier events are asked for. */
const NEAR_BEGINNING_PX = 600;

export interface TranscriptViewProps {
  session: string;
  subagent: string | null;
  /** Names the region. */
  label: string;
}

/** Give it a key of session and subagent: one component is one transcript. */
export function TranscriptView({ session, subagent, label }: TranscriptViewProps) {
  const { view, transcript } = useTranscript(session, subagent);
  if (view.phase === "loading") return <Loading />;
  if (view.phase === "missing" || view.phase === "failed") return <Failed view={view} onRetry={transcript.start} />;
  return (
    <Log
      view={view}
      transcript={transcript}
      label={label}
      empty={subagent === null ? sessionTexts.emptyTranscript : sessionTexts.emptyAgent}
    />
  );
}

interface LogProps {
  view: View;
  transcript: Transcript;
  label: string;
  empty: string;
}

function Log({ view, transcript, label, empty }: LogProps) {
  const scroller = useRef<HTMLDivElement>(null);
  const [memory] = useState(() => new Map<string, boolean>());
  const entries = useMemo(() => toEntries(view.events, view.seams), [view.events, view.seams]);
  const virtualizer = useVirtualizer({
    count: entries.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ESTIMATED_ENTRY_PX,
    getItemKey: (index) => entries[index]?.key ?? index,
    overscan: OVERSCAN_ENTRIES,
    anchorTo: "end",
    followOnAppend: true,
    scrollEndThreshold: AT_END_PX,
    paddingStart: BEGINNING_PX,
    paddingEnd: 12,
  });

  const [following, setFollowing] = useState(true);
  const onScroll = () => {
    const element = scroller.current;
    if (element === null) return;
    const atEnd = element.scrollHeight - element.scrollTop - element.clientHeight <= AT_END_PX;
    setFollowing(atEnd);
    transcript.setFollowing(atEnd);
    if (element.scrollTop < NEAR_BEGINNING_PX && view.earlier === "more") void transcript.loadEarlier();
  };

  // The end first; and again when everything was read anew.
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new reading is the reason to go to the end
  useEffect(() => {
    virtualizer.scrollToEnd();
    setFollowing(true);
    transcript.setFollowing(true);
  }, [virtualizer, view.resets]);

  const unread = useUnread(entries, following);
  return (
    <FoldMemory value={memory}>
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
          <div className="relative" style={{ height: virtualizer.getTotalSize() }}>
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
                  <EntryView entry={entry} />
                </div>
              );
            })}
          </div>
        </section>
        {view.error !== null && view.earlier !== "failed" && (
          <p className="border-line border-t px-4 py-1 text-error text-s" role="status">
            {sessionTexts.behind}
          </p>
        )}
        {!following && (
          <div className="pointer-events-none absolute inset-x-0 bottom-3 flex justify-center">
            <Button
              className="pointer-events-auto rounded-full!"
              onClick={() => {
                virtualizer.scrollToEnd();
                scroller.current?.focus({ preventScroll: true });
              }}
            >
              <ArrowDown aria-hidden size={14} />
              {unread > 0 ? sessionTexts.newEvents(unread) : sessionTexts.toEnd}
            </Button>
          </div>
        )}
      </div>
    </FoldMemory>
  );
}

/** Entries that came after the reader left the end. */
function useUnread(entries: readonly Entry[], following: boolean): number {
  const lastSeen = useRef<string | null>(null);
  const lastKey = entries.at(-1)?.key ?? null;
  if (following) lastSeen.current = lastKey;
  if (following || lastKey === lastSeen.current) return 0;
  const index = entries.findLastIndex((entry) => entry.key === lastSeen.current);
  return index < 0 ? 0 : entries.length - 1 - index;
}

function Beginning({ view, onLoad, empty }: { view: View; onLoad(): void; empty: string | null }) {
  if (empty !== null) return <p className="px-4 py-12 text-center text-fg-3">{empty}</p>;
  return (
    <div className="rule h-9 px-4">
      {view.earlier === "none" && sessionTexts.beginning}
      {view.earlier === "full" && sessionTexts.earlierFull}
      {view.earlier === "loading" && sessionTexts.loadingEarlier}
      {(view.earlier === "more" || view.earlier === "failed") && (
        <Button look="bare" className="h-6! px-2! text-xs!" onClick={onLoad}>
          {view.earlier === "failed"
            ? `${sessionTexts.earlierFailed} ${texts.sessions.tryAgain}`
            : sessionTexts.earlier}
        </Button>
      )}
    </div>
  );
}

function Loading() {
  return (
    <div className="min-h-0 flex-1 overflow-hidden" role="status" aria-label={sessionTexts.loading}>
      <div className="grid gap-4 px-4 pt-6 pl-16" aria-hidden="true">
        {[70, 92, 40, 84, 56].map((width) => (
          <span key={width} className="h-4 rounded-m bg-hover" style={{ width: `${width}%` }} />
        ))}
      </div>
    </div>
  );
}

function Failed({ view, onRetry }: { view: View; onRetry(): void }) {
  return (
    <div className="grid flex-1 content-start justify-items-center gap-3 px-4 py-12 text-center text-fg-2" role="alert">
      <p>{view.phase === "missing" ? sessionTexts.emptyTranscript : sessionTexts.failedTitle}</p>
      {view.phase === "failed" && view.error !== null && <p className="text-fg-3 text-s">{view.error.message}</p>}
      {view.phase === "failed" && <Button onClick={onRetry}>{texts.sessions.tryAgain}</Button>}
    </div>
  );
}
