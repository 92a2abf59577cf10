import { useState } from "react";
import { requestsTexts as words } from "../../texts/requests.ts";
import { Button, Kbd } from "../../ui/controls.tsx";
import { useKeys } from "../../ui/keys.ts";
import { Command, Words } from "../../ui/text.tsx";
import { Note } from "./card.tsx";
import { EditInput } from "./edit-input.tsx";
import { InputView } from "./input-view.tsx";
import { Reply } from "./reply.tsx";
import { SeenWhole } from "./seen-whole.tsx";
import { dangerIn, parsed, type WholeRequest } from "./shown.ts";
import { useDecide } from "./use-decide.ts";

export interface KindProps {
  whole: WholeRequest;
  current: boolean;
  mayDecide: boolean;
  dangerous: readonly string[];
}

/** May this tool run? The whole of what would run, and the ways to say yes and no. */
export function Permission({ whole, current, mayDecide, dangerous }: KindProps) {
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
  const canAllow = mayDecide && !sending && seen && (edited === null || edited.json !== null);
  const canAlways = canAllow && edited === null && danger === null && row.suggestions.length > 0;

  const allow = (): void => {
    if (!canAllow) return;
    if (danger !== null && !armed) return setArmed(true);
    setArmed(false);
    decide({ type: "allow", ...(edited?.json == null ? {} : { updatedInputJson: edited.json }) });
  };
  const always = (): void => {
    if (canAlways) decide({ type: "allow", always: row.suggestions.map((_, index) => index) });
  };
  const deny = (stop: boolean): void => {
    if (mayDecide && !sending) decide({ type: "deny", words: reply.trim(), stop });
  };
  const about = (label: string) => ({ label, group: "session" }) as const;
  useKeys(
    current && mayDecide
      ? [
          ["a", allow, about(words.keys.allow)],
          ["A", always, about(words.keys.always)],
          ["d", () => deny(false), about(words.keys.deny)],
        ]
      : [],
  );

  return (
    <>
      <SeenWhole onWhole={setSeen}>
        <InputView tool={row.tool} input={whole.input} inputJson={whole.inputJson} danger={asked} />
      </SeenWhole>
      <Facts whole={whole} />
      {danger !== null && (
        <p className="text-error text-s">
          <Words>{words.dangerous(danger)}</Words>
        </p>
      )}
      {row.suggestions.length > 0 &&
        (danger === null ? (
          <div className="text-fg-2 text-s">
            {words.alwaysWould}
            <ul>
              {row.suggestions.map((suggestion) => (
                <li key={suggestion.json} title={suggestion.json}>
                  <Command>{suggestion.words}</Command>
                </li>
              ))}
            </ul>
          </div>
        ) : (
          <Note>{words.noAlways}</Note>
        ))}
      {edited !== null && <EditInput whole={whole} onChange={(json) => setEdited({ json })} />}
      {mayDecide && (
        <div className="flex flex-wrap items-center gap-2">
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
            {current && <Kbd>a</Kbd>}
            {current && danger !== null && <Kbd>a</Kbd>}
          </Button>
          {row.suggestions.length > 0 && danger === null && edited === null && (
            <Button disabled={!canAlways} aria-keyshortcuts="Shift+A" onClick={always}>
              {words.allowAlways}
              {current && <Kbd>A</Kbd>}
            </Button>
          )}
          <Button disabled={sending} aria-keyshortcuts="d" onClick={() => deny(false)}>
            {words.deny}
            {current && <Kbd>d</Kbd>}
          </Button>
          <Button look="bare" disabled={sending} onClick={() => deny(true)}>
            {words.denyStop}
          </Button>
          <Button
            look="bare"
            aria-expanded={edited !== null}
            onClick={() => setEdited(edited === null ? { json: whole.inputJson } : null)}
          >
            {edited === null ? words.edit : words.editReset}
          </Button>
          <Reply current={current} label={words.reply} value={reply} onChange={setReply} onSend={() => deny(false)} />
        </div>
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
    <p className="flex flex-wrap gap-x-4 text-fg-2 text-s">
      {typeof description === "string" && (
        <span className="min-w-0">
          {words.agentSays} <Words>{description}</Words>
        </span>
      )}
      {row.cwd !== null && (
        <span className="min-w-0 [overflow-wrap:anywhere]">
          {words.runsIn}{" "}
          <code className="text-xs">
            <Command>{row.cwd}</Command>
          </code>
        </span>
      )}
    </p>
  );
}
