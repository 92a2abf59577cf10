import type { SubagentRow } from "@agentpane/protocol";
import { ChevronRight } from "lucide-react";
import { useMemo, useRef, useState } from "react";
import { Elapsed, Moment } from "../../../live/time.tsx";
import { agentsTexts } from "../../../texts/agents.ts";
import { statusTexts } from "../../../texts/status.ts";
import { formatDuration, formatTokens, formatUsd } from "../../../ui/format.ts";
import { Glyph } from "../../../ui/glyph.tsx";
import { Model } from "../../../ui/model.tsx";
import { Words } from "../../../ui/text.tsx";
import { activityWord } from "../../sessions/row.tsx";
import { agentTree, type PlacedAgent, unfolded } from "./agent-tree.ts";
import "./agents.css";
import { moved } from "./tree-keys.ts";

interface AgentsViewProps {
  agents: readonly SubagentRow[];
  onOpen(id: string): void;
}

/** The subagents of a session, each below the one that spawned it and with the way to its transcript. */
export default function AgentsView({ agents, onOpen }: AgentsViewProps) {
  const [folded, setFolded] = useState<ReadonlySet<string>>(new Set());
  const [current, setCurrent] = useState<string | null>(null);
  const grid = useRef<HTMLDivElement>(null);
  const tree = useMemo(() => agentTree(agents), [agents]);
  const rows = unfolded(tree, folded);
  if (agents.length === 0) {
    return (
      <p data-panel-focus tabIndex={-1} className="flex-1 px-4 py-12 text-center text-fg-3 outline-none">
        {agentsTexts.none}
      </p>
    );
  }
  const focused = rows.find(({ agent }) => agent.id === current) ?? rows[0];
  const fold = (id: string, open: boolean) =>
    setFolded((before) => {
      const after = new Set(before);
      if (open) after.delete(id);
      else after.add(id);
      return after;
    });
  const onKeyDown = (event: React.KeyboardEvent) => {
    if (focused === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
    const does = moved(event.key, rows, focused, folded);
    if (does === null) return;
    event.preventDefault();
    if (does.kind === "open") onOpen(focused.agent.id);
    else if (does.kind === "fold") fold(focused.agent.id, does.open);
    else {
      setCurrent(does.to);
      grid.current?.querySelector<HTMLElement>(`[data-agent="${CSS.escape(does.to)}"]`)?.focus();
    }
  };
  return (
    <section aria-label={agentsTexts.title} data-scrolls className="agents scroll min-h-0 flex-1">
      <div ref={grid} role="treegrid" aria-label={agentsTexts.title} tabIndex={-1} onKeyDown={onKeyDown}>
        {/* biome-ignore lint/a11y/useSemanticElements: a table has no rows that fold */}
        <div role="row" tabIndex={-1} className="agents-row is-head">
          {Object.entries(agentsTexts.head).map(([key, words]) => (
            // biome-ignore lint/a11y/useSemanticElements: a table has no rows that fold
            <span key={key} role="columnheader" tabIndex={-1} className={`is-${key}`}>
              {words}
            </span>
          ))}
        </div>
        {rows.map((placed) => (
          <Agent
            key={placed.agent.id}
            placed={placed}
            open={!folded.has(placed.agent.id)}
            focusable={placed === focused}
            onFocus={() => setCurrent(placed.agent.id)}
            onFold={(open) => fold(placed.agent.id, open)}
            onOpen={() => onOpen(placed.agent.id)}
          />
        ))}
      </div>
    </section>
  );
}

/** Deeper ones are not moved further: their level is told in other ways. */
const MAX_INDENTS = 4;
const INDENT_PX = 20;

interface AgentProps {
  placed: PlacedAgent;
  open: boolean;
  focusable: boolean;
  onFocus(): void;
  onFold(open: boolean): void;
  onOpen(): void;
}

function Agent({ placed, open, focusable, onFocus, onFold, onOpen }: AgentProps) {
  const { agent, depth, children, position, siblings } = placed;
  const { costNanoUsd, tokens } = agent;
  return (
    // biome-ignore lint/a11y/useSemanticElements: a table has no rows that fold
    // biome-ignore lint/a11y/useKeyWithClickEvents: the grid takes the keys of all its rows
    <div
      role="row"
      aria-level={depth + 1}
      aria-posinset={position}
      aria-setsize={siblings}
      aria-expanded={children > 0 ? open : undefined}
      tabIndex={focusable ? 0 : -1}
      data-agent={agent.id}
      data-panel-focus={focusable || undefined}
      className="agents-row"
      title={agent.sentence}
      onFocus={onFocus}
      onClick={onOpen}
    >
      <Cell className="is-agent" indent={Math.min(depth, MAX_INDENTS) * INDENT_PX}>
        {children > 0 ? (
          <button
            type="button"
            tabIndex={-1}
            aria-label={open ? agentsTexts.fold : agentsTexts.unfold}
            onClick={(event) => {
              event.stopPropagation();
              onFold(!open);
            }}
          >
            <ChevronRight aria-hidden size={14} className={open ? "rotate-90" : undefined} />
          </button>
        ) : (
          <i />
        )}
        <Glyph shape={agent.status} />
        <span className="agents-about">
          <b>
            <Words>{agent.description ?? agentsTexts.untitled}</Words>
          </b>
          <span>
            <Words>{agent.type ?? agentsTexts.agent}</Words>
            {agent.stub === true && ` · ${agentsTexts.stub}`}
          </span>
        </span>
      </Cell>
      <Cell className="is-model">{agent.model !== undefined && <Model id={agent.model} />}</Cell>
      <Cell className="is-status">
        <Now agent={agent} />
      </Cell>
      <Cell className="is-tokens">{tokens === undefined || tokens === 0 ? "" : formatTokens(tokens)}</Cell>
      <Cell className="is-cost">{costNanoUsd === undefined || costNanoUsd === 0 ? "" : formatUsd(costNanoUsd)}</Cell>
      <Cell className="is-took">
        <Took agent={agent} />
      </Cell>
    </div>
  );
}

function Cell({ className, indent, children }: { className: string; indent?: number; children: React.ReactNode }) {
  return (
    // biome-ignore lint/a11y/useSemanticElements: a table has no rows that fold
    <span
      role="gridcell"
      tabIndex={-1}
      className={className}
      style={indent === undefined ? undefined : { paddingLeft: indent }}
    >
      {children}
    </span>
  );
}

/** What it does now, or how it ended; "completed" is what an end is, any other word of the client's is worth reading. */
function Now({ agent }: { agent: SubagentRow }) {
  const { status, activity, outcome, lastActivityAt } = agent;
  if (status === "working") {
    const since = activity?.since ?? agent.since;
    return (
      <>
        <b>{activityWord(activity?.what ?? "working")}</b> {since !== null && <Elapsed at={since} />}
      </>
    );
  }
  const failed = status === "ended" && outcome != null && outcome !== "completed";
  return (
    <>
      {failed ? <Words>{outcome}</Words> : statusTexts[status]}{" "}
      {lastActivityAt !== null && <Moment at={lastActivityAt} />}
    </>
  );
}

/** How long it worked; of a running one how long it has, ticking. */
function Took({ agent: { status, durationMs, startedAt } }: { agent: SubagentRow }) {
  if (durationMs != null) return formatDuration(durationMs);
  return status === "working" && startedAt !== null ? <Elapsed at={startedAt} /> : null;
}
