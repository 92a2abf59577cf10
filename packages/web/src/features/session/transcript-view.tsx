import type { TranscriptView as View } from "../../live/transcript.ts";
import { sessionTexts } from "../../texts/session.ts";
import { texts } from "../../texts.ts";
import { Button } from "../../ui/controls.tsx";
import { Log } from "./log.tsx";
import { useTranscript } from "./use-transcript.ts";
import "./transcript.css";

export interface TranscriptViewProps {
  session: string;
  subagent: string | null;
  /** Names the region. */
  label: string;
  /** The place of the event that the address names. */
  event?: string | null;
}

/** Give it a key of session and subagent: one component is one transcript. */
export function TranscriptView({ session, subagent, label, event = null }: TranscriptViewProps) {
  const { view, transcript } = useTranscript(session, subagent, event);
  if (view.phase === "loading") return <Loading />;
  if (view.phase === "missing" || view.phase === "failed") {
    return <Failed view={view} onRetry={() => void transcript.start(event)} />;
  }
  return (
    <Log
      session={session}
      subagent={subagent}
      event={event}
      view={view}
      transcript={transcript}
      label={label}
      empty={subagent === null ? sessionTexts.emptyTranscript : sessionTexts.emptyAgent}
    />
  );
}

function Loading() {
  return (
    <div className="min-h-0 flex-1 overflow-hidden" role="status" aria-label={sessionTexts.loading}>
      <div className="grid gap-4 px-4 pt-6 pl-16" aria-hidden="true">
        {[70, 92, 40, 84, 56].map((width) => (
          <span key={width} className="h-4 rounded-m bg-hover" style={{ width: `${width}%` }} />
        ))}
      </div>
    </div>
  );
}

function Failed({ view, onRetry }: { view: View; onRetry(): void }) {
  return (
    <div className="grid flex-1 content-start justify-items-center gap-3 px-4 py-12 text-center text-fg-2" role="alert">
      <p>{view.phase === "missing" ? sessionTexts.emptyTranscript : sessionTexts.failedTitle}</p>
      {view.phase === "failed" && view.error !== null && <p className="text-fg-3 text-s">{view.error.message}</p>}
      {view.phase === "failed" && <Button onClick={onRetry}>{texts.sessions.tryAgain}</Button>}
    </div>
  );
}
