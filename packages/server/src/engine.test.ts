import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { openEngine } from "./engine.ts";
import { human } from "./test-lines.ts";
import { MACHINE, NOON, registerBodyOf } from "./test-store.ts";
import { ingestBody, TestTranscript } from "./test-transcript.ts";

const TOKEN = { id: "t1", name: "laptop", role: "monitor", secretSha256: "a".repeat(64) } as const;

function temporary(): Disposable & { dataDir: string } {
  const folder = mkdtempSync(join(tmpdir(), "agentpane-engine-"));
  return {
    dataDir: join(folder, "data"),
    [Symbol.dispose]: () => rmSync(folder, { recursive: true, force: true }),
  };
}

test("the threads store, read and give their folder free", async () => {
  using folder = temporary();
  const clock = () => NOON;
  const engine = await openEngine({ dataDir: folder.dataDir, clock });
  await engine.writer.addToken({ ...TOKEN, createdAt: NOON, expiresAt: null });
  await engine.writer.register(TOKEN.id, registerBodyOf(MACHINE));
  const transcript = new TestTranscript("s1").append(human("hello from a thread", NOON));
  const sent = await engine.writer.ingest(MACHINE, ingestBody([transcript.next()], { zstd: true }));
  expect(sent.answer.answers).toMatchObject([{ result: "committed" }]);
  const page = await engine.reader.events("s1", { limit: 10, view: "full" });
  expect(JSON.parse(Buffer.from(page ?? []).toString())).toMatchObject({
    events: [{ kind: "prompt", content: { text: "hello from a thread" } }],
  });
  await expect(engine.writer.ingest(MACHINE, new Uint8Array(3))).rejects.toMatchObject({ code: "invalid_frame" });
  await engine[Symbol.asyncDispose]();
  await expect(engine.reader.machines()).rejects.toMatchObject({ code: "not_ready" });
  await using again = await openEngine({ dataDir: folder.dataDir, clock });
  expect(again.storeEpoch).toBe(engine.storeEpoch);
  expect((await again.reader.session("s1"))?.goal).toBe("hello from a thread");
});

test("closing commits what was asked for before", async () => {
  using folder = temporary();
  const engine = await openEngine({ dataDir: folder.dataDir, clock: () => NOON });
  const added = engine.writer.addToken({ ...TOKEN, createdAt: NOON, expiresAt: null });
  await engine[Symbol.asyncDispose]();
  await added;
  await using again = await openEngine({ dataDir: folder.dataDir, clock: () => NOON });
  expect(await again.reader.tokens()).toMatchObject([{ id: TOKEN.id, name: "laptop" }]);
});

test("a part of a shared buffer can be sent, and the rest of it stays", async () => {
  using folder = temporary();
  await using engine = await openEngine({ dataDir: folder.dataDir, clock: () => NOON });
  await engine.writer.addToken({ ...TOKEN, createdAt: NOON, expiresAt: null });
  await engine.writer.register(TOKEN.id, registerBodyOf(MACHINE));
  const body = ingestBody([new TestTranscript("s1").append(human("hello", NOON)).next()]);
  const shared = Buffer.concat([Buffer.from("before"), body, Buffer.from("after")]);
  const sent = await engine.writer.ingest(MACHINE, shared.subarray(6, 6 + body.length));
  expect(sent.answer.answers).toMatchObject([{ result: "committed" }]);
  expect(shared.subarray(-5).toString()).toBe("after");
});

test("folder and files are for their owner alone", async () => {
  using folder = temporary();
  await using _engine = await openEngine({ dataDir: folder.dataDir });
  expect(statSync(folder.dataDir).mode & 0o777).toBe(0o700);
  const files = readdirSync(folder.dataDir);
  expect(files).toContain("agentpane.db-wal");
  for (const file of files) expect([file, statSync(join(folder.dataDir, file)).mode & 0o777]).toEqual([file, 0o600]);
});

test("a second server in the same process is refused by name", async () => {
  using folder = temporary();
  await using _engine = await openEngine({ dataDir: folder.dataDir });
  await expect(openEngine({ dataDir: folder.dataDir })).rejects.toMatchObject({ code: "store_locked" });
});

test("a server that was killed leaves neither a lock nor a torn store", async () => {
  using folder = temporary();
  const engine = fileURLToPath(new URL("./engine.ts", import.meta.url));
  const script = join(folder.dataDir, "..", "writes-until-killed.mjs");
  const code = `
    const { openEngine } = await import(${JSON.stringify(engine)});
    const engine = await openEngine({ dataDir: process.argv[2] });
    for (let n = 0; ; n++) {
      await engine.writer.addToken({
        id: "t" + n, name: "n", role: "viewer", secretSha256: String(n), createdAt: n, expiresAt: null,
      });
      process.stdout.write(n + "\\n");
    }`;
  writeFileSync(script, code);
  const child = spawn(process.execPath, [script, folder.dataDir], { stdio: ["ignore", "pipe", "inherit"] });
  const last = await killAfter(child, 20);
  await using after = await openEngine({ dataDir: folder.dataDir });
  const ids = (await after.reader.tokens()).map(({ id }) => Number(id.slice(1)));
  expect(ids.length).toBeGreaterThan(last);
  expect(ids.sort((a, b) => a - b)).toEqual(ids.map((_, n) => n));
});

/** The number on the last line that was printed before the process was killed. */
async function killAfter(child: ChildProcess, lines: number): Promise<number> {
  let printed = "";
  const ended = new Promise((resolve) => child.on("exit", resolve));
  child.stdout?.on("data", (data: Buffer) => {
    printed += data.toString();
    if (printed.split("\n").length > lines) child.kill("SIGKILL");
  });
  await ended;
  return Number(printed.slice(0, printed.lastIndexOf("\n")).split("\n").at(-1));
}

test("a store of a newer schema is refused by name, and left as it is", async () => {
  using folder = temporary();
  await (await openEngine({ dataDir: folder.dataDir }))[Symbol.asyncDispose]();
  const database = new DatabaseSync(join(folder.dataDir, "agentpane.db"));
  database.exec("PRAGMA user_version = 9999");
  database.close();
  await expect(openEngine({ dataDir: folder.dataDir })).rejects.toMatchObject({ code: "store_newer" });
  const after = new DatabaseSync(join(folder.dataDir, "agentpane.db"));
  expect(after.prepare("PRAGMA user_version").get()).toMatchObject({ user_version: 9999 });
  after.close();
});
