import type { HookFile } from "@agentpane/protocol";
import { commandParts } from "../../ui/safe-text.ts";
import { Command } from "../../ui/text.tsx";
import "../session/transcript.css";

const KINDS: Readonly<Record<string, string>> = { "+": "is-add", "-": "is-del", " ": "is-same" };
/** Names of the two files, which stand above it. */
const HEAD = /^(?:---|\+\+\+) /;

/** A part that begins with the first line, or of a file that is not there yet. */
const FROM_START = /^@@ -[01](?:,\d+)? /;

/** The exact change of one settings file. */
export function SettingsDiff({ file }: { file: HookFile }) {
  const lines = (file.diff?.text ?? "").split("\n").filter((line, at) => line !== "" && !(at < 2 && HEAD.test(line)));
  if (lines[0]?.startsWith("@") === true && FROM_START.test(lines[0])) lines.shift();
  return (
    <div className="overflow-hidden rounded-m border border-strong bg-sunken">
      <p className="border-line border-b px-3 py-1 font-mono text-xs [overflow-wrap:anywhere]">
        <Command>{file.path}</Command>
      </p>
      <div className="diff is-unnumbered" dir="ltr">
        {lines.map((line, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: the lines of one change never change their order
          <div key={index} className={KINDS[line[0] ?? ""] ?? "is-gap"}>
            <span className="select-none">{line.startsWith("-") ? "−" : line[0] === "@" ? "⋯" : line[0]}</span>
            <span className="line">{line[0] === "@" ? "" : plain(line.slice(1))}</span>
          </div>
        ))}
      </div>
    </div>
  );
}

function plain(line: string): string {
  return commandParts(line)
    .map((part) => part.text)
    .join("");
}
