import type { EventKind, TranscriptEvent, UsageCopy } from "@agentpane/protocol";

/**
 * How an event's fields stand in its row: `[kind's number, fields in order]`. A row holds the values alone, since the
 * names would be a fifth of the store. Both lists only ever grow at their end, so that old rows keep their meaning.
 * A field followed by "?" is optional: null there means that it was absent.
 */
const FORMS: Record<EventKind, readonly [number, readonly string[]]> = {
  prompt: [1, ["origin", "summary", "chars", "images", "queued?"]],
  text: [2, ["response", "summary", "chars"]],
  thinking: [3, ["response", "summary", "chars", "durationMs?"]],
  "tool.call": [4, ["response", "call", "tool", "summary", "chars"]],
  "tool.result": [
    5,
    ["call", "isError", "summary", "chars", "images", "decidedBy?", "denied?", "exitCode?", "durationMs?", "subagent?"],
  ],
  response: [6, ["response", "model", "stopReason", "contextTokens", "outputTokens"]],
  "turn.end": [7, ["durationMs?", "messages?", "pending?"]],
  interrupt: [8, ["during"]],
  title: [9, ["title", "source"]],
  mode: [10, ["mode", "what"]],
  compaction: [11, ["trigger", "preTokens?", "postTokens?", "durationMs?"]],
  "api.error": [12, ["status", "error", "summary", "retry?"]],
  progress: [13, ["call", "type", "summary"]],
  "subagent.start": [14, ["call", "subagent", "type", "summary"]],
  "subagent.end": [15, ["call", "subagent", "status", "summary"]],
  todo: [16, ["op", "items"]],
  queue: [17, ["operation", "summary"]],
  cost: [18, ["totalNanoUsd", "durationMs?", "linesAdded?", "linesRemoved?"]],
  note: [19, ["type", "summary", "unknown?"]],
  malformed: [20, ["reason", "bytes"]],
};

const COPY_FORM: readonly string[] = [
  "keyKind",
  "model",
  "stopReason",
  "inputTokens",
  "outputTokens",
  "cacheReadTokens",
  "cacheWriteTokens",
  "cacheWrite5mTokens",
  "cacheWrite1hTokens",
  "webSearches",
  "speed?",
  "region?",
  "tier?",
  "nested?",
  "iterations?",
];

interface Field {
  name: string;
  optional: boolean;
}

function fields(form: readonly string[]): Field[] {
  return form.map((name) => ({ name: name.replace("?", ""), optional: name.endsWith("?") }));
}

const FIELDS_BY_KIND = new Map(Object.entries(FORMS).map(([kind, [, form]]) => [kind, fields(form)]));
const KIND_BY_NUMBER = new Map(Object.entries(FORMS).map(([kind, [number]]) => [number, kind as EventKind]));
const COPY_FIELDS = fields(COPY_FORM);

export function kindNumber(kind: EventKind): number {
  return FORMS[kind][0];
}

function pack(from: Record<string, unknown>, by: readonly Field[]): string {
  const values: unknown[] = [];
  let used = 0;
  for (const field of by) {
    const value = from[field.name];
    values.push(value);
    if (value !== undefined) used = values.length;
  }
  values.length = used;
  return JSON.stringify(values);
}

function unpack(into: Record<string, unknown>, body: string, by: readonly Field[]): void {
  const values = JSON.parse(body) as unknown[];
  for (const [index, field] of by.entries()) {
    const value = values[index] ?? null;
    if (value !== null || !field.optional) into[field.name] = value;
  }
}

/** All that its row does not hold in columns. */
export function packEvent(event: TranscriptEvent): string {
  return pack(event, FIELDS_BY_KIND.get(event.kind) ?? []);
}

export interface EventRow {
  offset: number;
  idx: number;
  kind: number;
  at: number | null;
  body: string;
}

export function unpackEvent(row: EventRow): TranscriptEvent {
  const kind = KIND_BY_NUMBER.get(row.kind);
  if (kind === undefined) throw new Error(`an event of the unknown kind ${row.kind} is stored`);
  const event = { kind, at: row.at, offset: row.offset, index: row.idx };
  unpack(event, row.body, FIELDS_BY_KIND.get(kind) ?? []);
  return event as unknown as TranscriptEvent;
}

export function packCopy(copy: UsageCopy): string {
  return pack(copy, COPY_FIELDS);
}

export interface CopyRow {
  offset: number;
  idx: number;
  at: number | null;
  key: string;
  body: string;
}

export function unpackCopy(row: CopyRow): UsageCopy {
  const copy = { offset: row.offset, index: row.idx, at: row.at, key: row.key };
  unpack(copy, row.body, COPY_FIELDS);
  return copy as unknown as UsageCopy;
}

/** Whether two lists would be stored alike. */
export function sameEvents(a: readonly TranscriptEvent[], b: readonly TranscriptEvent[]): boolean {
  return a.length === b.length && a.every((event, index) => eventText(event) === eventText(b[index]));
}
export function sameCopies(a: readonly UsageCopy[], b: readonly UsageCopy[]): boolean {
  return a.length === b.length && a.every((copy, index) => copyText(copy) === copyText(b[index]));
}

function eventText(event: TranscriptEvent | undefined): string {
  return event === undefined ? "" : `${event.kind} ${event.at} ${event.offset} ${event.index} ${packEvent(event)}`;
}
function copyText(copy: UsageCopy | undefined): string {
  return copy === undefined ? "" : `${copy.key} ${copy.at} ${copy.offset} ${copy.index} ${packCopy(copy)}`;
}

/** For the test that holds these forms and the protocol together. */
export const STORED_FORMS = { events: FORMS, copy: COPY_FORM };
