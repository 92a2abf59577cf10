import type { SessionTimeline, TimelineMark } from "@agentpane/protocol";
import { timelineTexts } from "../../../texts/timeline.ts";
import { formatPercent, formatSpan, formatTokens } from "../../../ui/format.ts";
import { Words } from "../../../ui/text.tsx";
import { placeLabels } from "./labels.ts";
import { clockOf } from "./ticks.ts";
import type { Stretch } from "./viewport.ts";

/** How wide a character of a label is, about. */
const CHAR_PX = 6.3;
/** Closer together, marks are drawn as one. */
const APART_PX = 6;
const MAX_SHOWN = 80;

interface BandsProps {
  timeline: SessionTimeline;
  stretch: Stretch;
  width: number;
  /** Where waits without an end reach to; null where nobody waits any more. */
  end: number | null;
}

/** Waits for a person as hatched bands, compactions as dashed lines, both through all lanes; their words above. */
export function Bands({ timeline, stretch, width, end, full }: BandsProps & { full: number | null }) {
  const scale = width / (stretch.to - stretch.from);
  const x = (at: number) => (at - stretch.from) * scale;
  const share = (tokens: number | undefined) =>
    tokens === undefined ? null : full === null ? formatTokens(tokens) : formatPercent(tokens / full);
  const waits = timeline.waits
    .filter(({ from, to }) => (to ?? end ?? from) >= stretch.from && from <= stretch.to)
    .slice(-MAX_SHOWN)
    .map((wait) => {
      const to = wait.to ?? end ?? wait.from;
      const left = Math.max(0, x(wait.from));
      const right = Math.min(width, Math.max(left + 2, x(to)));
      const span = formatSpan(to - wait.from);
      const words = wait.to === null ? timelineTexts.waits(span) : timelineTexts.waited(span);
      const title = `${words} ${timelineTexts.waitFor[wait.what]}: ${wait.summary}`;
      return { key: `${wait.place} ${wait.what}`, left, right, words, title, ms: to - wait.from };
    });
  const compactions = timeline.marks.filter(isCompaction).flatMap((mark) => {
    const left = x(mark.at);
    if (mark.agent !== undefined || left < 0 || left > width) return [];
    const words = timelineTexts.compacted(share(mark.preTokens), share(mark.postTokens));
    return [{ key: mark.place, left, words, title: `${clockOf(mark.at)} ${words}` }];
  });
  const wide = (words: string) => words.length * CHAR_PX;
  // A compaction is rare; of the waits the longest is told first where there is not room for all.
  const places = placeLabels(
    [
      ...compactions.map(({ key, left, words }) => ({ key, left: left + 5, width: wide(words) })),
      ...waits
        .toSorted((a, b) => b.ms - a.ms)
        .map(({ key, left, right, words }) => ({ key, left: (left + right - wide(words)) / 2, width: wide(words) })),
    ],
    width,
  );
  return (
    <>
      {waits.map(({ key, left, right, title }) => (
        <div key={key} className="timeline-wait" style={{ left, width: right - left }} title={title} />
      ))}
      {compactions.map(({ key, left, title }) => (
        <div key={key} className="timeline-compaction" style={{ left }} title={title} />
      ))}
      {[...waits, ...compactions].map(({ key, words, title }) => {
        const left = places.get(key);
        const isWait = waits.some((wait) => wait.key === key);
        return left === undefined ? null : (
          <span
            key={key}
            className={isWait ? "timeline-label is-wait" : "timeline-label"}
            style={{ left }}
            title={title}
          >
            {words}
          </span>
        );
      })}
    </>
  );
}

function isCompaction(mark: TimelineMark): mark is Extract<TimelineMark, { kind: "compaction" }> {
  return mark.kind === "compaction";
}

/** What people said, where they said it; as much of it as there is room for until they spoke again. */
export function Prompts({
  timeline,
  stretch,
  width,
  onOpen,
}: Omit<BandsProps, "end"> & { onOpen(place: string, agent: string | null): void }) {
  const scale = width / (stretch.to - stretch.from);
  const marks = timeline.marks.filter(
    (mark) =>
      mark.kind !== "compaction" && mark.agent === undefined && mark.at >= stretch.from && mark.at <= stretch.to,
  );
  const shown = marks
    .map((mark) => ({ mark, left: (mark.at - stretch.from) * scale }))
    .filter(({ left }, index, all) => index === 0 || left - (all[index - 1]?.left ?? 0) >= APART_PX)
    .slice(-MAX_SHOWN);
  return shown.map(({ mark, left }, index) => {
    const room = (shown[index + 1]?.left ?? width) - left - 4;
    const words =
      mark.kind === "prompt"
        ? mark.summary
        : mark.kind === "interrupt"
          ? timelineTexts.interrupted
          : mark.kind === "api.error"
            ? (mark.retry ? timelineTexts.apiRetry : timelineTexts.apiError)(mark.summary)
            : "";
    return (
      <button
        key={mark.place}
        type="button"
        tabIndex={-1}
        aria-hidden="true"
        className="timeline-prompt"
        style={{ left, maxWidth: Math.max(10, room) }}
        title={`${clockOf(mark.at)} ${words}`}
        onClick={() => onOpen(mark.place, null)}
      >
        <i className={`is-${mark.kind === "api.error" ? "error" : mark.kind}`}>
          {SIGNS[mark.kind as keyof typeof SIGNS]}
        </i>
        {room > 60 && (
          <span>
            {mark.kind === "prompt" && `${timelineTexts.you}: `}
            <Words>{words}</Words>
          </span>
        )}
      </button>
    );
  });
}

const SIGNS = { prompt: "›", interrupt: "■", "api.error": "!" } as const;
