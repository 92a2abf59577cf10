import { type ClientRequest, type IncomingMessage, request } from "node:http";
import { expect, test } from "vitest";
import { FakeClock } from "../fake-clock.ts";
import { sessionRow } from "../fake-engine.ts";
import { type TestServer, testServer } from "../test-server.ts";
import { MAX_EVENT_STREAMS } from "./event-streams.ts";

interface Stream {
  asked: ClientRequest;
  answer: IncomingMessage;
  text(): string;
  until(enough: (text: string) => boolean): Promise<string>;
  ended: Promise<void>;
}

function openStream(test: TestServer, token: string, headers: Record<string, string> = {}): Promise<Stream> {
  return new Promise((resolve, reject) => {
    const asked = request(
      {
        host: "127.0.0.1",
        port: test.server.port,
        path: "/api/v1/stream",
        agent: false,
        headers: { authorization: `Bearer ${token}`, ...headers },
      },
      (answer) => {
        let text = "";
        const watchers = new Set<() => void>();
        const tell = () => {
          for (const look of watchers) look();
        };
        answer.on("data", (chunk) => {
          text += chunk;
          tell();
        });
        const ended = new Promise<void>((done) => {
          answer.on("close", () => {
            done();
            tell();
          });
        });
        answer.on("error", () => {});
        resolve({
          asked,
          answer,
          text: () => text,
          until: (enough) =>
            new Promise((found, failed) => {
              const look = () => {
                if (enough(text)) found(text);
                else if (answer.destroyed) failed(new Error(`ended after ${text}`));
              };
              watchers.add(look);
              look();
            }),
          ended,
        });
      },
    );
    asked.on("error", reject);
    asked.end();
  });
}

interface SseEvent {
  event: string;
  id: string | undefined;
  data: { type: string; n?: number; [key: string]: unknown };
}

function eventsOf(text: string): SseEvent[] {
  return text
    .split("\n\n")
    .filter((block) => block.startsWith("event:"))
    .map((block) => {
      const field = (name: string) => new RegExp(`^${name}: (.*)$`, "m").exec(block)?.[1];
      return { event: field("event") ?? "", id: field("id"), data: JSON.parse(field("data") ?? "null") };
    });
}

const events = (count: number) => (text: string) => text.endsWith("\n\n") && eventsOf(text).length >= count;

async function change(test: TestServer, id: string): Promise<void> {
  test.engine.rows.set(id, sessionRow(id));
  await test.call("DELETE", `/api/v1/sessions/${id}`, { token: await test.token("admin") });
}

test("a stream begins with a snapshot; each event is named and carries its place", async () => {
  await using test = await testServer();
  const stream = await openStream(test, await test.token("viewer"));
  expect(stream.answer.headers["content-type"]).toContain("text/event-stream");
  expect(stream.answer.headers["x-content-type-options"]).toBe("nosniff");
  await stream.until(events(1));
  await change(test, "a");
  const [first, second] = eventsOf(await stream.until(events(2)));
  expect(first).toMatchObject({ event: "snapshot", data: { type: "snapshot", n: 0 } });
  expect(second).toMatchObject({ event: "changes", data: { n: 1, removed: ["a"] } });
  expect(second?.id).toBe(`${second?.data.epoch}:1`);
  stream.asked.destroy();
});

test("Last-Event-ID resumes after what was seen", async () => {
  await using test = await testServer();
  const token = await test.token("viewer");
  const first = await openStream(test, token);
  const id = eventsOf(await first.until(events(1)))[0]?.id ?? "";
  first.asked.destroy();
  await change(test, "missed");
  const second = await openStream(test, token, { "last-event-id": id });
  expect(eventsOf(await second.until(events(1)))).toMatchObject([{ event: "changes", data: { removed: ["missed"] } }]);
  second.asked.destroy();
});

test.each(["another-life:3", "nonsense", ""])("a Last-Event-ID of %j gets a resync and a snapshot", async (id) => {
  await using test = await testServer();
  const stream = await openStream(test, await test.token("viewer"), { "last-event-id": id });
  const seen = eventsOf(await stream.until(events(2)));
  expect(seen).toMatchObject([{ event: "resync", data: { reason: "epoch" } }, { event: "snapshot" }]);
  stream.asked.destroy();
});

test("a quiet stream is kept alive by comments", async () => {
  const clock = new FakeClock();
  await using test = await testServer({ clock });
  const stream = await openStream(test, await test.token("viewer"));
  await stream.until(events(1));
  await clock.advance(15_000);
  await stream.until((text) => text.includes("\n: heartbeat\n\n") || text.includes("\n\n: heartbeat\n\n"));
  stream.asked.destroy();
});

test("50 streams are taken, the 51st is told to come again, and then has a place", async () => {
  await using test = await testServer();
  const token = await test.token("viewer");
  const streams = await Promise.all(Array.from({ length: MAX_EVENT_STREAMS }, () => openStream(test, token)));
  expect(new Set(streams.map(({ answer }) => answer.statusCode))).toEqual(new Set([200]));
  const refused = await test.call("GET", "/api/v1/stream", { token });
  expect(refused.status).toBe(429);
  expect(refused.json.error.code).toBe("too_many_streams");
  expect(Number(refused.headers["retry-after"])).toBeGreaterThan(0);
  streams[0]?.asked.destroy();
  const again = async () => {
    const stream = await openStream(test, token);
    stream.asked.destroy();
    return stream.answer.statusCode;
  };
  await expect.poll(again).toBe(200);
  for (const { asked } of streams) asked.destroy();
});

test("revoking a token ends its streams at once", async () => {
  await using test = await testServer();
  const token = await test.token("viewer");
  const stream = await openStream(test, token);
  await stream.until(events(1));
  await test.call("POST", "/api/v1/logout", { token });
  await stream.ended;
  expect(stream.answer.complete).toBe(true);
});

test("a token that is revoked in the store ends its streams within seconds", async () => {
  const clock = new FakeClock();
  await using test = await testServer({ clock });
  const stream = await openStream(test, await test.token("viewer"));
  await stream.until(events(1));
  await test.engine.writer.revokeToken("viewer 1");
  await clock.advance(5_000);
  await stream.ended;
});

test("a stopping server ends its streams", async () => {
  const test = await testServer();
  const stream = await openStream(test, await test.token("viewer"));
  await stream.until(events(1));
  await test[Symbol.asyncDispose]();
  await stream.ended;
  expect(stream.answer.complete).toBe(true);
});

test("asking for the head of a stream takes no place", async () => {
  await using test = await testServer();
  const answer = await test.call("HEAD", "/api/v1/stream", { token: await test.token("viewer") });
  expect(answer.status).toBe(405);
});
