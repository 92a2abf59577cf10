import { clsx } from "clsx";
import { ChevronLeft, ChevronRight, Table, ZoomIn, ZoomOut } from "lucide-react";
import { timelineTexts } from "../../../texts/timeline.ts";
import { Button, IconButton } from "../../../ui/controls.tsx";
import { panned, type Stretch, stretchOf, type View, zoomed } from "./viewport.ts";

const CLOSER = 0.5;
const PAN = 0.5;

interface ToolbarProps {
  view: View;
  domain: Stretch;
  onView(view: View): void;
  working: boolean;
  asTable: boolean;
  onTable(): void;
  legend: boolean;
}

/** Closer, further, earlier, later, all of it; and whether what is shown follows the end. */
export function Toolbar({ view, domain, onView, working, asTable, onTable, legend }: ToolbarProps) {
  const { from, to } = stretchOf(view, domain);
  const whole = view.kind === "whole";
  return (
    <div role="toolbar" aria-label={timelineTexts.toolbar} className="timeline-toolbar">
      <span className="flex">
        <IconButton label={timelineTexts.earlier} disabled={whole} onClick={() => onView(panned(view, domain, -PAN))}>
          <ChevronLeft aria-hidden size={16} />
        </IconButton>
        <IconButton label={timelineTexts.later} disabled={whole} onClick={() => onView(panned(view, domain, PAN))}>
          <ChevronRight aria-hidden size={16} />
        </IconButton>
        <IconButton label={timelineTexts.zoomOut} disabled={whole} onClick={() => onView(zoomOut(view, domain))}>
          <ZoomOut aria-hidden size={16} />
        </IconButton>
        <IconButton label={timelineTexts.zoomIn} onClick={() => onView(zoomIn(view, domain))}>
          <ZoomIn aria-hidden size={16} />
        </IconButton>
      </span>
      <Button look="bare" aria-pressed={whole} className="h-6! px-2!" onClick={() => onView({ kind: "whole" })}>
        {timelineTexts.whole}
      </Button>
      <IconButton label={timelineTexts.asTable} aria-pressed={asTable} onClick={onTable}>
        <Table aria-hidden size={16} />
      </IconButton>
      <span className="flex-1" />
      {legend && <Legend />}
      {working && (
        <Button
          aria-pressed={view.kind === "live"}
          className={clsx("h-6! px-2!", view.kind === "live" && "border-accent! text-accent!")}
          onClick={() => onView({ kind: "live", spanMs: to - from })}
        >
          {timelineTexts.followLive}
        </Button>
      )}
    </div>
  );
}

/** Around the end while it is followed, around the middle elsewhere. */
export function zoomIn(view: View, domain: Stretch): View {
  const { from, to } = stretchOf(view, domain);
  return zoomed(view, domain, CLOSER, view.kind === "live" ? to : (from + to) / 2);
}
export function zoomOut(view: View, domain: Stretch): View {
  const { from, to } = stretchOf(view, domain);
  return zoomed(view, domain, 1 / CLOSER, view.kind === "live" ? to : (from + to) / 2);
}

function Legend() {
  const { legend } = timelineTexts;
  return (
    <span className="timeline-legend">
      <span>
        <i className="is-model" /> {legend.model}
      </span>
      <span>
        <i className="is-tool" /> {legend.tool}
      </span>
      <span>
        <i className="is-failed" /> {legend.failed}
      </span>
      <span>
        <i className="is-waited" /> {legend.waited}
      </span>
      <span>
        <i className="is-context" /> {legend.context}
      </span>
      <span>
        <i className="is-cost" /> {legend.cost}
      </span>
    </span>
  );
}
