import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { EventsPage, EventsQuery, IngestAnswer, RegisterBody, SessionsQuery } from "@agentpane/protocol";
import { eventsQuery, sessionsQuery } from "@agentpane/protocol";
import { engineOn } from "./engine.ts";
import { openReader } from "./history/reader-service.ts";
import { openWriter } from "./ingest/writer-service.ts";
import type { Committed, Engine } from "./store/contract.ts";
import { fromFailure, type Service, toFailure } from "./store/rpc.ts";
import type { Thread } from "./store/thread-client.ts";
import { ingestBody, type TestSegment, type TestTranscript } from "./test-transcript.ts";

export const MACHINE = `m_${"1".repeat(32)}`;
export const OTHER_MACHINE = `m_${"2".repeat(32)}`;
/** Noon of a day; every test's clock begins here. */
export const NOON = Date.UTC(2026, 9, 20, 12);

/** A real store in a temp folder, but in the test's own thread (`engine.test.ts` has the real ones), with a clock that stands until it is set, and one registered machine. */
export interface TestStore extends AsyncDisposable {
  readonly dataDir: string;
  readonly engine: Engine;
  readonly clock: { now: number };
  /** Registers a machine with a token of its own, named like it. */
  register(machine: string, changes?: Partial<RegisterBody>): ReturnType<Engine["writer"]["register"]>;
  send(segments: readonly TestSegment[], machine?: string): Promise<Committed<IngestAnswer>>;
  /** Sends all that the transcripts have not sent yet; fails where it is not committed. */
  commit(...transcripts: TestTranscript[]): Promise<Committed<IngestAnswer>>;
  list(query?: Partial<Record<keyof SessionsQuery, unknown>>): ReturnType<Engine["reader"]["sessions"]>;
  /** Fails where the session or subagent is not there. */
  page(session: string, query?: Partial<Record<keyof EventsQuery, unknown>>): Promise<EventsPage & { end: string }>;
  /** Closes the store and opens it again, as a server that is started anew. */
  reopen(): Promise<void>;
}

export async function openTestStore(): Promise<TestStore> {
  const folder = mkdtempSync(join(tmpdir(), "agentpane-store-"));
  const dataDir = join(folder, "data");
  const clock = { now: NOON };
  const open = () => openHere(dataDir, clock);
  let engine = open();

  const store: TestStore = {
    dataDir,
    clock,
    get engine() {
      return engine;
    },
    async register(machine, changes = {}) {
      const id = `token of ${machine}`;
      const tokens = await engine.reader.tokens();
      if (!tokens.some((token) => token.id === id)) {
        const secretSha256 = machine.replace("m_", "").padEnd(64, "0");
        await engine.writer.addToken({
          id,
          name: id,
          role: "monitor",
          secretSha256,
          createdAt: clock.now,
          expiresAt: null,
        });
      }
      return engine.writer.register(id, registerBodyOf(machine, changes));
    },
    send: (segments, machine = MACHINE) => engine.writer.ingest(machine, ingestBody(segments)),
    async commit(...transcripts) {
      const committed = await store.send(transcripts.map((transcript) => transcript.next()));
      const refused = committed.answer.answers.find(({ result }) => result !== "committed");
      if (refused !== undefined) throw new Error(`refused: ${JSON.stringify(refused)}`);
      return committed;
    },
    list: (query = {}) => engine.reader.sessions(sessionsQuery.parse(query)),
    async page(session, query = {}) {
      const bytes = await engine.reader.events(session, eventsQuery.parse(query));
      if (bytes === null) throw new Error(`no page of ${session}`);
      return JSON.parse(Buffer.from(bytes).toString("utf8"));
    },
    async reopen() {
      await engine[Symbol.asyncDispose]();
      engine = open();
    },
    async [Symbol.asyncDispose]() {
      await engine[Symbol.asyncDispose]();
      rmSync(folder, { recursive: true, force: true });
    },
  };
  await store.register(MACHINE);
  return store;
}

export function registerBodyOf(machine: string, changes: Partial<RegisterBody> = {}): RegisterBody {
  return {
    protocol: 1,
    machine,
    hostSha256: machine.replace("m_", "").repeat(2),
    name: machine === MACHINE ? "laptop" : "desk",
    os: "linux",
    monitorVersion: "0.1.0",
    bootId: "boot-1",
    ...changes,
  };
}

/** The engine without its threads: what they run, called through the same messages. */
function openHere(dataDir: string, clock: { now: number }): Engine {
  const writer = openWriter({ dataDir, now: clock.now });
  const reader = openReader({ dataDir });
  const onWriter = callsTo(writer, clock);
  const onReader = callsTo(reader, clock);
  return engineOn(onWriter, onReader, writer.facts.storeEpoch, async () => {
    await onReader.call("close", []);
    await onWriter.call("close", []);
  });
}

function callsTo(service: Service<unknown>, clock: { now: number }): Pick<Thread, "call"> {
  return {
    call: <T>(method: string, args: unknown[], body?: Uint8Array) =>
      new Promise<T>((resolve, reject) => {
        const call = { id: 0, method, args: body === undefined ? args : [body, ...args], now: clock.now };
        service.take(structuredClone(call), (result) => {
          if ("error" in result) reject(fromFailure(toFailure(result.error)));
          else resolve(structuredClone(result.value) as T);
        });
      }),
  };
}
