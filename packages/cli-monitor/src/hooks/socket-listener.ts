import { randomBytes } from "node:crypto";
import { chmodSync, lstatSync, rmSync } from "node:fs";
import { createServer, type Server, type Socket } from "node:net";
import type { Logger } from "pino";
import { openStateFolder, refuseOpenPath } from "../state/state-folder.ts";
import { type HookCall, MAX_HOOK_BODY_BYTES } from "./hook-call.ts";
import { NONCE, proof, sameSecret } from "./proof.ts";
import type { SocketPlace } from "./socket-place.ts";

const MAX_CONNECTIONS = 1_200;
/** From the connection to the whole call. */
const CALL_MS = 10_000;
const MAX_LINE_CHARS = 1_000;

export interface SocketListenerOptions {
  key: string;
  take: (call: HookCall) => void;
  log: Logger;
}

/**
 * The `command` hook's end: a Unix socket that only its owner can reach. Each end proves to the other that it can read the
 * owner's key before anything of a request is told; see `hook-command.ts` for the other end, and docs/decisions for why.
 */
export class SocketListener implements AsyncDisposable {
  readonly #options: SocketListenerOptions;
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  readonly #place: SocketPlace;

  private constructor(place: SocketPlace, options: SocketListenerOptions) {
    this.#options = options;
    this.#place = place;
    this.#server = createServer((socket) => this.#onSocket(socket));
    this.#server.maxConnections = MAX_CONNECTIONS;
  }

  /** Takes the place of a socket that an earlier monitor left. Fails where the folder is not this user's alone. */
  static async start(place: SocketPlace, options: SocketListenerOptions): Promise<SocketListener> {
    const listener = new SocketListener(place, options);
    if (place.folder !== null) {
      openStateFolder(place.folder);
      // The other end takes no link for it.
      if (!lstatSync(place.folder).isDirectory()) throw new Error(`${place.folder} is a link`);
      refuseOpenPath(place.folder);
      rmSync(place.path, { force: true });
    }
    await new Promise<void>((resolve, reject) => {
      listener.#server.once("error", reject);
      listener.#server.listen(place.path, resolve);
    });
    if (place.folder !== null) chmodSync(place.path, 0o600);
    listener.#server.on("error", (error) => options.log.warn({ err: error }, "the hook's socket"));
    return listener;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const closed = new Promise((resolve) => this.#server.close(resolve));
    for (const socket of this.#sockets) socket.destroy();
    await closed;
    if (this.#place.folder !== null) rmSync(this.#place.path, { force: true });
  }

  #onSocket(socket: Socket): void {
    const { key } = this.#options;
    this.#sockets.add(socket);
    const late = setTimeout(() => socket.destroy(), CALL_MS);
    const mine = randomBytes(16).toString("hex");
    /** What the other end sent and nobody looked at yet. */
    let rest = Buffer.alloc(0);
    const parts: Buffer[] = [];
    let bytes = 0;
    let step: "hello" | "proof" | "body" = "hello";
    let attended: boolean | null = null;
    let expected = 0;
    let theirs = "";

    const line = (): Record<string, unknown> | null => {
      const at = rest.indexOf(10);
      if (at < 0 || at > MAX_LINE_CHARS) {
        if (at >= 0 || rest.byteLength > MAX_LINE_CHARS) socket.destroy();
        return null;
      }
      const said = parse(rest.subarray(0, at).toString("utf8"));
      rest = rest.subarray(at + 1);
      if (said === null) socket.destroy();
      return said;
    };
    socket.on("data", (data: Buffer) => {
      let part = data;
      if (step !== "body") rest = Buffer.concat([rest, data]);
      if (step === "hello") {
        const said = line();
        if (said === null) return;
        if (typeof said.nonce !== "string" || !NONCE.test(said.nonce)) return void socket.destroy();
        theirs = said.nonce;
        step = "proof";
        socket.write(`${JSON.stringify({ proof: proof(key, "monitor", theirs), nonce: mine })}\n`);
      }
      if (step === "proof") {
        const said = line();
        if (said === null) return;
        if (!sameSecret(said.proof, proof(key, "hook", `${mine} ${theirs}`))) return void socket.destroy();
        attended = typeof said.attended === "boolean" ? said.attended : null;
        expected = Number(said.bytes);
        if (!(expected > 0 && expected <= MAX_HOOK_BODY_BYTES)) return void socket.destroy();
        step = "body";
        part = rest;
      }
      bytes += part.byteLength;
      if (bytes > expected) return void socket.destroy();
      parts.push(part);
      if (bytes < expected) return;
      clearTimeout(late);
      this.#options.take(callOf(Buffer.concat(parts.splice(0)).toString("utf8"), attended, socket));
    });
    socket.on("error", () => socket.destroy());
    socket.on("close", () => {
      clearTimeout(late);
      this.#sockets.delete(socket);
    });
  }
}

function callOf(body: string, attended: boolean | null, socket: Socket): HookCall {
  let answered = false;
  return {
    body,
    attended,
    answer(json) {
      answered = true;
      return new Promise((resolve) => {
        if (socket.destroyed) return resolve(false);
        socket.once("close", () => resolve(false));
        socket.end(json, () => resolve(true));
      });
    },
    onHungUp(take) {
      if (socket.destroyed) return queueMicrotask(take);
      socket.once("close", () => {
        if (!answered) take();
      });
    },
  };
}

function parse(text: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : null;
  } catch {
    return null;
  }
}
