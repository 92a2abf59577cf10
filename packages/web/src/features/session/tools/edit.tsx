import { clsx } from "clsx";
import type { ReactNode } from "react";
import { copyTexts } from "../../../texts/copy.ts";
import { entryTexts } from "../../../texts/entry.ts";
import { toolTexts } from "../../../texts/tool.ts";
import { Button } from "../../../ui/controls.tsx";
import { CopyText } from "../../../ui/copy-text.tsx";
import { outputText } from "../../../ui/safe-text.ts";
import { Command } from "../../../ui/text.tsx";
import { usePath } from "../call-context.ts";
import { type DiffLine, diffLines, diffText, patchLines, replaceLines } from "../diff.ts";
import type { Call } from "../entries.ts";
import { useFold } from "../fold-memory.ts";
import { fieldOf, flagOf, listOf, textOf } from "../read-input.ts";
import { Block, Outcome, ResultPart } from "./block.tsx";

const CLAMP_LINES = 40;

/** Edit, MultiEdit, Write and NotebookEdit: the path and what changed, line by line. */
export function EditBlock({ call }: { call: Call }) {
  const input = call.event?.content?.input;
  const path = textOf(input, "file_path") ?? textOf(input, "notebook_path") ?? call.event?.summary ?? "";
  const change = readChange(call);
  const added = change?.lines.filter((line) => line.kind === "add").length ?? 0;
  const removed = change?.lines.filter((line) => line.kind === "del").length ?? 0;
  return (
    <Block
      tool="Edit"
      name={call.tool ?? call.event?.tool}
      about={
        <code title={path}>
          <Command>{usePath(path)}</Command>
        </code>
      }
      end={
        <>
          {change?.created === true && <span>{toolTexts.created}</span>}
          {flagOf(input, "replace_all") && <span>{toolTexts.everywhere}</span>}
          {change !== null && (
            <span>
              {added > 0 && <span className="text-add-fg">{toolTexts.added(added)}</span>}{" "}
              {removed > 0 && <span className="text-del-fg">{toolTexts.removed(removed)}</span>}
            </span>
          )}
          <Outcome call={call} />
          {change !== null && <CopyText text={() => diffText(change.lines)} label={copyTexts.diff} />}
        </>
      }
    >
      {change !== null && <Diff id={`diff ${call.id}`} change={change} />}
      {(change === null || call.result?.isError === true) && <ResultPart call={call} quiet />}
    </Block>
  );
}

interface Change {
  lines: DiffLine[];
  /** Whether the numbers are those of the file. */
  numbered: boolean;
  /** The whole was written where nothing was, or where what was is not known. */
  created: boolean;
  tooLong: boolean;
}

function readChange(call: Call): Change | null {
  const input = call.event?.content?.input;
  const kept = call.result?.content?.result;
  const patch = patchLines(fieldOf(kept, "structuredPatch"));
  if (patch !== null) return { lines: patch, numbered: true, created: false, tooLong: false };
  const edits = listOf(input, "edits");
  const pairs = edits.length > 0 ? edits : [input];
  const lines: DiffLine[] = [];
  let tooLong = false;
  for (const pair of pairs) {
    const before = textOf(pair, "old_string");
    const after = textOf(pair, "new_string") ?? textOf(pair, "content") ?? textOf(pair, "new_source");
    if (after === null) continue;
    if (lines.length > 0) lines.push({ kind: "gap", old: null, new: null, text: "" });
    const compared = diffLines(before ?? "", after);
    if (compared === null) tooLong = true;
    lines.push(...(compared ?? replaceLines(before ?? "", after)));
  }
  if (lines.length === 0) return null;
  const created = textOf(kept, "type") === "create";
  return { lines, numbered: created, created, tooLong };
}

function Diff({ id, change }: { id: string; change: Change }) {
  const [open, toggle] = useFold(id);
  const long = change.lines.length > CLAMP_LINES + 4;
  const lines = long && !open ? change.lines.slice(0, CLAMP_LINES) : change.lines;
  return (
    <>
      {change.tooLong && <p className="block-part px-3 py-1 text-fg-3 text-xs">{toolTexts.diffTooLong}</p>}
      <div className={clsx("diff", !change.numbered && "is-unnumbered")} dir="ltr">
        {lines.map((line, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: the lines of one diff never change their order
          <div key={index} className={`is-${line.kind}`}>
            {change.numbered && <span className="number">{line.old}</span>}
            {change.numbered && <span className="number">{line.new}</span>}
            <span className="select-none">{SIGNS[line.kind]}</span>
            <span className="line">
              <LineText line={line} />
            </span>
          </div>
        ))}
      </div>
      {long && (
        <div className="px-2 pb-1">
          <Button look="bare" className="h-6! px-1! text-xs! max-desk:h-9!" aria-expanded={open} onClick={toggle}>
            {open ? entryTexts.showLess : entryTexts.showAll(change.lines.length)}
          </Button>
        </div>
      )}
    </>
  );
}

/** A changed line with the words that changed in it. */
function LineText({ line: { text, words = [] } }: { line: DiffLine }) {
  if (words.length === 0) return outputText(text);
  const parts: ReactNode[] = [];
  let at = 0;
  for (const [from, to] of words) {
    if (from > at) parts.push(outputText(text.slice(at, from)));
    parts.push(<mark key={from}>{outputText(text.slice(from, to))}</mark>);
    at = to;
  }
  if (at < text.length) parts.push(outputText(text.slice(at)));
  return parts;
}

const SIGNS: Record<DiffLine["kind"], string> = { same: " ", add: "+", del: "−", gap: "⋯" };
