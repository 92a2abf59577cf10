import { connect, type Socket } from "node:net";
import { INGEST_CONTENT_TYPE, MAX_BODY_BYTES, PROTOCOL_VERSION } from "@agentpane/protocol";
import { expect, test } from "vitest";
import { MACHINE } from "../fake-engine.ts";
import { type TestServer, testServer } from "../test-server.ts";

const REGISTER = {
  protocol: PROTOCOL_VERSION,
  machine: MACHINE,
  hostSha256: "a".repeat(64),
  name: "desk",
  os: "linux",
  monitorVersion: "9.9.9",
  bootId: "boot",
};

interface Conversation {
  socket: Socket;
  /** Everything that came, once `enough` of it did or the server hung up. */
  until(enough: (text: string) => boolean): Promise<string>;
}

/** An ingest call by hand, so that its headers can lie. */
async function ingestByHand(test: TestServer, headers: string[]): Promise<Conversation> {
  const token = await test.token("monitor");
  await test.call("POST", "/api/v1/register", { token, json: REGISTER });
  const socket = connect(test.server.port, "127.0.0.1");
  let text = "";
  const waiting = new Set<() => void>();
  const tell = () => {
    for (const look of waiting) look();
  };
  socket.on("data", (chunk) => {
    text += chunk;
    tell();
  });
  socket.on("close", tell);
  // A reset after the answer is the server's right; the answer is what the test asks for.
  socket.on("error", () => {});
  const head = [
    "POST /api/v1/ingest HTTP/1.1",
    `host: 127.0.0.1:${test.server.port}`,
    `authorization: Bearer ${token}`,
    `content-type: ${INGEST_CONTENT_TYPE}`,
    ...headers,
  ];
  socket.write(`${head.join("\r\n")}\r\n\r\n`);
  return {
    socket,
    until: (enough) =>
      new Promise((resolve) => {
        const look = () => {
          if (enough(text) || socket.destroyed) resolve(text);
        };
        waiting.add(look);
        look();
      }),
  };
}

const answered = (text: string) => text.includes('"error"');

test("a length above 5 MB is refused before a byte of it comes", async () => {
  await using test = await testServer();
  const call = await ingestByHand(test, [`content-length: ${MAX_BODY_BYTES + 1}`]);
  expect(await call.until(answered)).toMatch(/^HTTP\/1.1 413 .*"body_too_large"/s);
  call.socket.destroy();
});

test("a body without a length is counted as it comes", async () => {
  await using test = await testServer();
  const call = await ingestByHand(test, ["transfer-encoding: chunked"]);
  const piece = Buffer.alloc(1024 * 1024, 65);
  for (let sent = 0; sent <= MAX_BODY_BYTES; sent += piece.byteLength) {
    call.socket.write(`${piece.byteLength.toString(16)}\r\n`);
    call.socket.write(piece);
    call.socket.write("\r\n");
  }
  expect(await call.until(answered)).toMatch(/^HTTP\/1.1 413 .*"body_too_large"/s);
  expect(test.engine.ingested).toHaveLength(0);
  call.socket.destroy();
});

test("a body that breaks off before its length reaches no writer", async () => {
  await using test = await testServer();
  const call = await ingestByHand(test, ["content-length: 1000"]);
  call.socket.write("only this");
  call.socket.end();
  await call.until(() => false);
  expect(test.engine.ingested).toHaveLength(0);
  expect((await test.call("GET", "/healthz")).status).toBe(200);
});

test("bytes beyond a length that says too little are no part of the body", async () => {
  await using test = await testServer();
  const call = await ingestByHand(test, ["content-length: 4"]);
  call.socket.write("bodyGET /smuggled HTTP/1.1\r\n\r\n");
  await call.until((text) => text.includes("HTTP/1.1 4"));
  expect(test.engine.ingested.map(({ body }) => Buffer.from(body).toString())).toEqual(["body"]);
  call.socket.destroy();
});

test("two lengths that contradict each other are refused", async () => {
  await using test = await testServer();
  const call = await ingestByHand(test, ["content-length: 4", "content-length: 5"]);
  expect(await call.until(answered)).toMatch(/^HTTP\/1.1 400 /);
  call.socket.destroy();
});

test("whoever sends on after the refusal is cut off", async () => {
  await using test = await testServer();
  const call = await ingestByHand(test, ["transfer-encoding: chunked"]);
  const piece = Buffer.alloc(1024 * 1024, 65);
  const pump = () => {
    while (!call.socket.destroyed && call.socket.writable) {
      call.socket.write(`${piece.byteLength.toString(16)}\r\n`);
      call.socket.write(piece);
      if (!call.socket.write("\r\n")) return;
    }
  };
  call.socket.on("drain", pump);
  pump();
  await call.until(() => false);
  expect(call.socket.destroyed).toBe(true);
});
