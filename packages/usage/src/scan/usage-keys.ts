import { COLON, plainEnd, QUOTE } from "./json-bytes.ts";
import { KeyTable } from "./key-table.ts";

/** Every key that the scan looks for, at whatever depth. Those with counts stand together. */
export const KEY = {
  type: 1,
  message: 2,
  timestamp: 3,
  uuid: 4,
  requestId: 5,
  data: 6,
  id: 7,
  model: 8,
  stop_reason: 9,
  usage: 10,
  cache_creation: 11,
  server_tool_use: 12,
  service_tier: 13,
  inference_geo: 14,
  speed: 15,
  iterations: 16,
  input_tokens: 17,
  output_tokens: 18,
  cache_read_input_tokens: 19,
  cache_creation_input_tokens: 20,
  ephemeral_5m_input_tokens: 21,
  ephemeral_1h_input_tokens: 22,
  web_search_requests: 23,
} as const;
export const FIRST_COUNT_KEY = KEY.input_tokens;

export const KEYS = new KeyTable(KEY);

/** The closing quote of the key whose opening quote is at `at`; -1 where there is no plain key, or no colon right behind it. */
export function keyEnd(bytes: Uint8Array, at: number, end: number): number {
  if (bytes[at] !== QUOTE) return -1;
  const close = plainEnd(bytes, at + 1, end);
  return close >= 0 && bytes[close + 1] === COLON ? close : -1;
}
