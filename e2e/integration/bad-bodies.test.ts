import { createHash } from "node:crypto";
import { zstdCompressSync } from "node:zlib";
import { ingestHeader, packChunk } from "@agentpane/protocol";
import {
  ApiClient,
  errorCode,
  ingestBody,
  Product,
  promptSegment,
  rawBytes,
  rawRequest,
  WireMonitor,
  type WireSegment,
} from "@agentpane/testkit";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";

const MIB = 1024 * 1024;
const INGEST = "application/vnd.agentpane.ingest";

let product: Product;
let monitor: WireMonitor;
let viewer: ApiClient;
let token = "";
let number = 0;

beforeAll(async () => {
  product = new Product("bad-bodies");
  await product.startServer();
  token = await product.token("monitor", "monitor");
  monitor = new WireMonitor(new ApiClient(product.origin, token));
  expect((await monitor.register()).status).toBe(200);
  viewer = await product.api();
}, 120_000);
afterAll(async () => await product[Symbol.asyncDispose]());

/** Whatever was sent, the next right segment is committed and the same process still answers. */
afterEach(async () => {
  expect(product.server?.running).toBe(true);
  const session = `good-${++number}`;
  const answer = await monitor.send([promptSegment({ session, texts: ["one", "two"] })]);
  expect(answer.body).toMatchObject({ answers: [{ result: "committed" }] });
  const page = await eventsOf(session);
  expect(page.events.map((event) => event.content?.text)).toEqual(["one", "two"]);
});

interface Page {
  events: { kind: string; offset: number; summary?: string; content?: { text?: string }; contentError?: string }[];
}
async function eventsOf(session: string): Promise<Page> {
  return await viewer.get<Page>(`/api/v1/sessions/${session}/events?view=full`);
}

function bent(segment: WireSegment, manifest: Record<string, unknown>, chunk = segment.chunk): WireSegment {
  return { manifest: { ...segment.manifest, ...manifest }, chunk };
}

describe("a body of the wrong size", () => {
  it("over 5 MB is refused before it is read", async () => {
    expect(errorCode(await monitor.ingest(Buffer.alloc(5 * MIB + 1)))).toBe("body_too_large");
  });

  it("over 5 MB without saying so is refused while it is read", async () => {
    const { host } = new URL(product.origin);
    const headers = `POST /api/v1/ingest HTTP/1.1\r\nHost: ${host}\r\nAuthorization: Bearer ${token}\r\nContent-Type: ${INGEST}\r\nTransfer-Encoding: chunked\r\n\r\n`;
    const piece = Buffer.alloc(MIB, 7);
    const parts: (string | Uint8Array)[] = [headers];
    for (let i = 0; i < 6; i++) parts.push(`${MIB.toString(16)}\r\n`, piece, "\r\n");
    expect(await rawBytes(product.origin, [...parts, "0\r\n\r\n"])).toMatch(/^HTTP\/1\.1 413 .*body_too_large/s);
  });

  it("shorter than it says changes nothing", async () => {
    const { host } = new URL(product.origin);
    const body = ingestBody([promptSegment({ session: "short", texts: ["x"] })]);
    const headers = `POST /api/v1/ingest HTTP/1.1\r\nHost: ${host}\r\nAuthorization: Bearer ${token}\r\nContent-Type: ${INGEST}\r\nContent-Length: ${body.length + 10}\r\n\r\n`;
    expect(await rawBytes(product.origin, [headers, body], 500)).not.toMatch(/committed/);
    expect((await viewer.call("GET", "/api/v1/sessions/short")).status).toBe(404);
  });

  it("of another type or encoding is refused by name", async () => {
    const body = ingestBody([]);
    const call = async (headers: Record<string, string>): Promise<string> =>
      errorCode(await monitor.api.call("POST", "/api/v1/ingest", { raw: body, headers }));
    expect(await call({ "content-type": "application/json" })).toBe("unsupported_media_type");
    expect(await call({ "content-type": INGEST, "content-encoding": "gzip" })).toBe("unsupported_media_type");
  });

  it("that is no HTTP at all is answered with a named error or a closed door", async () => {
    expect(await rawBytes(product.origin, ["NONSENSE\r\n\r\n"])).toMatch(/^HTTP\/1\.1 400 .*invalid_request/s);
    const answer = await rawRequest(product.origin, { path: "/api/v1/%E0%A4%A" });
    expect(answer.status).toBeGreaterThanOrEqual(400);
  });
});

describe("a lying ingest body", () => {
  it.each<[string, () => Uint8Array]>([
    ["is empty", () => new Uint8Array()],
    ["is not of the form", () => Buffer.from("hello, this is not an ingest body")],
    ["claims a manifest longer than itself", () => Buffer.concat([ingestHeader("json", 1000), Buffer.from("{}")])],
    ["has a manifest that is no JSON", () => Buffer.concat([ingestHeader("json", 3), Buffer.from("{,}")])],
    ["has a manifest that is no zstd", () => Buffer.concat([ingestHeader("zstd", 8), Buffer.alloc(8, 1)])],
    [
      "claims more chunk bytes than it holds",
      () => {
        const segment = promptSegment({ session: "lie-1", texts: ["x"] });
        return ingestBody([bent(segment, { chunkBytes: segment.chunk.length + 1 })]);
      },
    ],
    [
      "holds more chunk bytes than it claims",
      () => {
        const segment = promptSegment({ session: "lie-2", texts: ["x"] });
        return Buffer.concat([ingestBody([segment]), Buffer.from("more")]);
      },
    ],
  ])("that %s is refused as a whole", async (_, body) => {
    expect(errorCode(await monitor.ingest(body()))).toBe("invalid_frame");
    for (const session of ["lie-1", "lie-2"]) {
      expect((await viewer.call("GET", `/api/v1/sessions/${session}`)).status).toBe(404);
    }
  });

  it("whose manifest unpacks to more than 32 MiB is refused and costs no memory", async () => {
    const bomb = zstdCompressSync(Buffer.alloc(600 * MIB, 32));
    const answer = await monitor.ingest(Buffer.concat([ingestHeader("zstd", bomb.length), bomb]));
    expect(errorCode(answer)).toBe("body_too_large");
  });

  it("of another protocol is refused by name", async () => {
    const body = ingestBody([promptSegment({ session: "protocol", texts: ["x"] })], { protocol: 99 });
    expect(errorCode(await monitor.ingest(body))).toBe("protocol_mismatch");
  });

  it.each<[string, (segment: WireSegment) => WireSegment]>([
    ["an event of no known kind", (one) => bent(one, { events: [{ kind: "wish", at: 1, offset: 0, index: 0 }] })],
    [
      "an event outside its range",
      (one) =>
        bent(one, { events: [{ kind: "text", at: 1, offset: 1e9, index: 0, response: null, summary: "", chars: 0 }] }),
    ],
    [
      "the same event twice",
      (one) => bent(one, { events: (one.manifest.events as unknown[]).flatMap((event) => [event, event]) }),
    ],
    ["an end before its beginning", (one) => bent(one, { to: -1 })],
    ["bytes without a chunk of a range that is empty", (one) => bent(one, { to: 0 })],
    [
      "a summary of a megabyte",
      (one) =>
        bent(one, { events: [{ kind: "title", at: 1, offset: 0, index: 0, title: "x".repeat(MIB), source: "user" }] }),
    ],
    [
      "a session without a name",
      (one) => bent(one, { source: { product: "claude-code", root: "/r", session: "", subagent: null, copy: 1 } }),
    ],
    ["a number that is none", (one) => bent(one, { birthMs: "yesterday" })],
    ["generation 0", (one) => bent(one, { generation: 0 })],
  ])("with a segment that has %s refuses that segment alone", async (_, bend) => {
    const session = `bent-${++number}`;
    const neighbour = `neighbour-${number}`;
    const answer = await monitor.send([
      bend(promptSegment({ session, texts: ["x"] })),
      promptSegment({ session: neighbour, texts: ["y"] }),
    ]);
    expect(answer.body).toMatchObject({ answers: [{ result: "invalid" }, { result: "committed" }] });
    expect((await viewer.call("GET", `/api/v1/sessions/${session}`)).status).toBe(404);
    expect((await viewer.call("GET", `/api/v1/sessions/${neighbour}`)).status).toBe(200);
  });
});

describe("a segment out of turn", () => {
  it("sent twice takes effect once", async () => {
    const session = "twice";
    const body = ingestBody([promptSegment({ session, texts: ["a", "b"] })]);
    const answers = [await monitor.ingest(body), await monitor.ingest(body)];
    expect(answers[0]?.body).toMatchObject({ answers: [{ result: "committed" }] });
    expect(answers[1]?.body).toMatchObject({ answers: [{ result: "cursor_mismatch", cursor: { generation: 1 } }] });
    expect((await eventsOf(session)).events).toHaveLength(2);
  });

  it("that leaves a gap is refused with the cursor, and the one that fits goes on", async () => {
    const session = "gap";
    const first = promptSegment({ session, texts: ["a"] });
    await monitor.send([first]);
    const to = first.manifest.to as number;
    const late = await monitor.send([promptSegment({ session, from: to + 50, texts: ["c"] })]);
    expect(late.body).toMatchObject({
      answers: [{ result: "cursor_mismatch", cursor: { generation: 1, offset: to } }],
    });
    const fits = await monitor.send([promptSegment({ session, from: to, texts: ["b"] })]);
    expect(fits.body).toMatchObject({ answers: [{ result: "committed" }] });
    expect((await eventsOf(session)).events.map((event) => event.summary)).toEqual(["a", "b"]);
  });

  it("of the generation before is refused", async () => {
    const session = "old-generation";
    await monitor.send([promptSegment({ session, texts: ["old"] })]);
    await monitor.send([bent(promptSegment({ session, texts: ["new"] }), { generation: 2 })]);
    const stale = await monitor.send([promptSegment({ session, texts: ["old again"] })]);
    expect(stale.body).toMatchObject({ answers: [{ result: "cursor_mismatch", cursor: { generation: 2 } }] });
    expect((await eventsOf(session)).events.map((event) => event.summary)).toEqual(["new"]);
  });

  it("sent many times at once takes effect once", async () => {
    const session = "race";
    const body = ingestBody([promptSegment({ session, texts: ["a", "b", "c"] })]);
    const answers = await Promise.all(Array.from({ length: 8 }, () => monitor.ingest(body)));
    const results = answers.map((answer) => (answer.body as { answers: { result: string }[] }).answers[0]?.result);
    expect(results.filter((result) => result === "committed")).toHaveLength(1);
    expect((await eventsOf(session)).events).toHaveLength(3);
  });
});

describe("a chunk that is not what it should be", () => {
  it("unpacking to more than 32 MiB is committed unopened, named where it is looked at, and costs no memory", async () => {
    const session = "bomb";
    const segment = promptSegment({ session, texts: ["under the bomb"] });
    const bomb = zstdCompressSync(Buffer.alloc(900 * MIB));
    const next = promptSegment({ session, from: segment.manifest.to as number, texts: ["after the bomb"] });
    await monitor.send([bent(segment, { chunkBytes: bomb.length }, bomb), next]);
    const page = await eventsOf(session);
    expect(page.events.map((event) => event.contentError ?? event.content?.text)).toEqual([
      "chunk_corrupt",
      "after the bomb",
    ]);
  });

  it("of noise is named for its own range alone", async () => {
    const session = "noise";
    const segment = promptSegment({ session, texts: ["noise"] });
    const next = promptSegment({ session, from: segment.manifest.to as number, texts: ["clear"] });
    const noise = createHash("sha256").update("noise").digest();
    await monitor.send([bent(segment, { chunkBytes: noise.length }, noise), next]);
    const page = await eventsOf(session);
    expect(page.events.map((event) => event.contentError ?? event.content?.text)).toEqual(["chunk_corrupt", "clear"]);
    // Small pages need no chunk.
    const small = await viewer.get<Page>(`/api/v1/sessions/${session}/events`);
    expect(small.events.map((event) => event.summary)).toEqual(["noise", "clear"]);
  });

  it("whose table points outside is named", async () => {
    const session = "table";
    const segment = promptSegment({ session, texts: ["table"] });
    const packed = Buffer.from(packChunk(0, [{ offset: 0, bytes: Buffer.from("short") }]));
    packed.writeUInt32LE(1_000_000, 8 + 10);
    const chunk = zstdCompressSync(packed);
    await monitor.send([bent(segment, { chunkBytes: chunk.length }, chunk)]);
    expect((await eventsOf(session)).events[0]?.contentError).toBe("chunk_corrupt");
  });

  it("that disagrees with its events is named, and a rebuild believes the chunk", async () => {
    const session = "disagree";
    const segment = promptSegment({ session, texts: ["what the chunk says", "second"] });
    const [first, second] = segment.manifest.events as { offset: number }[];
    const moved = { ...first, offset: (first?.offset ?? 0) + 3, summary: "what the events say" };
    await monitor.send([bent(segment, { events: [moved, second] })]);
    const page = await eventsOf(session);
    expect(page.events.map((event) => event.contentError ?? event.content?.text)).toEqual(["chunk_mismatch", "second"]);
    const rebuilt = await viewer.call("POST", "/api/v1/reindex");
    expect(rebuilt.status).toBe(200);
    const after = await eventsOf(session);
    // The event where no kept line begins stays and is named: lines that were not kept have events, too.
    expect(after.events.map((event) => event.contentError ?? event.content?.text)).toEqual([
      "what the chunk says",
      "chunk_mismatch",
      "second",
    ]);
  });
});

describe("a query of nonsense", () => {
  it.each(["limit=0", "limit=501", "limit=x", "offset=-1", "status=asleep", "machine=nobody", `q=${"x".repeat(600)}`])(
    "to the list (%s) is an invalid request",
    async (query) => {
      expect(errorCode(await viewer.call("GET", `/api/v1/sessions?${query}`))).toBe("invalid_request");
    },
  );

  it.each(["limit=1001", "after=a&before=b", "after=%00", "view=huge", `after=${"9".repeat(65)}`])(
    "to a transcript (%s) is an invalid request",
    async (query) => {
      expect(errorCode(await viewer.call("GET", `/api/v1/sessions/good-1/events?${query}`))).toBe("invalid_request");
    },
  );

  it("for what is not there says so", async () => {
    expect(errorCode(await viewer.call("GET", "/api/v1/sessions/nobody"))).toBe("not_found");
    expect(errorCode(await viewer.call("GET", "/api/v1/sessions/nobody/events"))).toBe("not_found");
    expect(errorCode(await viewer.call("GET", "/api/v1/nowhere"))).toBe("not_found");
    expect(errorCode(await viewer.call("PUT", "/api/v1/sessions"))).toBe("method_not_allowed");
  });
});
