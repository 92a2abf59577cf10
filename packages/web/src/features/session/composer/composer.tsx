import type { InputReport, SessionRow } from "@agentpane/protocol";
import { CornerDownLeft, Square } from "lucide-react";
import { useRef, useState } from "react";
import { useLive } from "../../../live/use-live.ts";
import { useServices } from "../../../services.ts";
import { composerTexts as texts } from "../../../texts/composer.ts";
import { Button, Kbd } from "../../../ui/controls.tsx";
import { CopyLine } from "../../../ui/copy-line.tsx";
import { useKeys } from "../../../ui/keys.ts";
import { useApprover } from "../../requests/use-approver.ts";
import { SentWords } from "./sent-words.ts";

const MAX_ROWS = 8;
const MAX_CHARS = 100_000;
/** What a terminal would take for keys; the server refuses it. */
const CONTROL = /[\p{Cc}\u2028\u2029]/gu;
const sentWords = new SentWords();

/** Where a person writes to the agent, and is told truly what became of it; or why that cannot be. */
export function Composer({ row }: { row: SessionRow }) {
  const { mayDecide: mayType } = useApprover();
  const reach = row.reach ?? null;
  // That it has ended stands in its head.
  if (row.status === "ended") return null;
  if (reach === null) return <Closed>{texts.unknown}</Closed>;
  if (reach.kind === "none") {
    return (
      <Closed>
        <span>{texts.outOfReach(reach.reason ?? "")}</span>
        <span className="flex min-w-0 flex-wrap items-center gap-2">
          {texts.howTo} <CopyLine command={texts.command} />
        </span>
      </Closed>
    );
  }
  if (!mayType) return <Closed>{texts.readOnly}</Closed>;
  return <Field key={row.id} row={row} />;
}

function Field({ row }: { row: SessionRow }) {
  const { api } = useServices();
  const field = useRef<HTMLTextAreaElement>(null);
  const [text, setText] = useState("");
  const [sending, setSending] = useState(false);
  const [last, setLast] = useState<{ report: InputReport; stop: boolean } | { problem: string } | null>(null);
  const id = last !== null && "report" in last ? last.report.id : null;
  const later = useLive((store) => (id === null ? null : (store.inputs.get(id) ?? null)));
  useKeys([["r", () => field.current?.focus(), { label: texts.key, group: "session" }]]);

  const act = async (what: () => Promise<InputReport>, stop: boolean): Promise<InputReport | null> => {
    setSending(true);
    setLast(null);
    try {
      const report = await what();
      setLast({ report, stop });
      return report;
    } catch (error) {
      setLast({ problem: (error as Error).message });
      return null;
    } finally {
      setSending(false);
    }
  };
  const send = async () => {
    const words = text.replaceAll("\r\n", "\n").trim();
    if (words === "" || sending) return;
    setText("");
    const report = await act(() => api.sendWords(row.id, words), false);
    sentWords.add(words);
    // Nobody shall write it twice; what was begun meanwhile stays.
    if (report === null || report.state === "not_sent") setText((now) => (now === "" ? words : now));
  };
  const recall = (found: string | null): boolean => {
    if (found !== null) setText(found);
    return found !== null;
  };
  const onKeyDown = (event: React.KeyboardEvent<HTMLTextAreaElement>) => {
    const { selectionStart, selectionEnd, value } = event.currentTarget;
    const alone = !event.shiftKey && !event.ctrlKey && !event.metaKey && !event.altKey;
    if (event.nativeEvent.isComposing || !alone) return;
    const onFirstLine = !value.slice(0, selectionStart).includes("\n") && selectionStart === selectionEnd;
    const onLastLine = !value.slice(selectionEnd).includes("\n") && selectionStart === selectionEnd;
    if (event.key === "Enter") void send();
    else if (event.key === "ArrowUp" && onFirstLine && recall(sentWords.older(value))) event.preventDefault();
    else if (event.key === "ArrowDown" && onLastLine && recall(sentWords.newer())) event.preventDefault();
    else if (event.key === "Escape") {
      event.stopPropagation();
      field.current?.blur();
    }
    if (event.key === "Enter") event.preventDefault();
  };
  return (
    <section aria-label={texts.section} className="grid flex-none gap-1 border-line border-t bg-page px-4 py-2">
      <div className="flex items-end gap-2">
        <label className="flex min-w-0 flex-1 items-start gap-2 rounded-m border border-strong bg-control px-2 py-1 focus-within:outline-2 focus-within:outline-accent">
          <textarea
            ref={field}
            aria-label={texts.field}
            placeholder={texts.placeholder}
            title={texts.hint}
            value={text}
            rows={Math.min(MAX_ROWS, text.split("\n").length)}
            dir="auto"
            maxLength={MAX_CHARS}
            className="min-w-0 flex-1 resize-none bg-transparent leading-5 outline-none placeholder:text-fg-3 max-desk:min-h-9 max-desk:py-2"
            onChange={(event) => setText(withoutControls(event.target.value))}
            onKeyDown={onKeyDown}
          />
          {text === "" && <Kbd className="mt-0.5 max-desk:hidden">r</Kbd>}
        </label>
        {row.status === "working" && (
          <Button
            title={texts.stopTitle}
            disabled={sending}
            onClick={() => void act(() => api.interrupt(row.id), true)}
          >
            <Square aria-hidden size={12} />
            {texts.stop}
          </Button>
        )}
        <Button look="primary" disabled={sending || text.trim() === ""} onClick={() => void send()}>
          <CornerDownLeft aria-hidden size={14} />
          {texts.send}
        </Button>
      </div>
      <p role="status" className="min-h-4 text-fg-2 text-s">
        {sending ? texts.sending : last === null ? "" : said(last, later)}
      </p>
    </section>
  );
}

function said(last: { report: InputReport; stop: boolean } | { problem: string }, later: InputReport | null): string {
  if ("problem" in last) return texts.because(texts.states.not_sent, last.problem);
  const { state, reason } = later ?? last.report;
  if (last.stop && state === "sent") return texts.stopped;
  return texts.because(texts.states[state], reason);
}

/** Newlines and tabs are words; the rest would be refused. */
function withoutControls(text: string): string {
  return text.replace(CONTROL, (char) => (char === "\n" || char === "\t" || char === "\r" ? char : ""));
}

function Closed({ children }: { children: React.ReactNode }) {
  return (
    <section
      aria-label={texts.section}
      className="grid flex-none gap-1 border-line border-t bg-sunken px-4 py-2 text-fg-2 text-s"
    >
      {children}
    </section>
  );
}
