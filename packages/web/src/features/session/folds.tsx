import type { SessionEvent } from "@agentpane/protocol";
import { ChevronRight } from "lucide-react";
import type { ReactNode } from "react";
import { eventKey } from "../../live/transcript.ts";
import { entryTexts } from "../../texts/entry.ts";
import { toolTexts } from "../../texts/tool.ts";
import { formatDuration } from "../../ui/format.ts";
import { Command, Words } from "../../ui/text.tsx";
import { usePath } from "./call-context.ts";
import type { Call, EventOf, Fold } from "./entries.ts";
import { useFold } from "./fold-memory.ts";
import { listOf, numberOf } from "./read-input.ts";
import { LongText, ResultPart, resultText } from "./tools/block.tsx";
import { CallBlock } from "./tools/index.tsx";

/** One line of what is folded, by its kind. */
export function FoldLine({ fold }: { fold: Fold }) {
  switch (fold.kind) {
    case "thinking":
      return <Thinking id={fold.key} event={fold.event} />;
    case "words":
      return <QuietWords id={fold.key} event={fold.event} />;
    case "calls":
      return <QuietCalls id={fold.key} tool={fold.tool} calls={fold.calls} />;
    case "notes":
      return <Notes id={fold.key} events={fold.events} />;
  }
}

interface LineProps {
  id: string;
  /** What opens; none where there is no more than the line. */
  body: (() => ReactNode) | null;
  children: ReactNode;
}

function Line({ id, body, children }: LineProps) {
  const [open, toggle] = useFold(id);
  if (body === null) return <div className="fold-line pl-[17px]">{children}</div>;
  return (
    <>
      <button type="button" className="fold-line" aria-expanded={open} onClick={toggle}>
        <ChevronRight aria-hidden size={12} className="chevron" />
        {children}
      </button>
      {open && <div className="fold-body">{body()}</div>}
    </>
  );
}

function Thinking({ id, event }: { id: string; event: EventOf<"thinking"> }) {
  const text = event.content?.text ?? event.summary;
  return (
    <Line
      id={id}
      body={
        text.trim() === ""
          ? null
          : () => (
              <p className="max-w-[76ch] text-fg-2 italic whitespace-pre-wrap [overflow-wrap:anywhere]">
                <Words>{text}</Words>
              </p>
            )
      }
    >
      <b>{entryTexts.thought}</b>
      {event.durationMs !== undefined && <span>{entryTexts.thoughtFor(formatDuration(event.durationMs))}</span>}
      {text.trim() !== "" && (
        <span className="min-w-0 truncate">
          <Words>{event.summary}</Words>
        </span>
      )}
    </Line>
  );
}

function QuietWords({ id, event }: { id: string; event: EventOf<"prompt"> }) {
  const text = event.content?.text ?? event.summary;
  return (
    <Line
      id={id}
      body={() => (
        <LongText id={`words ${id}`} text={text} omitted={event.content?.omittedChars} className="rounded-m" />
      )}
    >
      <b>{entryTexts.promptOrigin[event.origin]}</b>
      <span className="min-w-0 truncate">
        <Words>{event.summary}</Words>
      </span>
    </Line>
  );
}

/** Calls that only look: the first is named, the others are counted; each opens to its result. */
function QuietCalls({ id, tool, calls }: { id: string; tool: string; calls: readonly Call[] }) {
  const first = calls[0];
  const failed = calls.some((call) => call.result?.isError === true);
  return (
    <Line
      id={id}
      body={() =>
        calls.length === 1 && first !== undefined ? (
          <QuietResult call={first} />
        ) : (
          <div className="grid gap-1">
            {calls.map((call) => (
              <QuietCall key={call.id} call={call} />
            ))}
          </div>
        )
      }
    >
      <b className={failed ? "text-error!" : undefined}>{tool}</b>
      <About text={first?.event?.summary ?? ""} />
      <span className="flex-none">
        {first !== undefined && howMuch(first)}
        {calls.length > 1 &&
          `${first !== undefined && howMuch(first) !== null ? ", " : ""}${(tool === "Read" ? entryTexts.moreFiles : entryTexts.more)(calls.length - 1)}`}
      </span>
    </Line>
  );
}

function QuietCall({ call }: { call: Call }) {
  return (
    <div>
      <Line id={`quiet ${call.id}`} body={() => <QuietResult call={call} />}>
        <b className={call.result?.isError === true ? "text-error!" : undefined}>{call.tool}</b>
        <About text={call.event?.summary ?? ""} />
        <span className="flex-none">{howMuch(call)}</span>
      </Line>
    </div>
  );
}

function About({ text }: { text: string }) {
  return (
    <code title={text}>
      <Command>{usePath(text)}</Command>
    </code>
  );
}

function QuietResult({ call }: { call: Call }) {
  if (call.result === null) return <CallBlock call={call} />;
  return (
    <div className="overflow-hidden rounded-m border border-line [&>.block-part]:border-t-0">
      <ResultPart call={call} />
    </div>
  );
}

/** How much was found, by the agent's own count; nothing where it does not say. */
function howMuch(call: Call): string | null {
  const { result } = call;
  if (result === null) return null;
  if (result.isError) return toolTexts.failed;
  const kept = result.content?.result;
  const lines = numberOf((kept as { file?: unknown } | undefined)?.file, "numLines") ?? numberOf(kept, "numLines");
  if (lines !== null && (call.tool === "Read" || lines > 0)) return toolTexts.lines(lines);
  const matches = numberOf(kept, "numMatches");
  if (matches !== null) return toolTexts.matches(matches);
  const files = numberOf(kept, "numFiles");
  if (files !== null) return toolTexts.files(files);
  if (call.tool !== "Read") return null;
  const text = resultText(call).text;
  return text === "" || listOf(kept, "file").length > 0 ? null : toolTexts.lines(text.split("\n").length);
}

function Notes({ id, events }: { id: string; events: readonly SessionEvent[] }) {
  const unknown = events.some((event) => event.kind === "note" && event.unknown === true);
  return (
    <Line
      id={id}
      body={() => (
        <ul className="grid gap-px text-fg-3 text-s">
          {events.map((event) => (
            <li key={eventKey(event)} className="flex min-w-0 gap-2">
              <NoteLine event={event} />
            </li>
          ))}
        </ul>
      )}
    >
      <span className="text-xs">
        {entryTexts.notes(events.length)}
        {unknown && ` · ${entryTexts.unknownType}`}
      </span>
    </Line>
  );
}

function NoteLine({ event }: { event: SessionEvent }) {
  const { name, words } = noteOf(event);
  return (
    <>
      <code className="flex-none text-fg-2 text-xs leading-[18px]">
        <Command>{name}</Command>
      </code>
      <span className="min-w-0 [overflow-wrap:anywhere]">
        <Words>{words}</Words>
        {event.kind === "note" && event.unknown === true && <span> ({entryTexts.unknownType})</span>}
      </span>
    </>
  );
}

function noteOf(event: SessionEvent): { name: string; words: string } {
  switch (event.kind) {
    case "note":
    case "progress":
      return { name: event.type, words: event.summary };
    case "queue":
      return { name: `queue ${event.operation}`, words: event.summary };
    case "title":
      return { name: event.kind, words: event.title };
    case "mode":
      return { name: `${event.what} mode`, words: event.mode };
    default:
      return { name: event.kind, words: "" };
  }
}
