import { execFileSync } from "node:child_process";
import { appendFileSync, cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { adapterReader } from "../conformance/adapter-path.ts";
import { RateBook } from "../rates/rate-book.ts";
import { USAGE_GROUPS } from "../rollup/usage-report.ts";
import { FileScanner } from "./file-scanner.ts";
import { CLIENT_FIXTURES } from "./fixtures.ts";
import { scanFiles } from "./scan-threads.ts";
import { scanUsage } from "./scan-usage.ts";
import { Tally } from "./tally.ts";
import { listTranscripts } from "./transcripts.ts";

const GENERATOR = join(import.meta.dirname, "../../../../bench/gen-transcripts.mjs");
const MIB = 1024 * 1024;

interface Truth {
  files: number;
  lines: number;
  messages: number;
  byModel: Record<string, { n: number; in: number; out: number; cc: number; cc1h: number; cr: number }>;
  cost: Record<string, number>;
}

let home: string;
let corpus: string;
let truth: Truth;
let book: RateBook;
beforeAll(async () => {
  home = mkdtempSync(join(tmpdir(), "scan-"));
  corpus = join(home, "corpus");
  // After 2026-03-13, as `truth.json` knows one price list for each model.
  const options = ["--out", corpus, "--files", "60", "--mb", "16", "--seed", "7", "--end", "2026-11-20"];
  execFileSync(process.execPath, [GENERATOR, ...options], { stdio: "ignore" });
  truth = JSON.parse(readFileSync(join(corpus, "truth.json"), "utf8"));
  book = await RateBook.load();
}, 60_000);
afterAll(() => rmSync(home, { recursive: true }));

function answer(id: string, output = 5, model = "claude-opus-5-5"): string {
  const usage = { input_tokens: 1, output_tokens: output };
  const message = { id, model, stop_reason: "end_turn", content: [{ type: "text", text: "x".repeat(output) }], usage };
  return JSON.stringify({ message, type: "assistant", uuid: id, timestamp: "2026-11-20T10:00:00.000Z" });
}

/** A config folder with one transcript of these bytes. */
function folderOf(content: string | Buffer): string {
  const folder = mkdtempSync(join(home, "one-"));
  mkdirSync(join(folder, "projects/-a"), { recursive: true });
  writeFileSync(join(folder, "projects/-a/s1.jsonl"), content);
  return folder;
}

describe("a generated corpus", () => {
  test("gives the responses, tokens and costs that it was made with", async () => {
    const { rows, total, scan } = await scanUsage([corpus], { by: "model", tz: "UTC" });
    expect(scan).toMatchObject({ files: truth.files, lines: truth.lines, unreadable: 0, oversize: 0 });
    expect(total.responses).toBe(truth.messages);
    expect(total.unpriced).toEqual([]);
    const found = rows.map((row) => {
      const tokens = { n: row.responses, in: row.inputTokens, out: row.outputTokens, cr: row.cacheReadTokens };
      const writes = { cc: row.cacheWrite5mTokens + row.cacheWrite1hTokens, cc1h: row.cacheWrite1hTokens };
      return [row.key, { ...tokens, ...writes }];
    });
    expect(Object.fromEntries(found)).toEqual(truth.byModel);
    for (const row of rows) expect(row.costNanoUsd / 1e9).toBeCloseTo(truth.cost[row.key] ?? 0, 6);
  });

  test("is read the slow way in less than one line of a hundred", async () => {
    const { scan } = await scanUsage([corpus], { by: "day" });
    expect(scan.slow / scan.lines).toBeLessThan(0.01);
  });

  test("gives the same on one thread and on three, in whatever order they work", async () => {
    const one = await scanUsage([corpus], { by: "session", threads: 1 });
    const three = await scanUsage([corpus], { by: "session", threads: 3 });
    expect(three.scan.threads).toBe(3);
    expect(three.rows).toEqual(one.rows);
    expect(three.scan).toMatchObject({ lines: one.scan.lines, copies: one.scan.copies, bytes: one.scan.bytes });
  });
});

describe.each([
  ["the real client's sessions", () => CLIENT_FIXTURES],
  ["a generated corpus", () => corpus],
])("scan and adapter agree to the nano-dollar on %s", (_, folder) => {
  let report: ReturnType<typeof adapterReader>;
  beforeAll(() => {
    report = adapterReader(folder(), book);
  });

  test.each(USAGE_GROUPS)("by %s", async (by) => {
    const { rows, total } = await scanUsage([folder()], { by, tz: "America/New_York" });
    expect({ rows, total }).toEqual(report(by, "America/New_York"));
  });
});

describe("lines", () => {
  test("count only with their newline", async () => {
    const folder = folderOf(`${answer("m1")}\n${answer("m2")}`);
    expect((await scanUsage([folder], { by: "model" })).total.responses).toBe(1);
    appendFileSync(join(folder, "projects/-a/s1.jsonl"), "\n");
    expect((await scanUsage([folder], { by: "model" })).total.responses).toBe(2);
  });

  test("longer than the buffer are read whole, and longer than 16 MiB are passed over and said so", async () => {
    const long = [answer("m1"), answer("m2", 3 * MIB), answer("m3"), answer("m4", 17 * MIB), answer("m5"), ""].join(
      "\n",
    );
    const { total, scan } = await scanUsage([folderOf(long)], { by: "model" });
    expect(total).toMatchObject({ responses: 4, outputTokens: 5 + 3 * MIB + 5 + 5 });
    expect(scan).toMatchObject({ lines: 5, oversize: 1 });
  });

  test("with invalid UTF-8 or NULs in them disturb no other", async () => {
    const bytes = Buffer.concat([
      Buffer.from(`${answer("m1")}\n`),
      Buffer.from([0x7b, 0x22, 0xff, 0xfe, 0x00, 0x22, 0x7d, 0x0a]),
      Buffer.alloc(2 * MIB),
      Buffer.from(`\n${answer("m2")}\n`),
    ]);
    expect((await scanUsage([folderOf(bytes)], { by: "model" })).total.responses).toBe(2);
  });

  test("of a large file are counted once, however the file is cut into parts", () => {
    const texts = Array.from({ length: 12 }, (_, i) => answer(`m${i}`, i * 7));
    const bytes = Buffer.from(`${texts.join("\n")}\n`);
    const folder = folderOf(bytes);
    const [file] = listTranscripts([folder]);
    const order = { sessionRank: new Int32Array(1), birthMs: new Float64Array(1) };
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: bytes.length - 1 }), { maxLength: 6 }), (cuts) => {
        const scanner = new FileScanner(new Tally(order));
        const places = [0, ...new Set(cuts)].sort((a, b) => a - b);
        FileScanner.open(file?.path ?? "", (descriptor) => {
          for (const [i, from] of places.entries())
            scanner.scan(descriptor, 0, from, places[i + 1] ?? Number.POSITIVE_INFINITY);
        });
        expect(scanner.counts).toMatchObject({ lines: texts.length, copies: texts.length, bytes: bytes.length });
      }),
    );
  });

  test("of a file over 16 MiB are read in parts by several threads, and counted once", async () => {
    const texts = Array.from({ length: 300 }, (_, i) => answer(`m${i}`, 120_000 + i));
    const folder = folderOf(`${texts.join("\n")}\n`);
    const { total, scan } = await scanUsage([folder], { by: "model", threads: 2 });
    expect(scan).toMatchObject({ lines: 300, copies: 300, threads: 2 });
    expect(total.outputTokens).toBe(300 * 120_000 + (300 * 299) / 2);
  });
});

test("a fork made by copying a whole folder counts nothing twice", async () => {
  const folder = mkdtempSync(join(home, "copied-"));
  cpSync(join(corpus, "projects"), join(folder, "a/projects"), { recursive: true });
  cpSync(join(corpus, "projects"), join(folder, "b/projects"), { recursive: true });
  const twice = await scanUsage([join(folder, "a"), join(folder, "b")], { by: "day", tz: "UTC" });
  const once = await scanUsage([corpus], { by: "day", tz: "UTC" });
  expect(twice.rows).toEqual(once.rows);
});

test("from and to choose responses by their time", async () => {
  const all = await scanUsage([corpus], { by: "day", tz: "Asia/Kathmandu" });
  const days = all.rows.map((row) => row.key);
  expect(days.length).toBeGreaterThan(10);
  const [from, to] = [days[3], days.at(-4)];
  const some = await scanUsage([corpus], { by: "day", tz: "Asia/Kathmandu", from, to });
  expect(some.rows).toEqual(all.rows.slice(3, -3));
});

test("a transcript that cannot be opened is counted, not fatal", async () => {
  const folder = folderOf(`${answer("m1")}\n`);
  const files = [...listTranscripts([folder]), { path: join(folder, "gone.jsonl"), session: "gone", subagent: null }];
  const { tally, unreadable } = await scanFiles(files, 1);
  expect(unreadable).toBe(1);
  expect(tally.size).toBe(1);
});

test("what the query gets wrong is said before anything is read", async () => {
  await expect(scanUsage(["/nowhere"], { by: "day", tz: "Mars/Olympus" })).rejects.toThrow(RangeError);
  await expect(scanUsage(["/nowhere"], { by: "day", from: "soon" })).rejects.toThrow(RangeError);
  await expect(scanUsage(["/nowhere"], { by: "day" })).rejects.toThrow(/ENOENT/);
});
