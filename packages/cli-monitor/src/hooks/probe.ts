import { randomBytes } from "node:crypto";
import { get } from "node:http";
import type { AddressInfo } from "node:net";
import { connect, createServer } from "node:net";
import type { HookKeys } from "./hook-keys.ts";
import { ALIVE_PATH } from "./http-listener.ts";
import { proof, sameSecret } from "./proof.ts";

const ANSWER_MS = 2_000;
const MAX_ANSWER_CHARS = 1_000;

/** `ours`: this user's monitor. `foreign`: something else has the place. `nobody`: nothing listens there. */
export type Listening = "ours" | "foreign" | "nobody";

/** Who listens for the `http` hook: asked for a proof, and told nothing. */
export function probePort({ port, token }: HookKeys): Promise<Listening> {
  if (port === null) return Promise.resolve("nobody");
  const nonce = randomBytes(16).toString("hex");
  return new Promise((resolve) => {
    const request = get(
      { host: "127.0.0.1", port, path: `${ALIVE_PATH}?nonce=${nonce}`, timeout: ANSWER_MS },
      (response) => {
        let text = "";
        response.setEncoding("utf8");
        response.on("data", (part: string) => {
          text += part;
          if (text.length > MAX_ANSWER_CHARS) request.destroy();
        });
        response.on("end", () => resolve(proves(text, proof(token, "alive", nonce)) ? "ours" : "foreign"));
        response.on("error", () => resolve("foreign"));
      },
    );
    request.on("timeout", () => request.destroy());
    request.on("error", (error: NodeJS.ErrnoException) =>
      resolve(error.code === "ECONNREFUSED" ? "nobody" : "foreign"),
    );
  });
}

/** The same of the `command` hook's socket. */
export function probeSocket(path: string, { key }: HookKeys): Promise<Listening> {
  const nonce = randomBytes(16).toString("hex");
  return new Promise((resolve) => {
    const socket = connect({ path, timeout: ANSWER_MS });
    let text = "";
    socket.setEncoding("utf8");
    socket.on("connect", () => socket.write(`${JSON.stringify({ nonce })}\n`));
    socket.on("data", (part: string) => {
      text += part;
      if (!text.includes("\n") && text.length <= MAX_ANSWER_CHARS) return;
      resolve(proves(text.split("\n")[0] ?? "", proof(key, "monitor", nonce)) ? "ours" : "foreign");
      socket.destroy();
    });
    socket.on("timeout", () => socket.destroy());
    socket.on("error", (error: NodeJS.ErrnoException) => {
      resolve(error.code === "ENOENT" || error.code === "ECONNREFUSED" ? "nobody" : "foreign");
    });
    socket.on("close", () => resolve("foreign"));
  });
}

/** A loopback port that nobody has just now. */
export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(0, "127.0.0.1", resolve);
  });
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

function proves(answer: string, expected: string): boolean {
  try {
    return sameSecret(JSON.parse(answer).proof, expected);
  } catch {
    return false;
  }
}
