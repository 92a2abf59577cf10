import { clsx } from "clsx";
import { type LucideIcon, Repeat2, SquareTerminal, TriangleAlert } from "lucide-react";
import { type ReactNode, useState } from "react";
import { requestsTexts as words } from "../../texts/requests.ts";
import { Button } from "../../ui/controls.tsx";
import { Command, Words } from "../../ui/text.tsx";
import { Note } from "./card.tsx";
import { Choices, KeyHint } from "./controls.tsx";
import { EditInput } from "./edit-input.tsx";
import { InputView } from "./input-view.tsx";
import { Reply } from "./reply.tsx";
import { SeenWhole } from "./seen-whole.tsx";
import { dangerIn, parsed, type WholeRequest } from "./shown.ts";
import { useDecide } from "./use-decide.ts";
import { useDecisionKeys } from "./use-decision-keys.ts";

export interface KindProps {
  whole: WholeRequest;
  current: boolean;
  /** Nobody's hand is about to do something else. */
  still: boolean;
  mayDecide: boolean;
  dangerous: readonly string[];
}

/** May this tool run? The whole of what would run, and the ways to say yes and no. */
export function Permission({ whole, current, still, mayDecide, dangerous }: KindProps) {
  const { row } = whole;
  const { sending, problem, decide } = useDecide(whole);
  const [seen, setSeen] = useState(false);
  const [reply, setReply] = useState("");
  /** The input to run instead; null while what was asked stands. */
  const [edited, setEdited] = useState<{ json: string | null } | null>(null);
  const [armed, setArmed] = useState(false);
  const asked = dangerIn(dangerous, whole);
  const changed = edited?.json == null ? null : dangerIn(dangerous, { ...whole, input: parsed(edited.json) });
  const danger = edited === null ? asked : changed;
  const canDecide = mayDecide && !sending && still;
  const canAllow = canDecide && seen && (edited === null || edited.json !== null);
  const canAlways = canAllow && edited === null && danger === null && row.suggestions.length > 0;

  /** What was asked about a first time is no longer what would run. */
  const edit = (next: typeof edited): void => {
    setArmed(false);
    setEdited(next);
  };
  const allow = (): void => {
    if (!canAllow) return;
    if (danger !== null && !armed) return setArmed(true);
    setArmed(false);
    decide({ type: "allow", ...(edited?.json == null ? {} : { updatedInputJson: edited.json }) });
  };
  const always = (): void => {
    if (canAlways) decide({ type: "allow", always: row.suggestions.map((_, index) => index) });
  };
  /** Words in this request's own field are meant for it, however lately it moved. */
  const deny = (stop: boolean, meant = canDecide): void => {
    if (meant && mayDecide) decide({ type: "deny", words: reply.trim(), stop });
  };
  const about = (label: string) => ({ label, group: "session" }) as const;
  useDecisionKeys(row.session, current && mayDecide, [
    ["a", allow, about(words.keys.allow)],
    ["A", always, about(words.keys.always)],
    ["d", () => deny(false), about(words.keys.deny)],
  ]);

  return (
    <>
      <SeenWhole onWhole={setSeen}>
        <InputView tool={row.tool} input={whole.input} inputJson={whole.inputJson} danger={asked} />
      </SeenWhole>
      <Facts whole={whole} />
      {danger !== null && (
        <Fact icon={TriangleAlert} alert>
          <Words>{words.dangerous(danger)}</Words>
        </Fact>
      )}
      {row.suggestions.length > 0 &&
        (danger === null ? (
          <Fact icon={Repeat2}>
            {words.alwaysWould}{" "}
            {row.suggestions.map((suggestion, index) => (
              <span key={suggestion.json} title={suggestion.json}>
                {index > 0 && "; "}
                <Command>{suggestion.words}</Command>
              </span>
            ))}
          </Fact>
        ) : (
          <Note>{words.noAlways}</Note>
        ))}
      {edited !== null && <EditInput whole={whole} onChange={(json) => edit({ json })} />}
      {mayDecide && (
        <Choices>
          <Button
            look={danger === null && current ? "primary" : "plain"}
            className={danger === null ? undefined : "border-error! text-error!"}
            disabled={!canAllow}
            aria-keyshortcuts="a"
            onClick={allow}
          >
            {armed
              ? words.allowAgain
              : edited !== null
                ? words.allowEdited
                : danger === null
                  ? words.allow
                  : words.allowOnce}
            <KeyHint shown={current}>a</KeyHint>
            {danger !== null && <KeyHint shown={current}>a</KeyHint>}
          </Button>
          {row.suggestions.length > 0 && danger === null && edited === null && (
            <Button disabled={!canAlways} aria-keyshortcuts="Shift+A" onClick={always}>
              {words.allowAlways}
              <KeyHint shown={current}>A</KeyHint>
            </Button>
          )}
          <Button disabled={!canDecide} aria-keyshortcuts="d" onClick={() => deny(false)}>
            {words.deny}
            <KeyHint shown={current}>d</KeyHint>
          </Button>
          <Button look="bare" disabled={!canDecide} onClick={() => deny(true)}>
            {words.denyStop}
          </Button>
          <Button
            look="bare"
            aria-expanded={edited !== null}
            onClick={() => edit(edited === null ? { json: whole.inputJson } : null)}
          >
            {edited === null ? words.edit : words.editReset}
          </Button>
          <Reply
            current={current}
            label={words.reply}
            value={reply}
            onChange={setReply}
            onSend={() => deny(false, true)}
          />
        </Choices>
      )}
      {!seen && mayDecide && <Note>{words.readWhole}</Note>}
      {sending && (
        <p role="status" className="text-fg-3 text-s">
          {words.sending}
        </p>
      )}
      {problem !== null && <Note alert>{problem}</Note>}
    </>
  );
}

/** What the agent says it is for, and where it runs. */
function Facts({ whole: { row, input } }: { whole: WholeRequest }) {
  const description = (input as { description?: unknown } | null | undefined)?.description;
  if (typeof description !== "string" && row.cwd === null) return null;
  return (
    <Fact icon={SquareTerminal}>
      {typeof description === "string" && (
        <>
          {words.agentSays} <Words>{sentence(description)}</Words>{" "}
        </>
      )}
      {row.cwd !== null && (
        <span className="[overflow-wrap:anywhere]">
          {words.runsIn}{" "}
          <code className="text-xs">
            <Command>{row.cwd}</Command>
          </code>
        </span>
      )}
    </Fact>
  );
}

/** With a full stop, unless the agent wrote an end. */
function sentence(words: string): string {
  return /[.!?…]$/.test(words) ? words : `${words}.`;
}

interface FactProps {
  icon: LucideIcon;
  alert?: boolean;
  children: ReactNode;
}

function Fact({ icon: Icon, alert = false, children }: FactProps) {
  return (
    <p className={clsx("grid grid-cols-[14px_minmax(0,1fr)] gap-x-2 text-s", alert ? "text-error" : "text-fg-2")}>
      <Icon aria-hidden size={14} className="mt-0.5" />
      <span className="min-w-0">{children}</span>
    </p>
  );
}
