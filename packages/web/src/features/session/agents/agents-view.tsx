import type { SubagentRow } from "@agentpane/protocol";
import { Elapsed, Moment } from "../../live/time.tsx";
import { sessionTexts } from "../../texts/session.ts";
import { toolTexts } from "../../texts/tool.ts";
import { texts } from "../../texts.ts";
import { formatDuration } from "../../ui/format.ts";
import { Glyph } from "../../ui/glyph.tsx";
import { Words } from "../../ui/text.tsx";
import { activityWord } from "../sessions/row.tsx";
import { agentTree } from "./agent-tree.ts";

/** The subagents of a session, each below the one that spawned it and with the way to its transcript. */
export function AgentsView({ agents, onOpen }: { agents: readonly SubagentRow[]; onOpen(id: string): void }) {
  if (agents.length === 0) {
    return <p className="flex-1 px-4 py-12 text-center text-fg-3">{sessionTexts.noAgents}</p>;
  }
  return (
    <section
      aria-label={sessionTexts.agents}
      data-scrolls
      data-panel-focus
      className="scroll min-h-0 flex-1 -outline-offset-2"
    >
      <ul>
        {agentTree(agents).map(({ agent, depth }) => (
          <li key={agent.id}>
            <button
              type="button"
              data-agent={agent.id}
              className="grid w-full grid-cols-[16px_minmax(0,1fr)_auto] items-center gap-x-3 border-line border-b px-4 py-1.5 text-left -outline-offset-2 hover:bg-hover"
              style={{ paddingLeft: `${16 + Math.min(depth, MAX_INDENTS) * 20}px` }}
              onClick={() => onOpen(agent.id)}
            >
              <span className="row-span-2 self-start pt-0.5">
                <Glyph shape={agent.status} />
              </span>
              <span className="truncate font-medium">
                <Words>{agent.description ?? sessionTexts.agentUntitled}</Words>
              </span>
              <span className="text-fg-2 text-s" title={agent.sentence}>
                <AgentNow agent={agent} />
              </span>
              <span className="truncate text-fg-3 text-s">
                <Words>{agent.type ?? toolTexts.agent}</Words>
                {agent.model !== undefined && (
                  <>
                    {" · "}
                    <Words>{agent.model}</Words>
                  </>
                )}
                {agent.stub === true && ` · ${sessionTexts.agentStub}`}
              </span>
              <span className="text-right text-fg-3 text-s">{sessionTexts.agentEvents(agent.events)}</span>
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}

const MAX_INDENTS = 4;

function AgentNow({ agent }: { agent: SubagentRow }) {
  if (agent.status === "working") {
    return (
      <>
        <b className="font-medium text-fg">{activityWord(agent.activity?.what ?? "working")}</b>{" "}
        {(agent.activity?.since ?? agent.since) !== null && <Elapsed at={agent.activity?.since ?? agent.since ?? 0} />}
      </>
    );
  }
  const { outcome, durationMs } = agent;
  // "completed" is what an end is; any other word of the client's is worth reading.
  const failed = agent.status === "ended" && outcome != null && outcome !== "completed";
  return (
    <>
      {failed ? <Words>{outcome}</Words> : texts.status[agent.status]}
      {durationMs != null && ` ${sessionTexts.agentTook(formatDuration(durationMs))}`}{" "}
      {agent.lastActivityAt !== null && <Moment at={agent.lastActivityAt} />}
    </>
  );
}
