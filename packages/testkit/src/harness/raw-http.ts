import { request } from "node:http";
import { connect } from "node:net";
import type { ApiAnswer } from "./api-client.ts";

/** A request with whatever headers a test wants, Host included, which `fetch` would not send. */
export async function rawRequest(
  origin: string,
  options: { method?: string; path: string; headers?: Record<string, string>; body?: Uint8Array },
): Promise<ApiAnswer> {
  const { hostname, port } = new URL(origin);
  return await new Promise((resolve, reject) => {
    const sent = request(
      { hostname, port, method: options.method ?? "GET", path: options.path, headers: options.headers, agent: false },
      (answer) => {
        const chunks: Buffer[] = [];
        answer.on("data", (chunk: Buffer) => chunks.push(chunk));
        answer.on("end", () => {
          const text = Buffer.concat(chunks).toString("utf8");
          resolve({ status: answer.statusCode ?? 0, headers: headersOf(answer.headers), body: parseOrText(text) });
        });
        answer.on("error", reject);
      },
    );
    sent.on("upgrade", (answer, socket) => {
      socket.destroy();
      resolve({ status: answer.statusCode ?? 0, headers: headersOf(answer.headers), body: "" });
    });
    sent.on("error", reject);
    sent.end(options.body);
  });
}

/** Writes bytes to the port as they are and answers what came back until the other side closed or `quietMs` passed. */
export async function rawBytes(
  origin: string,
  parts: readonly (string | Uint8Array)[],
  quietMs = 2_000,
): Promise<string> {
  const { hostname, port } = new URL(origin);
  return await new Promise((resolve, reject) => {
    let heard = "";
    const socket = connect(Number(port), hostname, () => {
      for (const part of parts) socket.write(part);
    });
    const finish = (): void => {
      socket.destroy();
      resolve(heard);
    };
    socket.setTimeout(quietMs, finish);
    socket.on("data", (data) => {
      heard += data.toString("latin1");
    });
    socket.on("end", finish);
    socket.on("error", (error) => (heard === "" ? reject(error) : finish()));
  });
}

function headersOf(headers: NodeJS.Dict<string | string[]>): Headers {
  const all = new Headers();
  for (const [name, value] of Object.entries(headers)) if (value !== undefined) all.set(name, String(value));
  return all;
}

function parseOrText(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
