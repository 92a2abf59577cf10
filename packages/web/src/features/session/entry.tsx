import { clsx } from "clsx";
import { memo } from "react";
import { copyTexts } from "../../texts/copy.ts";
import { entryTexts } from "../../texts/entry.ts";
import { toolTexts } from "../../texts/tool.ts";
import { Answer } from "../../ui/answer.tsx";
import { Button } from "../../ui/controls.tsx";
import { CopyText } from "../../ui/copy-text.tsx";
import { formatClock, formatFullTime } from "../../ui/format.ts";
import { Words } from "../../ui/text.tsx";
import type { Entry, EventOf } from "./entries.ts";
import { useEventLinks } from "./event-link.ts";
import { useFold } from "./fold-memory.ts";
import { FoldLine } from "./folds.tsx";
import { Images } from "./images.tsx";
import { Mark, Rule } from "./marks.tsx";
import { nameOf } from "./names.ts";
import { CallBlock } from "./tools/index.tsx";
import { eventOf } from "./where.ts";

/** A prompt longer than this is clamped: it may be a whole log that was pasted in. */
const CLAMP_PROMPT_CHARS = 3_000;

export interface EntryProps {
  entry: Entry;
  /** The event of the address is in it. */
  marked?: boolean;
  /** Among what is loaded, from 1. */
  position?: number;
}

/** One entry of the transcript with the time it is of, which is its address, too. */
export const EntryView = memo(function EntryView({ entry, marked = false, position }: EntryProps) {
  const links = useEventLinks();
  if (entry.kind === "day") {
    return (
      <div className="px-4 pb-2">
        <Rule>{entry.at !== null && new Date(entry.at).toLocaleDateString("en", DAY)}</Rule>
      </div>
    );
  }
  const ruled = entry.kind === "mark" && RULED.has(entry.event.kind);
  const place = eventOf(entry)?.place;
  const time = entry.at !== null && (
    <time dateTime={new Date(entry.at).toISOString()} title={formatFullTime(entry.at)}>
      {formatClock(entry.at)}
    </time>
  );
  return (
    <article
      className={clsx(ruled ? "px-4 pb-2" : "entry", marked && "is-marked")}
      data-kind={entry.kind}
      aria-label={nameOf(entry)}
      aria-current={marked ? "location" : undefined}
      aria-posinset={position}
      aria-setsize={position === undefined ? undefined : -1}
    >
      {!ruled &&
        (place === undefined ? (
          <span className="when">{time}</span>
        ) : (
          <a
            className="when"
            href={links.hrefOf(place)}
            aria-label={entryTexts.linkTo(entry.at === null ? "" : formatClock(entry.at))}
            onClick={(event) => {
              if (event.metaKey || event.ctrlKey || event.shiftKey || event.button !== 0) return;
              event.preventDefault();
              links.open(place);
            }}
          >
            {time === false ? "·" : time}
          </a>
        ))}
      <div className="entry-body min-w-0">
        <Body entry={entry} />
      </div>
    </article>
  );
});

const DAY = { weekday: "long", day: "numeric", month: "long", year: "numeric" } as const;
const RULED = new Set(["turn.end", "compaction", "cost"]);

function Body({ entry }: { entry: Exclude<Entry, { kind: "day" }> }) {
  switch (entry.kind) {
    case "prompt":
      return <Prompt event={entry.event} />;
    case "answer":
      return <AnswerText event={entry.event} />;
    case "call":
      return <CallBlock call={entry.call} />;
    case "folds":
      return entry.folds.map((fold) => <FoldLine key={fold.key} fold={fold} />);
    case "mark":
      return <Mark event={entry.event} />;
  }
}

function Prompt({ event }: { event: EventOf<"prompt"> }) {
  const [open, toggle] = useFold(`prompt ${event.offset}:${event.index}`);
  const text = event.content?.text ?? event.summary;
  const long = text.length > CLAMP_PROMPT_CHARS + 500;
  return (
    <div className="prompt" dir="auto">
      <span className="sr-only">{event.subagent === null ? entryTexts.you : toolTexts.agentTask}: </span>
      <Words>{long && !open ? `${text.slice(0, CLAMP_PROMPT_CHARS)}…` : text}</Words>
      {long && (
        <Button look="bare" className="mt-1 -ml-1 flex! h-6! px-1! text-xs!" aria-expanded={open} onClick={toggle}>
          {open ? entryTexts.showLess : entryTexts.showAll(text.split("\n").length)}
        </Button>
      )}
      <Images event={event} />
      <Extras event={event} />
    </div>
  );
}

function Extras({ event }: { event: EventOf<"prompt"> }) {
  const extras = [
    event.images > 0 && entryTexts.images(event.images),
    event.queued === true && entryTexts.queued,
    event.contentError !== undefined && entryTexts.contentMissing(event.contentError),
    event.content?.omittedChars !== undefined &&
      event.content.omittedChars > 0 &&
      entryTexts.omitted(event.content.omittedChars),
  ].filter((extra) => extra !== false);
  return extras.length === 0 ? null : <div className="text-fg-3 text-xs">{extras.join(" · ")}</div>;
}

function AnswerText({ event }: { event: EventOf<"text"> }) {
  return (
    <div className="answer relative">
      <Answer text={event.content?.text ?? event.summary} />
      <CopyText text={event.content?.text ?? event.summary} label={copyTexts.answer} />
      {event.contentError !== undefined && (
        <p className="text-fg-3 text-xs">{entryTexts.contentMissing(event.contentError)}</p>
      )}
      {event.content?.omittedChars !== undefined && event.content.omittedChars > 0 && (
        <p className="text-fg-3 text-xs">{entryTexts.omitted(event.content.omittedChars)}</p>
      )}
    </div>
  );
}
