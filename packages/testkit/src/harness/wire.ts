import { createHash, randomBytes } from "node:crypto";
import { zstdCompressSync } from "node:zlib";
import { INGEST_CONTENT_TYPE, ingestHeader, PROTOCOL_VERSION, packChunk } from "@agentpane/protocol";
import type { ApiAnswer, ApiClient } from "./api-client.ts";

/** A monitor in miniature: says on the wire what a test wants it to say, true or not. */
export class WireMonitor {
  readonly api: ApiClient;
  readonly machine: string;

  constructor(api: ApiClient, machine = `m_${randomBytes(16).toString("hex")}`) {
    this.api = api;
    this.machine = machine;
  }

  async register(overrides: Record<string, unknown> = {}): Promise<ApiAnswer> {
    const body = {
      protocol: PROTOCOL_VERSION,
      machine: this.machine,
      hostSha256: sha256("host"),
      name: "wire",
      os: "linux",
      monitorVersion: "0.0.0",
      bootId: "boot",
      ...overrides,
    };
    return await this.api.call("POST", "/api/v1/register", { body });
  }

  async ingest(body: Uint8Array): Promise<ApiAnswer> {
    return await this.api.call("POST", "/api/v1/ingest", {
      raw: body,
      headers: { "content-type": INGEST_CONTENT_TYPE },
    });
  }

  /** Sends segments as a right monitor would. */
  async send(segments: readonly WireSegment[], manifest: Record<string, unknown> = {}): Promise<ApiAnswer> {
    return await this.ingest(ingestBody(segments, manifest));
  }
}

/** A segment's manifest entry and its chunk as it travels; a test bends either. */
export interface WireSegment {
  manifest: Record<string, unknown>;
  chunk: Uint8Array;
}

export interface SegmentOptions {
  session: string;
  from?: number;
  /** One prompt per text, each its own line. */
  texts: readonly string[];
  root?: string;
}

/** A true segment of prompts. */
export function promptSegment({ session, from = 0, texts, root = "/home/dev/.claude" }: SegmentOptions): WireSegment {
  let offset = from;
  const lines: { offset: number; bytes: Buffer }[] = [];
  const events: Record<string, unknown>[] = [];
  for (const text of texts) {
    const at = 1_790_000_000_000 + offset;
    const line = {
      type: "user",
      message: { role: "user", content: text },
      uuid: sha256(`${session} ${offset}`).slice(0, 36),
      timestamp: new Date(at).toISOString(),
      cwd: "/home/dev/shop",
      sessionId: session,
      version: "2.1.330",
    };
    const bytes = Buffer.from(JSON.stringify(line));
    lines.push({ offset, bytes });
    events.push({
      kind: "prompt",
      at,
      offset,
      index: 0,
      origin: "human",
      summary: text.slice(0, 240),
      chars: text.length,
      images: 0,
    });
    offset += bytes.length + 1;
  }
  const chunk = zstdCompressSync(packChunk(from, lines));
  return {
    chunk,
    manifest: {
      source: { product: "claude-code", root, session, subagent: null, copy: 1 },
      generation: 1,
      from,
      to: offset,
      path: `${root}/projects/-home-dev-shop/${session}.jsonl`,
      birthMs: 1_790_000_000_000,
      proof: {
        size: offset,
        mtimeMs: 1_790_000_000_000,
        inode: "1",
        headSha256: sha256("head"),
        tailSha256: sha256("tail"),
      },
      lines: lines.length,
      dropped: 0,
      contexts: [{ offset: from, cwd: "/home/dev/shop" }],
      events,
      copies: [],
      chunkBytes: chunk.byteLength,
    },
  };
}

export function ingestBody(segments: readonly WireSegment[], manifest: Record<string, unknown> = {}): Uint8Array {
  const whole = { protocol: PROTOCOL_VERSION, parts: [], segments: segments.map((one) => one.manifest), ...manifest };
  const json = Buffer.from(JSON.stringify(whole));
  return Buffer.concat([ingestHeader("json", json.length), json, ...segments.map((segment) => segment.chunk)]);
}

function sha256(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}
