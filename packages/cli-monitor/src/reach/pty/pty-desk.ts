import { chmodSync, rmSync } from "node:fs";
import { createServer, type Server } from "node:net";
import type { Logger } from "pino";
import { RunLink } from "./run-link.ts";
import { MAX_SOCKET_PATH_BYTES } from "./run-socket.ts";

const MAX_LINKS = 200;
const SOCKET_MODE = 0o600;

export interface DeskEvents {
  onData(link: RunLink, data: string): void;
  onSize(link: RunLink): void;
  onGone(link: RunLink): void;
}

/**
 * Where every `agentpane run` of this user connects: a socket that only this user can open, in a folder that only this
 * user can enter. Without it nothing breaks: a run is then a plain pass-through.
 */
export class PtyDesk implements AsyncDisposable {
  readonly #links = new Set<RunLink>();
  readonly #listeners: (() => void)[] = [];
  readonly #path: string;
  #events: DeskEvents | null = null;
  #server: Server | null = null;

  constructor(path: string, log: Logger) {
    this.#path = path;
    if (process.platform === "win32") return;
    if (Buffer.byteLength(path) > MAX_SOCKET_PATH_BYTES) {
      log.warn(
        { path },
        "the state folder's path is too long for a socket: sessions of `agentpane run` are not reached",
      );
      return;
    }
    const server = createServer((socket) => {
      if (this.#links.size >= MAX_LINKS) {
        socket.destroy();
        return;
      }
      const link: RunLink = new RunLink(socket, {
        onHello: () => this.#changed(),
        onData: (_link, data) => this.#events?.onData(link, data),
        onSize: () => this.#events?.onSize(link),
        onGone: () => {
          this.#links.delete(link);
          this.#events?.onGone(link);
          if (link.terminal !== null) this.#changed();
        },
      });
      this.#links.add(link);
    });
    this.#server = server;
    server.on("error", (error) => log.warn({ err: error }, "sessions of `agentpane run` are not reached"));
    // What an earlier monitor of these roots left behind; we hold the lock of the roots.
    rmSync(path, { force: true });
    server.listen(path, () => chmodSync(path, SOCKET_MODE));
  }

  /** Those that said who they are. */
  get links(): readonly RunLink[] {
    return [...this.#links].filter((link) => link.terminal !== null);
  }

  /** The run whose pseudo-terminal this is. */
  find(terminal: string): RunLink | null {
    return this.links.find((link) => link.terminal === terminal) ?? null;
  }

  /** A run came or went. */
  onChange(listener: () => void): void {
    this.#listeners.push(listener);
  }

  /** Who relays the terminals. */
  relay(events: DeskEvents): void {
    this.#events = events;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const link of this.#links) link.destroy();
    const server = this.#server;
    if (server === null || !server.listening) return;
    await new Promise((resolve) => server.close(resolve));
    rmSync(this.#path, { force: true });
  }

  #changed(): void {
    for (const listener of this.#listeners) listener();
  }
}
