import { clsx } from "clsx";
import { type ReactNode, useMemo } from "react";
import { useServerTime } from "../../../live/use-live.ts";
import { copyTexts } from "../../../texts/copy.ts";
import { entryTexts } from "../../../texts/entry.ts";
import { toolTexts } from "../../../texts/tool.ts";
import { type AnsiPart, ansiParts, clampParts } from "../../../ui/ansi.ts";
import { Button } from "../../../ui/controls.tsx";
import { CopyText } from "../../../ui/copy-text.tsx";
import { formatDuration, formatSpan } from "../../../ui/format.ts";
import { ToolIcon } from "../../../ui/tool-icon.tsx";
import { useCallSurroundings } from "../call-context.ts";
import type { Call } from "../entries.ts";
import { useFold } from "../fold-memory.ts";
import { Images } from "../images.tsx";

/** What is shown of a long text before somebody asks for all of it. */
const CLAMP_LINES = 14;
const CLAMP_CHARS = 2_400;

export interface BlockProps {
  tool: string;
  name: ReactNode;
  /** What it is about, in the head: a path, a short command. */
  about?: ReactNode;
  /** At the head's end: how it went. */
  end?: ReactNode;
  children?: ReactNode;
}

/** One tool call with its result: a head, and parts under hairlines. */
export function Block({ tool, name, about, end, children }: BlockProps) {
  return (
    <div className="tool-block">
      <div className="block-head">
        <span className="-mr-1">
          <ToolIcon tool={tool} />
        </span>
        <b>{name}</b>
        {about}
        <span className="ml-auto flex flex-none items-center gap-3 pl-2">{end}</span>
      </div>
      {children}
    </div>
  );
}

/** How a call went: what it returned with, who refused it, how long it took or has been at it. */
export function Outcome({ call, exit = false }: { call: Call; exit?: boolean }) {
  const { working, asked } = useCallSurroundings();
  const { event, result } = call;
  if (result === null) {
    if (!working) return <span>{toolTexts.noResult}</span>;
    if (asked) return <span>{toolTexts.open}</span>;
    return (
      <span className="text-working">
        {toolTexts.running} {event?.at != null && <Running since={event.at} />}
      </span>
    );
  }
  return (
    <>
      {result.denied === true ? (
        <span className="text-error">
          {result.decidedBy === undefined ? toolTexts.denied : toolTexts.deniedBy(decider(result.decidedBy))}
        </span>
      ) : exit && result.exitCode !== undefined ? (
        <span className={result.exitCode === 0 ? undefined : "text-error"}>{toolTexts.exit(result.exitCode)}</span>
      ) : result.isError ? (
        <span className="text-error">{toolTexts.failed}</span>
      ) : null}
      <Took call={call} />
    </>
  );
}

/** Who decided, in the page's words where the agent's is known. */
export function decider(word: string): string {
  const { decider: known } = toolTexts;
  return Object.hasOwn(known, word) ? known[word as keyof typeof known] : word;
}

function Running({ since }: { since: number }) {
  return <>{useServerTime((now) => formatSpan(now - since))}</>;
}

/** The agent's own word, else the time between the two lines. */
function Took({ call: { event, result } }: { call: Call }) {
  const between = event?.at != null && result?.at != null ? result.at - event.at : null;
  const ms = result?.durationMs ?? between;
  return ms === null || ms < 0 ? null : <span>{formatDuration(ms)}</span>;
}

export interface LongTextProps {
  /** Names the text for what was opened by hand. */
  id: string;
  text: string;
  tone?: "plain" | "error";
  omitted?: number | undefined;
  className?: string;
}

/** Output, clamped until somebody asks for the rest; what was left out on the way is said. */
export function LongText({ id, text, tone = "plain", omitted = 0, className }: LongTextProps) {
  const [open, toggle] = useFold(id);
  const parts = useMemo(() => ansiParts(text.replace(/\s+$/, "")), [text]);
  const { lines, long } = useMemo(() => extentOf(parts), [parts]);
  // What has colours of its own says itself what of it is bad.
  const coloured = parts.some((part) => part.style !== "");
  const shown = long && !open ? clampParts(parts, CLAMP_LINES, CLAMP_CHARS) : parts;
  return (
    <div className="relative">
      <pre className={clsx("output", tone === "error" && !coloured && "is-error", className)} dir="ltr">
        {shown.map((part, index) =>
          part.style === "" ? (
            part.text
          ) : (
            // biome-ignore lint/suspicious/noArrayIndexKey: the parts of one output have no other name
            <span key={index} className={part.style}>
              {part.text}
            </span>
          ),
        )}
        {long && !open && "…"}
      </pre>
      {text !== "" && <CopyText text={text} label={copyTexts.output} />}
      {(long || omitted > 0) && (
        <div className="flex flex-wrap items-center gap-x-3 bg-sunken px-2 pb-1 text-fg-3 text-xs">
          {long && (
            <Button look="bare" className="h-6! px-1! text-xs! max-desk:h-9!" aria-expanded={open} onClick={toggle}>
              {open ? entryTexts.showLess : entryTexts.showAll(lines)}
            </Button>
          )}
          {omitted > 0 && (open || !long) && <span className="px-1">{entryTexts.omitted(omitted)}</span>}
        </div>
      )}
    </div>
  );
}

function extentOf(parts: readonly AnsiPart[]): { lines: number; long: boolean } {
  const whole = parts.map((part) => part.text).join("");
  const lines = whole.split("\n").length;
  return { lines, long: lines > CLAMP_LINES + 2 || whole.length > CLAMP_CHARS + 200 };
}

/** The text of a result, whole where it was read, else its summary with the reason. */
export function resultText(call: Call): { text: string; missing: string | null; omitted: number } {
  const { result } = call;
  if (result === null) return { text: "", missing: null, omitted: 0 };
  return {
    text: result.content?.text ?? result.summary,
    missing: result.contentError ?? null,
    omitted: result.content?.omittedChars ?? 0,
  };
}

/** A result as plain text under the head. */
export function ResultPart({ call, quiet = false }: { call: Call; quiet?: boolean }) {
  if (call.result === null) return null;
  const { text, missing, omitted } = resultText(call);
  const images = <Images event={call.result} />;
  if (text.trim() === "" && call.result.images > 0) return <div className="block-part bg-sunken px-3">{images}</div>;
  if (text.trim() === "" && missing === null) {
    return quiet ? null : <p className="block-part bg-sunken px-3 py-1 text-fg-3 text-s">{toolTexts.noOutput}</p>;
  }
  return (
    <div className="block-part">
      {missing !== null && (
        <p className="bg-sunken px-3 pt-1 text-fg-3 text-xs">{entryTexts.contentMissing(missing)}</p>
      )}
      <LongText
        id={`result ${call.id}`}
        text={text}
        omitted={omitted}
        tone={call.result.isError && call.result.exitCode === undefined ? "error" : "plain"}
      />
      {call.result.images > 0 && <div className="bg-sunken px-3">{images}</div>}
    </div>
  );
}
