import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { zstdDecompressSync } from "node:zlib";
import {
  type ChunkPart,
  MAX_BODY_BYTES,
  type MonitorReport,
  PROTOCOL_VERSION,
  type RegisterBody,
  type Segment,
  type SegmentAnswer,
  type SourceCursor,
  type SourceKey,
  type SubagentMeta,
  segment as segmentSchema,
  sourceKeyString,
  splitIngestBody,
  unpackChunk,
} from "@agentpane/protocol";

/** What the server keeps of one source: every generation's lines and events, and its cursor. */
export interface StoredSource {
  key: SourceKey;
  generation: number;
  offset: number;
  path: string;
  birthMs: number;
  proof: Segment["proof"];
  gone: boolean;
  meta: SubagentMeta | null;
  generations: Map<number, StoredGeneration>;
}
export interface StoredGeneration {
  lines: { offset: number; text: string }[];
  events: Segment["events"];
  copies: number;
  ranges: { from: number; to: number }[];
}

export interface IngestCall {
  bodyBytes: number;
  segments: Segment[];
  parts: ChunkPart[];
}

/** Answers in the server's place: "hang" never answers, "cut" commits and then loses the answer. */
export type Script = (call: {
  path: string;
  ingest: IngestCall | null;
}) => { status: number; code?: string; retryAfter?: string } | "hang" | "cut" | null;

/** A server that has the protocol's semantics in memory, and does what a test tells it to. */
export class ScriptedServer implements AsyncDisposable {
  readonly sources = new Map<string, StoredSource>();
  readonly registrations: RegisterBody[] = [];
  readonly reports: MonitorReport[] = [];
  readonly ingests: IngestCall[] = [];
  readonly paths: string[] = [];
  goodbyes = 0;
  inFlight = 0;
  maxInFlight = 0;
  token = "secret";
  deleted = new Set<string>();
  /** Why an otherwise valid segment is refused; null where it is not. */
  refuses: (segment: Segment) => string | null = () => null;
  script: Script = () => null;
  /** Resolves before an ingest is looked at. */
  hold: () => Promise<void> = async () => {};
  readonly #parts = new Map<string, { part: ChunkPart; bytes: Buffer }[]>();
  readonly #server: Server;

  private constructor() {
    this.#server = createServer((request, response) => void this.#handle(request, response));
  }

  static async start(port = 0): Promise<ScriptedServer> {
    const server = new ScriptedServer();
    await new Promise<void>((resolve) => server.#server.listen(port, "127.0.0.1", resolve));
    return server;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  /** For what else listens on its port. */
  get http(): Server {
    return this.#server;
  }

  /** The source of a session's own transcript, or of a subagent's. */
  source(session: string, subagent: string | null = null, copy = 1): StoredSource | undefined {
    return [...this.sources.values()].find(
      ({ key }) => key.session === session && key.subagent === subagent && key.copy === copy,
    );
  }

  /** The kept lines of a session's latest generation, in order. */
  lines(session: string, subagent: string | null = null, copy = 1): string[] {
    const source = this.source(session, subagent, copy);
    return source?.generations.get(source.generation)?.lines.map(({ text }) => text) ?? [];
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  async #handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = request.url ?? "";
    this.paths.push(path);
    try {
      const body = await readAll(request);
      const ingest = path.endsWith("/ingest") ? readIngest(body) : null;
      if (ingest !== null) {
        this.inFlight += 1;
        this.maxInFlight = Math.max(this.maxInFlight, this.inFlight);
        await this.hold();
        this.inFlight -= 1;
      }
      const scripted = this.script({ path, ingest: ingest?.call ?? null });
      if (scripted === "hang") return;
      if (scripted !== null && scripted !== "cut") {
        if (scripted.retryAfter !== undefined) response.setHeader("retry-after", scripted.retryAfter);
        return reply(response, scripted.status, errorBody(scripted.code ?? "internal"));
      }
      const answer = this.#answer(path, request, body, ingest);
      if (scripted === "cut") request.socket.destroy();
      else reply(response, answer.status, answer.body);
    } catch {
      request.socket.destroy();
    }
  }

  #answer(
    path: string,
    request: IncomingMessage,
    body: Buffer,
    ingest: ReadIngest | null,
  ): { status: number; body: unknown } {
    if (path === "/readyz") return { status: 200, body: {} };
    if (request.headers.authorization !== `Bearer ${this.token}`)
      return { status: 401, body: errorBody("unauthenticated") };
    const now = Date.now();
    if (ingest !== null) {
      if (body.byteLength > MAX_BODY_BYTES) return { status: 413, body: errorBody("body_too_large") };
      this.ingests.push(ingest.call);
      return { status: 200, body: { answers: this.#commit(ingest) } };
    }
    const json = JSON.parse(body.toString("utf8"));
    switch (path.split("/").at(-1)) {
      case "register":
        this.registrations.push(json);
        return { status: 200, body: { protocol: PROTOCOL_VERSION, serverVersion: "1", now, cursors: this.#cursors() } };
      case "heartbeat":
        this.reports.push(json.report);
        return { status: 200, body: { known: true, now } };
      case "deregister":
        this.goodbyes += 1;
        return { status: 200, body: {} };
      default:
        return { status: 404, body: errorBody("not_found") };
    }
  }

  #cursors(): SourceCursor[] {
    return [...this.sources.values()].map(({ key, generation, offset, path, birthMs, proof, gone }) => ({
      source: key,
      generation,
      offset,
      path,
      birthMs,
      proof,
      gone,
      deleted: this.deleted.has(key.session),
    }));
  }

  #commit(ingest: ReadIngest): SegmentAnswer[] {
    for (const [place, part] of ingest.call.parts.entries()) {
      const id = partId(part.source, part.generation, part.from);
      const waiting = (this.#parts.get(id) ?? []).filter((other) => other.part.part !== part.part);
      this.#parts.set(id, [...waiting, { part, bytes: ingest.parts[place] as Buffer }]);
    }
    return ingest.raw.map((raw, place) => this.#commitOne(raw, ingest.chunks[place] as Buffer));
  }

  #commitOne(raw: unknown, ownChunk: Buffer): SegmentAnswer {
    const parsed = segmentSchema.safeParse(raw);
    if (!parsed.success) return { result: "invalid", message: parsed.error.issues[0]?.message ?? "invalid" };
    const segment = parsed.data;
    const refusal = this.refuses(segment);
    if (refusal !== null) return { result: "invalid", message: refusal };
    if (this.deleted.has(segment.source.session)) return { result: "deleted" };
    const id = sourceKeyString(segment.source);
    const known = this.sources.get(id);
    const next = known !== undefined && segment.generation === known.generation + 1 && segment.from === 0;
    const follows =
      known === undefined
        ? segment.generation === 1 && segment.from === 0
        : next || (segment.generation === known.generation && segment.from === known.offset);
    if (!follows) {
      return {
        result: "cursor_mismatch",
        cursor: known === undefined ? null : { generation: known.generation, offset: known.offset },
      };
    }
    let chunk = ownChunk;
    if (segment.parts !== undefined) {
      const waiting = this.#parts.get(partId(segment.source, segment.generation, segment.from)) ?? [];
      if (waiting.length !== segment.parts.count) return { result: "parts_missing" };
      chunk = Buffer.concat(waiting.sort((a, b) => a.part.part - b.part.part).map(({ bytes }) => bytes));
    }
    const lines =
      chunk.byteLength === 0 ? [] : unpackChunk(segment.from, segment.to, new Uint8Array(zstdDecompressSync(chunk)));
    if (lines === null) return { result: "invalid", message: "the chunk does not open" };
    if (lines.length + segment.dropped !== segment.lines) return { result: "invalid", message: "lines do not add up" };
    const generations = known?.generations ?? new Map<number, StoredGeneration>();
    const stored = generations.get(segment.generation) ?? { lines: [], events: [], copies: 0, ranges: [] };
    generations.set(segment.generation, stored);
    for (const line of lines)
      stored.lines.push({ offset: line.offset, text: Buffer.from(line.bytes).toString("utf8") });
    for (const event of segment.events) stored.events.push(event);
    stored.copies += segment.copies.length;
    if (segment.to > segment.from) stored.ranges.push({ from: segment.from, to: segment.to });
    this.sources.set(id, {
      key: segment.source,
      generation: segment.generation,
      offset: segment.to,
      path: segment.path,
      birthMs: known?.birthMs ?? segment.birthMs,
      proof: segment.to > segment.from || known === undefined ? segment.proof : known.proof,
      gone: segment.gone === true,
      meta: segment.meta ?? known?.meta ?? null,
      generations,
    });
    return { result: "committed", cursor: { generation: segment.generation, offset: segment.to } };
  }
}

function partId(source: SourceKey, generation: number, from: number): string {
  return JSON.stringify([sourceKeyString(source), generation, from]);
}

function errorBody(code: string): unknown {
  return { error: { code, message: code } };
}

function reply(response: ServerResponse, status: number, body: unknown): void {
  const text = JSON.stringify(body);
  response.writeHead(status, { "content-type": "application/json", "content-length": Buffer.byteLength(text) });
  response.end(text);
}

async function readAll(request: IncomingMessage): Promise<Buffer> {
  const pieces: Buffer[] = [];
  for await (const piece of request as AsyncIterable<Buffer>) pieces.push(piece);
  return Buffer.concat(pieces);
}

interface ReadIngest {
  call: IngestCall;
  raw: unknown[];
  chunks: Buffer[];
  parts: Buffer[];
}

function readIngest(body: Buffer): ReadIngest {
  const split = splitIngestBody(body);
  if (split === null) throw new Error("not an ingest body");
  const json = split.encoding === "zstd" ? zstdDecompressSync(split.manifest) : Buffer.from(split.manifest);
  const manifest = JSON.parse(json.toString("utf8"));
  let at = 0;
  const cut = (bytes: number) => {
    at += bytes;
    return Buffer.from(split.chunks.subarray(at - bytes, at));
  };
  const parts = manifest.parts.map((part: ChunkPart) => cut(part.chunkBytes));
  const chunks = manifest.segments.map((segment: Segment) => cut(segment.chunkBytes));
  if (at !== split.chunks.byteLength) throw new Error("bytes that no segment claims");
  const call = { bodyBytes: body.byteLength, segments: manifest.segments, parts: manifest.parts };
  return { call, raw: manifest.segments, chunks, parts };
}
