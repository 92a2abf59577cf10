import { useState } from "react";
import { requestsTexts as words } from "../../texts/requests.ts";
import { Answer } from "../../ui/answer.tsx";
import { Button } from "../../ui/controls.tsx";
import { Command } from "../../ui/text.tsx";
import { Note } from "./card.tsx";
import { Choices, KeyHint } from "./controls.tsx";
import type { KindProps } from "./permission.tsx";
import { Reply } from "./reply.tsx";
import { SeenWhole } from "./seen-whole.tsx";
import { useDecide } from "./use-decide.ts";
import { useDecisionKeys } from "./use-decision-keys.ts";

/** May the agent begin? The plan as Markdown. A plan that could not be read cannot be approved from here. */
export function Plan({ whole, current, still, mayDecide }: KindProps) {
  const { sending, problem, decide } = useDecide(whole);
  const [seen, setSeen] = useState(false);
  const [reply, setReply] = useState("");
  const { plan } = whole;
  const canDecide = mayDecide && !sending && still;
  const canApprove = canDecide && seen && plan !== null;
  const approve = (acceptEdits: boolean): void => {
    if (canApprove) decide({ type: "approve", acceptEdits });
  };
  /** Words in this request's own field are meant for it, however lately it moved. */
  const reject = (meant = canDecide): void => {
    if (meant && mayDecide) decide({ type: "reject", words: reply.trim() });
  };
  const about = (label: string) => ({ label, group: "session" }) as const;
  useDecisionKeys(whole.row.session, current && mayDecide, [
    ["a", () => approve(false), about(words.approve)],
    ["A", () => approve(true), about(words.approveEdits)],
    ["d", () => reject(), about(words.reject)],
  ]);
  return (
    <>
      <SeenWhole onWhole={setSeen}>
        {plan === null ? (
          <Note>{words.plan.noText}</Note>
        ) : (
          <div className="rounded-m border border-strong bg-sunken px-3 py-2">
            <Answer text={plan.text} />
          </div>
        )}
      </SeenWhole>
      {plan !== null && (
        <p className="text-fg-3 text-s">
          {words.plan.file}{" "}
          <code className="text-xs">
            <Command>{plan.path}</Command>
          </code>
        </p>
      )}
      {mayDecide && (
        <Choices stacked>
          <Button
            look={current ? "primary" : "plain"}
            disabled={!canApprove}
            aria-keyshortcuts="a"
            onClick={() => approve(false)}
          >
            {words.approve}
            <KeyHint shown={current}>a</KeyHint>
          </Button>
          <Button disabled={!canApprove} aria-keyshortcuts="Shift+A" onClick={() => approve(true)}>
            {words.approveEdits}
            <KeyHint shown={current}>A</KeyHint>
          </Button>
          <Button disabled={!canDecide} aria-keyshortcuts="d" onClick={() => reject()}>
            {words.reject}
            <KeyHint shown={current}>d</KeyHint>
          </Button>
          <Reply
            current={current}
            label={words.rejectHint}
            value={reply}
            onChange={setReply}
            onSend={() => reject(true)}
          />
        </Choices>
      )}
      {!seen && mayDecide && plan !== null && <Note>{words.readWhole}</Note>}
      {sending && (
        <p role="status" className="text-fg-3 text-s">
          {words.sending}
        </p>
      )}
      {problem !== null && <Note alert>{problem}</Note>}
    </>
  );
}
