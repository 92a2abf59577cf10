import type { RequestClosing, RequestOutcome, RequestRow } from "@agentpane/protocol";
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Check, Clock3, type LucideIcon, SquareTerminal, Undo2, X } from "lucide-react";
import { meQuery, settledQuery } from "../../api/queries.ts";
import { Moment } from "../../live/time.tsx";
import { useLive } from "../../live/use-live.ts";
import { useServices } from "../../services.ts";
import { requestsTexts as words } from "../../texts/requests.ts";
import { Button } from "../../ui/controls.tsx";
import { Command, Words } from "../../ui/text.tsx";
import { titleOf } from "../sessions/row.tsx";
import { useSettledToday } from "./today.tsx";

/** What was settled, newest first: by whom, how, when. */
export function Settled() {
  const { api } = useServices();
  const live = useLive((store) => store.requests);
  const query = useInfiniteQuery(settledQuery(api));
  const me = useQuery(meQuery(api)).data?.name ?? null;
  const known = (query.data?.pages ?? []).flatMap((page) => page.requests);
  const rows = merged(known, [...live.values()]);
  const today = useSettledToday()?.count ?? 0;
  return (
    <section aria-label={words.settled} className="grid content-start gap-1">
      <h2 className="font-semibold text-fg-3 text-xs uppercase tracking-[0.04em]">
        {today > 0 ? words.settledTodayCount(today) : words.settled}
      </h2>
      {rows.length === 0 && <p className="py-1 text-fg-3 text-s">{query.isPending ? "" : words.noneSettled}</p>}
      <ul className="divide-y divide-line border-line border-y empty:border-0">
        {rows.map((row) => (
          <SettledRow key={row.id} row={row} me={me} />
        ))}
      </ul>
      {query.hasNextPage && (
        <Button look="bare" disabled={query.isFetching} onClick={() => void query.fetchNextPage()}>
          {words.earlier}
        </Button>
      )}
      {rows.some((row) => row.state === "expired") && <p className="pt-2 text-fg-3 text-xs">{words.passedOn}</p>}
    </section>
  );
}

/** What the feed told since the pages were asked for stands before them. */
function merged(known: readonly RequestRow[], live: readonly RequestRow[]): RequestRow[] {
  const byId = new Map([...known, ...live.filter((row) => row.state !== "open")].map((row) => [row.id, row]));
  return [...byId.values()].sort((a, b) => (b.closing?.at ?? 0) - (a.closing?.at ?? 0) || (a.id < b.id ? -1 : 1));
}

function SettledRow({ row, me }: { row: RequestRow; me: string | null }) {
  const session = useLive((store) => store.sessions.get(row.session) ?? null);
  const { closing } = row;
  const Icon = iconOf(row);
  return (
    <li className="grid grid-cols-[16px_minmax(0,1fr)] gap-x-2 py-1.5 text-s">
      <Icon aria-hidden size={14} className="mt-0.5 text-fg-3" />
      <div className="min-w-0">
        <p className="flex justify-between gap-2">
          <span className="truncate">
            {row.kind === "permission" ? (
              <code className="text-xs">
                <Command>{row.summary}</Command>
              </code>
            ) : (
              <Words>{row.summary}</Words>
            )}
          </span>
          <span className="flex-none text-fg-2">{closing === null ? "" : outcomeOf(closing)}</span>
        </p>
        <p className="flex justify-between gap-2 text-fg-3" title={closing?.how}>
          <Link
            to="/sessions/$sessionId"
            params={{ sessionId: row.session }}
            className="relative min-w-0 truncate after:absolute after:inset-x-0 after:-inset-y-2.5 hover:underline desk:after:hidden"
          >
            <Words>{session === null ? words.unknownSession : titleOf(session)}</Words>
          </Link>
          {closing !== null && (
            <span className="max-w-44 flex-none truncate">
              <Words>{closing.who === "person" && closing.name === me ? words.you : closerOf(closing)}</Words>,{" "}
              <Moment at={closing.at} />
            </span>
          )}
        </p>
      </div>
    </li>
  );
}

const ICONS: Readonly<Record<RequestOutcome, LucideIcon>> = {
  allowed: Check,
  always: Check,
  answered: Check,
  approved: Check,
  denied: X,
  rejected: X,
  skipped: X,
};

function iconOf({ closing }: RequestRow): LucideIcon {
  if (closing?.state === "expired") return Clock3;
  if (closing?.state === "withdrawn") return Undo2;
  return closing?.outcome == null ? SquareTerminal : ICONS[closing.outcome];
}

function outcomeOf({ state, outcome }: RequestClosing): string {
  return outcome == null ? words.state[state] : words.outcome[outcome];
}

function closerOf({ who, name, how }: RequestClosing): string {
  if (who === "person") return name ?? words.aPerson;
  if (who === "terminal") return words.terminal;
  return who === "config" ? words.config : how;
}
