import type { UsageCopy } from "@agentpane/protocol";
import { SYNTHETIC_MODEL } from "../rates/charge.ts";

/** A copy before it knows where it stands. */
export type ParsedCopy = Omit<UsageCopy, "offset" | "index">;
export type Iteration = NonNullable<UsageCopy["iterations"]>[number];

const MAX_ITERATIONS = 64;
const MAX_WORD_CHARS = 200;
const MAX_EPOCH_MS = 253_402_300_800_000;
const ISO = /^\d{4}-\d\d-\d\dT/;

/**
 * The slow way of the scan: the usage copy of a line that was parsed whole, or null. Says the same as the adapter's `readLine` (a
 * test); it stands here because loading the adapter takes longer than scanning 50 MB.
 */
export function parsedCopy(text: string): ParsedCopy | null {
  let line: unknown;
  try {
    line = JSON.parse(text);
  } catch {
    return null;
  }
  const { type, data, timestamp, message, requestId, uuid } = record(line);
  if (type === "assistant") return copyOf(record(message), requestId, uuid, epochMs(timestamp), false);
  if (type !== "progress" || record(data).type !== "agent_progress") return null;
  const nested = record(record(data).message);
  const at = epochMs(nested.timestamp) ?? epochMs(timestamp);
  return copyOf(record(nested.message), nested.requestId, nested.uuid, at, true);
}

function copyOf(
  message: Record<string, unknown>,
  requestId: unknown,
  uuid: unknown,
  at: number | null,
  nested: boolean,
): ParsedCopy | null {
  if (!isRecord(message.usage)) return null;
  const { usage } = message;
  const model = word(message.model) ?? "unknown";
  const named = nameOf(message.id, requestId, uuid);
  if (model === SYNTHETIC_MODEL || !named) return null;
  const split = record(usage.cache_creation);
  const copy: ParsedCopy = {
    at,
    ...named,
    model,
    stopReason: word(message.stop_reason) ?? null,
    inputTokens: count(usage.input_tokens) ?? 0,
    outputTokens: count(usage.output_tokens) ?? 0,
    cacheReadTokens: count(usage.cache_read_input_tokens) ?? 0,
    cacheWriteTokens: count(usage.cache_creation_input_tokens) ?? 0,
    cacheWrite5mTokens: count(split.ephemeral_5m_input_tokens) ?? 0,
    cacheWrite1hTokens: count(split.ephemeral_1h_input_tokens) ?? 0,
    webSearches: count(record(usage.server_tool_use).web_search_requests) ?? 0,
  };
  const speed = word(usage.speed);
  const region = word(usage.inference_geo);
  const tier = word(usage.service_tier);
  const iterations = otherModels(usage.iterations, model);
  if (speed) copy.speed = speed;
  if (region) copy.region = region;
  if (tier) copy.tier = tier;
  if (nested) copy.nested = true;
  if (iterations.length > 0) copy.iterations = iterations;
  return copy;
}

function nameOf(id: unknown, requestId: unknown, uuid: unknown): Pick<UsageCopy, "key" | "keyKind"> | null {
  const message = word(id);
  if (message) return { key: message, keyKind: "message" };
  const request = word(requestId);
  if (request) return { key: request, keyKind: "request" };
  const line = word(uuid);
  return line ? { key: line, keyKind: "line" } : null;
}

/** Steps of the response's own model are in its totals already; those of other models (advisors) are not. */
export function otherModels(iterations: unknown, model: string): Iteration[] {
  const others: Iteration[] = [];
  for (const item of Array.isArray(iterations) ? iterations : []) {
    const step = record(item);
    const stepModel = word(step.model);
    if (!stepModel || stepModel === model || others.length >= MAX_ITERATIONS) continue;
    const split = record(step.cache_creation);
    const oneHour = count(split.ephemeral_1h_input_tokens) ?? 0;
    const fiveMinutes = count(split.ephemeral_5m_input_tokens);
    others.push({
      model: stepModel,
      inputTokens: count(step.input_tokens) ?? 0,
      outputTokens: count(step.output_tokens) ?? 0,
      cacheReadTokens: count(step.cache_read_input_tokens) ?? 0,
      cacheWrite5mTokens: fiveMinutes ?? Math.max(0, (count(step.cache_creation_input_tokens) ?? 0) - oneHour),
      cacheWrite1hTokens: oneHour,
    });
  }
  return others;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function record(value: unknown): Record<string, unknown> {
  return isRecord(value) ? value : {};
}

function word(value: unknown): string | undefined {
  if (typeof value !== "string" || value === "") return undefined;
  const last = value.charCodeAt(MAX_WORD_CHARS - 1);
  const length =
    value.length > MAX_WORD_CHARS && last >= 0xd800 && last <= 0xdbff ? MAX_WORD_CHARS - 1 : MAX_WORD_CHARS;
  return value.slice(0, length).toWellFormed();
}

function count(value: unknown): number | undefined {
  if (typeof value !== "number" || !(value >= 0)) return undefined;
  const whole = Math.trunc(value);
  return whole <= Number.MAX_SAFE_INTEGER ? whole + 0 : undefined;
}

function epochMs(value: unknown): number | null {
  if (typeof value !== "string" || value.length > MAX_WORD_CHARS || !ISO.test(value)) return null;
  const ms = Date.parse(value);
  return ms >= 0 && ms <= MAX_EPOCH_MS ? ms : null;
}
