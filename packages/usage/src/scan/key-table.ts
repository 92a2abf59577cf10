const BUCKETS = 256;
const MAX_SEEDS = 10_000;

interface Entry {
  bytes: Uint8Array;
  id: number;
}

/** Keys known by their bytes, each in a bucket of its own. */
export class KeyTable {
  readonly #buckets: readonly (Entry | undefined)[];
  readonly #seed: number;

  /** Ids are above 0. */
  constructor(ids: Readonly<Record<string, number>>) {
    const entries = Object.entries(ids).map(([name, id]) => ({ bytes: Buffer.from(name), id }));
    for (let seed = 1; seed < MAX_SEEDS; seed += 2) {
      const buckets = spread(entries, seed);
      if (!buckets) continue;
      this.#buckets = buckets;
      this.#seed = seed;
      return;
    }
    throw new RangeError(`${entries.length} keys do not fit ${BUCKETS} buckets`);
  }

  /** 0 for a key that is not in the table. */
  find(bytes: Uint8Array, from: number, to: number): number {
    const entry = this.#buckets[bucketOf(bytes, from, to, this.#seed)];
    if (entry === undefined || entry.bytes.length !== to - from) return 0;
    for (let i = 0; i < entry.bytes.length; i++) if (bytes[from + i] !== entry.bytes[i]) return 0;
    return entry.id;
  }
}

/** Null where two entries meet. */
function spread(entries: readonly Entry[], seed: number): (Entry | undefined)[] | null {
  const buckets = new Array<Entry | undefined>(BUCKETS).fill(undefined);
  for (const entry of entries) {
    const bucket = bucketOf(entry.bytes, 0, entry.bytes.length, seed);
    if (buckets[bucket]) return null;
    buckets[bucket] = entry;
  }
  return buckets;
}

/** Length, first, last and two bytes between tell the known keys apart. */
function bucketOf(bytes: Uint8Array, from: number, to: number, seed: number): number {
  const length = to - from;
  const first = bytes[from] ?? 0;
  const early = bytes[from + ((length * 13) >> 5)] ?? 0;
  const middle = bytes[from + (length >> 1)] ?? 0;
  const last = bytes[to - 1] ?? 0;
  return (Math.imul(length * 3 + first * 29 + early * 211 + middle * 7 + last * 113, seed) >> 2) & (BUCKETS - 1);
}
