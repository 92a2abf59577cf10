import type { SessionRow, SessionTimeline, SubagentRow } from "@agentpane/protocol";
import { useNavigate } from "@tanstack/react-router";
import { useCallback, useMemo, useState } from "react";
import { useServerTime } from "../../../live/use-live.ts";
import { timelineTexts } from "../../../texts/timeline.ts";
import { texts } from "../../../texts.ts";
import { Button } from "../../../ui/controls.tsx";
import { useKeys } from "../../../ui/keys.ts";
import { useSize } from "./canvas.tsx";
import { Chart } from "./chart.tsx";
import { curvesOf } from "./curves.ts";
import { EventDetail } from "./event-detail.tsx";
import { EventList } from "./event-list.tsx";
import { lanesOf } from "./lanes.ts";
import { around, itemsIn } from "./listing.ts";
import { Overview } from "./overview.tsx";
import { SpanTable } from "./span-table.tsx";
import { clockOf } from "./ticks.ts";
import "./timeline.css";
import "./overview.css";
import { Toolbar, zoomIn, zoomOut } from "./toolbar.tsx";
import { useTimeline } from "./use-timeline.ts";
import { domainOf, firstView, stretchOf, type View } from "./viewport.ts";

const WORKING: ReadonlySet<SessionRow["status"]> = new Set(["working", "approval", "question"]);
/** While a session works its last second is drawn as it passes. */
const LIVE_STEP_MS = 1_000;
const AROUND = 12;
/** Around the moment is what is listed, also where little happened in sight. */
const AROUND_MS = 30 * 60_000;
const LEGEND_FROM_PX = 1_000;
const DETAIL_FROM_PX = 1_000;

interface TimelineViewProps {
  row: SessionRow;
  agents: readonly SubagentRow[];
}

/** A session along its time. */
export default function TimelineView({ row, agents }: TimelineViewProps) {
  const { timeline, error, busy, retry } = useTimeline(row);
  if (timeline === null) return <Waiting error={error} busy={busy} onRetry={retry} />;
  if (timeline.from === null || timeline.to === null) {
    return (
      <p data-panel-focus tabIndex={-1} className="flex-1 px-4 py-12 text-center text-fg-3 outline-none">
        {timelineTexts.empty}
      </p>
    );
  }
  return (
    <Told row={row} agents={agents} timeline={timeline} from={timeline.from} to={timeline.to} stale={error !== null} />
  );
}

interface ToldProps extends TimelineViewProps {
  timeline: SessionTimeline;
  from: number;
  to: number;
  /** It could not be read anew. */
  stale: boolean;
}

function Told({ row, agents, timeline, from, to, stale }: ToldProps) {
  const navigate = useNavigate();
  const working = WORKING.has(row.status);
  const now = useServerTime((time) => (working ? Math.floor(time / LIVE_STEP_MS) * LIVE_STEP_MS : 0));
  const end = Math.max(to, now);
  const domain = useMemo(() => domainOf(from, end), [from, end]);
  const [view, setView] = useState<View>(() => firstView(domain));
  const [cursor, setCursor] = useState<number | null>(null);
  const [asTable, setAsTable] = useState(false);
  const [measure, size] = useSize();
  const lanes = useMemo(() => lanesOf(timeline, agents, domain.to, working), [timeline, agents, domain.to, working]);
  const contextWindow = row.contextWindow ?? null;
  const curves = useMemo(() => curvesOf(timeline, contextWindow, domain.to), [timeline, contextWindow, domain.to]);
  const stretch = stretchOf(view, domain);
  const moment = cursor ?? stretch.to;
  const listed = useMemo(() => {
    const items = itemsIn(lanes, timeline.marks, { from: moment - AROUND_MS, to: moment + AROUND_MS });
    return around(items, moment, AROUND);
  }, [lanes, timeline.marks, moment]);
  // Only where there is room for both.
  const current = listed.items.find((item) => item.key === listed.current) ?? null;
  const detailed = size.width >= DETAIL_FROM_PX ? current : null;
  const { keys } = timelineTexts;
  useKeys([
    ["+", () => setView(zoomIn(view, domain)), { label: keys.zoomIn, group: "session" }],
    ["-", () => setView(zoomOut(view, domain)), { label: keys.zoomOut, group: "session" }],
    ["0", () => setView({ kind: "whole" }), { label: keys.whole, group: "session" }],
  ]);
  const open = useCallback(
    (place: string, agent: string | null) =>
      void navigate({
        to: "/sessions/$sessionId",
        params: { sessionId: row.id },
        search: { ...(agent === null ? {} : { agent }), ...(place === "" ? {} : { event: place }) },
      }),
    [navigate, row.id],
  );
  return (
    <div ref={measure} className="timeline scroll">
      {stale && (
        <p role="status" className="border-line border-b bg-error-wash px-4 py-1.5 text-error text-s">
          {timelineTexts.stale}
        </p>
      )}
      <Toolbar
        view={view}
        domain={domain}
        onView={setView}
        working={working}
        asTable={asTable}
        onTable={() => setAsTable((before) => !before)}
        legend={size.width >= LEGEND_FROM_PX && !asTable}
      />
      {asTable ? (
        <SpanTable session={row.id} items={itemsIn(lanes, timeline.marks, stretch)} working={working} />
      ) : (
        <Chart
          timeline={timeline}
          lanes={lanes}
          curves={curves}
          domain={domain}
          view={view}
          onView={setView}
          cursor={cursor}
          onCursor={setCursor}
          onOpen={open}
          working={working}
        />
      )}
      <Overview timeline={timeline} lanes={lanes} domain={domain} view={view} onView={setView} working={working} />
      {lanes.moreAgents > 0 && <p className="timeline-note">{timelineTexts.moreAgents(lanes.moreAgents)}</p>}
      {timeline.omitted.mergedSpans > 0 && (
        <p className="timeline-note">{timelineTexts.omitted(timeline.omitted.mergedSpans)}</p>
      )}
      {!asTable && listed.items.length > 0 && (
        <div className={detailed === null ? "timeline-below" : "timeline-below has-detail"}>
          <section className="timeline-around">
            <h2>{timelineTexts.around(clockOf(moment))}</h2>
            <EventList session={row.id} items={listed.items} current={listed.current} working={working} />
          </section>
          {detailed !== null && <EventDetail session={row.id} item={detailed} onOpen={open} />}
        </div>
      )}
    </div>
  );
}

function Waiting({ error, busy, onRetry }: { error: Error | null; busy: boolean; onRetry(): void }) {
  if (error === null || busy) return <div className="flex-1" role="status" aria-label={timelineTexts.loading} />;
  return (
    <div role="alert" className="grid flex-1 content-start justify-items-center gap-3 px-6 py-16 text-center">
      <h2 className="font-semibold text-l">{timelineTexts.failedTitle}</h2>
      <p className="max-w-[48ch] text-fg-2">{error.message}</p>
      <Button onClick={onRetry}>{texts.sessions.tryAgain}</Button>
    </div>
  );
}
