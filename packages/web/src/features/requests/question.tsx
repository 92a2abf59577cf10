import { useState } from "react";
import { requestsTexts as words } from "../../texts/requests.ts";
import { Button } from "../../ui/controls.tsx";
import { Words } from "../../ui/text.tsx";
import { Note } from "./card.tsx";
import { Choices, KeyHint } from "./controls.tsx";
import { InputView } from "./input-view.tsx";
import type { KindProps } from "./permission.tsx";
import { Reply } from "./reply.tsx";
import { type AskedQuestion, questionsOf } from "./shown.ts";
import { useDecide } from "./use-decide.ts";
import { useDecisionKeys } from "./use-decision-keys.ts";

interface Given {
  choices: readonly string[];
  /** Own words; null while that choice is not taken. */
  other: string | null;
}
const NOTHING: Given = { choices: [], other: null };

/** An answer is wanted: every question with its options, free text, or none at all. */
export function Question({ whole, current, still, mayDecide }: KindProps) {
  const questions = questionsOf(whole.input);
  const { sending, problem, decide } = useDecide(whole);
  const [given, setGiven] = useState<readonly Given[]>([]);
  const [reply, setReply] = useState("");
  const givenTo = (index: number): Given => given[index] ?? NOTHING;
  const complete = questions.length > 0 && questions.every((_, index) => isAnswered(givenTo(index)));
  const canDecide = mayDecide && !sending && still;
  const canAnswer = canDecide && complete;
  const set = (index: number, next: Given): void =>
    setGiven(questions.map((_, at) => (at === index ? next : givenTo(at))));

  const answer = (): void => {
    if (!canAnswer) return;
    decide({
      type: "answer",
      answers: questions.map(({ question }, index) => {
        const { choices, other } = givenTo(index);
        return { question, choices: [...choices], other: other === null || other.trim() === "" ? null : other.trim() };
      }),
    });
  };
  /** Words in this request's own field are meant for it, however lately it moved. */
  const skip = (meant = canDecide): void => {
    if (meant && mayDecide) decide({ type: "skip", words: reply.trim() });
  };
  useDecisionKeys(whole.row.session, current && mayDecide, [
    ["a", answer, { label: words.answer, group: "session" }],
    ["d", () => skip(), { label: words.skip, group: "session" }],
  ]);
  return (
    <>
      {questions.length === 0 && <InputView tool="" input={whole.input} inputJson={whole.inputJson} danger={null} />}
      {questions.map((question, index) => (
        <Options
          // biome-ignore lint/suspicious/noArrayIndexKey: the questions of one request never change their order
          key={index}
          name={`${whole.row.id} ${index}`}
          question={question}
          given={givenTo(index)}
          disabled={!mayDecide || sending}
          onChange={(next) => set(index, next)}
        />
      ))}
      {mayDecide && (
        <Choices>
          <Button look={current ? "primary" : "plain"} disabled={!canAnswer} aria-keyshortcuts="a" onClick={answer}>
            {words.answer}
            <KeyHint shown={current}>a</KeyHint>
          </Button>
          <Button disabled={!canDecide} aria-keyshortcuts="d" onClick={() => skip()}>
            {words.skip}
            <KeyHint shown={current}>d</KeyHint>
          </Button>
          <Reply current={current} label={words.reply} value={reply} onChange={setReply} onSend={() => skip(true)} />
        </Choices>
      )}
      {sending && (
        <p role="status" className="text-fg-3 text-s">
          {words.sending}
        </p>
      )}
      {problem !== null && <Note alert>{problem}</Note>}
    </>
  );
}

function isAnswered({ choices, other }: Given): boolean {
  return choices.length > 0 || (other !== null && other.trim() !== "");
}

interface OptionsProps {
  name: string;
  question: AskedQuestion;
  given: Given;
  disabled: boolean;
  onChange(next: Given): void;
}

function Options({ name, question, given, disabled, onChange }: OptionsProps) {
  const { several, options } = question;
  const type = several ? "checkbox" : "radio";
  const choose = (label: string, chosen: boolean): void => {
    if (!several) return onChange({ choices: [label], other: null });
    const rest = given.choices.filter((choice) => choice !== label);
    onChange({ ...given, choices: chosen ? [...rest, label] : rest });
  };
  const chooseOther = (chosen: boolean): void => {
    if (several) onChange({ ...given, other: chosen ? "" : null });
    else onChange({ choices: [], other: "" });
  };
  return (
    <fieldset className="min-w-0" disabled={disabled}>
      <legend className="pb-1">
        <Words>{question.question}</Words>
        {several && <span className="text-fg-3 text-s"> ({words.many})</span>}
      </legend>
      <div className="divide-y divide-line overflow-hidden rounded-m border border-strong">
        {options.map((option) => (
          <label
            key={option.label}
            className="flex min-h-8 cursor-pointer flex-wrap items-center gap-x-3 px-3 py-1 hover:bg-hover has-checked:bg-accent-wash max-desk:min-h-11"
          >
            <input
              type={type}
              name={name}
              checked={given.choices.includes(option.label)}
              className="size-4 flex-none accent-(--accent-fill)"
              onChange={(event) => choose(option.label, event.target.checked)}
            />
            <span className="font-medium desk:min-w-36">
              <Words>{option.label}</Words>
            </span>
            {option.description !== null && (
              <span className="min-w-0 text-fg-2 text-s">
                <Words>{option.description}</Words>
              </span>
            )}
          </label>
        ))}
        <div className="flex min-h-8 flex-wrap items-center gap-x-3 px-3 py-1 has-checked:bg-accent-wash max-desk:min-h-11">
          <label className="flex cursor-pointer items-center gap-3 max-desk:min-h-11">
            <input
              type={type}
              name={name}
              checked={given.other !== null}
              className="size-4 flex-none accent-(--accent-fill)"
              onChange={(event) => chooseOther(event.target.checked)}
            />
            <span className="font-medium desk:min-w-36">{words.other}</span>
          </label>
          {given.other === null ? (
            <span className="text-fg-2 text-s">{words.otherHint}</span>
          ) : (
            <input
              aria-label={words.otherHint}
              value={given.other}
              dir="auto"
              maxLength={20_000}
              className="min-w-0 flex-1 rounded-s border border-strong bg-control px-2 py-0.5"
              onChange={(event) => onChange({ ...given, other: event.target.value })}
            />
          )}
        </div>
      </div>
    </fieldset>
  );
}
