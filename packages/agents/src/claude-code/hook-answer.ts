import {
  AgentPaneError,
  canonicalJson,
  DECISIONS_OF_KIND,
  type Decision,
  MAX_REQUEST_INPUT_BYTES,
} from "@agentpane/protocol";
import type { HookRequest } from "../adapter.ts";
import { containerAt, rawValue } from "./hook-json.ts";
import { asText, record } from "./parsed.ts";

type Answers = Extract<Decision, { type: "answer" }>["answers"];

/** The agent's own dialog stands: nothing was said. */
export const NO_HOOK_ANSWER = "{}";

/** The client takes the mode itself as well as a suggestion of it. */
const ACCEPT_EDITS = '{"type":"setMode","mode":"acceptEdits","destination":"session"}';
const SKIPPED = "The person skipped this question. Go on without an answer.";
const DENIED = "The person denied this.";
const REJECTED = "The person does not approve this plan yet.";

/**
 * What the hook answers for a decision, as JSON text. Throws `invalid_request` where the decision does not fit the request; then
 * nothing may be answered. Accepted suggestions and inputs keep their own characters.
 */
export function hookAnswer(request: HookRequest, decision: Decision): string {
  if (!DECISIONS_OF_KIND[request.kind].includes(decision.type)) {
    throw new AgentPaneError("invalid_request", `A ${request.kind} is not settled by "${decision.type}".`);
  }
  switch (decision.type) {
    case "allow":
      return allow(
        decision.updatedInputJson === undefined ? null : editedInput(decision.updatedInputJson),
        (decision.always ?? []).map((index) => suggestion(request, index)),
      );
    case "deny":
      return deny(decision.words || DENIED, decision.stop);
    case "answer":
      return allow(answeredInput(request.inputJson, decision.answers), []);
    case "skip":
      return deny(decision.words || SKIPPED, false);
    case "approve":
      return allow("{}", decision.acceptEdits ? [ACCEPT_EDITS] : []);
    case "reject":
      return deny(decision.words || REJECTED, false);
  }
}

function allow(updatedInput: string | null, updatedPermissions: readonly string[]): string {
  const input = updatedInput === null ? "" : `,"updatedInput":${updatedInput}`;
  const rules = updatedPermissions.length === 0 ? "" : `,"updatedPermissions":[${updatedPermissions.join(",")}]`;
  return output(`{"behavior":"allow"${input}${rules}}`);
}

function deny(message: string, interrupt: boolean): string {
  return output(JSON.stringify({ behavior: "deny", message, ...(interrupt ? { interrupt } : {}) }));
}

function output(decision: string): string {
  return `{"hookSpecificOutput":{"hookEventName":"PermissionRequest","decision":${decision}}}`;
}

function suggestion(request: HookRequest, index: number): string {
  const found = request.suggestions[index];
  if (found === undefined) throw new AgentPaneError("invalid_request", `There is no suggestion ${index}.`);
  return found.json;
}

function editedInput(json: string): string {
  if (Buffer.byteLength(json) > MAX_REQUEST_INPUT_BYTES) {
    throw new AgentPaneError("invalid_request", "The edited input is larger than 1 MiB.");
  }
  let value: unknown;
  try {
    value = JSON.parse(json);
    canonicalJson(value);
  } catch (cause) {
    throw new AgentPaneError("invalid_request", "The edited input is not JSON.", { cause });
  }
  if (containerAt(json)?.kind !== "object") {
    throw new AgentPaneError("invalid_request", "The edited input is not an object.");
  }
  return json;
}

/** The questions as they were asked, and an answer for each that has one: several choices are one text, as "A, B". */
function answeredInput(inputJson: string, answers: Answers): string {
  const input = containerAt(inputJson);
  const asked = askedIn(inputJson);
  const taken: Record<string, string> = Object.create(null);
  for (const { question, choices, other } of answers) {
    const options = asked.get(question);
    if (options === undefined)
      throw new AgentPaneError("invalid_request", "A question was answered that was not asked.");
    const unknown = choices.find((choice) => !options.labels.has(choice));
    if (unknown !== undefined) throw new AgentPaneError("invalid_request", `"${unknown}" is none of the choices.`);
    const texts = [...choices, ...(other === null || other === "" ? [] : [other])];
    if (texts.length === 0) throw new AgentPaneError("invalid_request", "A question was answered with nothing.");
    if (texts.length > 1 && !options.multiple) {
      throw new AgentPaneError("invalid_request", "A question that takes one answer got several.");
    }
    taken[question] = texts.join(", ");
  }
  const questions = rawValue(inputJson, input, "questions") ?? "[]";
  return `{"questions":${questions},"answers":${JSON.stringify(taken)}}`;
}

function askedIn(inputJson: string): Map<string, { labels: Set<string>; multiple: boolean }> {
  const { questions } = record(JSON.parse(inputJson));
  const asked = new Map<string, { labels: Set<string>; multiple: boolean }>();
  for (const item of Array.isArray(questions) ? questions : []) {
    const { question, options, multiSelect } = record(item);
    const text = asText(question);
    if (text === null) continue;
    const labels = (Array.isArray(options) ? options : []).map((option) => asText(record(option).label));
    asked.set(text, { labels: new Set(labels.filter((label) => label !== null)), multiple: multiSelect === true });
  }
  return asked;
}
