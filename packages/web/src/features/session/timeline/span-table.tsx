import { Link } from "@tanstack/react-router";
import { timelineTexts } from "../../../texts/timeline.ts";
import { Command, Words } from "../../../ui/text.tsx";
import { markWords, nameOf, outcomeOf, tookOf } from "./describe.ts";
import type { Item } from "./listing.ts";
import { clockOf } from "./ticks.ts";

/** A table of more rows is not read but searched. */
const MAX_ROWS = 300;

/** The chart in words: what happened in the stretch that is looked at. */
export function SpanTable({ session, items, working }: { session: string; items: readonly Item[]; working: boolean }) {
  const { table } = timelineTexts;
  if (items.length === 0) return <p className="px-4 py-8 text-center text-fg-3">{table.none}</p>;
  const shown = items.slice(0, MAX_ROWS);
  return (
    <div className="timeline-table">
      <table>
        <caption className="sr-only">{table.title}</caption>
        <thead>
          <tr>
            <th scope="col">{table.time}</th>
            <th scope="col">{table.what}</th>
            <th scope="col">{table.about}</th>
            <th scope="col">{table.took}</th>
            <th scope="col">{table.outcome}</th>
          </tr>
        </thead>
        <tbody>
          {shown.map((item) => (
            <tr key={item.key}>
              <td>
                <Link
                  to="/sessions/$sessionId"
                  params={{ sessionId: session }}
                  search={item.agent === null ? { event: item.place } : { agent: item.agent, event: item.place }}
                >
                  <time>{clockOf(item.at)}</time>
                </Link>
              </td>
              <Cells item={item} working={working} />
            </tr>
          ))}
        </tbody>
      </table>
      {items.length > shown.length && (
        <p className="px-4 py-2 text-fg-3 text-s">{table.more(shown.length, items.length)}</p>
      )}
    </div>
  );
}

function Cells({ item: { row, index, mark }, working }: { item: Item; working: boolean }) {
  const drawn = row?.spans[index];
  if (row === null || drawn === undefined) {
    return (
      <>
        <td>{mark?.kind === "prompt" ? timelineTexts.you : ""}</td>
        <td>
          {mark !== null && (
            <Words>
              {mark.kind === "prompt"
                ? mark.summary
                : mark.kind === "compaction"
                  ? timelineTexts.compacted(null, null)
                  : markWords(mark)}
            </Words>
          )}
        </td>
        <td />
        <td />
      </>
    );
  }
  const running = working && (row.agent === null || row.agent.running);
  return (
    <>
      <td>
        {nameOf(drawn.span)}
        {row.agent !== null && `, ${timelineTexts.of(row.label)}`}
      </td>
      <td>
        {drawn.span.tool === undefined ? (
          <Words>{drawn.span.summary ?? ""}</Words>
        ) : (
          <Command>{drawn.span.summary ?? ""}</Command>
        )}
      </td>
      <td>{tookOf(drawn, running)}</td>
      <td>{outcomeOf(drawn, running) ?? timelineTexts.ok}</td>
    </>
  );
}
