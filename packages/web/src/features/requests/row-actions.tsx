import type { RequestRow, SessionRow } from "@agentpane/protocol";
import { useCallback, useEffect, useRef, useState } from "react";
import { useConnection, useLive } from "../../live/use-live.ts";
import { requestsTexts as words } from "../../texts/requests.ts";
import { Kbd } from "../../ui/controls.tsx";
import { useKeys } from "../../ui/keys.ts";
import { Words } from "../../ui/text.tsx";
import { useMedia } from "../../ui/use-media.ts";
import { briefCommand } from "./brief-command.ts";
import { wholeOf } from "./shown.ts";
import { useApprover } from "./use-approver.ts";
import { useDecide } from "./use-decide.ts";
import { useStill } from "./use-still.ts";

/** Fingers do not hit what is made for a pointer: for them the whole row leads to the request. */
const TOUCH = "(pointer: coarse), (max-width: 640px)";
/** Frames to wait for the field of a session that was just opened. */
const MAX_FIELD_FRAMES = 120;

export interface RowActionsProps {
  row: SessionRow;
  onOpen(id: string): void;
}

/**
 * What a session's row in the list offers for what it asks. Allow stands only where the whole of what it allows can be
 * read in the row itself; elsewhere it says Review, and the row leads there.
 */
export function RowActions({ row, onOpen }: RowActionsProps) {
  const box = useRef<HTMLSpanElement>(null);
  const ids = row.requests ?? [];
  const only = useLive((store) => (ids.length === 1 ? (store.requests.get(ids[0] ?? "") ?? null) : null));
  const { mayDecide, dangerous } = useApprover();
  const touch = useMedia(TOUCH);
  const request = only?.state === "open" ? only : null;
  const isLive = useConnection().kind === "live";
  const command =
    request === null || !request.reachable || !mayDecide || !isLive ? null : briefCommand(request, dangerous);
  const readable = useReadable(box, command);
  if (touch) return null;
  return (
    <span ref={box} className="row-act">
      {request !== null && command !== null && readable ? (
        <Decide key={request.id} request={request} box={box} onOpen={onOpen} />
      ) : (
        <span aria-hidden="true" className="row-hint">
          {row.status === "question" ? words.answerShort : words.review} <Kbd>↵</Kbd>
        </span>
      )}
    </span>
  );
}

interface DecideProps {
  request: RequestRow;
  box: React.RefObject<HTMLSpanElement | null>;
  onOpen(id: string): void;
}

function Decide({ request, box, onOpen }: DecideProps) {
  const { sending, problem, decide } = useDecide(wholeOf(request));
  const still = useStill(request.id, false);
  const canDecide = still && !sending;
  const act = (what: "allow" | "deny"): void => {
    if (!canDecide) return;
    // The button leaves with the request; the keys go on from its row.
    rowOf(box.current)?.focus({ preventScroll: true });
    decide(what === "allow" ? { type: "allow" } : { type: "deny", words: "", stop: false });
  };
  const here = (event: KeyboardEvent): boolean => event.target === rowOf(box.current);
  const about = (label: string) => ({ label, group: "session" }) as const;
  useKeys([
    ["a", (event) => (here(event) ? act("allow") : false), about(words.keys.allow)],
    ["d", (event) => (here(event) ? act("deny") : false), about(words.keys.deny)],
    ["r", (event) => (here(event) ? toReply(request, onOpen) : false), about(words.keys.reply)],
  ]);
  if (problem !== null) {
    return (
      <span role="alert" className="block max-w-60 truncate text-error text-s" title={problem}>
        <Words>{problem}</Words>
      </span>
    );
  }
  return (
    <>
      <button type="button" tabIndex={-1} disabled={!canDecide} aria-keyshortcuts="a" onClick={() => act("allow")}>
        {words.allow} <Kbd>a</Kbd>
      </button>
      <button type="button" tabIndex={-1} disabled={!canDecide} aria-keyshortcuts="d" onClick={() => act("deny")}>
        {words.deny} <Kbd>d</Kbd>
      </button>
    </>
  );
}

function rowOf(box: HTMLElement | null): HTMLElement | null {
  return box?.closest("li")?.querySelector<HTMLElement>("[data-session]") ?? null;
}

/** Opens the session and puts the cursor where words go with a no. */
function toReply(request: RequestRow, onOpen: (id: string) => void): void {
  onOpen(request.session);
  let frames = 0;
  requestAnimationFrame(function attempt() {
    const field = document.querySelector<HTMLElement>(`[data-request="${CSS.escape(request.id)}"] [data-reply]`);
    if (field !== null) field.focus();
    else if (frames++ < MAX_FIELD_FRAMES) requestAnimationFrame(attempt);
  });
}

/** Whether the row's second line says exactly this command, and is not cut. */
function useReadable(box: React.RefObject<HTMLElement | null>, command: string | null): boolean {
  const [readable, setReadable] = useState(false);
  const look = useCallback(() => {
    const line = rowOf(box.current)?.querySelector<HTMLElement>(".row-words") ?? null;
    setReadable(command !== null && line?.textContent === command && line.scrollWidth <= line.clientWidth);
  }, [box, command]);
  // The line may have been drawn anew each time that this is.
  useEffect(look);
  useEffect(() => {
    const row = rowOf(box.current);
    if (row === null) return;
    const observer = new ResizeObserver(look);
    observer.observe(row);
    return () => observer.disconnect();
  }, [box, look]);
  return readable;
}
