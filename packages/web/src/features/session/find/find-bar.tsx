import { ChevronDown, ChevronUp, X } from "lucide-react";
import { useEffect, useRef, useState, useSyncExternalStore } from "react";
import { findTexts } from "../../../texts/find.ts";
import { IconButton } from "../../../ui/controls.tsx";
import type { FindSession, FindState } from "./find-session.ts";

/** Typing goes on; a search for each letter would be thrown away. */
const TYPING_PAUSE_MS = 150;
const MAX_CHARS = 200;

export interface FindBarProps {
  find: FindSession;
  onGo(direction: 1 | -1): void;
  onClose(): void;
}

/** The field that finds text in the whole transcript, with what came of it and the way from one place to the next. */
export function FindBar({ find, onGo, onClose }: FindBarProps) {
  const state = useSyncExternalStore(find.subscribe, find.getSnapshot);
  const [q, setQ] = useState(state.q);
  const field = useRef<HTMLInputElement>(null);
  useEffect(() => field.current?.select(), []);
  useEffect(() => {
    if (q === find.getSnapshot().q) return;
    const id = setTimeout(() => void find.search(q), TYPING_PAUSE_MS);
    return () => clearTimeout(id);
  }, [q, find]);
  const none = state.findings.length === 0;
  return (
    <search
      aria-label={findTexts.field}
      className="flex min-h-9 flex-none items-center gap-1 border-line border-b bg-sunken px-2 max-desk:min-h-12"
    >
      <input
        ref={field}
        type="text"
        value={q}
        maxLength={MAX_CHARS}
        placeholder={findTexts.field}
        aria-label={findTexts.field}
        spellCheck={false}
        autoComplete="off"
        className="h-7 min-w-0 flex-1 rounded-m border border-strong bg-control px-2 text-s max-desk:h-10"
        onChange={(event) => setQ(event.target.value)}
        onKeyDown={(event) => {
          if (event.key === "Enter") onGo(event.shiftKey ? -1 : 1);
          else if (event.key === "Escape") onClose();
          else return;
          event.preventDefault();
          event.stopPropagation();
        }}
      />
      <span
        role="status"
        className="min-w-16 flex-none px-1 text-right text-fg-3 text-s tabular-nums"
        data-phase={state.phase}
      >
        {outcome(state)}
      </span>
      <IconButton label={findTexts.previous} disabled={none} onClick={() => onGo(-1)}>
        <ChevronUp aria-hidden size={16} />
      </IconButton>
      <IconButton label={findTexts.next} disabled={none} onClick={() => onGo(1)}>
        <ChevronDown aria-hidden size={16} />
      </IconButton>
      <IconButton label={findTexts.close} onClick={onClose}>
        <X aria-hidden size={16} />
      </IconButton>
    </search>
  );
}

function outcome({ phase, findings, current, part }: FindState): string {
  const count = findings.length;
  if (phase === "idle") return "";
  if (phase === "failed") return findTexts.failed;
  if (phase === "searching" && current < 0) return findTexts.searching(count, Math.floor(part * 100));
  if (count === 0) return findTexts.nothing;
  const more = phase === "done" ? "" : "+";
  return current < 0 ? findTexts.found(count, more) : findTexts.position(current + 1, count, more);
}
