import type { InputReport, Presence, Reach } from "@agentpane/protocol";
import type { Logger } from "pino";
import type { PresenceChange } from "../presence/presence-watch.ts";
import type { ChannelLine } from "../uplink/channel-frames.ts";
import type { Pane } from "./pane/pane.ts";
import { TYPING_TIMING, type TypingTiming, typeWords } from "./pane/type-words.ts";
import { prepareWords } from "./pane/words.ts";
import type { PtyDesk } from "./pty/pty-desk.ts";
import type { RunLink } from "./pty/run-link.ts";
import { Terminals } from "./pty/terminals.ts";
import { TmuxPanes } from "./tmux/panes.ts";
import { TmuxPane } from "./tmux/tmux-pane.ts";
import { type Terminal, terminalsOf } from "./tmux/tty.ts";

/** Words that wait for one session at once; each takes a fraction of a second. */
const MAX_WAITING_PER_SESSION = 8;
/** A process whose reach was found so shortly ago is not looked at again for a change of its status. */
const FOUND_MS = 60_000;
/** Reports that could not be told because the channel was away; the oldest are forgotten. */
const MAX_UNTOLD = 200;

const PLAIN = "it runs in a plain terminal: start it in tmux, or with `agentpane run`";

export interface ReachOptions {
  line: ChannelLine;
  /** Everything known now. */
  presences: () => readonly Presence[];
  /** Reads the registry anew, for what it says at this very moment. */
  lookNow: () => void;
  /** Whether the session holds a request open. */
  isAsking: (session: string) => boolean;
  /** These can be reached in another way than was told. */
  onChange: (presences: Presence[]) => void;
  desk: PtyDesk;
  panes?: TmuxPanes;
  timing?: TypingTiming;
  log: Logger;
}

/** What can be done to each live session from here, and doing it: words and interrupts, through tmux or a pseudo-terminal. */
export class SessionReach implements Disposable {
  readonly #options: ReachOptions;
  readonly #terminals: Terminals;
  readonly #panes: TmuxPanes;
  readonly #found = new Map<string, { reach: Reach; at: number }>();
  readonly #work = new Map<string, { last: Promise<void>; waiting: number }>();
  #untold: InputReport[] = [];
  #finding: Promise<void> = Promise.resolve();

  constructor(options: ReachOptions) {
    this.#options = options;
    this.#panes = options.panes ?? new TmuxPanes();
    const { line, desk } = options;
    line.on("input", ({ input, session, text }) => this.#queue(input, session, () => this.#type(session, text)));
    line.on("interrupt", ({ input, session }) => this.#queue(input, session, () => this.#interrupt(session)));
    line.onOpened(() => {
      const untold = this.#untold;
      this.#untold = [];
      for (const report of untold) this.#tell(report);
    });
    this.#terminals = new Terminals({ line, desk, linkOf: (session) => this.#linkOf(session) });
    desk.onChange(() => this.#find(options.presences(), true));
  }

  [Symbol.dispose](): void {
    this.#terminals[Symbol.dispose]();
  }

  /** With how it can be reached, once that was found. */
  withReach(presence: Presence): Presence {
    const reach = presence.life === "alive" ? this.#found.get(keyOf(presence))?.reach : undefined;
    return reach === undefined ? presence : { ...presence, reach };
  }

  /** Told of every change of presence. */
  noticed({ changed }: PresenceChange): void {
    this.#find(changed, false);
  }

  #find(presences: readonly Presence[], anew: boolean): void {
    const now = performance.now();
    const wanted = presences.filter((one) => {
      const known = this.#found.get(keyOf(one));
      return one.life === "alive" && (anew || known === undefined || now - known.at > FOUND_MS);
    });
    if (wanted.length === 0) return;
    // One after the other, so that an older answer never overwrites a newer one.
    this.#finding = this.#finding
      .then(() => this.#findAll(wanted))
      .catch((error) => this.#options.log.warn({ err: error }, "how sessions can be reached was not found out"));
  }

  async #findAll(presences: readonly Presence[]): Promise<void> {
    this.#panes.forget();
    const terminals = await terminalsOf(presences.map(({ pid }) => pid));
    const changed: Presence[] = [];
    for (const presence of presences) {
      const { reach } = await this.#reachOf(presence, terminals.get(presence.pid), false);
      const before = this.#found.get(keyOf(presence))?.reach;
      this.#found.set(keyOf(presence), { reach, at: performance.now() });
      if (before?.kind !== reach.kind || before.reason !== reach.reason) changed.push(presence);
    }
    const alive = new Set(
      this.#options
        .presences()
        .filter(({ life }) => life === "alive")
        .map(keyOf),
    );
    for (const key of this.#found.keys()) if (!alive.has(key)) this.#found.delete(key);
    // As they are now: what was asked about may have changed meanwhile.
    const keys = new Set(changed.map(keyOf));
    const news = this.#options.presences().filter((one) => keys.has(keyOf(one)));
    if (news.length > 0) this.#options.onChange(news.map((one) => this.withReach(one)));
  }

  async #reachOf(
    presence: Presence,
    terminal: Terminal | undefined,
    fresh: boolean,
  ): Promise<{ reach: Reach; pane: Pane | null }> {
    const none = (reason: string) => ({ reach: { kind: "none" as const, reason }, pane: null });
    if (presence.life !== "alive") return none("its process has ended");
    if (presence.kind === "bg") return none("it runs in the background, without a terminal of its own");
    if (presence.entrypoint !== null && presence.entrypoint !== "cli") {
      return none("it does not talk with a person: it was started with -p, or by another program");
    }
    if (terminal === undefined) return none("it has no terminal");
    const link = this.#options.desk.find(terminal.path);
    if (link !== null) return { reach: { kind: "pty", reason: null }, pane: link };
    const found = await this.#panes.find(terminal.path, fresh);
    if (found === null) return none(PLAIN);
    return { reach: { kind: "tmux", reason: null }, pane: new TmuxPane(found, presence.pid) };
  }

  /** One after the other for each session. */
  #queue(input: string, session: string, act: () => Promise<Pick<InputReport, "state" | "reason">>): void {
    const report = (done: Pick<InputReport, "state" | "reason">) =>
      this.#tell({ id: input, session, ...done, at: Date.now() });
    const work = this.#work.get(session) ?? { last: Promise.resolve(), waiting: 0 };
    if (work.waiting >= MAX_WAITING_PER_SESSION) {
      report({ state: "not_sent", reason: "too many words wait for this session already" });
      return;
    }
    work.waiting += 1;
    work.last = work.last
      .then(act)
      .catch((error) => {
        this.#options.log.warn({ err: error, session }, "words could not be typed");
        return { state: "not_sent" as const, reason: "its terminal went away" };
      })
      .then(report)
      .finally(() => {
        work.waiting -= 1;
        if (work.waiting === 0) this.#work.delete(session);
      });
    this.#work.set(session, work);
  }

  async #type(session: string, text: string): Promise<Pick<InputReport, "state" | "reason">> {
    const prepared = prepareWords(text);
    if ("refused" in prepared) return { state: "not_sent", reason: prepared.refused };
    const { pane, reach, pid } = await this.#paneOf(session);
    if (pane === null) return { state: "not_sent", reason: reach.reason };
    const typed = await typeWords(
      pane,
      prepared.words,
      () => this.#statusOf(session, pid),
      this.#options.timing ?? TYPING_TIMING,
    );
    return typed.state === "not_sent" ? typed : { state: typed.state, reason: null };
  }

  async #interrupt(session: string): Promise<Pick<InputReport, "state" | "reason">> {
    const { pane, reach, pid } = await this.#paneOf(session);
    if (pane === null) return { state: "not_sent", reason: reach.reason };
    const obstacle = await pane.obstacle();
    if (obstacle !== null) return { state: "not_sent", reason: obstacle };
    const said = this.#statusOf(session, pid);
    // Escape would cancel a dialog, or take back words that stand in the input line.
    if (said?.asks === true) return { state: "not_sent", reason: "it waits for an answer: there is no turn to stop" };
    if (said?.status !== "busy" && said?.status !== "shell") {
      return { state: "not_sent", reason: "no turn is running" };
    }
    await pane.press("interrupt");
    return { state: "sent", reason: null };
  }

  async #paneOf(session: string): Promise<{ reach: Reach; pane: Pane | null; pid: number }> {
    const presence = this.#presenceOf(session);
    if (presence === null) {
      return { reach: { kind: "none", reason: "no process of it runs on this machine" }, pane: null, pid: 0 };
    }
    const terminal = (await terminalsOf([presence.pid])).get(presence.pid);
    if (terminal?.foreground === false) {
      const reason = "it is suspended, or another program has its terminal";
      return { reach: { kind: "none", reason }, pane: null, pid: presence.pid };
    }
    return { ...(await this.#reachOf(presence, terminal, true)), pid: presence.pid };
  }

  async #linkOf(session: string): Promise<RunLink | string> {
    const presence = this.#presenceOf(session);
    if (presence === null) return "no process of it runs on this machine";
    const terminal = (await terminalsOf([presence.pid])).get(presence.pid);
    const link = terminal === undefined ? null : this.#options.desk.find(terminal.path);
    return link ?? "it does not run under `agentpane run`";
  }

  #presenceOf(session: string): Presence | null {
    const alive = this.#options.presences().filter((one) => one.session === session && one.life === "alive");
    return alive.sort((a, b) => (b.statusAt ?? 0) - (a.statusAt ?? 0))[0] ?? null;
  }

  /** Of that very process: after a /clear it runs another session. */
  #statusOf(session: string, pid: number): { status: Presence["status"]; asks: boolean } | null {
    this.#options.lookNow();
    const presence = this.#presenceOf(session);
    if (presence === null || presence.pid !== pid) return null;
    return { status: presence.status, asks: presence.status === "waiting" || this.#options.isAsking(session) };
  }

  #tell(report: InputReport): void {
    if (this.#options.line.send({ type: "input.report", now: Date.now(), report })) return;
    this.#untold = [...this.#untold, report].slice(-MAX_UNTOLD);
  }
}

function keyOf({ pid, procStart }: Presence): string {
  return `${pid} ${procStart}`;
}
