import type { TimelineMark } from "@agentpane/protocol";
import { Link } from "@tanstack/react-router";
import { timelineTexts } from "../../../texts/timeline.ts";
import { Command, Words } from "../../../ui/text.tsx";
import { markWords, nameOf, outcomeOf, tookOf } from "./describe.ts";
import type { Item } from "./listing.ts";
import { clockOf } from "./ticks.ts";

interface EventListProps {
  session: string;
  items: readonly Item[];
  current: string | null;
  working: boolean;
}

/** Events as lines, each the way to its place in the transcript. */
export function EventList({ session, items, current, working }: EventListProps) {
  return (
    <ol className="timeline-list">
      {items.map((item) => (
        <li key={item.key}>
          <Link
            to="/sessions/$sessionId"
            params={{ sessionId: session }}
            search={item.agent === null ? { event: item.place } : { agent: item.agent, event: item.place }}
            aria-current={item.key === current ? "true" : undefined}
          >
            <time>{clockOf(item.at)}</time>
            <Told item={item} working={working} />
          </Link>
        </li>
      ))}
    </ol>
  );
}

function Told({ item: { row, index, mark }, working }: { item: Item; working: boolean }) {
  const drawn = row?.spans[index];
  if (row === null || drawn === undefined) return mark === null ? null : <ToldMark mark={mark} />;
  const { span } = drawn;
  const running = working && (row.agent === null || row.agent.running);
  const outcome = outcomeOf(drawn, running);
  const took = tookOf(drawn, running);
  return (
    <>
      <b>{nameOf(span)}</b>
      <span className={span.tool === undefined ? "is-about" : "is-about font-mono"}>
        {row.agent !== null && (
          <em>
            <Words>{row.label}</Words>
          </em>
        )}
        {span.summary === undefined ? null : span.tool === undefined ? (
          <Words>{span.summary}</Words>
        ) : (
          <Command>{span.summary}</Command>
        )}
      </span>
      <span className={span.failed === true ? "is-outcome text-error" : "is-outcome"}>{outcome}</span>
      <span className="is-took">{took}</span>
    </>
  );
}

function ToldMark({ mark }: { mark: TimelineMark }) {
  const words =
    mark.kind === "prompt"
      ? mark.summary
      : mark.kind === "compaction"
        ? timelineTexts.compacted(null, null)
        : markWords(mark);
  return (
    <>
      <b>{mark.kind === "prompt" ? timelineTexts.you : ""}</b>
      <span className={mark.kind === "api.error" ? "is-about text-error" : "is-about"}>
        <Words>{words}</Words>
      </span>
      <span />
      <span />
    </>
  );
}
