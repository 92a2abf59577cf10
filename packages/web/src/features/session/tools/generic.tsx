import { ChevronRight } from "lucide-react";
import { entryTexts } from "../../../texts/entry.ts";
import { toolTexts } from "../../../texts/tool.ts";
import { texts } from "../../../texts.ts";
import { Command } from "../../../ui/text.tsx";
import type { Call } from "../entries.ts";
import { useFold } from "../fold-memory.ts";
import { pretty } from "../read-input.ts";
import { Block, LongText, Outcome, ResultPart } from "./block.tsx";

/** Any other tool: its name and what it is about; the input as JSON on demand, the result as text. */
export function GenericBlock({ call }: { call: Call }) {
  const tool = call.tool ?? "";
  const mcp = /^mcp__(.+?)__(.+)$/.exec(tool);
  const name =
    call.event === null
      ? toolTexts.orphan
      : mcp?.[1] !== undefined && mcp[2] !== undefined
        ? texts.sessions.mcp(mcp[1], mcp[2])
        : tool;
  const [open, toggle] = useFold(`input ${call.id}`);
  const input = call.event?.content?.input;
  const empty = input === undefined || pretty(input) === "{}";
  return (
    <Block
      tool={tool}
      name={name}
      about={
        call.event !== null && (
          <code>
            <Command>{call.event.summary}</Command>
          </code>
        )
      }
      end={<Outcome call={call} />}
    >
      {!empty && (
        <div className="block-part px-3">
          <button type="button" aria-expanded={open} className="fold-line" onClick={toggle}>
            <ChevronRight aria-hidden size={12} className="chevron" />
            {entryTexts.showRaw}
          </button>
          {open && <LongText id={`input json ${call.id}`} text={pretty(input)} className="-mx-3" />}
        </div>
      )}
      {call.progress !== null && call.result === null && (
        <p className="block-part truncate px-3 py-1 text-fg-3 text-s">
          <Command>{call.progress.summary}</Command>
        </p>
      )}
      <ResultPart call={call} />
    </Block>
  );
}
