import type { Iteration } from "./parsed-line.ts";

/** Who a file is to the election: its place in the order of sources, and what decides which copy is earliest. */
export interface FileOrder {
  /** Position of the file's session in the order of sessions. */
  sessionRank: Int32Array;
  /** Birth of each file in epoch milliseconds; written by whoever opens it, before it is tallied. */
  birthMs: Float64Array;
}

/** The numbers of a copy, as they stand in the tally's columns. */
export interface CopyNumbers {
  inputTokens: number;
  outputTokens: number;
  cacheReadTokens: number;
  cacheWriteTokens: number;
  cacheWrite5mTokens: number;
  cacheWrite1hTokens: number;
  webSearches: number;
}

export interface CopyFacts {
  /** Epoch milliseconds; -1 where it has no time. */
  at: number;
  /** It has a stop reason. */
  final: boolean;
  nested: boolean;
}

export interface CopyPlace {
  /** From `termsOf`. */
  terms: number;
  file: number;
  offset: number;
  /** Null where no other model took part. */
  steps: Iteration[] | null;
}

/** Columns of doubles, one row per response. */
const COLUMNS = [
  "inputTokens",
  "outputTokens",
  "cacheReadTokens",
  "cacheWriteTokens",
  "cacheWrite5mTokens",
  "cacheWrite1hTokens",
  "webSearches",
  /** Place of the elected copy. */
  "offset",
  /** Time of the earliest copy, and of the earliest on a line of its own; infinite where that has none. */
  "earliestAt",
  "ownAt",
] as const;
/** Columns of integers. */
const MARKS = [
  "final",
  /** Index of the elected copy's terms: model, speed, region, tier. */
  "terms",
  /** Index of the elected copy's file; of the earliest copy's; of the earliest copy's on a line of its own, -1 without. */
  "file",
  "earliestFile",
  "ownFile",
] as const;

type Column = (typeof COLUMNS)[number];
type Mark = (typeof MARKS)[number];

/** A tally as it crosses threads. */
export interface TallyMessage {
  keys: string[];
  terms: string[];
  columns: Record<Column, Float64Array>;
  marks: Record<Mark, Int32Array>;
  steps: [number, Iteration[]][];
}

const FIRST_ROWS = 4096;

/**
 * All responses of many files, each elected as in `copies/election.ts` (a test compares), in columns rather than objects:
 * 300,000 of them take about 60 MB. Offering copies and absorbing other tallies commute.
 */
export class Tally {
  readonly #order: FileOrder;
  readonly #rows = new Map<string, number>();
  readonly #termIndex = new Map<string, number>();
  readonly #terms: string[] = [];
  readonly #steps = new Map<number, Iteration[]>();
  #columns = emptyColumns(FIRST_ROWS);
  #marks = emptyMarks(FIRST_ROWS);

  constructor(order: FileOrder) {
    this.#order = order;
  }

  get size(): number {
    return this.#rows.size;
  }

  /** The index of a set of terms, spelled `model\nspeed\nregion\ntier`. */
  termsOf(spelled: string): number {
    let index = this.#termIndex.get(spelled);
    if (index === undefined) {
      index = this.#terms.push(spelled) - 1;
      this.#termIndex.set(spelled, index);
    }
    return index;
  }

  /** The row of a response, made where there is none. */
  rowOf(key: string): number {
    const known = this.#rows.get(key);
    if (known !== undefined) return known;
    const row = this.#rows.size;
    if (row === this.#marks.file.length) this.#grow(row * 2);
    this.#rows.set(key, row);
    this.#marks.file[row] = -1;
    this.#marks.earliestFile[row] = -1;
    this.#marks.ownFile[row] = -1;
    return row;
  }

  /** One copy for the row. */
  offer(row: number, copy: CopyNumbers, facts: CopyFacts, { terms, file, offset, steps }: CopyPlace): void {
    const marks = this.#marks;
    const columns = this.#columns;
    const at = facts.at < 0 ? Number.POSITIVE_INFINITY : facts.at;
    const final = facts.final ? 1 : 0;
    if (this.#speaks(row, copy.outputTokens, final, file, offset)) {
      columns.inputTokens[row] = copy.inputTokens;
      columns.outputTokens[row] = copy.outputTokens;
      columns.cacheReadTokens[row] = copy.cacheReadTokens;
      columns.cacheWriteTokens[row] = copy.cacheWriteTokens;
      columns.cacheWrite5mTokens[row] = copy.cacheWrite5mTokens;
      columns.cacheWrite1hTokens[row] = copy.cacheWrite1hTokens;
      columns.webSearches[row] = copy.webSearches;
      columns.offset[row] = offset;
      marks.final[row] = final;
      marks.terms[row] = terms;
      marks.file[row] = file;
      this.#setSteps(row, steps);
    }
    if (this.#isEarlier(at, file, columns.earliestAt[row] as number, marks.earliestFile[row] as number)) {
      columns.earliestAt[row] = at;
      marks.earliestFile[row] = file;
    }
    if (!facts.nested && this.#isEarlier(at, file, columns.ownAt[row] as number, marks.ownFile[row] as number)) {
      columns.ownAt[row] = at;
      marks.ownFile[row] = file;
    }
  }

  /** Takes over what another thread tallied of other files or other parts of them. */
  absorb(other: TallyMessage): void {
    const steps = new Map(other.steps);
    const from = other.columns;
    const theirs = other.marks;
    const termsHere = other.terms.map((spelled) => this.termsOf(spelled));
    for (const [i, key] of other.keys.entries()) {
      const row = this.rowOf(key);
      const columns = this.#columns;
      const marks = this.#marks;
      const file = theirs.file[i] as number;
      if (
        this.#speaks(row, from.outputTokens[i] as number, theirs.final[i] as number, file, from.offset[i] as number)
      ) {
        for (const name of COLUMNS)
          if (name !== "earliestAt" && name !== "ownAt") columns[name][row] = from[name][i] as number;
        marks.final[row] = theirs.final[i] as number;
        marks.terms[row] = termsHere[theirs.terms[i] as number] as number;
        marks.file[row] = file;
        this.#setSteps(row, steps.get(i) ?? null);
      }
      const earliestAt = from.earliestAt[i] as number;
      const earliestFile = theirs.earliestFile[i] as number;
      if (
        this.#isEarlier(earliestAt, earliestFile, columns.earliestAt[row] as number, marks.earliestFile[row] as number)
      ) {
        columns.earliestAt[row] = earliestAt;
        marks.earliestFile[row] = earliestFile;
      }
      const ownAt = from.ownAt[i] as number;
      const ownFile = theirs.ownFile[i] as number;
      if (ownFile >= 0 && this.#isEarlier(ownAt, ownFile, columns.ownAt[row] as number, marks.ownFile[row] as number)) {
        columns.ownAt[row] = ownAt;
        marks.ownFile[row] = ownFile;
      }
    }
  }

  /** What crosses to another thread; the tally is used up. */
  message(): { message: TallyMessage; transfer: ArrayBuffer[] } {
    const message = {
      keys: [...this.#rows.keys()],
      terms: this.#terms,
      columns: this.#columns,
      marks: this.#marks,
      steps: [...this.#steps],
    };
    const buffers = [...Object.values(this.#columns), ...Object.values(this.#marks)].map((array) => array.buffer);
    return { message, transfer: buffers };
  }

  /** Columns, marks and terms by row; rows without a copy on a line of its own are not counted. */
  get view(): Omit<TallyMessage, "keys" | "steps"> & { steps: ReadonlyMap<number, Iteration[]>; files: FileOrder } {
    return { terms: this.#terms, columns: this.#columns, marks: this.#marks, steps: this.#steps, files: this.#order };
  }

  #setSteps(row: number, steps: Iteration[] | null): void {
    if (steps && steps.length > 0) this.#steps.set(row, steps);
    else this.#steps.delete(row);
  }

  #speaks(row: number, output: number, final: number, file: number, offset: number): boolean {
    const marks = this.#marks;
    const columns = this.#columns;
    const electedFile = marks.file[row] as number;
    if (electedFile < 0) return true;
    const electedOutput = columns.outputTokens[row] as number;
    if (output !== electedOutput) return output > electedOutput;
    const electedFinal = marks.final[row] as number;
    if (final !== electedFinal) return final > electedFinal;
    return file === electedFile ? offset < (columns.offset[row] as number) : file < electedFile;
  }

  #isEarlier(at: number, file: number, thanAt: number, thanFile: number): boolean {
    if (thanFile < 0) return true;
    if (at !== thanAt) return at < thanAt;
    const { birthMs, sessionRank } = this.#order;
    const birth = birthMs[file] as number;
    const thanBirth = birthMs[thanFile] as number;
    if (birth !== thanBirth) return birth < thanBirth;
    const rank = sessionRank[file] as number;
    const thanRank = sessionRank[thanFile] as number;
    return rank === thanRank ? file < thanFile : rank < thanRank;
  }

  #grow(rows: number): void {
    const columns = emptyColumns(rows);
    const marks = emptyMarks(rows);
    for (const name of COLUMNS) columns[name].set(this.#columns[name]);
    for (const name of MARKS) marks[name].set(this.#marks[name]);
    this.#columns = columns;
    this.#marks = marks;
  }
}

function emptyColumns(rows: number): Record<Column, Float64Array<ArrayBuffer>> {
  const columns = COLUMNS.map((name) => [name, new Float64Array(rows)] as const);
  return Object.fromEntries(columns) as Record<Column, Float64Array<ArrayBuffer>>;
}

function emptyMarks(rows: number): Record<Mark, Int32Array<ArrayBuffer>> {
  return Object.fromEntries(MARKS.map((name) => [name, new Int32Array(rows)] as const)) as Record<
    Mark,
    Int32Array<ArrayBuffer>
  >;
}
