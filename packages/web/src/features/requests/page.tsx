import type { RequestRow } from "@agentpane/protocol";
import { useNavigate } from "@tanstack/react-router";
import { useEffect, useRef, useState } from "react";
import { useLive, useServerTime } from "../../live/use-live.ts";
import { requestsTexts as words } from "../../texts/requests.ts";
import { CopyLine } from "../../ui/copy-line.tsx";
import { formatSpan } from "../../ui/format.ts";
import { useKeys } from "../../ui/keys.ts";
import { RequestCard } from "./card.tsx";
import { NotifyButton } from "./notify.tsx";
import { Settled } from "./settled.tsx";
import { openOf } from "./shown.ts";
import { useApprover } from "./use-approver.ts";

/** Everything that waits for a person, the longest first, and what was settled. */
export function RequestsPage() {
  const requests = useLive((store) => store.requests);
  const open = openOf(requests);
  const { mayDecide, dangerous } = useApprover();
  const [chosen, setChosen] = useState<string | null>(null);
  const current = open.find((row) => row.id === chosen) ?? open[0] ?? null;
  const navigate = useNavigate();
  const news = useClosings(requests);
  const step = (by: number): void => {
    const at = open.findIndex((row) => row.id === current?.id);
    const next = open[Math.max(0, Math.min(open.length - 1, at + by))];
    if (next !== undefined) setChosen(next.id);
  };
  const about = (label: string) => ({ label, group: "move" }) as const;
  useKeys([
    ["j", () => step(1), about(words.keys.next)],
    ["k", () => step(-1), about(words.keys.previous)],
    [
      "Enter",
      () => {
        // A focused button or link has the key itself.
        if (current === null || document.activeElement?.closest("button, a, input, textarea, summary") !== null)
          return false;
        void navigate({ to: "/sessions/$sessionId", params: { sessionId: current.session } });
      },
      about(words.keys.open),
    ],
  ]);
  return (
    <div className="grid min-h-0 min-w-0 flex-1 overflow-y-auto split:grid-cols-[minmax(0,1fr)_320px]">
      <section aria-label={words.title} className="min-w-0 px-6 py-4 max-desk:px-4">
        <header className="flex flex-wrap items-center gap-x-4 gap-y-1 pb-4">
          <h1 className="font-semibold text-l">{words.title}</h1>
          <p className="text-fg-2 text-s">{open.length > 0 && <Waiting open={open} />}</p>
          <span className="ml-auto">
            <NotifyButton />
          </span>
        </header>
        <p role="status" className="sr-only">
          {news}
        </p>
        {open.length === 0 ? (
          <div className="grid max-w-[56ch] gap-2 py-8">
            <h2 className="font-medium">{words.empty}</h2>
            <p className="text-fg-2 text-s">{words.emptyHelp}</p>
            <CopyLine command={words.emptyCommand} />
          </div>
        ) : (
          <div className="grid gap-6">
            {open.map((row) => (
              <RequestCard
                key={row.id}
                row={row}
                current={row === current}
                mayDecide={mayDecide}
                dangerous={dangerous}
                onCurrent={() => setChosen(row.id)}
              />
            ))}
          </div>
        )}
      </section>
      <div className="border-line px-4 py-4 max-split:border-t split:border-l">
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
      {words.waiting(open.length)}, {words.longest(longest)}
    </>
  );
}

/** Says of each request that leaves by whom it was settled: one that vanishes without a word makes people doubt. */
function useClosings(requests: ReadonlyMap<string, RequestRow>): string {
  const before = useRef<ReadonlyMap<string, RequestRow>>(requests);
  const [news, setNews] = useState("");
  useEffect(() => {
    const closed = [...requests.values()].filter(
      (row) => row.closing !== null && before.current.get(row.id)?.state === "open",
    );
    before.current = requests;
    if (closed.length > 0) setNews(closed.map((row) => words.left(row.summary, row.closing?.how ?? "")).join(". "));
  }, [requests]);
  return news;
}
