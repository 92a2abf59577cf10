import type { RequestRow } from "@agentpane/protocol";
import { useNavigate } from "@tanstack/react-router";
import { useEffect, useRef, useState } from "react";
import { useLive, useServerTime } from "../../live/use-live.ts";
import { requestsTexts as words } from "../../texts/requests.ts";
import { formatSpan } from "../../ui/format.ts";
import { useKeys } from "../../ui/keys.ts";
import { HookSummary } from "../hooks/hook-summary.tsx";
import { RequestCard } from "./card.tsx";
import { ALL, narrowed, RequestFilters } from "./filters.tsx";
import { ClosingNews } from "./news.tsx";
import { NotifyButton } from "./notify.tsx";
import { Settled } from "./settled.tsx";
import { openOf } from "./shown.ts";
import { SettledToday } from "./today.tsx";
import { UpNext } from "./up-next.tsx";
import { useApprover } from "./use-approver.ts";
import { useCurrent } from "./use-current.ts";

/** Everything that waits for a person, the longest first, and what was settled. */
export function RequestsPage() {
  const requests = useLive((store) => store.requests);
  const [filter, setFilter] = useState(ALL);
  const all = openOf(requests);
  const open = narrowed(all, filter);
  const { mayDecide, dangerous } = useApprover();
  const current = useCurrent(open);
  const navigate = useNavigate();
  const list = useRef<HTMLElement>(null);
  useFocusOfMoved(list, current.row?.id ?? null, current.moves);
  const step = (by: number): void => {
    const at = open.findIndex((row) => row.id === current.row?.id);
    const next = open[Math.max(0, Math.min(open.length - 1, at + by))];
    if (next === undefined) return;
    current.choose(next.id);
    // The focus goes along, so that it never stands on another one than the keys speak to.
    focusCard(list.current, next.id);
  };
  const about = (label: string) => ({ label, group: "move" }) as const;
  useKeys([
    ["j", () => step(1), about(words.keys.next)],
    ["k", () => step(-1), about(words.keys.previous)],
    [
      "Enter",
      () => {
        // A focused button or link has the key itself.
        const taken = document.activeElement?.closest("button, a, input, textarea, select, summary");
        if (current.row === null || taken != null) return false;
        void navigate({ to: "/sessions/$sessionId", params: { sessionId: current.row.session } });
      },
      about(words.keys.open),
    ],
  ]);
  return (
    <div className="scroll grid min-h-0 min-w-0 flex-1 auto-rows-max grid-cols-1 content-start overflow-y-auto split:grid-cols-[minmax(0,1fr)_320px] split:grid-rows-[minmax(0,1fr)] split:content-stretch split:overflow-hidden">
      <section
        ref={list}
        aria-label={words.title}
        className="scroll min-w-0 px-6 py-4 max-desk:px-4 split:overflow-y-auto"
      >
        <header className="flex flex-wrap items-center gap-x-4 gap-y-1 pb-4">
          <h1 className="font-semibold text-l max-desk:sr-only">{words.title}</h1>
          <p className="text-fg-2 text-s">
            {all.length > 0 && <Waiting open={all} />} <SettledToday />
          </p>
          <span className="ml-auto flex flex-wrap items-center gap-2">
            <RequestFilters open={all} filter={filter} onChange={setFilter} />
            <NotifyButton />
          </span>
        </header>
        {open.length === 0 ? (
          <div className="grid max-w-[72ch] gap-4 py-8">
            <h2 className="font-medium">{all.length === 0 ? words.empty : words.noneOfThese}</h2>
            {all.length === 0 && <p className="text-fg-2 text-s">{words.emptyHelp}</p>}
            {all.length === 0 && <HookSummary />}
          </div>
        ) : (
          <div className="grid grid-cols-1 gap-4 divide-y divide-line [&>article]:pb-4">
            {open.map((row, index) => (
              <RequestCard
                key={row.id}
                row={row}
                current={row.id === current.row?.id}
                place={`${index} ${row.id === current.row?.id ? current.moves : 0}`}
                mayDecide={mayDecide}
                dangerous={dangerous}
                onCurrent={() => current.choose(row.id)}
              />
            ))}
          </div>
        )}
        <ClosingNews requests={requests} />
      </section>
      <div className="scroll border-line px-4 py-4 max-split:border-t split:overflow-y-auto split:border-l">
        <UpNext
          rows={open.filter((row) => row.id !== current.row?.id)}
          onChoose={(id) => {
            current.choose(id);
            focusCard(list.current, id);
          }}
        />
        <Settled />
      </div>
    </div>
  );
}

function Waiting({ open }: { open: readonly RequestRow[] }) {
  const since = open[0]?.openedAt ?? 0;
  const longest = useServerTime((now) => formatSpan(now - since));
  return (
    <>
      {words.waiting(open.length)}, {words.longest(longest)}.
    </>
  );
}

/** The card in focus left with its request: the next one takes the focus, so that hands stay on the keys. */
function useFocusOfMoved(list: React.RefObject<HTMLElement | null>, id: string | null, moves: number): void {
  useEffect(() => {
    const focus = document.activeElement;
    if (id === null || (focus !== null && focus !== document.body)) return;
    if (moves > 0) focusCard(list.current, id);
  }, [list, id, moves]);
}

function focusCard(list: HTMLElement | null, id: string): void {
  const card = list?.querySelector<HTMLElement>(`[data-request="${CSS.escape(id)}"]`);
  card?.focus({ preventScroll: true });
  card?.scrollIntoView?.({ block: "nearest" });
}
