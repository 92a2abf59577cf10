import { FileScanner, type ScanCounts } from "./file-scanner.ts";
import { Tally, type TallyMessage } from "./tally.ts";

/** What all threads of a scan share: the same files, and who does which of them. */
export interface SharedWork {
  paths: readonly string[];
  sessionRank: Int32Array;
  /** Shared memory, as the rest: birth of each file in epoch milliseconds. */
  birthMs: Float64Array;
  /** Size of each file that is read in parts, in bytes. */
  sizes: Float64Array;
  /** Next part of each file that is read in parts. */
  nextPart: Int32Array;
  /** Files that are read in parts, in the order in which they were met. */
  large: Int32Array;
  state: Int32Array;
}

/** What one thread brings home. */
export interface WorkResult {
  tally: TallyMessage;
  counts: ScanCounts;
  unreadable: number;
}

/** Larger files are read in parts of this size, by whoever is free, once all others are taken. */
const PART_BYTES = 16 * 1024 * 1024;
/** How long a thread that has nothing to do sleeps before it looks again. */
const IDLE_WAIT_MS = 2;
/** A thread that died holds its file for ever; so long is waited for it. */
const STUCK_AFTER_MS = 120_000;

const NEXT_FILE = 0;
const BUSY_THREADS = 1;
const LARGE_FILES = 2;
const STATE_CELLS = 3;

export function sharedWork(paths: readonly string[], sessionRank: Int32Array): SharedWork {
  const files = paths.length;
  const integers = (length: number): Int32Array => new Int32Array(new SharedArrayBuffer(length * 4));
  const doubles = (length: number): Float64Array => new Float64Array(new SharedArrayBuffer(length * 8));
  return {
    paths,
    sessionRank,
    birthMs: doubles(files),
    sizes: doubles(files),
    nextPart: integers(files),
    large: integers(files),
    state: integers(STATE_CELLS),
  };
}

/** One thread's share, until nothing is left for anybody. Blocks its thread; `onFile` hears how many files are taken by all. */
export function doWork(
  work: SharedWork,
  onFile: (taken: number) => void = () => {},
): { tally: Tally; counts: ScanCounts; unreadable: number } {
  const tally = new Tally({ sessionRank: work.sessionRank, birthMs: work.birthMs });
  const scanner = new FileScanner(tally);
  let unreadable = 0;
  const { state } = work;
  for (;;) {
    Atomics.add(state, BUSY_THREADS, 1);
    try {
      const file = Atomics.add(state, NEXT_FILE, 1);
      if (file >= work.paths.length) break;
      onFile(file);
      if (!takeFile(work, scanner, file)) unreadable++;
    } finally {
      Atomics.sub(state, BUSY_THREADS, 1);
      Atomics.notify(state, BUSY_THREADS);
    }
  }
  takeParts(work, scanner);
  return { tally, counts: scanner.counts, unreadable };
}

/** Reads one file, or leaves it to be read in parts. False where it cannot be opened. */
function takeFile(work: SharedWork, scanner: FileScanner, file: number): boolean {
  return FileScanner.open(work.paths[file] ?? "", (descriptor) => {
    if (descriptor < 0) return false;
    const { bytes, birthMs } = FileScanner.facts(descriptor);
    work.birthMs[file] = birthMs;
    if (bytes <= PART_BYTES) {
      scanner.scan(descriptor, file, 0, Number.POSITIVE_INFINITY);
    } else {
      work.sizes[file] = bytes;
      Atomics.store(work.large, Atomics.add(work.state, LARGE_FILES, 1), file + 1);
    }
    return true;
  });
}

function takeParts(work: SharedWork, scanner: FileScanner): void {
  let done = 0;
  let idleSince = 0;
  for (;;) {
    // Read before the files are counted: a thread that is not busy now adds none.
    const busy = Atomics.load(work.state, BUSY_THREADS);
    const known = Atomics.load(work.state, LARGE_FILES);
    if (done < known) {
      const file = Atomics.load(work.large, done) - 1;
      // Counted, but not yet written down.
      if (file < 0) continue;
      takePartsOf(work, scanner, file);
      done++;
      idleSince = 0;
    } else if (busy === 0) {
      return;
    } else {
      idleSince ||= Date.now();
      if (Date.now() - idleSince > STUCK_AFTER_MS) throw new Error("a scan thread did not come to its end");
      Atomics.wait(work.state, BUSY_THREADS, busy, IDLE_WAIT_MS);
    }
  }
}

function takePartsOf(work: SharedWork, scanner: FileScanner, file: number): void {
  const size = work.sizes[file] ?? 0;
  FileScanner.open(work.paths[file] ?? "", (descriptor) => {
    if (descriptor < 0) return;
    for (;;) {
      const from = Atomics.add(work.nextPart, file, 1) * PART_BYTES;
      if (from >= size) return;
      const last = from + PART_BYTES >= size;
      scanner.scan(descriptor, file, from, last ? Number.POSITIVE_INFINITY : from + PART_BYTES);
    }
  });
}
