/** What the checker found in the database, in its own words. */
export interface StoredLine {
  offset: number;
  length: number;
  sha256: string;
  /** The kept bytes, where they are few enough to look into. */
  text: string | null;
}

export interface StoredRange {
  from: number;
  to: number;
  lines: StoredLine[];
  /** Why the chunk could not be opened. */
  broken: string | null;
}

export interface StoredEvent {
  offset: number;
  index: number;
  kind: string;
}

export interface StoredUsage {
  offset: number;
  index: number;
  key: string;
  outputTokens: number;
}

export interface StoredGeneration {
  generation: number;
  /** How far it is committed: the cursor for the latest one, the end of its last range for earlier ones. */
  extent: number;
  latest: boolean;
  ranges: StoredRange[];
  events: StoredEvent[];
  usage: StoredUsage[];
}

export interface StoredSource {
  machine: string;
  root: string;
  session: string;
  subagent: string | null;
  copy: number;
  path: string;
  gone: boolean;
  generations: StoredGeneration[];
}

export interface StoreView {
  sources: StoredSource[];
}

export function nameOf(source: StoredSource, generation?: StoredGeneration): string {
  const who = source.subagent === null ? source.session : `${source.session}/${source.subagent}`;
  const copy = source.copy === 1 ? "" : ` copy ${source.copy}`;
  return `${source.root}: ${who}${copy}${generation === undefined ? "" : ` generation ${generation.generation}`}`;
}
