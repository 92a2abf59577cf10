import { mkdirSync, writeFileSync } from "node:fs";
import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import type { TestHome } from "./test-command.ts";

export interface Call {
  method: string;
  path: string;
  query: Record<string, string>;
  body: unknown;
}

/** A server that answers what a test says, where the command looks for one. */
export interface FakeServer extends AsyncDisposable {
  calls: Call[];
}

export async function fakeServer(
  home: TestHome,
  answer: (call: Call) => { status?: number; body: unknown },
): Promise<FakeServer> {
  const calls: Call[] = [];
  const server = createServer(async (request, response) => {
    const url = new URL(request.url ?? "/", "http://127.0.0.1");
    const text = await bodyOf(request);
    const call = {
      method: request.method ?? "",
      path: url.pathname,
      query: Object.fromEntries(url.searchParams),
      body: text === "" ? null : JSON.parse(text),
    };
    calls.push(call);
    const { status = 200, body } = answer(call);
    response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  mkdirSync(home.data, { recursive: true, mode: 0o700 });
  const file = { pid: process.pid, host: "127.0.0.1", port, startedAt: 0, version: "0.0.0", control: "secret" };
  writeFileSync(join(home.data, "server.json"), JSON.stringify(file), { mode: 0o600 });
  return { calls, [Symbol.asyncDispose]: () => closed(server) };
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  let text = "";
  for await (const part of request) text += part;
  return text;
}

function closed(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
