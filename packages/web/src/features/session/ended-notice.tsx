import type { SessionRow } from "@agentpane/protocol";
import { useRef } from "react";
import { sessionTexts } from "../../texts/session.ts";
import { Button } from "../../ui/controls.tsx";
import { Words } from "../../ui/text.tsx";

/** Says that the session ended while it was looked at; who opens one that has ended sees that in its header. */
export function EndedNotice({ row, onClose }: { row: SessionRow; onClose(): void }) {
  const lived = useRef(false);
  const ended = row.status === "ended";
  if (!ended) lived.current = true;
  return (
    // Always there, so that a listener hears what comes into it.
    <div role="status">
      {ended && lived.current && (
        <div className="flex items-center gap-3 border-line border-t bg-sunken px-4 py-2 text-fg-2 text-s">
          <span className="min-w-0 flex-1">
            <b className="mr-2 font-medium text-fg">{sessionTexts.endedHere}</b>
            <Words>{row.sentence}</Words>
          </span>
          <Button onClick={onClose}>{sessionTexts.close}</Button>
        </div>
      )}
    </div>
  );
}
