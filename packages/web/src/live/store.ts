import type { InputReport, LiveServerFrame, MachineRow, RequestRow, SessionRow } from "@agentpane/protocol";
import { Observable } from "../observable.ts";
import { ServerClock, type Timers } from "./clock.ts";
import { type ConnectionEnvironment, LiveConnection } from "./connection.ts";
import { LiveRows } from "./rows.ts";
import { LiveTerminals } from "./terminals.ts";

type EventsFrame = Extract<LiveServerFrame, { type: "events" }>;

/** Who follows a transcript: where it stands, and who is told. */
interface Watch {
  session: string;
  subagent: string | null;
  after: string;
  onEvents(frame: EventsFrame): void;
}

export interface LiveStoreOptions {
  token(): string | null;
  /** The server refused the token on the socket. */
  onRefused(): void;
  /** Whether the server answers over HTTP. */
  onSilentFailure(): Promise<boolean>;
}

/** Reports on words that were sent, of which the page still knows what became of them. */
const MAX_INPUTS = 200;
/** Changes within this time are told together: nobody reads faster, and lists of thousands are sorted once. */
const COALESCE_MS = 100;

/**
 * What the page knows of the server, fed by one socket. Framework-free: `subscribe` tells that something changed,
 * `version` says whether, and everything read from it is the same object until it changed.
 */
export class LiveStore extends Observable implements Disposable {
  readonly clock: ServerClock;
  readonly connection: LiveConnection;
  readonly terminals: LiveTerminals;
  readonly #rows = new LiveRows();
  readonly #environment: ConnectionEnvironment;
  readonly #options: LiveStoreOptions;
  readonly #watches = new Set<Watch>();
  readonly #offConnection: () => void;
  #inputs: ReadonlyMap<string, InputReport> = new Map();
  #version = 0;
  #cancelTold: (() => void) | null = null;
  #toldAt = Number.NEGATIVE_INFINITY;
  #wasLive = false;

  constructor(environment: ConnectionEnvironment, options: LiveStoreOptions) {
    super();
    this.#environment = environment;
    this.#options = options;
    this.clock = new ServerClock(environment.timers);
    this.connection = new LiveConnection(environment, {
      token: options.token,
      cursor: () => this.#rows.cursor,
      onFrame: (frame) => this.#apply(frame),
      onGreeted: () => {
        for (const watch of this.#watches) this.#send(watch);
        this.terminals.reopen();
      },
      onSilentFailure: options.onSilentFailure,
    });
    this.terminals = new LiveTerminals((frame) => this.connection.send(frame));
    this.#offConnection = this.connection.subscribe(() => this.#followConnection());
  }

  /** Rises with every change that was told. */
  readonly getSnapshot = (): number => this.#version;

  /** Whether a snapshot ever came: before it, an empty list means nothing. */
  get loaded(): boolean {
    return this.#rows.cursor !== null;
  }
  /** The page's own, as the store waits by them. */
  get timers(): Timers {
    return this.#environment.timers;
  }
  /** In no order. */
  get sessions(): ReadonlyMap<string, SessionRow> {
    return this.#rows.sessions;
  }
  get machines(): readonly MachineRow[] {
    return this.#rows.machines;
  }
  /** Requests that stand open, and those that were closed while the page looked. */
  get requests(): ReadonlyMap<string, RequestRow> {
    return this.#rows.requests;
  }
  /** What became of words that somebody sent while the page looked, by their id. */
  get inputs(): ReadonlyMap<string, InputReport> {
    return this.#inputs;
  }
  /** Sessions in the server's store, of which `sessions` holds the newest. */
  get total(): number {
    return this.#rows.total;
  }
  /** Rises when rows that came over HTTP were dropped and have to be asked for anew. */
  get resets(): number {
    return this.#rows.resets;
  }

  start(): void {
    this.connection.connect();
  }

  /** Older sessions, from a page over HTTP. */
  admit(rows: readonly SessionRow[]): void {
    if (this.#rows.admit(rows)) this.#tell();
  }

  /** Follows one transcript from `after` on, across reconnects. The returned function ends it. */
  watch(session: string, subagent: string | null, after: string, onEvents: (frame: EventsFrame) => void): () => void {
    const watch: Watch = { session, subagent, after, onEvents };
    this.#watches.add(watch);
    this.#send(watch);
    return () => {
      this.#watches.delete(watch);
      const stillWatched = [...this.#watches].some((w) => w.session === session && w.subagent === subagent);
      if (!stillWatched) this.connection.send({ type: "unwatch", session, subagent });
    };
  }

  [Symbol.dispose](): void {
    this.#offConnection();
    this.#cancelTold?.();
    this.connection[Symbol.dispose]();
  }

  #send({ session, subagent, after }: Watch): void {
    this.connection.send({ type: "watch", session, subagent, after });
  }

  #apply(frame: LiveServerFrame): void {
    if (frame.type === "snapshot" || frame.type === "changes") {
      this.clock.sync(frame.now);
      const heard = frame.type === "changes" ? (frame.inputs ?? []) : [];
      for (const report of heard) this.#inputs = withReport(this.#inputs, report);
      if (this.#rows.apply(frame) || heard.length > 0) this.#tell();
      return;
    }
    this.terminals.apply(frame);
    if (frame.type !== "events") return;
    for (const watch of [...this.#watches]) {
      if (watch.session !== frame.session || watch.subagent !== frame.subagent) continue;
      watch.after = frame.next;
      watch.onEvents(frame);
    }
  }

  #followConnection(): void {
    const state = this.connection.getSnapshot();
    const { kind } = state;
    if (state.kind === "refused" && state.reason === "token") this.#options.onRefused();
    // The socket was open until now, so until now nothing had changed but what was told.
    if (this.#wasLive && kind !== "live") this.clock.stop(this.clock.now());
    if (!this.#wasLive && kind === "live") this.clock.resume();
    this.#wasLive = kind === "live";
  }

  /** The first change goes at once, what follows is told together. */
  #tell(): void {
    if (this.#cancelTold !== null) return;
    const { timers } = this.#environment;
    const pause = this.#toldAt + COALESCE_MS - timers.now();
    if (pause <= 0) return this.#tellNow();
    this.#cancelTold = timers.after(pause, () => this.#tellNow());
  }

  #tellNow(): void {
    this.#cancelTold = null;
    this.#toldAt = this.#environment.timers.now();
    this.#version += 1;
    this.changed();
  }
}

function withReport(reports: ReadonlyMap<string, InputReport>, report: InputReport): ReadonlyMap<string, InputReport> {
  const kept = [...reports].filter(([id]) => id !== report.id).slice(1 - MAX_INPUTS);
  return new Map([...kept, [report.id, report]]);
}
