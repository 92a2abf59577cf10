import type { RequestRow, SessionDetail, SessionRow, SubagentRow } from "@agentpane/protocol";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { clsx } from "clsx";
import { ChevronLeft } from "lucide-react";
import { lazy, Suspense, useEffect, useMemo, useRef, useState } from "react";
import { ApiError } from "../../api/errors.ts";
import { sessionQuery } from "../../api/queries.ts";
import { useLive } from "../../live/use-live.ts";
import { part } from "../../parts.ts";
import { useServices } from "../../services.ts";
import { costTexts } from "../../texts/cost.ts";
import { sessionTexts } from "../../texts/session.ts";
import { terminalTexts } from "../../texts/terminal.ts";
import { toolTexts } from "../../texts/tool.ts";
import { texts } from "../../texts.ts";
import { Button } from "../../ui/controls.tsx";
import { Glyph } from "../../ui/glyph.tsx";
import { Words } from "../../ui/text.tsx";
import { useSessionNavigation } from "../sessions/navigation.ts";
import { titleOf } from "../sessions/row.tsx";
import { CallContext } from "./call-context.ts";
import { Composer } from "./composer/composer.tsx";
import { EndedNotice } from "./ended-notice.tsx";
import { Header } from "./header.tsx";
import { PanelTools } from "./panel-tools.ts";
import type { SessionTab } from "./tabs.ts";
import { TaskStrip } from "./task-strip.tsx";
import { TranscriptView } from "./transcript-view.tsx";

const TimelineView = lazy(part(() => import("./timeline/timeline-view.tsx")));
const AgentsView = lazy(part(() => import("./agents/agents-view.tsx")));
const FilesView = lazy(part(() => import("./files/files-view.tsx")));
const SessionRequests = lazy(
  part(async () => ({ default: (await import("../requests/in-session.tsx")).SessionRequests })),
);
const TerminalView = lazy(part(() => import("./terminal/terminal-view.tsx")));
const CostView = lazy(part(() => import("./cost/cost-view.tsx")));

/** How long after a change the details are asked for again; a busy session changes many times a second. */
const DETAIL_DELAY_MS = 1_000;
const GONE: ReadonlySet<string> = new Set(["not_found", "session_deleted"]);

export interface PanelProps {
  sessionId: string;
  /** The subagent whose transcript is shown; null for the session's own. */
  agentId: string | null;
  tab: SessionTab | "transcript";
  /** The place of the event that is looked at. */
  event: string | null;
}

/** The open session: what it is, its transcript, its agents, its cost. */
export function SessionPanel({ sessionId, agentId, tab, event }: PanelProps) {
  const { api } = useServices();
  const { close } = useSessionNavigation();
  const live = useLive((store) => store.sessions.get(sessionId) ?? null);
  const query = useQuery(sessionQuery(api, sessionId));
  const detail = query.data ?? null;
  const gone = query.error instanceof ApiError && GONE.has(query.error.code);
  const row: SessionRow | null = live ?? (gone ? null : detail);
  useFreshDetail(sessionId, live);

  const panel = useRef<HTMLElement>(null);
  useFocusOnOpen(panel, `${sessionId} ${agentId} ${tab}`, row !== null);

  return (
    <section
      ref={panel}
      aria-label={row === null ? sessionTexts.panel : `${sessionTexts.panel}: ${titleOf(row)}`}
      tabIndex={-1}
      className="flex min-h-0 min-w-0 flex-col bg-page outline-none"
    >
      {row === null ? (
        <NoSession error={query.error} onClose={close} onRetry={() => void query.refetch()} />
      ) : (
        <Opened row={row} detail={detail} agentId={agentId} tab={tab} event={event} />
      )}
    </section>
  );
}

interface OpenedProps {
  row: SessionRow;
  detail: SessionDetail | null;
  agentId: string | null;
  tab: SessionTab | "transcript";
  event: string | null;
}

function Opened({ row, detail, agentId, tab, event }: OpenedProps) {
  const navigate = useNavigate();
  const { close } = useSessionNavigation();
  const title = useRef<HTMLHeadingElement>(null);
  const [tools, setTools] = useState<HTMLElement | null>(null);
  const agents = detail?.agents ?? NO_AGENTS;
  const agent = agents.find((candidate) => candidate.id === agentId) ?? null;
  const show = (search: { agent?: string; tab?: SessionTab }) =>
    void navigate({ to: "/sessions/$sessionId", params: { sessionId: row.id }, search });
  const openAgent = useRef((id: string) => show({ agent: id }));
  openAgent.current = (id) => show({ agent: id });
  const status = agentId === null ? row.status : agent?.status;
  const surroundings = useMemo(
    () => ({
      cwd: row.cwd,
      working: status === "working" || status === "approval" || status === "question",
      asked: status === "approval" || status === "question",
      agentOfCall: (call: string, subagent: string | null) =>
        agents.find((candidate) => candidate.call === call || candidate.id === subagent) ?? null,
      openAgent: (id: string) => openAgent.current(id),
    }),
    [status, agents, row.cwd],
  );
  const count = Math.max(agents.length, row.subagents.total);
  // A server of before it counted costs says nothing of them.
  const counted = row.costNanoUsd !== undefined || tab === "cost";
  return (
    <>
      <Header row={row} detail={detail} titleRef={title} onClose={close} />
      {agentId === null && (
        <div className="flex h-[34px] flex-none items-center border-line border-b pr-3 max-desk:h-11 max-desk:pr-0">
          <nav
            aria-label={sessionTexts.views}
            className="flex h-full min-w-0 flex-1 gap-5 overflow-x-auto px-4 text-fg-2 text-s [scrollbar-width:none] max-desk:gap-4"
          >
            <Tab current={tab === "transcript"} onSelect={() => show({})}>
              {sessionTexts.transcript}
            </Tab>
            <Tab current={tab === "timeline"} onSelect={() => show({ tab: "timeline" })}>
              {sessionTexts.timeline}
            </Tab>
            {count > 0 && (
              <Tab current={tab === "agents"} onSelect={() => show({ tab: "agents" })}>
                {sessionTexts.agents} <span className="font-normal text-fg-3">{count}</span>
              </Tab>
            )}
            <Tab current={tab === "files"} onSelect={() => show({ tab: "files" })}>
              {sessionTexts.files}
            </Tab>
            {(row.reach?.kind === "pty" || tab === "terminal") && (
              <Tab current={tab === "terminal"} onSelect={() => show({ tab: "terminal" })}>
                {terminalTexts.tab}
              </Tab>
            )}
            {counted && (
              <Tab current={tab === "cost"} onSelect={() => show({ tab: "cost" })}>
                {costTexts.tab}
              </Tab>
            )}
          </nav>
          <span ref={setTools} className="flex-none" />
        </div>
      )}
      {agentId !== null && <AgentBar agent={agent} onBack={() => show({})} toolsRef={setTools} />}
      <CallContext value={surroundings}>
        {(tab === "timeline" || tab === "agents" || tab === "files") && agentId === null ? (
          <Suspense fallback={<LoadingTab />}>
            {tab === "timeline" ? (
              <TimelineView key={row.id} row={row} agents={agents} />
            ) : tab === "agents" ? (
              detail === null ? (
                <LoadingTab />
              ) : (
                <AgentsView key={row.id} agents={agents} onOpen={(id) => show({ agent: id })} />
              )
            ) : (
              <FilesView key={row.id} row={row} agents={agents} />
            )}
          </Suspense>
        ) : tab === "terminal" && agentId === null ? (
          <Suspense fallback={<LoadingTab />}>
            <TerminalView key={row.id} session={row.id} />
          </Suspense>
        ) : tab === "cost" && agentId === null ? (
          <Suspense fallback={<div className="flex-1" role="status" aria-label={costTexts.loading} />}>
            <CostView row={row} />
          </Suspense>
        ) : (
          <>
            {agentId === null && detail !== null && detail.todos.length > 0 && <TaskStrip todos={detail.todos} />}
            <PanelTools value={tools}>
              <TranscriptView
                key={`${row.id} ${agentId}`}
                session={row.id}
                subagent={agentId}
                event={event}
                label={`${sessionTexts.log}: ${agent?.description ?? titleOf(row)}`}
              />
            </PanelTools>
            {agentId === null && <ComposerPlace row={row} />}
          </>
        )}
      </CallContext>
      <EndedNotice key={row.id} row={row} onClose={close} />
      <Suspense fallback={null}>
        <SessionRequests session={row.id} />
      </Suspense>
    </>
  );
}

/** A session that waits for a person shows what it waits for, unless words to it are just being written. */
function ComposerPlace({ row }: { row: SessionRow }) {
  const waits = useLive((store) => isWaiting(store.requests, row.id));
  const [writing, setWriting] = useState(false);
  return (
    // What was written stays while it is out of sight.
    // biome-ignore lint/a11y/noStaticElementInteractions: it only watches whether somebody writes
    <div
      className={waits && !writing ? "hidden" : "contents"}
      onFocus={() => setWriting(true)}
      onBlur={() => setWriting(false)}
    >
      <Composer row={row} />
    </div>
  );
}

function isWaiting(requests: ReadonlyMap<string, RequestRow>, session: string): boolean {
  for (const row of requests.values()) if (row.state === "open" && row.session === session) return true;
  return false;
}

function LoadingTab() {
  return <div className="flex-1" role="status" aria-label={sessionTexts.loadingTab} />;
}

const NO_AGENTS: readonly SubagentRow[] = [];

function Tab({ current, onSelect, children }: { current: boolean; onSelect(): void; children: React.ReactNode }) {
  return (
    <button
      type="button"
      aria-current={current ? "page" : undefined}
      className={clsx(
        "flex items-center gap-1.5 border-b-2 -outline-offset-2",
        current
          ? "border-accent font-medium text-fg"
          : "border-transparent hover:text-fg forced-colors:border-[Canvas]",
      )}
      onClick={onSelect}
    >
      {children}
    </button>
  );
}

interface AgentBarProps {
  agent: SubagentRow | null;
  onBack(): void;
  toolsRef: React.Ref<HTMLElement>;
}

/** Whose transcript this is, where it is not the session's own. */
function AgentBar({ agent, onBack, toolsRef }: AgentBarProps) {
  return (
    <div className="flex h-[34px] flex-none items-center gap-2 border-line border-b bg-sunken px-2 text-s max-desk:h-11">
      <Button look="bare" className="h-6! gap-1! px-2! max-desk:h-11!" onClick={onBack}>
        <ChevronLeft aria-hidden size={14} />
        {sessionTexts.main}
      </Button>
      {agent !== null && (
        <>
          <Glyph shape={agent.status} size={14} />
          <b className="flex-none font-medium">
            <Words>{agent.type ?? toolTexts.agent}</Words>
          </b>
          <span className="min-w-0 truncate text-fg-2">
            <Words>{agent.description ?? sessionTexts.agentUntitled}</Words>
          </span>
        </>
      )}
      <span ref={toolsRef} className="ml-auto flex-none" />
    </div>
  );
}

function NoSession({ error, onClose, onRetry }: { error: Error | null; onClose(): void; onRetry(): void }) {
  if (error === null) return <div className="flex-1" role="status" aria-label={sessionTexts.loading} />;
  const code = error instanceof ApiError ? error.code : null;
  const gone = code !== null && GONE.has(code);
  return (
    <div className="grid flex-1 content-start justify-items-center gap-3 px-6 py-16 text-center" role="alert">
      <h1 className="font-semibold text-l">
        {code === "not_found"
          ? sessionTexts.notFoundTitle
          : code === "session_deleted"
            ? sessionTexts.deletedTitle
            : sessionTexts.failedTitle}
      </h1>
      <p className="max-w-[48ch] text-fg-2">
        {code === "not_found"
          ? sessionTexts.notFound
          : code === "session_deleted"
            ? sessionTexts.deleted
            : error.message}
      </p>
      <div className="flex gap-2">
        {!gone && <Button onClick={onRetry}>{texts.sessions.tryAgain}</Button>}
        <Button onClick={onClose}>{sessionTexts.close}</Button>
      </div>
    </div>
  );
}

/** Asks for the details again when the feed told of a change, also that it is gone; at most once a second. */
function useFreshDetail(sessionId: string, live: SessionRow | null): void {
  const queries = useQueryClient();
  const seen = useRef(live);
  const timer = useRef<ReturnType<typeof setTimeout> | null>(null);
  useEffect(() => {
    if (live === seen.current) return;
    seen.current = live;
    timer.current ??= setTimeout(() => {
      timer.current = null;
      void queries.invalidateQueries({ queryKey: ["session", sessionId] });
    }, DETAIL_DELAY_MS);
  }, [queries, sessionId, live]);
  useEffect(
    () => () => {
      if (timer.current !== null) clearTimeout(timer.current);
      timer.current = null;
    },
    [],
  );
}

/** What was opened takes the focus, so that the arrows scroll it and Escape closes it. */
function useFocusOnOpen(panel: React.RefObject<HTMLElement | null>, what: string, there: boolean): void {
  // biome-ignore lint/correctness/useExhaustiveDependencies: another thing opened is the reason to move the focus
  useEffect(() => {
    if (!there) return;
    let frames = 0;
    let request = requestAnimationFrame(function attempt() {
      const target = panel.current?.querySelector<HTMLElement>("[data-panel-focus]");
      if (target != null) target.focus({ preventScroll: true });
      else if (frames++ < MAX_FOCUS_FRAMES) request = requestAnimationFrame(attempt);
      else panel.current?.focus({ preventScroll: true });
    });
    return () => cancelAnimationFrame(request);
  }, [what, there]);
}

const MAX_FOCUS_FRAMES = 60;
