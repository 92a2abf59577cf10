import type { SessionRow } from "@agentpane/protocol";
import { clsx } from "clsx";
import { lazy, memo, Suspense } from "react";
import { Age, Elapsed, Moment } from "../../live/time.tsx";
import { useServerTime } from "../../live/use-live.ts";
import { part } from "../../parts.ts";
import { texts } from "../../texts.ts";
import { formatAge } from "../../ui/format.ts";
import { Glyph, type GlyphShape } from "../../ui/glyph.tsx";
import { Command, Words } from "../../ui/text.tsx";
import { ToolIcon } from "../../ui/tool-icon.tsx";
import { groupOf } from "./groups.ts";
import { Context, Cost } from "./spend.tsx";

const RowActions = lazy(part(async () => ({ default: (await import("../requests/row-actions.tsx")).RowActions })));

export interface RowProps {
  row: SessionRow;
  /** px from the top of its group. */
  top: number;
  open: boolean;
  /** One row of the list is in the tab order: the one that the keys stand on. */
  tabbable: boolean;
  /** Place in its group and the group's size, for readers of the screen: only a part of the list is in the page. */
  position: number;
  size: number;
  onOpen(id: string, event: React.MouseEvent): void;
  /** Opens it without a click on it. */
  onReview(id: string): void;
}

/** One session in the list: what it is, where, what it does now and for how long; under it its last words. */
export const Row = memo(function Row({ row, top, open, tabbable, position, size, onOpen, onReview }: RowProps) {
  return (
    <li aria-posinset={position} aria-setsize={size} className="row-item" style={{ top }}>
      <a
        href={`/sessions/${encodeURIComponent(row.id)}`}
        data-session={row.id}
        data-status={row.status}
        tabIndex={tabbable ? 0 : -1}
        aria-current={open ? "page" : undefined}
        draggable={false}
        className={clsx("row", `is-${row.status}`, groupOf(row) === "need" && "needs", open && "is-open")}
        onClick={(event) => onOpen(row.id, event)}
      >
        <span className="row-glyph">
          <Glyph shape={shapeOf(row)} />
        </span>
        <span className="row-title truncate">
          <Words>{titleOf(row)}</Words>
        </span>
        <span className="row-where truncate" title={[row.project, row.branch].filter(Boolean).join(" · ")}>
          <b>
            <Words>{row.project ?? texts.sessions.noProject}</Words>
          </b>
          {row.branch !== null && (
            <>
              {" "}
              <Command>{row.branch}</Command>
            </>
          )}
        </span>
        <Evidence row={row}>
          <Now row={row} />
        </Evidence>
        <SecondLine row={row} />
        <span className="row-facts">
          <span className="row-context">
            <Context row={row} />
          </span>
          <span className="row-machine truncate">
            <Words>{row.machine.name}</Words>
          </span>
          <span className="row-cost">
            <Cost row={row} />
          </span>
          <span>{row.startedAt !== null && <Age at={row.startedAt} />}</span>
        </span>
      </a>
      {(row.requests ?? []).length > 0 && (
        <Suspense>
          <RowActions row={row} onOpen={onReview} />
        </Suspense>
      )}
    </li>
  );
});

export function titleOf(row: Pick<SessionRow, "title" | "goal">): string {
  return row.title ?? row.goal ?? texts.sessions.untitled;
}

export function shapeOf(row: Pick<SessionRow, "status" | "activity">): GlyphShape {
  return row.status === "approval" && row.activity?.what === "ExitPlanMode" ? "plan" : row.status;
}

/** Why we say so, on hover: "waiting for permission, from the session registry, 2 s ago". */
function Evidence({ row, children }: { row: SessionRow; children: React.ReactNode }) {
  const { sentence, since } = row;
  const title = useServerTime((now) =>
    since === null ? sentence : texts.sessions.evidence(sentence, formatAge(now - since)),
  );
  return (
    <span className="row-now" title={title}>
      {children}
    </span>
  );
}

/** What it does now and for how long; every word of it is evidence, and what is not known is left out. */
function Now({ row }: { row: SessionRow }) {
  const { activity, lastActivityAt, since, subagents } = row;
  switch (row.status) {
    case "approval":
    case "question":
      return <Since word={<span className="max-desk:hidden">{texts.sessions.waits}</span>} at={since} strong />;
    case "error":
      return <Since word={<span className="max-desk:hidden">{texts.sessions.stopped}</span>} at={since} strong />;
    case "ready":
      return (
        <>
          {texts.sessions.done}{" "}
          {since !== null && (
            <b>
              <Age at={since} />
            </b>
          )}
        </>
      );
    case "working": {
      if (subagents.running > 0) return <Since word={<b>{texts.sessions.agents(subagents.running)}</b>} at={since} />;
      return <Since word={<b>{activityWord(activity?.what ?? "working")}</b>} at={activity?.since ?? since} />;
    }
    case "unknown":
      return <At word={texts.sessions.lastHeard} at={lastActivityAt} />;
    case "ended":
      return <At word={texts.sessions.ended} at={since ?? lastActivityAt} />;
  }
}

function Since({ word, at, strong = false }: { word: React.ReactNode; at: number | null; strong?: boolean }) {
  if (at === null) return word;
  return (
    <>
      {word} {strong ? <b>{<Elapsed at={at} />}</b> : <Elapsed at={at} />}
    </>
  );
}

function At({ word, at }: { word: string; at: number | null }) {
  return (
    <>
      {word}
      {at !== null && (
        <b>
          {" "}
          <Moment at={at} />
        </b>
      )}
    </>
  );
}

export function activityWord(what: string): string {
  if (what === "thinking" || what === "answering" || what === "working") return texts.sessions[what];
  const mcp = /^mcp__(.+?)__(.+)$/.exec(what);
  return mcp?.[1] !== undefined && mcp[2] !== undefined ? texts.sessions.mcp(mcp[1], mcp[2]) : what;
}

/** Tools whose summary is something to run or a place in the file system, and so is set as such. */
const COMMANDS = new Set(["Bash", "Read", "Edit", "MultiEdit", "Write", "NotebookEdit", "Grep", "Glob", "LS"]);

/** What is asked or done, else why it stopped, else the last words of either side. */
function SecondLine({ row }: { row: SessionRow }) {
  const { activity, lastWords } = row;
  const busy = row.status === "working" || row.status === "approval" || row.status === "question";
  if (busy && activity !== null && activity.summary !== "") {
    const command = COMMANDS.has(activity.what);
    return (
      <span className={clsx("row-words truncate", command && "is-command")}>
        {row.status === "working" && <ToolIcon tool={activity.what} />}
        {command ? <Command>{activity.summary}</Command> : <Words>{activity.summary}</Words>}
      </span>
    );
  }
  if (row.status === "error" || lastWords === null) {
    return (
      <span className="row-words truncate">
        <Words>{row.status === "error" || lastWords === null ? row.sentence : lastWords.summary}</Words>
      </span>
    );
  }
  return (
    <span className="row-words truncate">
      {lastWords.who === "person" && `${texts.sessions.you} `}
      <Words>{lastWords.summary}</Words>
    </span>
  );
}
