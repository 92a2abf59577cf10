import type { HookFormat } from "@agentpane/agents";
import { AgentPaneError, type HooksReport, type Presence } from "@agentpane/protocol";
import type { Logger } from "pino";
import type { ChannelLine, ServerFrame } from "../uplink/channel-frames.ts";
import { HookDesk } from "./desk.ts";
import type { HookCall } from "./hook-call.ts";
import { type HookKeys, keepPort, readHookKeys } from "./hook-keys.ts";
import { HttpListener } from "./http-listener.ts";
import { changeHooks, type HookPlaces, type HookWay, hookFiles, placeScript } from "./install.ts";
import { freePort } from "./probe.ts";
import { SocketListener } from "./socket-listener.ts";
import { socketPlace } from "./socket-place.ts";

/** Whoever has our place may go; it is tried for again after this. */
const LISTEN_AGAIN_MS = 5_000;

export interface HooksOptions {
  machine: string;
  /** This host's part of the state folder. */
  state: string;
  roots: readonly string[];
  format: HookFormat;
  /** Whether somebody else can log in to this host. */
  othersCanLogIn: boolean;
  channel: ChannelLine;
  presences: () => readonly Presence[];
  lookNow: () => void;
  /** What keeps the listener from its place; null once it has it. */
  onTrouble: (message: string | null) => void;
  log: Logger;
}

/** The monitor's end of the agents' hook: it listens, holds what is asked, and changes the agents' settings when told to. */
export class Hooks implements AsyncDisposable {
  readonly #options: HooksOptions;
  readonly #desk: HookDesk;
  #listener: HttpListener | SocketListener | null = null;
  /** On the port that settings may name from when nobody else could log in. */
  #guard: HttpListener | null = null;
  #trouble: string | null = null;
  #again: NodeJS.Timeout | null = null;
  #starting: Promise<void> = Promise.resolve();
  #disposed = false;

  constructor(options: HooksOptions) {
    this.#options = options;
    const { machine, roots, format, channel, presences, lookNow, log } = options;
    this.#desk = new HookDesk({ machine, roots, format, channel, presences, lookNow, log });
    channel.on("hooks.ask", (frame) => void this.#answer(frame));
  }

  get way(): HookWay {
    return this.#options.othersCanLogIn ? "command" : "http";
  }

  /** Whether the agent of this session waits for a person now. */
  isAsking(session: string): boolean {
    return this.#desk.isAsking(session);
  }

  start(): void {
    this.#starting = this.#listen();
  }

  onPresence(): void {
    this.#desk.onPresence();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#disposed = true;
    if (this.#again !== null) clearTimeout(this.#again);
    this.#desk[Symbol.dispose]();
    await this.#starting;
    await this.#listener?.[Symbol.asyncDispose]();
    await this.#guard?.[Symbol.asyncDispose]();
  }

  async #listen(): Promise<void> {
    const { state, log, onTrouble } = this.#options;
    try {
      if (this.#listener === null) {
        this.#listener = this.way === "http" ? await this.#listenOnPort() : await this.#listenOnSocket();
        log.info({ way: this.way }, "listening for the hook");
      }
      if (this.way === "command") await this.#guardPort();
      this.#trouble = this.#staleTrouble();
      onTrouble(this.#trouble);
    } catch (error) {
      const { port } = readHookKeys(state);
      const isTaken = (error as NodeJS.ErrnoException).code === "EADDRINUSE";
      this.#trouble = isTaken
        ? `Something else has port ${port}, where the agent's hook asks: requests stay in the terminal. Run \`agentpane hooks install\` to choose another.`
        : `The agent's hook cannot be listened for: ${(error as Error).message}`;
      onTrouble(this.#trouble);
    }
    if (this.#trouble === null || this.#disposed) return;
    this.#again = setTimeout(() => this.start(), LISTEN_AGAIN_MS);
    this.#again.unref();
  }

  async #listenOnPort(): Promise<HttpListener> {
    const { state, format, log } = this.#options;
    const { port, token } = readHookKeys(state);
    const take = this.#desk.take.bind(this.#desk);
    const listener = await HttpListener.start(port, { token, noAnswer: format.noAnswer, take, log });
    if (port === null) keepPort(state, listener.port);
    return listener;
  }

  async #listenOnSocket(): Promise<SocketListener> {
    const { state, log } = this.#options;
    const { key } = readHookKeys(state);
    placeScript(state);
    return SocketListener.start(socketPlace(state), { key, take: this.#desk.take.bind(this.#desk), log });
  }

  /** Who takes a port that settings still name could answer in our place: it is kept, and what is asked there stays in the terminal. */
  async #guardPort(): Promise<void> {
    const { state, format, log } = this.#options;
    const { port, token } = readHookKeys(state);
    if (port === null || this.#guard !== null) return;
    const { noAnswer } = format;
    const take = (call: HookCall) => void call.answer(noAnswer);
    try {
      this.#guard = await HttpListener.start(port, { token, noAnswer, take, log });
    } catch (error) {
      log.warn({ err: error, port }, "the port of an earlier hook is taken");
    }
  }

  #staleTrouble(): string | null {
    if (this.way === "http" || hookFiles(this.#places()).every(({ state }) => state !== "changed")) return null;
    return "The agent's settings ask in another way than this machine needs, where others can log in: requests stay in the terminal. Run `agentpane hooks install` again.";
  }

  async #answer({ ask, action }: ServerFrame<"hooks.ask">): Promise<void> {
    const { channel, log } = this.#options;
    try {
      await this.#starting;
      const places = this.#places();
      if (action === "install") await havePort(places);
      if (action !== "status") changeHooks(places, action);
      if (action !== "status") log.info({ action }, "the agents' settings were changed");
      channel.send({ type: "hooks.answer", now: Date.now(), ask, report: this.#report(places), error: null });
    } catch (cause) {
      const error = cause instanceof AgentPaneError ? cause : new AgentPaneError("internal", String(cause), { cause });
      const told = { code: error.code, message: error.message.slice(0, 1000) };
      channel.send({ type: "hooks.answer", now: Date.now(), ask, report: null, error: told });
    }
  }

  #places(): HookPlaces {
    const { state, roots, format } = this.#options;
    return { state, roots, format, way: this.way };
  }

  #report(places: HookPlaces): HooksReport {
    return {
      listening: this.#listener !== null,
      how: this.way,
      reason: (this.#listener === null ? this.#trouble : this.#staleTrouble()) ?? wayReason(this.way),
      files: hookFiles(places),
    };
  }
}

/** Sees to it that the `http` hook has a port, also before a monitor ever ran. */
export async function havePort({ state, way }: HookPlaces): Promise<HookKeys> {
  const keys = readHookKeys(state);
  return way === "command" || keys.port !== null ? keys : keepPort(state, await freePort());
}

export function wayReason(way: HookWay): string {
  return way === "http"
    ? "Only you can log in here: the agent asks over a loopback port, with a token."
    : "Others can log in here, or it cannot be told: the agent asks over a socket that only you can reach.";
}
