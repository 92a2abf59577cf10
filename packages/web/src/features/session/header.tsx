import type { SessionDetail, SessionRow } from "@agentpane/protocol";
import { clsx } from "clsx";
import { ArrowLeft, Trash2, X } from "lucide-react";
import { Fragment, type ReactNode, type Ref, useId, useState } from "react";
import { Elapsed, Moment } from "../../live/time.tsx";
import { sessionTexts } from "../../texts/session.ts";
import { texts } from "../../texts.ts";
import { IconButton } from "../../ui/controls.tsx";
import { Glyph } from "../../ui/glyph.tsx";
import { Model } from "../../ui/model.tsx";
import { plainWords } from "../../ui/safe-text.ts";
import { Command, Words } from "../../ui/text.tsx";
import { ExpandButton } from "../frame/split.tsx";
import { useSessionNavigation } from "../sessions/navigation.ts";
import { shapeOf, titleOf } from "../sessions/row.tsx";
import { Context, Cost } from "../sessions/spend.tsx";

export interface HeaderProps {
  row: SessionRow;
  detail: SessionDetail | null;
  titleRef: Ref<HTMLHeadingElement>;
  onClose(): void;
}

/** Which session this is, how it stands and by what evidence. */
export function Header({ row, detail, titleRef, onClose }: HeaderProps) {
  const { askDelete } = useSessionNavigation();
  const others = detail === null ? [] : otherPlaces(detail);
  return (
    <header className="flex-none border-line border-b px-4 pt-2 pb-2 max-desk:pt-1">
      <div className="flex min-h-7 items-center gap-2 max-desk:min-h-11">
        <IconButton label={sessionTexts.back} className="-ml-1.5 split:hidden" onClick={onClose}>
          <ArrowLeft aria-hidden size={16} />
        </IconButton>
        <Glyph shape={shapeOf(row)} named={false} />
        <h1
          ref={titleRef}
          // The title's own direction says at which end it is cut.
          className="min-w-0 flex-1 font-semibold text-l tracking-[-0.006em] [&>bdi]:block [&>bdi]:truncate [&>bdi]:text-left"
          title={titleOf(row)}
        >
          <Words>{titleOf(row)}</Words>
        </h1>
        <ExpandButton />
        {askDelete !== null && (
          <IconButton label={texts.sessions.deleteThis} onClick={askDelete}>
            <Trash2 aria-hidden size={16} strokeWidth={1.75} />
          </IconButton>
        )}
        <IconButton label={sessionTexts.close} className="-mr-1.5 max-split:hidden" onClick={onClose}>
          <X aria-hidden size={16} />
        </IconButton>
      </div>
      <div className="flex min-h-[22px] flex-wrap items-center gap-x-4 gap-y-0.5 text-fg-3 text-s max-desk:gap-y-1">
        <Facts row={row} others={others} />
        <Spend row={row} detail={detail} />
      </div>
      <Standing row={row} />
      <Honesty row={row} detail={detail} />
    </header>
  );
}

/** How it stands, since when, and on a click by what evidence. */
function Standing({ row }: { row: SessionRow }) {
  const [open, setOpen] = useState(false);
  const id = useId();
  return (
    <div className="flex min-h-[22px] flex-wrap items-center gap-x-2 text-s max-desk:min-h-9">
      <span className={clsx("font-medium", STATUS_INK[row.status])}>{texts.status[shapeOf(row)]}</span>
      {row.since !== null && row.status !== "ended" && row.status !== "unknown" && (
        <span className="text-fg-2">
          <Elapsed at={row.since} />
        </span>
      )}
      <button
        type="button"
        aria-expanded={open}
        aria-controls={id}
        title={plainWords(row.sentence)}
        className="text-fg-3 underline decoration-dotted underline-offset-3 hover:text-fg max-desk:min-h-9 max-desk:px-1"
        onClick={() => setOpen(!open)}
      >
        {sessionTexts.why}
      </button>
      <span id={id} className={clsx("min-w-0 text-fg-3 [overflow-wrap:anywhere]", !open && "sr-only")}>
        <Words>{row.sentence}</Words>
      </span>
      {row.startedAt !== null && (
        <span className="ml-auto text-fg-3 max-desk:ml-0">
          {sessionTexts.started} <Moment at={row.startedAt} />
          {row.turns > 0 && `, ${sessionTexts.turns(row.turns)}`}
        </span>
      )}
    </div>
  );
}

const STATUS_INK: Record<SessionRow["status"], string> = {
  approval: "text-approval",
  question: "text-question",
  error: "text-error",
  working: "text-working",
  ready: "text-ready",
  ended: "text-fg-2",
  unknown: "text-fg-2",
};

function Facts({ row, others }: { row: SessionRow; others: string[] }) {
  const facts: [key: string, value: ReactNode][] = [
    [
      "where",
      <span key="where" className="inline-flex max-w-full min-w-0 items-baseline gap-1.5" title={row.cwd ?? undefined}>
        <b className="flex-none font-medium text-fg">
          <Words>{row.project ?? texts.sessions.noProject}</Words>
        </b>
        {row.branch !== null && (
          <code className="truncate text-fg-2 text-xs" title={row.branch}>
            <Command>{row.branch}</Command>
          </code>
        )}
      </span>,
    ],
  ];
  if (row.model !== null) facts.push(["model", <Model key="model" id={row.model} />]);
  if (row.permissionMode !== null) facts.push(["mode", sessionTexts.mode(row.permissionMode)]);
  facts.push(["machine", <Words key="machine">{row.machine.name}</Words>]);
  if (others.length > 0) facts.push(["also", <Words key="also">{sessionTexts.alsoOn(others.join(", "))}</Words>]);
  return facts.map(([key, value]) => (
    <Fragment key={key}>
      <span className="max-w-full min-w-0 truncate">{value}</span>
    </Fragment>
  ));
}

/** How full the context is, and what the session has cost; nothing where nobody knows. */
function Spend({ row, detail }: { row: SessionRow; detail: SessionDetail | null }) {
  const { contextTokens, costNanoUsd } = row;
  if (contextTokens == null && costNanoUsd === undefined) return null;
  return (
    <span className="ml-auto flex items-center gap-4 text-fg-3 max-desk:ml-0">
      {contextTokens != null && (
        <span className="flex items-center gap-2">
          <span aria-hidden="true">{texts.spend.context}</span>
          <Context row={row} wide compactions={detail?.compactions} />
        </span>
      )}
      <b className="font-medium text-fg empty:hidden">
        <Cost row={row} wide />
      </b>
    </span>
  );
}

/** What of this session could not be read, as a number instead of silence. */
function Honesty({ row, detail }: { row: SessionRow; detail: SessionDetail | null }) {
  if (row.malformed === 0 && row.unknownLines === 0) return null;
  const types = Object.entries(detail?.unknownTypes ?? {})
    .map(([type, count]) => `${type} (${count})`)
    .join(", ");
  return (
    <p className="flex flex-wrap gap-x-4 text-fg-3 text-s">
      {row.malformed > 0 && <span className="text-error">{texts.sessions.malformedLines(row.malformed)}</span>}
      {row.unknownLines > 0 && (
        <span className="min-w-0 truncate" title={types}>
          {texts.sessions.unknownLines(row.unknownLines)}
          {types !== "" && (
            <>
              : <Command>{types}</Command>
            </>
          )}
        </span>
      )}
    </p>
  );
}

/** Machines and roots beside the primary that hold the same session. */
function otherPlaces(detail: SessionDetail): string[] {
  const primary = detail.sources.find((source) => source.primary);
  const places = new Set<string>();
  for (const source of detail.sources) {
    if (source.subagent !== null || source.primary) continue;
    const sameMachine = source.machine.id === primary?.machine.id;
    places.add(sameMachine ? source.path : source.machine.name);
  }
  return [...places];
}
