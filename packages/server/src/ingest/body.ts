import { zstdDecompressSync } from "node:zlib";
import {
  AgentPaneError,
  type ChunkPart,
  chunkPart,
  MAX_SEGMENTS_PER_BODY,
  MAX_UNPACKED_BYTES,
  PROTOCOL_VERSION,
  type Segment,
  splitIngestBody,
} from "@agentpane/protocol";
import type { z } from "zod";
import { contradiction } from "./check.ts";
import { readSegment } from "./read-segment.ts";

const MAX_PARTS_PER_BODY = 64;
/**
 * Commas, colons and brackets of a manifest, those within its texts too. What they hold costs up to 60 bytes of memory
 * each once it is parsed, so that 32 MiB of nothing but "[]," would take a gigabyte; an honest event has about twenty.
 */
const MAX_STRUCTURE = 4_000_000;

/** One segment as it came: good with its chunk, or refused with the reason. */
export type ReadSegment = { segment: Segment; chunk: Uint8Array } | { invalid: string };

export interface ReadBody {
  /** Of the start of the monitor that sent it; null where it is older than to say so. */
  bootId: string | null;
  parts: { part: ChunkPart; bytes: Uint8Array }[];
  segments: ReadSegment[];
}

/**
 * Opens an ingest body. What breaks the whole of it (frame, protocol, sizes that disagree) is thrown by name; a segment
 * that breaks its schema is refused by itself, and the others stand.
 */
export function readBody(body: Uint8Array): ReadBody {
  const split = splitIngestBody(body);
  if (split === null) throw new AgentPaneError("invalid_frame", "The body is not an ingest body.");
  const manifest = parseManifest(split.encoding === "zstd" ? inflate(split.manifest) : split.manifest);

  let used = 0;
  const cut = (bytes: number): Uint8Array => {
    const piece = split.chunks.subarray(used, used + bytes);
    used += bytes;
    if (used > split.chunks.byteLength) {
      throw new AgentPaneError("invalid_frame", "The manifest claims more chunk bytes than the body holds.");
    }
    return piece;
  };
  const parts = manifest.parts.map((raw, index) => {
    const parsed = chunkPart.safeParse(raw);
    if (!parsed.success) {
      throw new AgentPaneError("invalid_request", describe(`parts[${index}]`, parsed.error));
    }
    return { part: parsed.data, bytes: cut(parsed.data.chunkBytes) };
  });
  const segments = manifest.segments.map((raw, index): ReadSegment => {
    const chunk = cut(claimedBytes(raw, index));
    const parsed = readSegment(raw);
    if (!parsed.success) return { invalid: describe(`segments[${index}]`, parsed.error) };
    const wrong = contradiction(parsed.data);
    return wrong === null ? { segment: parsed.data, chunk } : { invalid: `segments[${index}].${wrong}` };
  });
  if (used !== split.chunks.byteLength) {
    throw new AgentPaneError("invalid_frame", "The body holds more chunk bytes than its manifest claims.");
  }
  return { bootId: manifest.bootId, parts, segments };
}

function inflate(manifest: Uint8Array): Uint8Array {
  try {
    return zstdDecompressSync(manifest, { maxOutputLength: MAX_UNPACKED_BYTES });
  } catch (cause) {
    if (cause instanceof RangeError && "code" in cause && cause.code === "ERR_BUFFER_TOO_LARGE") {
      throw new AgentPaneError("body_too_large", `The manifest unpacks to over ${MAX_UNPACKED_BYTES} bytes.`, {
        cause,
      });
    }
    throw new AgentPaneError("invalid_frame", "The manifest does not decompress.", { cause });
  }
}

/** The outer form only: each entry is checked by itself. */
function parseManifest(bytes: Uint8Array): { bootId: string | null; parts: unknown[]; segments: unknown[] } {
  if (structureOf(bytes) > MAX_STRUCTURE) {
    throw new AgentPaneError("body_too_large", `The manifest has over ${MAX_STRUCTURE} values. Send less at a time.`);
  }
  let manifest: unknown;
  try {
    manifest = JSON.parse(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("utf8"));
  } catch (cause) {
    throw new AgentPaneError("invalid_frame", "The manifest is not JSON.", { cause });
  }
  if (typeof manifest !== "object" || manifest === null) {
    throw new AgentPaneError("invalid_request", "The manifest is not an object.");
  }
  const { protocol, bootId, parts, segments } = manifest as Record<string, unknown>;
  if (protocol !== PROTOCOL_VERSION) throw protocolMismatch(protocol);
  if (!Array.isArray(parts) || parts.length > MAX_PARTS_PER_BODY) {
    throw new AgentPaneError("invalid_request", `parts: must be a list of at most ${MAX_PARTS_PER_BODY}`);
  }
  if (!Array.isArray(segments) || segments.length > MAX_SEGMENTS_PER_BODY) {
    throw new AgentPaneError("invalid_request", `segments: must be a list of at most ${MAX_SEGMENTS_PER_BODY}`);
  }
  return { bootId: typeof bootId === "string" ? bootId : null, parts, segments };
}

const COMMA = 0x2c;
const COLON = 0x3a;
const OPEN_LIST = 0x5b;
const OPEN_OBJECT = 0x7b;

function structureOf(bytes: Uint8Array): number {
  let count = 0;
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes[at];
    if (byte === COMMA || byte === COLON || byte === OPEN_LIST || byte === OPEN_OBJECT) count++;
  }
  return count;
}

export function protocolMismatch(theirs: unknown): AgentPaneError {
  const older = typeof theirs === "number" && theirs < PROTOCOL_VERSION;
  return new AgentPaneError(
    "protocol_mismatch",
    `The monitor speaks protocol ${String(theirs)}, this server ${PROTOCOL_VERSION}: update the ${older ? "monitor" : "server"}.`,
    { details: { server: PROTOCOL_VERSION, monitor: theirs } },
  );
}

/** Where the next segment's chunk begins depends on this, so a body in which it cannot be read falls as a whole. */
function claimedBytes(raw: unknown, index: number): number {
  const bytes = (raw as { chunkBytes?: unknown } | null)?.chunkBytes;
  if (typeof bytes !== "number" || !Number.isSafeInteger(bytes) || bytes < 0) {
    throw new AgentPaneError("invalid_request", `segments[${index}].chunkBytes: must be a number of bytes`);
  }
  return bytes;
}

/** "segments[3].events[17].summary: Too big ..." */
function describe(where: string, error: z.ZodError): string {
  const issue = error.issues[0];
  const path = (issue?.path ?? []).map((key) => (typeof key === "number" ? `[${key}]` : `.${String(key)}`)).join("");
  return `${where}${path}: ${issue?.message ?? "breaks its schema"}`;
}
