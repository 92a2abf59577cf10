import "./terminal.css";
import { clsx } from "clsx";
import { memo, useEffect, useRef } from "react";
import { terminalTexts as texts } from "../../../texts/terminal.ts";
import { Button } from "../../../ui/controls.tsx";
import { useApprover } from "../../requests/use-approver.ts";
import type { Piece } from "./drawn-terminal.ts";
import { bytesOfKey, bytesOfPaste } from "./keys.ts";
import { type ShownTerminal, useTerminal } from "./use-terminal.ts";

/** The live terminal of a session that runs under `agentpane run`: to look at, and for one at a time to type into. */
export default function TerminalView({ session }: { session: string }) {
  const shown = useTerminal(session);
  const { mayDecide: mayType } = useApprover();
  const screen = useRef<HTMLDivElement>(null);
  const { rows, closed, writer } = shown;
  // biome-ignore lint/correctness/useExhaustiveDependencies: what was drawn anew is the reason to follow its end
  useEffect(() => {
    const element = screen.current;
    if (element !== null) element.scrollTop = element.scrollHeight;
  }, [rows]);
  return (
    <section aria-label={texts.label} className="flex min-h-0 flex-1 flex-col bg-sunken">
      <Bar shown={shown} mayType={mayType} />
      <div
        ref={screen}
        className="relative min-h-0 flex-1 overflow-auto p-3"
        data-panel-focus
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls has to be reachable by keys
        tabIndex={0}
      >
        {rows.length === 0 && closed === null && <p role="status">{texts.loading}</p>}
        <pre aria-live="off" className={clsx("terminal w-fit", closed !== null && "opacity-75")}>
          {rows.map((row, y) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: a row is its place
            <Row key={y} row={row} />
          ))}
        </pre>
      </div>
      {writer.mine && closed === null && <Keyboard shown={shown} />}
    </section>
  );
}

function Bar({ shown, mayType }: { shown: ShownTerminal; mayType: boolean }) {
  const { closed, refused, writer, claim, openAgain } = shown;
  return (
    <div className="flex min-h-[34px] flex-none flex-wrap items-center gap-3 border-line border-b px-4 py-1 text-fg-2 text-s">
      <span role="status" className="min-w-0 flex-1">
        {closed !== null
          ? texts.closed(closed)
          : refused !== null
            ? texts.refused(refused)
            : writer.mine
              ? texts.youType
              : writer.name !== null
                ? texts.types(writer.name)
                : mayType
                  ? texts.looking
                  : texts.readOnly}
      </span>
      {closed !== null ? (
        <Button onClick={openAgain}>{texts.again}</Button>
      ) : (
        mayType &&
        !writer.mine && (
          <Button onClick={() => claim(writer.name !== null)}>
            {writer.name === null ? texts.typeHere : texts.takeOver}
          </Button>
        )
      )}
    </div>
  );
}

/** Takes the keys and pastes of the person, and nothing else: what a program asks of a terminal never gets an answer here. */
function Keyboard({ shown: { drawn, type } }: { shown: ShownTerminal }) {
  const field = useRef<HTMLTextAreaElement>(null);
  useEffect(() => field.current?.focus(), []);
  if (drawn === null) return null;
  return (
    <textarea
      ref={field}
      aria-label={texts.field}
      autoCapitalize="off"
      autoComplete="off"
      autoCorrect="off"
      spellCheck={false}
      rows={1}
      placeholder={texts.placeholder}
      className="m-2 block flex-none resize-none rounded-m border border-accent-fill bg-control px-2 py-1 font-mono text-s placeholder:text-fg-3"
      onKeyDown={(event) => {
        if (event.nativeEvent.isComposing) return;
        const bytes = bytesOfKey(event, drawn.modes);
        if (bytes === null) return;
        event.preventDefault();
        event.stopPropagation();
        type(bytes);
      }}
      onInput={(event) => {
        if ((event.nativeEvent as InputEvent).isComposing) return;
        type(event.currentTarget.value);
        event.currentTarget.value = "";
      }}
      onCompositionEnd={(event) => {
        type(event.currentTarget.value);
        event.currentTarget.value = "";
      }}
      onPaste={(event) => {
        event.preventDefault();
        type(bytesOfPaste(event.clipboardData.getData("text/plain"), drawn.modes));
      }}
    />
  );
}

const Row = memo(
  function Row({ row }: { row: readonly Piece[] }) {
    return (
      <div className="min-h-[1lh]">
        {row.map(({ text, fg, bg, bold, faint, italic, underline, cursor }, index) => (
          <span
            // biome-ignore lint/suspicious/noArrayIndexKey: a piece is its place
            key={index}
            className={clsx(
              bold && "font-bold",
              faint && "opacity-75",
              italic && "italic",
              underline && "underline",
              cursor && "terminal-cursor",
            )}
            style={{ color: fg ?? undefined, backgroundColor: bg ?? undefined }}
          >
            {text}
          </span>
        ))}
      </div>
    );
  },
  (before, after) => JSON.stringify(before.row) === JSON.stringify(after.row),
);
