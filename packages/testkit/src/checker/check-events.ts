import type { JournaledLife, JournaledLine } from "./journal.ts";
import type { StoredEvent, StoredGeneration } from "./store-view.ts";

/** What is wrong with the events and usage copies of a generation that is the beginning of `life`. */
export function checkEvents(generation: StoredGeneration, life: JournaledLife): string[] {
  const problems: string[] = [];
  const events = groupByOffset(generation.events);
  const usage = groupByOffset(generation.usage);
  for (const line of life.lines) {
    if (line.offset >= generation.extent) break;
    problems.push(...checkLine(line, events.get(line.offset) ?? []));
    const copies = usage.get(line.offset) ?? [];
    if (line.usage !== null) {
      const expected = line.usage.map((copy) => `${copy.key} ${copy.outputTokens}`).sort();
      const found = copies.map((copy) => `${copy.key} ${copy.outputTokens}`).sort();
      if (expected.join() !== found.join()) {
        problems.push(`usage at ${line.offset} is [${found.join()}] and should be [${expected.join()}]`);
      }
    }
    events.delete(line.offset);
    usage.delete(line.offset);
  }
  for (const offset of events.keys()) problems.push(`events at ${offset}, where no committed line begins`);
  for (const offset of usage.keys()) problems.push(`usage at ${offset}, where no committed line begins`);
  return problems;
}

function checkLine(line: JournaledLine, events: readonly StoredEvent[]): string[] {
  const problems: string[] = [];
  const indexes = events.map((event) => event.index).sort((a, b) => a - b);
  if (indexes.some((index, place) => index !== place)) {
    problems.push(`events at ${line.offset} are numbered ${indexes.join(" ")}`);
  }
  const kinds = events.map((event) => event.kind);
  for (const kind of line.kinds) {
    const times = kinds.filter((found) => found === kind).length;
    if (times !== 1)
      problems.push(`line at ${line.offset} gave ${times} ${kind} events (${kinds.join(" ") || "none at all"})`);
  }
  for (const kind of line.never) {
    if (kinds.includes(kind)) problems.push(`line at ${line.offset} gave a ${kind} event`);
  }
  return problems;
}

function groupByOffset<T extends { offset: number }>(items: readonly T[]): Map<number, T[]> {
  const groups = new Map<number, T[]>();
  for (const item of items) {
    const group = groups.get(item.offset);
    if (group === undefined) groups.set(item.offset, [item]);
    else group.push(item);
  }
  return groups;
}
