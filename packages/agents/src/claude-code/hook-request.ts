import { canonicalJson, MAX_REQUEST_INPUT_BYTES, type RequestKind, type RequestSuggestion } from "@agentpane/protocol";
import type { HookReading } from "../adapter.ts";
import { inputHash } from "./hook-input.ts";
import { containerAt, rawValue } from "./hook-json.ts";
import { suggestionWords } from "./hook-words.ts";
import { asText, record } from "./parsed.ts";

/** The protocol's bounds. */
const MAX_ID_CHARS = 200;
const MAX_WORD_CHARS = 200;
const MAX_PATH_CHARS = 4096;
const MAX_SUGGESTIONS = 50;
const MAX_SUGGESTION_CHARS = 64 * 1024;

/** Tools through which the agent does not ask whether it may, but what a person wants. */
const KINDS: Readonly<Record<string, RequestKind>> = { AskUserQuestion: "question", ExitPlanMode: "plan" };

/**
 * What 2.1.330 posts to a `PermissionRequest` hook, as a request. Input and suggestions keep the client's own characters. A
 * suggestion that is too large to be shown is left out: nobody can accept it then.
 */
export function readHookRequest(body: string): HookReading {
  let payload: Record<string, unknown>;
  try {
    payload = record(JSON.parse(body));
  } catch {
    return { reason: "not_json" };
  }
  const session = id(payload.session_id);
  const tool = asText(payload.tool_name);
  if (payload.hook_event_name !== "PermissionRequest" || session === null || tool === null || tool === "") {
    return { reason: "not_a_request" };
  }
  if (tool.length > MAX_WORD_CHARS) return { reason: "not_a_request" };
  const places = containerAt(body);
  const inputJson = rawValue(body, places, "tool_input") ?? "{}";
  if (Buffer.byteLength(inputJson) > MAX_REQUEST_INPUT_BYTES) return { reason: "input_too_large" };
  const inputSha256 = inputHash(payload.tool_input ?? {});
  if (inputSha256 === null) return { reason: "input_too_deep" };
  return {
    request: {
      session,
      subagent: id(payload.agent_id),
      subagentType: word(payload.agent_type),
      kind: (Object.hasOwn(KINDS, tool) ? KINDS[tool] : undefined) ?? "permission",
      tool,
      inputJson,
      inputSha256,
      suggestions: suggestionsIn(rawValue(body, places, "permission_suggestions") ?? "[]"),
      cwd: path(payload.cwd),
      permissionMode: word(payload.permission_mode),
      transcriptPath: path(payload.transcript_path),
    },
  };
}

function suggestionsIn(json: string): RequestSuggestion[] {
  const list = containerAt(json);
  if (list?.kind !== "array") return [];
  return list.members
    .map(({ from, to }) => json.slice(from, to))
    .filter((text) => text.length <= MAX_SUGGESTION_CHARS && isShallow(text))
    .slice(0, MAX_SUGGESTIONS)
    .map((text) => ({ json: text, words: suggestionWords(JSON.parse(text)) }));
}

/** A digest is taken over it as well. */
function isShallow(json: string): boolean {
  try {
    canonicalJson(JSON.parse(json));
    return true;
  } catch {
    return false;
  }
}

function id(value: unknown): string | null {
  return typeof value === "string" && value !== "" && value.length <= MAX_ID_CHARS ? value : null;
}

function word(value: unknown): string | null {
  return typeof value === "string" && value !== "" ? value.slice(0, MAX_WORD_CHARS).toWellFormed() : null;
}

function path(value: unknown): string | null {
  return typeof value === "string" && value !== "" && value.length <= MAX_PATH_CHARS ? value : null;
}
