import type { SessionEvent } from "@agentpane/protocol";
import { eventKey } from "../../live/transcript.ts";
import type { Call, Entry, Fold } from "./entries.ts";

/** Where one event is shown: the entry, and what has to be opened before it can be seen. */
export interface Whereabouts {
  index: number;
  folds: string[];
}

/** Null where no entry shows the event of this key: it is not loaded, or nothing stands for it. */
export function whereIs(entries: readonly Entry[], key: string): Whereabouts | null {
  for (const [index, entry] of entries.entries()) {
    const folds = foldsTo(entry, key);
    if (folds !== null) return { index, folds };
  }
  return null;
}

function foldsTo(entry: Entry, key: string): string[] | null {
  switch (entry.kind) {
    case "day":
      return null;
    case "prompt":
      return eventKey(entry.event) === key ? [`prompt ${key}`] : null;
    case "answer":
    case "mark":
      return eventKey(entry.event) === key ? [] : null;
    case "call":
      return isOf(entry.call, key) ? foldsOfCall(entry.call) : null;
    case "folds": {
      const fold = entry.folds.find((one) => isIn(one, key));
      return fold === undefined ? null : foldsOfFold(fold, key);
    }
  }
}

function isIn(fold: Fold, key: string): boolean {
  switch (fold.kind) {
    case "thinking":
    case "words":
      return fold.key === key;
    case "calls":
      return fold.calls.some((call) => isOf(call, key));
    case "notes":
      return fold.events.some((event) => eventKey(event) === key);
  }
}

function foldsOfFold(fold: Fold, key: string): string[] {
  if (fold.kind === "words") return [fold.key, `words ${fold.key}`];
  if (fold.kind !== "calls") return [fold.key];
  const call = fold.calls.find((one) => isOf(one, key));
  return [fold.key, ...(call === undefined ? [] : [`quiet ${call.id}`, ...foldsOfCall(call)])];
}

function foldsOfCall({ id }: Call): string[] {
  return [`command ${id}`, `diff ${id}`, `result ${id}`, `input ${id}`, `input json ${id}`, `agent ${id}`];
}

function isOf(call: Call, key: string): boolean {
  return [call.event, call.result, call.progress].some((event) => event !== null && eventKey(event) === key);
}

/** The first event that an entry stands for: its address. */
export function eventOf(entry: Entry): SessionEvent | null {
  switch (entry.kind) {
    case "day":
      return null;
    case "call":
      return entry.call.event ?? entry.call.result;
    case "folds": {
      const fold = entry.folds[0];
      if (fold === undefined) return null;
      if (fold.kind === "calls") return fold.calls[0]?.event ?? null;
      return fold.kind === "notes" ? (fold.events[0] ?? null) : fold.event;
    }
    default:
      return entry.event;
  }
}
