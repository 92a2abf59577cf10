/**
 * The promise, as it can be checked once nothing moves any more (all files read, nothing in flight):
 *
 * 1. Each transcript that is on the disk is one source, under its root, session and subagent, with its path, and the
 *    latest generation of that source is the file's complete lines: all of them, in place, and nothing else.
 * 2. Each stored generation of each source is the beginning, up to the end of a line, of one life of a transcript of
 *    that root, session and subagent. Two stored generations never stand for the same life: nothing is stored twice.
 *    (A life that no monitor looked at in time may be missing, or may end early; a cut-off life and the life it was cut
 *    down to begin alike, and what they share stands in whichever generation was growing when it was read.)
 * 3. What was once seen committed stays: the part of a life that was sealed is the beginning of a stored generation.
 * 4. Within a generation ranges do not overlap; every line that is worth keeping stands in exactly one range, at its
 *    offset, with exactly its bytes (an image over 1 MiB: a shorter stand-in); plumbing is in none; every byte
 *    up to the cursor is covered, but for ranges of which nothing was kept.
 * 5. Events stand at the beginning of a line that is committed, no two with the same offset and index, numbered from 0
 *    without a gap, and each line gives the kinds it must give once each and none that it must not give.
 * 6. Each response's usage is written down once for each line that carried it.
 * 7. A source whose file is gone says so.
 */
import { checkEvents } from "./check-events.ts";
import type { Journal, JournaledLife, JournaledLine } from "./journal.ts";
import { matchAll } from "./matching.ts";
import { nameOf, type StoredGeneration, type StoredLine, type StoredSource, type StoreView } from "./store-view.ts";

/** Everything that breaks the promise, as sentences; empty when it holds. */
export function checkStore(journal: Journal, store: StoreView): string[] {
  const problems: string[] = [];
  const lives = groupLives(journal.lives);
  const matched: { name: string; candidates: number[] }[] = [];
  for (const source of store.sources) {
    for (const generation of source.generations) {
      const name = nameOf(source, generation);
      problems.push(...checkRanges(generation).map((problem) => `${name}: ${problem}`));
      if (generation.extent === 0) {
        if (generation.events.length > 0) problems.push(`${name}: has events and no committed byte`);
        continue;
      }
      const candidates = lives.get(identity(source)) ?? [];
      const verdicts = candidates.map((life) => compare(generation, life));
      const fitting = candidates.filter((_, i) => verdicts[i] === null);
      const life = fitting.at(-1);
      if (life === undefined) {
        const why = candidates.map((_, i) => `life ${i + 1}: ${verdicts[i]}`).join("; ");
        problems.push(
          `${name}: up to ${generation.extent} is the beginning of no life (${why || "no such transcript"})`,
        );
        continue;
      }
      matched.push({ name, candidates: fitting.map((fits) => journal.lives.indexOf(fits)) });
      problems.push(...checkEvents(generation, life).map((problem) => `${name}: ${problem}`));
    }
  }
  for (const name of matchAll(matched)) problems.push(`${name}: its life is stored already; lines are stored twice`);
  problems.push(...checkPresent(journal, store), ...checkSealed(lives, store));
  return problems;
}

function identity(of: { root: string; session: string; subagent: string | null }): string {
  return JSON.stringify([of.root, of.session, of.subagent]);
}

function groupLives(all: readonly JournaledLife[]): Map<string, JournaledLife[]> {
  const groups = new Map<string, JournaledLife[]>();
  for (const life of all) {
    const group = groups.get(identity(life));
    if (group === undefined) groups.set(identity(life), [life]);
    else group.push(life);
  }
  return groups;
}

function checkRanges(generation: StoredGeneration): string[] {
  const problems: string[] = [];
  let end = 0;
  for (const range of generation.ranges) {
    const name = `range ${range.from}-${range.to}`;
    if (range.broken !== null) problems.push(`${name} ${range.broken}`);
    if (range.from < end) problems.push(`${name} overlaps the one that ends at ${end}`);
    if (range.to < range.from) problems.push(`${name} ends before it begins`);
    if (range.to > generation.extent) problems.push(`${name} goes past the cursor ${generation.extent}`);
    end = Math.max(end, range.to);
    let previous = range.from - 1;
    for (const line of range.lines) {
      if (line.offset <= previous || line.offset >= range.to)
        problems.push(`${name}: line at ${line.offset} is out of place`);
      previous = line.offset;
    }
  }
  return problems;
}

/** Null where the generation is the beginning of the life; else the first thing that is not. */
function compare(generation: StoredGeneration, life: JournaledLife, upTo = generation.extent): string | null {
  if (generation.extent < upTo) return `ends at ${generation.extent}, before ${upTo}`;
  const stored = new Map<number, StoredLine>();
  for (const range of generation.ranges) {
    for (const line of range.lines) if (line.offset < upTo) stored.set(line.offset, line);
  }
  let end = 0;
  for (const line of life.lines) {
    if (line.offset >= upTo) break;
    end = line.offset + line.length + 1;
    const found = stored.get(line.offset);
    stored.delete(line.offset);
    const wrong = judgeLine(line, found);
    if (wrong !== null) return `line at ${line.offset} (${line.kinds.join(", ") || "any"}) ${wrong}`;
  }
  if (end !== upTo) return `${upTo} is not the end of a line`;
  const [extra] = stored.keys();
  return extra === undefined ? null : `has a line at ${extra} where none begins`;
}

function judgeLine(line: JournaledLine, found: StoredLine | undefined): string | null {
  if (found === undefined) {
    return line.kept === "whole" || line.kept === "replaced" ? "is missing" : null;
  }
  if (line.kept === "dropped") return "is kept, though it is plumbing";
  if (line.kept === "replaced") {
    if (found.length >= line.length) return "is kept whole, though its image is over 1 MiB";
    return found.text !== null && isObject(found.text) ? null : "is replaced by what is not a line";
  }
  return found.sha256 === line.sha256 ? null : "has other bytes";
}

function isObject(text: string): boolean {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null && !Array.isArray(value);
  } catch {
    return false;
  }
}

function checkPresent(journal: Journal, store: StoreView): string[] {
  const problems: string[] = [];
  const taken = new Set<StoredSource>();
  for (const { path, life } of journal.present) {
    const here = store.sources.filter(
      (source) => identity(source) === identity(life) && source.path === path && !source.gone,
    );
    const [source] = here;
    if (source === undefined) {
      // A file without a complete line has nothing to tell yet.
      if (life.completeBytes > 0)
        problems.push(`${path}: is no source (${life.completeBytes} bytes stand on the disk)`);
      continue;
    }
    if (here.length > 1) problems.push(`${path}: is ${here.length} sources`);
    for (const one of here) taken.add(one);
    const latest = source.generations.find((generation) => generation.latest);
    if (latest === undefined) {
      problems.push(`${path}: has no generation`);
    } else if (latest.extent !== life.completeBytes) {
      problems.push(`${path}: committed to ${latest.extent} of ${life.completeBytes}`);
    } else if (life.completeBytes > 0) {
      const wrong = compare(latest, life);
      if (wrong !== null) problems.push(`${path}: the latest generation is not what is on the disk: ${wrong}`);
    }
  }
  for (const source of store.sources) {
    if (!taken.has(source) && !source.gone)
      problems.push(`${nameOf(source)}: not on the disk at ${source.path}, yet not said to be gone`);
  }
  return problems;
}

function checkSealed(lives: Map<string, JournaledLife[]>, store: StoreView): string[] {
  const problems: string[] = [];
  for (const [who, group] of lives) {
    const generations = store.sources
      .filter((source) => identity(source) === who)
      .flatMap((source) => source.generations);
    for (const life of group) {
      if (life.seenBytes === 0) continue;
      if (!generations.some((generation) => compare(generation, life, life.seenBytes) === null)) {
        problems.push(
          `${who}: ${life.seenBytes} bytes were committed once and no generation begins with them any more`,
        );
      }
    }
  }
  return problems;
}
