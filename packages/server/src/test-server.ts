import { mkdtempSync, rmSync } from "node:fs";
import { request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Role } from "@agentpane/protocol";
import type { Clock } from "./access/index.ts";
import { FakeEngine } from "./fake-engine.ts";
import { openLoggers } from "./logging.ts";
import { type Server, startServer } from "./server.ts";

export interface TestAnswer {
  status: number;
  headers: Record<string, string>;
  text: string;
  /** The body as JSON; null where it is none. */
  // biome-ignore lint/suspicious/noExplicitAny: tests look into answers of every form
  json: any;
}

export interface CallOptions {
  token?: string | undefined;
  headers?: Record<string, string> | undefined;
  json?: unknown;
  body?: Uint8Array | undefined;
}

/** A real server on a free port over a store in memory; its folder goes with it. */
export interface TestServer extends AsyncDisposable {
  server: Server;
  engine: FakeEngine;
  dataDir: string;
  /** Every line that was logged. */
  logged: string[];
  token(role: Role, expiresAt?: number | null): Promise<string>;
  call(method: string, path: string, options?: CallOptions): Promise<TestAnswer>;
}

export async function testServer(
  options: { clock?: Clock; webRoot?: string; engine?: FakeEngine } = {},
): Promise<TestServer> {
  const dataDir = mkdtempSync(join(tmpdir(), "agentpane-server-"));
  const engine = options.engine ?? new FakeEngine();
  if (options.clock !== undefined) engine.now = () => options.clock?.now() ?? 0;
  const logged: string[] = [];
  const loggers = openLoggers("debug", {
    write(line: string) {
      logged.push(line);
    },
  });
  const server = await startServer(
    { dataDir, version: "9.9.9", port: 0, webRoot: options.webRoot },
    { openEngine: async () => engine, loggers, ...(options.clock === undefined ? {} : { clock: options.clock }) },
  );
  let names = 0;
  return {
    server,
    engine,
    dataDir,
    logged,
    token: async (role, expiresAt = null) => {
      names += 1;
      return (await server.access.mint(`${role} ${names}`, role, expiresAt)).token;
    },
    call: (method, path, call = {}) => httpCall(server.port, method, path, call),
    async [Symbol.asyncDispose]() {
      await server[Symbol.asyncDispose]();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}

/** Node's own client and not `fetch`, which would not let a test set Host, Origin or Sec-Fetch-Site. */
export function httpCall(port: number, method: string, path: string, call: CallOptions): Promise<TestAnswer> {
  const body = call.json === undefined ? call.body : Buffer.from(JSON.stringify(call.json));
  const headers: Record<string, string> = { ...call.headers };
  if (call.token !== undefined) headers.authorization = `Bearer ${call.token}`;
  if (call.json !== undefined) headers["content-type"] ??= "application/json";
  if (body !== undefined) headers["content-length"] ??= String(body.byteLength);
  return new Promise((resolve, reject) => {
    const asked = request({ host: "127.0.0.1", port, method, path, headers, agent: false }, (answer) => {
      const chunks: Buffer[] = [];
      answer.on("data", (chunk: Buffer) => chunks.push(chunk));
      answer.on("error", reject);
      answer.on("end", () => {
        const text = Buffer.concat(chunks).toString();
        resolve({
          status: answer.statusCode ?? 0,
          headers: answer.headers as Record<string, string>,
          text,
          json: parseOrNull(text),
        });
      });
    });
    asked.on("error", reject);
    asked.end(body);
  });
}

function parseOrNull(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
