import type { RequestRow } from "@agentpane/protocol";
import { Link } from "@tanstack/react-router";
import { clsx } from "clsx";
import type { ReactNode } from "react";
import { Elapsed } from "../../live/time.tsx";
import { useConnection, useLive } from "../../live/use-live.ts";
import { requestsTexts as words } from "../../texts/requests.ts";
import { formatUsd } from "../../ui/format.ts";
import { Glyph } from "../../ui/glyph.tsx";
import { Model } from "../../ui/model.tsx";
import { Command, Words } from "../../ui/text.tsx";
import { titleOf } from "../sessions/row.tsx";
import { Permission } from "./permission.tsx";
import { Plan } from "./plan.tsx";
import { Question } from "./question.tsx";
import { INK, SHAPE } from "./shown.ts";
import { useStill } from "./use-still.ts";
import { useWhole } from "./use-whole.ts";

export interface CardProps {
  row: RequestRow;
  /** The one that keys speak to: its buttons are the primary ones. */
  current: boolean;
  /** Where it stands: another place means that it came under somebody's hand unasked. */
  place: string;
  /** Whether the token may decide. */
  mayDecide: boolean;
  /** What settings call dangerous. */
  dangerous: readonly string[];
  /** Within its own session's page, which says whose it is. */
  inSession?: boolean;
  onCurrent(): void;
}

const EDGE = {
  permission: "border-l-approval-fill",
  question: "border-l-question-fill",
  plan: "border-l-approval-fill",
} as const;

/** One request: exactly what is asked, who asks, since when, and what can be answered. */
export function RequestCard(props: CardProps) {
  const { row, current, place, mayDecide, dangerous, inSession = false, onCurrent } = props;
  const still = useStill(place, !inSession);
  const { whole, problem } = useWhole(row);
  const session = useLive((store) => store.sessions.get(row.session) ?? null);
  const title = session === null ? words.unknownSession : titleOf(session);
  const isLive = useConnection().kind === "live";
  const canDecide = mayDecide && row.reachable && isLive;
  const given = whole === null ? null : { whole, current, still, mayDecide: canDecide, dangerous };
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: a click makes it the current one, as j and k do by key
    <article
      tabIndex={-1}
      data-request={row.id}
      aria-label={`${words.kind[row.kind]}: ${title}`}
      aria-current={current ? "true" : undefined}
      className={clsx(
        "grid min-w-0 gap-2 py-1 outline-none",
        !inSession && "border-l-2 pl-3.5",
        !inSession && (current ? EDGE[row.kind] : "border-l-line"),
      )}
      onClick={onCurrent}
      onFocus={onCurrent}
    >
      <header className="flex flex-wrap items-center gap-x-2 gap-y-0.5 text-s">
        <Glyph shape={SHAPE[row.kind]} named={false} />
        <b className="font-semibold">{words.kind[row.kind]}</b>
        {row.kind === "permission" && (
          <span className="text-fg-2">
            {words.toRun} <b className="font-semibold text-fg">{<Words>{row.tool}</Words>}</b>
          </span>
        )}
        <span className={clsx("min-w-0 text-fg-3", !inSession && "max-desk:hidden")}>
          <Words>{(row.kind === "permission" ? words.asks : words.from)(asker(row), row.machine.name)}</Words>
        </span>
        <span className={clsx("ml-auto font-medium", INK[row.kind])}>
          {words.waits} <Elapsed at={row.openedAt} />
        </span>
      </header>
      {!inSession && (
        <h2 className="flex min-w-0 flex-wrap items-baseline gap-x-3 font-semibold text-l">
          <Link
            to="/sessions/$sessionId"
            params={{ sessionId: row.session }}
            className="relative min-w-0 after:absolute after:inset-x-0 after:-inset-y-2.5 hover:underline desk:truncate desk:after:hidden"
            title={words.openSession}
          >
            <Words>{title}</Words>
          </Link>
          {session !== null && (
            <span className="flex min-w-0 flex-wrap items-baseline gap-x-3 font-normal text-fg-2 text-s">
              <Words>{session.project ?? ""}</Words>
              {session.branch !== null && (
                <code className="truncate text-fg-3 text-xs">
                  <Command>{session.branch}</Command>
                </code>
              )}
              {session.model !== null && (
                <span className="max-desk:hidden">
                  <Model id={session.model} />
                </span>
              )}
              {session.costNanoUsd !== undefined && <span>{formatUsd(session.costNanoUsd)}</span>}
              <span className="desk:hidden">
                <Words>{row.subagent === null ? row.machine.name : words.of(asker(row), row.machine.name)}</Words>
              </span>
            </span>
          )}
        </h2>
      )}
      {given === null ? (
        <p role="status" className="text-fg-3 text-s">
          {problem === null ? words.loadingInput : problem.message}
        </p>
      ) : row.kind === "permission" ? (
        <Permission {...given} />
      ) : row.kind === "question" ? (
        <Question {...given} />
      ) : (
        <Plan {...given} />
      )}
      {!mayDecide && <Note>{words.viewer}</Note>}
      {mayDecide && !canDecide && <Note>{isLive ? words.unreachable : words.away}</Note>}
    </article>
  );
}

export function Note({ children, alert = false }: { children: ReactNode; alert?: boolean }) {
  return (
    <p role={alert ? "alert" : undefined} className={clsx("text-s", alert ? "text-error" : "text-fg-3")}>
      {children}
    </p>
  );
}

export function asker(row: Pick<RequestRow, "subagent" | "subagentType">): string {
  return row.subagent === null ? words.mainAgent : words.subagent(row.subagentType ?? row.subagent);
}
