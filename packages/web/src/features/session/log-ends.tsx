import { ArrowDown } from "lucide-react";
import type { TranscriptView as View } from "../../live/transcript.ts";
import { sessionTexts } from "../../texts/session.ts";
import { texts } from "../../texts.ts";
import { Button, Kbd } from "../../ui/controls.tsx";

/** What stands before the first event that is loaded. */
export function Beginning({ view, onLoad, empty }: { view: View; onLoad(): void; empty: string | null }) {
  if (empty !== null) return <p className="px-4 py-12 text-center text-fg-3">{empty}</p>;
  return (
    <div className="rule h-9 px-4">
      {view.earlier === "none" && sessionTexts.beginning}
      {view.earlier === "full" && sessionTexts.earlierFull}
      {view.earlier === "loading" && sessionTexts.loadingEarlier}
      {(view.earlier === "more" || view.earlier === "failed") && (
        <Button look="bare" className="h-6! px-2! text-xs!" onClick={onLoad}>
          {view.earlier === "failed"
            ? `${sessionTexts.earlierFailed} ${texts.sessions.tryAgain}`
            : sessionTexts.earlier}
        </Button>
      )}
    </div>
  );
}

/** Under the last event, where it was not possible to read on. */
export function Later({ view, onLoad }: { view: View; onLoad(): void }) {
  if (view.later !== "failed" && (view.error === null || view.earlier === "failed")) return null;
  return (
    <p className="flex items-center gap-3 border-line border-t px-4 py-1 text-error text-s" role="status">
      {sessionTexts.behind}
      {view.later === "failed" && (
        <Button look="bare" className="h-6! px-2! text-xs!" onClick={onLoad}>
          {texts.sessions.tryAgain}
        </Button>
      )}
    </p>
  );
}

/** How much came since the reader left the end, and the way back to it. */
export function ToEnd({ unread, onGo }: { unread: number; onGo(): void }) {
  return (
    <div className="pointer-events-none absolute inset-x-0 bottom-3 flex justify-center">
      <Button className="pointer-events-auto rounded-full!" onClick={onGo}>
        <ArrowDown aria-hidden size={14} />
        {unread > 0 ? sessionTexts.newEvents(unread) : sessionTexts.toEnd}
        <Kbd className="max-desk:hidden">end</Kbd>
      </Button>
    </div>
  );
}
