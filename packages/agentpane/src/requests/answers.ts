import type { Decision, RequestRow } from "@agentpane/protocol";
import { Misuse } from "../misuse.ts";
import { shown } from "../terminal/shown.ts";

/** What an agent's question tool takes, as far as it matters here. */
interface Question {
  question: string;
  multiSelect: boolean;
  labels: string[];
}

type Answer = Extract<Decision, { type: "answer" }>["answers"][number];

/**
 * A person's words as answers. With several questions each begins with its number: `2=Blue`. What is no label of the
 * question is free text. A question that takes one answer takes no second.
 */
export function answersOf(row: RequestRow, words: readonly string[]): Answer[] {
  const asked = questionsOf(JSON.parse(row.inputJson ?? "null"));
  const answers = new Map<number, Answer>();
  for (const word of words) {
    const { index, text } = placed(word, asked.length);
    const one = asked[index];
    if (one === undefined) throw new Misuse(`There is no question ${index + 1}.`);
    const answer = answers.get(index) ?? { question: one.question, choices: [], other: null };
    if (answers.has(index) && !one.multiSelect) throw new Misuse(`"${shown(one.question)}" takes one answer.`);
    if (one.labels.includes(text)) answer.choices.push(text);
    else answer.other = answer.other === null ? text : `${answer.other}, ${text}`;
    answers.set(index, answer);
  }
  return [...answers].sort(([a], [b]) => a - b).map(([, answer]) => answer);
}

function placed(word: string, count: number): { index: number; text: string } {
  const numbered = /^(\d{1,2})=(.*)$/s.exec(word);
  if (numbered !== null) return { index: Number(numbered[1]) - 1, text: numbered[2] ?? "" };
  if (count > 1) throw new Misuse(`There are ${count} questions: begin each answer with its number, as in 1=Blue.`);
  return { index: 0, text: word };
}

function questionsOf(input: unknown): Question[] {
  const listed = field(input, "questions");
  const asked = Array.isArray(listed) ? listed.map(questionOf).filter((one) => one !== null) : [];
  if (Array.isArray(listed) && listed.length > 0 && asked.length === listed.length) return asked;
  throw new Error("This question is of a form that only the terminal can answer.");
}

function questionOf(value: unknown): Question | null {
  const question = field(value, "question");
  if (typeof question !== "string") return null;
  const options = field(value, "options");
  const labels = Array.isArray(options) ? options.map((option) => field(option, "label")) : [];
  const multiSelect = field(value, "multiSelect") === true;
  return { question, multiSelect, labels: labels.filter((label) => typeof label === "string") };
}

function field(value: unknown, name: string): unknown {
  return typeof value === "object" && value !== null ? (value as Record<string, unknown>)[name] : undefined;
}
