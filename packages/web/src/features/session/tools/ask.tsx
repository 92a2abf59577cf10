import { CircleCheck } from "lucide-react";
import { toolTexts } from "../../../texts/tool.ts";
import { Answer } from "../../../ui/answer.tsx";
import { Glyph } from "../../../ui/glyph.tsx";
import { Words } from "../../../ui/text.tsx";
import type { Call } from "../entries.ts";
import { fieldOf, flagOf, listOf, textOf } from "../read-input.ts";
import { decider, Outcome, ResultPart } from "./block.tsx";

/** AskUserQuestion: each question with its options, and what was chosen. */
export function QuestionBlock({ call }: { call: Call }) {
  const input = call.event?.content?.input;
  const questions = listOf(input, "questions");
  const answers = fieldOf(call.result?.content?.result, "answers");
  return (
    <div className="tool-block">
      <div className="block-head">
        <Glyph shape="question" named={false} size={14} />
        <b>{toolTexts.question}</b>
        <span className="ml-auto flex gap-3">
          {call.result === null ? (
            <span className="text-question">{toolTexts.notAnswered}</span>
          ) : (
            <>
              <AnsweredBy call={call} words={toolTexts.answeredBy} />
              <Outcome call={call} />
            </>
          )}
        </span>
      </div>
      {questions.map((question, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the questions of one call never change their order
        <Question key={index} question={question} answers={answers} />
      ))}
      {questions.length === 0 && (
        <p className="block-part px-3 py-1.5">
          <Words>{call.event?.summary ?? ""}</Words>
        </p>
      )}
      {(call.result?.isError === true || (call.result !== null && answers === undefined)) && (
        <ResultPart call={call} quiet />
      )}
    </div>
  );
}

/** Who answered, where the agent wrote it down; a refusal says so itself. */
function AnsweredBy({ call: { result }, words }: { call: Call; words(who: string): string }) {
  if (result?.decidedBy === undefined || result.denied === true) return null;
  return <span>{words(decider(result.decidedBy))}</span>;
}

function Question({ question, answers }: { question: unknown; answers: unknown }) {
  const words = textOf(question, "question") ?? "";
  const answer = textOf(answers, words);
  const options = listOf(question, "options").map((option) => ({
    label: textOf(option, "label") ?? "",
    description: textOf(option, "description"),
  }));
  const several = flagOf(question, "multiSelect");
  // Several choices come as "A, B" in one text.
  const chosen = new Set(answer === null ? [] : several ? answer.split(", ") : [answer]);
  const inOwnWords = answer !== null && !options.some((option) => chosen.has(option.label));
  return (
    <div className="block-part">
      <p className="px-3 py-1.5">
        <Words>{words}</Words>
        {several && <span className="text-fg-3 text-s"> ({toolTexts.manyAllowed})</span>}
      </p>
      <ul className="pb-1">
        {options.map((option) => (
          <Option key={option.label} {...option} chosen={chosen.has(option.label)} />
        ))}
        {inOwnWords && <Option label={answer} description={toolTexts.otherAnswer} chosen />}
      </ul>
    </div>
  );
}

function Option({ label, description, chosen }: { label: string; description: string | null; chosen: boolean }) {
  return (
    <li className={`flex items-baseline gap-2 px-3 py-1 text-s ${chosen ? "bg-accent-wash" : ""}`}>
      <span className="grid w-3.5 flex-none self-center">
        {chosen ? (
          <CircleCheck size={14} className="text-accent" aria-label={toolTexts.chosen} role="img" />
        ) : (
          <span aria-hidden="true" className="size-3.5 rounded-full border border-strong" />
        )}
      </span>
      <span className="flex-none font-medium">
        <Words>{label}</Words>
      </span>
      {description !== null && (
        <span className="min-w-0 text-fg-2">
          <Words>{description}</Words>
        </span>
      )}
    </li>
  );
}

/** ExitPlanMode: the plan as Markdown. Newer clients keep it in a file and repeat it in the result. */
export function PlanBlock({ call }: { call: Call }) {
  const plan = textOf(call.event?.content?.input, "plan") ?? textOf(call.result?.content?.result, "plan");
  const file = textOf(call.result?.content?.result, "filePath");
  const approved = call.result !== null && !call.result.isError && call.result.denied !== true;
  return (
    <div className="tool-block">
      <div className="block-head">
        <Glyph shape="plan" named={false} size={14} />
        <b>{toolTexts.plan}</b>
        {file !== null && (
          <code>
            <bdi dir="ltr">{file}</bdi>
          </code>
        )}
        <span className="ml-auto flex flex-none gap-3">
          {call.result === null && <span className="text-approval">{toolTexts.notAnswered}</span>}
          {approved && call.result?.decidedBy === undefined && <span>{toolTexts.approved}</span>}
          {approved && <AnsweredBy call={call} words={toolTexts.approvedBy} />}
          {call.result !== null && <Outcome call={call} />}
        </span>
      </div>
      <div className="block-part px-3 py-2">
        {plan === null ? <p className="text-fg-3">{toolTexts.planNoText}</p> : <Answer text={plan} />}
      </div>
      {call.result?.isError === true && <ResultPart call={call} />}
    </div>
  );
}
