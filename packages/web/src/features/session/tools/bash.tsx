import { copyTexts } from "../../../texts/copy.ts";
import { entryTexts } from "../../../texts/entry.ts";
import { toolTexts } from "../../../texts/tool.ts";
import { Button } from "../../../ui/controls.tsx";
import { CopyText } from "../../../ui/copy-text.tsx";
import { Command, Words } from "../../../ui/text.tsx";
import { PHONE, useMedia } from "../../../ui/use-media.ts";
import type { Call } from "../entries.ts";
import { useFold } from "../fold-memory.ts";
import { flagOf, textOf } from "../read-input.ts";
import { Block, Outcome, ResultPart } from "./block.tsx";

/** A command this short stands in the head; a longer one has a part of its own, so that all of it can be read. */
const HEAD_CHARS = 46;
const HEAD_CHARS_PHONE = 20;
const CLAMP_LINES = 12;

export function BashBlock({ call }: { call: Call }) {
  const input = call.event?.content?.input;
  const command = textOf(input, "command") ?? call.event?.summary ?? "";
  const description = textOf(input, "description");
  const short = command.length <= (useMedia(PHONE) ? HEAD_CHARS_PHONE : HEAD_CHARS) && !command.includes("\n");
  return (
    <Block
      tool="Bash"
      name="Bash"
      about={
        short ? (
          <code title={command}>
            <Command>{command}</Command>
          </code>
        ) : (
          description !== null && (
            <span className="min-w-0 truncate text-fg-2">
              <Words>{description}</Words>
            </span>
          )
        )
      }
      end={
        <>
          {flagOf(input, "run_in_background") && <span>{toolTexts.background}</span>}
          <Outcome call={call} exit />
          <CopyText text={command} label={copyTexts.command} />
        </>
      }
    >
      {!short && <WholeCommand id={`command ${call.id}`} command={command} />}
      <ResultPart call={call} />
    </Block>
  );
}

function WholeCommand({ id, command }: { id: string; command: string }) {
  const [open, toggle] = useFold(id);
  const lines = command.split("\n");
  const long = lines.length > CLAMP_LINES + 2;
  return (
    <div className="block-part px-3 py-1.5">
      <pre className="text-fg text-s whitespace-pre-wrap [overflow-wrap:anywhere]">
        <span aria-hidden="true" className="text-fg-3 select-none">
          ${" "}
        </span>
        <Command>{long && !open ? lines.slice(0, CLAMP_LINES).join("\n") : command}</Command>
      </pre>
      {long && (
        <Button look="bare" className="-ml-1 h-6! px-1! text-xs! max-desk:h-9!" aria-expanded={open} onClick={toggle}>
          {open ? entryTexts.showLess : entryTexts.showAll(lines.length)}
        </Button>
      )}
    </div>
  );
}
