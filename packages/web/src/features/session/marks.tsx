import type { ReactNode } from "react";
import { entryTexts } from "../../texts/entry.ts";
import { formatBytes, formatCount, formatDuration, formatSpan } from "../../ui/format.ts";
import { Glyph } from "../../ui/glyph.tsx";
import { Command, Words } from "../../ui/text.tsx";
import { useCallSurroundings } from "./call-context.ts";
import type { MarkEvent } from "./entries.ts";

/** What is neither said nor done: where turns end, contexts shrink, agents come and go, and what went wrong. */
export function Mark({ event }: { event: MarkEvent }) {
  switch (event.kind) {
    case "turn.end":
      return (
        <Rule>
          {entryTexts.turnEnded}
          {event.durationMs !== undefined && ` · ${formatDuration(event.durationMs)}`}
        </Rule>
      );
    case "compaction":
      return (
        <Rule>
          {entryTexts.compacted}
          {event.preTokens !== undefined &&
            ` · ${
              event.postTokens === undefined
                ? entryTexts.compactedFrom(formatCount(event.preTokens))
                : entryTexts.compactedTokens(formatCount(event.preTokens), formatCount(event.postTokens))
            }`}
        </Rule>
      );
    case "cost":
      return (
        <Rule>
          {entryTexts.closed}
          {event.linesAdded !== undefined &&
            event.linesRemoved !== undefined &&
            event.linesAdded + event.linesRemoved > 0 &&
            ` · ${entryTexts.linesChanged(event.linesAdded, event.linesRemoved)}`}
        </Rule>
      );
    case "interrupt":
      return <Quiet label={entryTexts.interrupted[event.during]} />;
    case "title":
      return (
        <Quiet label={entryTexts.titled(event.source)}>
          <Words>{event.title}</Words>
        </Quiet>
      );
    case "mode":
      return (
        <Quiet label={event.what === "permission" ? entryTexts.modePermission : entryTexts.modeInput}>
          <Words>{event.mode}</Words>
        </Quiet>
      );
    case "api.error":
      return <ApiErrorMark event={event} />;
    case "subagent.start":
    case "subagent.end":
      return <AgentMark event={event} />;
    case "malformed":
      return (
        <div className="flex min-h-5 items-center gap-2 text-s">
          <Glyph shape="error" named={false} size={14} />
          <span className="font-medium text-error">{entryTexts.malformed}</span>
          <span className="min-w-0 truncate text-fg-3">
            <Words>{event.reason}</Words>, {entryTexts.malformedWhere(formatBytes(event.bytes), event.offset)}
          </span>
        </div>
      );
  }
}

export function Rule({ children }: { children: ReactNode }) {
  return <div className="rule">{children}</div>;
}

function Quiet({ label, children }: { label: string; children?: ReactNode }) {
  return (
    <div className="fold-line">
      <b>{label}</b>
      {children !== undefined && <span className="min-w-0 truncate">{children}</span>}
    </div>
  );
}

function ApiErrorMark({ event }: { event: Extract<MarkEvent, { kind: "api.error" }> }) {
  const retrying = event.retry !== undefined;
  return (
    <div className={`flex gap-2 rounded-m px-3 py-1.5 text-s ${retrying ? "border border-line" : "bg-error-wash"}`}>
      <span className="mt-px">
        <Glyph shape="error" named={false} />
      </span>
      <div className="min-w-0">
        <span className="font-semibold text-error">
          {entryTexts.apiError}
          {event.status !== null && ` ${event.status}`}
        </span>{" "}
        <span className="text-fg-2 [overflow-wrap:anywhere]">
          <Words>{event.content?.text ?? event.summary}</Words>
        </span>
        {event.retry !== undefined && (
          <div className="text-fg-3">
            {entryTexts.apiRetry(event.retry.attempt, event.retry.max, formatSpan(event.retry.inMs))}
          </div>
        )}
      </div>
    </div>
  );
}

function AgentMark({ event }: { event: Extract<MarkEvent, { kind: "subagent.start" | "subagent.end" }> }) {
  const { openAgent } = useCallSurroundings();
  const subagent = event.agent ?? null;
  const label = event.kind === "subagent.start" ? entryTexts.agentStarted : entryTexts.agentEnded;
  return (
    <div className="fold-line">
      {subagent === null ? (
        <b>{label}</b>
      ) : (
        <button type="button" className="font-medium text-accent hover:underline" onClick={() => openAgent(subagent)}>
          {label}
        </button>
      )}
      <span>
        <Words>{event.kind === "subagent.start" ? event.type : event.status}</Words>
      </span>
      <span className="min-w-0 truncate">
        <Command>{event.summary}</Command>
      </span>
    </div>
  );
}
