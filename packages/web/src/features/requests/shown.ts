import { type Decision, dangerOf, decisionSubject, type RequestRow } from "@agentpane/protocol";

export const SHAPE = { permission: "approval", question: "question", plan: "plan" } as const;
export const INK = { permission: "text-approval", question: "text-question", plan: "text-approval" } as const;

/** A request of which everything is here: what is shown is what a decision is about. */
export interface WholeRequest {
  row: RequestRow;
  inputJson: string;
  /** The same, parsed; undefined where it does not parse. */
  input: unknown;
  plan: { path: string; text: string } | null;
}

/** Null while parts are too large for the feed and have not been asked for by id. */
export function wholeOf(row: RequestRow): WholeRequest | null {
  if (row.inputJson === null || row.plan?.text === null) return null;
  const plan = row.plan === null ? null : { path: row.plan.path, text: row.plan.text };
  return { row, inputJson: row.inputJson, input: parsed(row.inputJson), plan };
}

export function parsed(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}

/** SHA-256, in hex, over exactly what was shown and chosen: the agent's machine compares it with what it holds. */
export async function digestOf({ row, inputJson, plan }: WholeRequest, decision: Decision): Promise<string> {
  const subject = decisionSubject({
    request: row.id,
    machine: row.machine.id,
    session: row.session,
    subagent: row.subagent,
    tool: row.tool,
    inputJson,
    suggestions: row.suggestions,
    plan,
    decision,
  });
  const bytes = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(subject));
  return [...new Uint8Array(bytes)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** The pattern by which settings call a permission dangerous, or null. */
export function dangerIn(patterns: readonly string[], { row, input }: WholeRequest): string | null {
  return row.kind === "permission" ? dangerOf(patterns, row.tool, input) : null;
}

/** Where a tool's input keeps the text that a person may want to change, by tool; others are changed as JSON. */
const EDITED_FIELD: Readonly<Record<string, string>> = { Bash: "command", Write: "content", Edit: "new_string" };

/** The text of an input that is changed, and the input with another text in its place. */
export interface Editable {
  /** Null: the whole input, as JSON. */
  field: string | null;
  text: string;
}

export function editableOf({ row, input }: WholeRequest): Editable {
  const field = EDITED_FIELD[row.tool];
  const value = field === undefined ? undefined : (input as Record<string, unknown> | null)?.[field];
  if (field !== undefined && typeof value === "string") return { field, text: value };
  return { field: null, text: JSON.stringify(input, null, 2) ?? "" };
}

/** The input to run instead, as JSON; null where the text is none, or no object. */
export function editedInput({ input }: WholeRequest, { field }: Editable, text: string): string | null {
  if (field !== null) return JSON.stringify({ ...(input as object), [field]: text });
  const value = parsed(text);
  return typeof value === "object" && value !== null && !Array.isArray(value) ? JSON.stringify(value) : null;
}

/** A question of AskUserQuestion, as far as it has the form that is known. */
export interface AskedQuestion {
  question: string;
  header: string | null;
  several: boolean;
  options: { label: string; description: string | null }[];
}

export function questionsOf(input: unknown): AskedQuestion[] {
  const questions = fieldOf(input, "questions");
  if (!Array.isArray(questions)) return [];
  return questions.flatMap((one: unknown) => {
    const question = fieldOf(one, "question");
    if (typeof question !== "string") return [];
    const options = fieldOf(one, "options");
    return {
      question,
      header: textOf(one, "header"),
      several: fieldOf(one, "multiSelect") === true,
      options: (Array.isArray(options) ? options : []).flatMap((option: unknown) => {
        const label = textOf(option, "label");
        return label === null ? [] : { label, description: textOf(option, "description") };
      }),
    };
  });
}

function fieldOf(value: unknown, name: string): unknown {
  return typeof value === "object" && value !== null ? (value as Record<string, unknown>)[name] : undefined;
}

function textOf(value: unknown, name: string): string | null {
  const field = fieldOf(value, name);
  return typeof field === "string" ? field : null;
}

/** Open ones, longest-waiting first. */
export function openOf(requests: ReadonlyMap<string, RequestRow>): RequestRow[] {
  return [...requests.values()]
    .filter((row) => row.state === "open")
    .sort((a, b) => a.openedAt - b.openedAt || (a.id < b.id ? -1 : 1));
}
