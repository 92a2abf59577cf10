import { commandParts } from "../../ui/safe-text.ts";
import { Command } from "../../ui/text.tsx";
import { type DiffLine, diffLines, replaceLines } from "../session/diff.ts";
import "../session/transcript.css";

export interface InputViewProps {
  tool: string;
  input: unknown;
  inputJson: string;
  /** The pattern that makes it dangerous: where it stands is marked. */
  danger: string | null;
}

/** Exactly what a tool is called with, nothing left out: the whole command, the whole change, or the input as JSON. */
export function InputView({ tool, input, inputJson, danger }: InputViewProps) {
  const fields = (typeof input === "object" && input !== null ? input : {}) as Record<string, unknown>;
  const { command, file_path: path, old_string: before, new_string: after, content } = fields;
  if (tool === "Bash" && typeof command === "string") {
    return (
      <>
        <Box danger={danger !== null}>
          <span aria-hidden="true" className="text-fg-3 select-none">
            ${" "}
          </span>
          <Command>{command}</Command>
        </Box>
        <Rest fields={fields} shown={["command", "description"]} />
      </>
    );
  }
  if (typeof path === "string" && typeof before === "string" && typeof after === "string") {
    return (
      <>
        <Change path={path} lines={diffLines(before, after) ?? replaceLines(before, after)} />
        <Rest fields={fields} shown={["file_path", "old_string", "new_string"]} />
      </>
    );
  }
  if (tool === "Write" && typeof path === "string" && typeof content === "string") {
    return (
      <>
        <Change path={path} lines={replaceLines("", content)} />
        <Rest fields={fields} shown={["file_path", "content"]} />
      </>
    );
  }
  return (
    <Box danger={danger !== null}>
      <Command>{input === undefined ? inputJson : JSON.stringify(input, null, 2)}</Command>
    </Box>
  );
}

function Box({ danger, children }: { danger: boolean; children: React.ReactNode }) {
  return (
    <pre
      dir="ltr"
      className={`whitespace-pre-wrap rounded-m border bg-sunken px-3 py-2 font-mono text-m [overflow-wrap:anywhere] ${danger ? "border-error" : "border-strong"}`}
    >
      {children}
    </pre>
  );
}

/** Fields that the form above does not show are shown as they are: nothing that is allowed is hidden. */
function Rest({ fields, shown }: { fields: Record<string, unknown>; shown: readonly string[] }) {
  const rest = Object.entries(fields).filter(([name]) => !shown.includes(name));
  if (rest.length === 0) return null;
  return (
    <dl className="grid gap-0.5 pt-1 text-s">
      {rest.map(([name, value]) => (
        <div key={name} className="flex min-w-0 gap-2">
          <dt className="flex-none text-fg-3">
            <Command>{name}</Command>
          </dt>
          <dd className="min-w-0 font-mono text-xs [overflow-wrap:anywhere]">
            <Command>{typeof value === "string" ? value : JSON.stringify(value)}</Command>
          </dd>
        </div>
      ))}
    </dl>
  );
}

const SIGN: Record<DiffLine["kind"], string> = { same: " ", add: "+", del: "−", gap: "⋯" };

/** A change of a file, line by line, with whatever has no ink as escapes. */
export function Change({ path, lines }: { path: string | null; lines: readonly DiffLine[] }) {
  return (
    <div className="overflow-hidden rounded-m border border-strong bg-sunken">
      {path !== null && (
        <p className="border-line border-b px-3 py-1 font-mono text-xs [overflow-wrap:anywhere]">
          <Command>{path}</Command>
        </p>
      )}
      <div className="diff is-unnumbered" dir="ltr">
        {lines.map((line, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: the lines of one change never change their order
          <div key={index} className={`is-${line.kind}`}>
            <span className="select-none">{SIGN[line.kind]}</span>
            <span className="line">
              {commandParts(line.text)
                .map((part) => part.text)
                .join("")}
            </span>
          </div>
        ))}
      </div>
    </div>
  );
}
