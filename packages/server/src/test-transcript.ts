import { createHash } from "node:crypto";
import { zstdCompressSync } from "node:zlib";
import { adapters } from "@agentpane/agents";
import {
  type ChunkPart,
  ingestHeader,
  PROTOCOL_VERSION,
  packChunk,
  type Segment,
  type SourceKey,
  type SubagentMeta,
} from "@agentpane/protocol";

/** For tests: a transcript in memory, cut into segments as a monitor would cut it. */

/** A segment with the bytes that follow the manifest for it. */
export interface TestSegment {
  segment: Segment;
  chunk: Uint8Array;
}

export type Line = Record<string, unknown>;

const NEWLINE = 10;

export class TestTranscript {
  readonly source: SourceKey;
  generation = 1;
  /** How far it was cut into segments. */
  sent = 0;
  path: string;
  meta: SubagentMeta | undefined;
  bytes = Buffer.alloc(0);

  constructor(session: string, source: Partial<SourceKey> = {}) {
    this.source = { product: "claude-code", root: "/home/dev/.claude", session, subagent: null, copy: 1, ...source };
    this.path = `${this.source.root}/projects/-home-dev-shop/${session}.jsonl`;
  }

  append(...lines: (Line | string)[]): this {
    const texts = lines.map((line) => `${typeof line === "string" ? line : JSON.stringify(line)}\n`);
    this.bytes = Buffer.concat([this.bytes, ...texts.map((text) => Buffer.from(text))]);
    return this;
  }

  /** The file was rewritten: what is appended from here on is the next generation. */
  rewrite(): this {
    this.generation++;
    this.sent = 0;
    this.bytes = Buffer.alloc(0);
    return this;
  }

  /** All that was appended since the last one, or the next `lines` of it. */
  next(lines = Number.POSITIVE_INFINITY): TestSegment {
    const from = this.sent;
    const kept: { offset: number; bytes: Buffer }[] = [];
    const read = { events: [], copies: [], contexts: [] } as Pick<Segment, "events" | "copies" | "contexts">;
    let at = from;
    let count = 0;
    let dropped = 0;
    for (; count < lines && at < this.bytes.length; count++) {
      const end = this.bytes.indexOf(NEWLINE, at);
      const line = this.bytes.subarray(at, end);
      const { events, copies, context } = adapters[this.source.product].readLine(line, at);
      read.events.push(...events);
      read.copies.push(...copies);
      if (context !== null) read.contexts.push(context);
      const bytes = adapters[this.source.product].keep(line);
      if (bytes === null) dropped++;
      else kept.push({ offset: at, bytes });
      at = end + 1;
    }
    this.sent = at;
    const chunk = kept.length === 0 ? new Uint8Array() : zstdCompressSync(packChunk(from, kept));
    return { segment: { ...this.#frame(from, at), lines: count, dropped, ...read, chunkBytes: chunk.length }, chunk };
  }

  /** A segment without bytes: a new path, a deletion, new facts of a subagent. */
  touch(changes: Partial<Segment> = {}): TestSegment {
    const nothing = { lines: 0, dropped: 0, events: [], copies: [], contexts: [], chunkBytes: 0 };
    return { segment: { ...this.#frame(this.sent, this.sent), ...nothing, ...changes }, chunk: new Uint8Array() };
  }

  #frame(from: number, to: number) {
    const proof = {
      size: this.bytes.length,
      mtimeMs: 1_700_000_000_000.5,
      inode: "12345678901234567890",
      headSha256: sha256(this.bytes.subarray(0, Math.min(to, 4096))),
      tailSha256: sha256(this.bytes.subarray(Math.max(0, to - 4096), to)),
    };
    const { source, generation, path } = this;
    const meta = this.meta === undefined ? {} : { meta: this.meta };
    return { source, generation, from, to, path, birthMs: 1_700_000_000_000, proof, ...meta };
  }
}

export interface TestPart {
  part: ChunkPart;
  bytes: Uint8Array;
}

/** An ingest body of these. `manifest` overrides what it says, for bodies that lie. */
export function ingestBody(
  segments: readonly TestSegment[],
  options: { zstd?: boolean; parts?: readonly TestPart[]; manifest?: Record<string, unknown> } = {},
): Uint8Array {
  const parts = options.parts ?? [];
  const manifest = {
    protocol: PROTOCOL_VERSION,
    parts: parts.map(({ part }) => part),
    segments: segments.map(({ segment }) => segment),
    ...options.manifest,
  };
  const text = Buffer.from(JSON.stringify(manifest));
  const bytes = options.zstd === true ? zstdCompressSync(text) : text;
  const header = ingestHeader(options.zstd === true ? "zstd" : "json", bytes.length);
  const whole = Buffer.concat([header, bytes, ...parts.map((one) => one.bytes), ...segments.map((one) => one.chunk)]);
  // A buffer of its own, since the writer takes it away.
  return new Uint8Array(whole);
}

/** A chunk in parts of at most `bytes`, and the segment that joins them. */
export function inParts({ segment, chunk }: TestSegment, bytes: number): { parts: TestPart[]; joined: TestSegment } {
  const count = Math.ceil(chunk.length / bytes);
  const digest = sha256(chunk);
  const parts = Array.from({ length: count }, (_, part): TestPart => {
    const slice = chunk.subarray(part * bytes, (part + 1) * bytes);
    const { source, generation, from } = segment;
    return {
      part: { source, generation, from, part, parts: count, sha256: digest, chunkBytes: slice.length },
      bytes: slice,
    };
  });
  const joined = { segment: { ...segment, chunkBytes: 0, parts: { count, sha256: digest } }, chunk: new Uint8Array() };
  return { parts, joined };
}

export function sha256(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}
