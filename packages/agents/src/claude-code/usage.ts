import type { UsageCopy } from "@agentpane/protocol";
import type { CopyDraft } from "./reading.ts";
import { count, isObject, list, object, word } from "./taken.ts";
import type { Taken, TakenObject } from "./want.ts";

/** `usageCopy.iterations` ends here. */
const MAX_ITERATIONS = 64;
/** What the client writes as the model of messages that it made itself. */
export const SYNTHETIC_MODEL = "<synthetic>";

type Iteration = NonNullable<UsageCopy["iterations"]>[number];

/** The writing-down of a response's usage in `message`; null where there is none, or nothing to name it by. */
export function usageCopyOf(message: TakenObject, requestId: Taken, uuid: Taken): CopyDraft | null {
  if (!isObject(message.usage)) return null;
  const { usage } = message;
  const model = word(message.model) ?? "unknown";
  if (model === SYNTHETIC_MODEL) return null;
  const named = nameOf(message.id, requestId, uuid);
  if (!named) return null;
  const copy: CopyDraft = {
    key: named.key,
    keyKind: named.kind,
    model,
    stopReason: word(message.stop_reason) ?? null,
    inputTokens: count(usage.input_tokens) ?? 0,
    outputTokens: count(usage.output_tokens) ?? 0,
    cacheReadTokens: count(usage.cache_read_input_tokens) ?? 0,
    cacheWriteTokens: count(usage.cache_creation_input_tokens) ?? 0,
    cacheWrite5mTokens: count(object(usage.cache_creation).ephemeral_5m_input_tokens) ?? 0,
    cacheWrite1hTokens: count(object(usage.cache_creation).ephemeral_1h_input_tokens) ?? 0,
    webSearches: count(object(usage.server_tool_use).web_search_requests) ?? 0,
  };
  const speed = word(usage.speed);
  const region = word(usage.inference_geo);
  const tier = word(usage.service_tier);
  const iterations = otherModels(usage.iterations, model);
  if (speed) copy.speed = speed;
  if (region) copy.region = region;
  if (tier) copy.tier = tier;
  if (iterations.length > 0) copy.iterations = iterations;
  return copy;
}

function nameOf(messageId: Taken, requestId: Taken, uuid: Taken): { key: string; kind: UsageCopy["keyKind"] } | null {
  const message = word(messageId);
  if (message) return { key: message, kind: "message" };
  const request = word(requestId);
  if (request) return { key: request, kind: "request" };
  const line = word(uuid);
  return line ? { key: line, kind: "line" } : null;
}

/** Steps of the response's own model are already in its totals; only those of other models are priced apart. */
function otherModels(iterations: Taken, model: string): Iteration[] {
  const others: Iteration[] = [];
  for (const item of list(iterations)) {
    const step = object(item);
    const stepModel = word(step.model);
    if (!stepModel || stepModel === model || others.length >= MAX_ITERATIONS) continue;
    const split = object(step.cache_creation);
    const oneHour = count(split.ephemeral_1h_input_tokens) ?? 0;
    const fiveMinutes = count(split.ephemeral_5m_input_tokens);
    others.push({
      model: stepModel,
      inputTokens: count(step.input_tokens) ?? 0,
      outputTokens: count(step.output_tokens) ?? 0,
      cacheReadTokens: count(step.cache_read_input_tokens) ?? 0,
      // Without the split all of it is of the default lifetime, five minutes.
      cacheWrite5mTokens: fiveMinutes ?? Math.max(0, (count(step.cache_creation_input_tokens) ?? 0) - oneHour),
      cacheWrite1hTokens: oneHour,
    });
  }
  return others;
}
