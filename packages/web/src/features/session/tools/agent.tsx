import { clsx } from "clsx";
import { ChevronRight } from "lucide-react";
import { sessionTexts } from "../../../texts/session.ts";
import { toolTexts } from "../../../texts/tool.ts";
import { Answer } from "../../../ui/answer.tsx";
import { Glyph } from "../../../ui/glyph.tsx";
import { Command, Words } from "../../../ui/text.tsx";
import { ToolIcon } from "../../../ui/tool-icon.tsx";
import { useCallSurroundings } from "../call-context.ts";
import type { Call } from "../entries.ts";
import { useFold } from "../fold-memory.ts";
import { textOf } from "../read-input.ts";
import { LongText, Outcome, resultText } from "./block.tsx";

/** Task and Agent: who was sent for what, how it stands, and the way to its own transcript. */
export function AgentBlock({ call }: { call: Call }) {
  const { agentOfCall, openAgent } = useCallSurroundings();
  const [open, toggle] = useFold(`agent ${call.id}`);
  const input = call.event?.content?.input;
  const agent = agentOfCall(call.id, call.subagent);
  const subagent = agent?.id ?? call.subagent;
  const type = agent?.type ?? textOf(input, "subagent_type") ?? toolTexts.agent;
  const about = agent?.description ?? textOf(input, "description") ?? call.event?.summary ?? "";
  const prompt = textOf(input, "prompt");
  const answer = resultText(call).text;
  return (
    <div className="tool-block">
      <div className="block-head">
        <ToolIcon tool="Agent" />
        {subagent === null ? (
          <b>
            <Words>{type}</Words>
          </b>
        ) : (
          <button
            type="button"
            className="flex-none font-medium text-accent hover:underline"
            title={toolTexts.openAgent}
            onClick={() => openAgent(subagent)}
          >
            <Words>{type}</Words>
          </button>
        )}
        <span className="min-w-0 truncate text-fg-2">
          <Words>{about}</Words>
        </span>
        <span className="ml-auto flex flex-none items-center gap-3 pl-2">
          {agent !== null && <Glyph shape={agent.status} size={14} />}
          {agent !== null && <span>{sessionTexts.agentEvents(agent.events)}</span>}
          {agent === null && <Outcome call={call} />}
          <button
            type="button"
            aria-expanded={open}
            aria-label={`${toolTexts.agentTask}, ${toolTexts.agentResult}`}
            className="-mr-2 grid size-6 place-items-center rounded-m hover:bg-hover"
            onClick={toggle}
          >
            <ChevronRight
              aria-hidden
              size={14}
              className={clsx("transition-transform duration-(--fast)", open && "rotate-90")}
            />
          </button>
        </span>
      </div>
      {open && prompt !== null && (
        <div className="block-part">
          <p className="px-3 pt-1.5 font-medium text-fg-3 text-xs">{toolTexts.agentTask}</p>
          <pre className="px-3 pb-1.5 font-sans whitespace-pre-wrap">
            <Words>{prompt}</Words>
          </pre>
        </div>
      )}
      {open && answer !== "" && (
        <div className="block-part">
          <p className="px-3 pt-1.5 font-medium text-fg-3 text-xs">{toolTexts.agentResult}</p>
          {call.result?.isError === true ? (
            <LongText id={`result ${call.id}`} text={answer} tone="error" />
          ) : (
            <div className="px-3 pb-2">
              <Answer text={answer} />
            </div>
          )}
        </div>
      )}
      {call.progress !== null && call.result === null && (
        <p className="block-part truncate px-3 py-1 text-fg-3 text-s">
          <Command>{call.progress.summary}</Command>
        </p>
      )}
    </div>
  );
}
