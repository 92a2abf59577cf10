import type { PresenceEvidence } from "../fold/presence.ts";
import { afterFrame, type KnownProcess, skewOf } from "../fold/presence-set.ts";
import type { ChannelNews } from "../store/contract.ts";
import {
  allChannels,
  dropUnlistedEnds,
  presencesOf,
  presencesOfSession,
  removePresences,
  type StoredChannel,
  type StoredPresence,
  saveChannel,
  savePresence,
  sessionsAliveOn,
} from "../store/presence.ts";
import type { Db } from "../store/sqlite.ts";
import type { Changed, Committer } from "./commit.ts";
import { tellRequestsOf } from "./requests.ts";

/** How long the end of a process is kept whose session never wrote a line. */
const UNLISTED_END_MS = 24 * 60 * 60_000;

/** The writer's view of channels: one for each machine, read once and changed here and in the store alike. */
export class Presences {
  readonly #db: Db;
  readonly #channels = new Map<string, StoredChannel>();

  constructor(db: Db) {
    this.#db = db;
    this.reload();
  }

  /** After a transaction that was rolled back. */
  reload(): void {
    this.#channels.clear();
    for (const channel of allChannels(this.#db)) this.#channels.set(channel.machine, channel);
  }

  get channels(): ReadonlyMap<string, StoredChannel> {
    return this.#channels;
  }

  saveChannel(channel: StoredChannel): void {
    this.#channels.set(channel.machine, channel);
    saveChannel(this.#db, channel);
  }

  ofSession(session: string): PresenceEvidence[] {
    return presencesOfSession(this.#db, session).map((stored) => ({
      ...opened(stored),
      // An end that was seen stays seen; only of the living does a lost channel leave a doubt.
      lostAt: stored.life === "alive" ? (this.#channels.get(stored.machine)?.lostAt ?? null) : null,
    }));
  }
}

/** Takes news into the open transaction. False where a frame is not newer than the last of its boot. */
export function applyNews(committer: Committer, news: ChannelNews, changed: Changed, now: number): boolean {
  const { presences } = committer;
  switch (news.type) {
    case "restart":
      for (const { machine, lostAt } of [...presences.channels.values()]) {
        if (lostAt === null) lose(committer, machine, now, changed);
      }
      return true;
    case "lost":
      if (presences.channels.get(news.machine)?.lostAt === null) lose(committer, news.machine, news.since, changed);
      return true;
    case "frame":
      return applyFrame(committer, news, changed, now);
  }
}

function lose(committer: Committer, machine: string, since: number, changed: Changed): void {
  const channel = committer.presences.channels.get(machine);
  if (channel === undefined) return;
  committer.presences.saveChannel({ ...channel, lostAt: since });
  for (const session of sessionsAliveOn(committer.db, machine)) refresh(committer, session, changed);
  tellRequestsOf(committer, machine, changed);
}

function applyFrame(
  committer: Committer,
  { machine, receivedAt, frame }: Extract<ChannelNews, { type: "frame" }>,
  changed: Changed,
  now: number,
): boolean {
  const { db, presences } = committer;
  const known = presences.channels.get(machine);
  committer.seen(machine, now, changed);
  if (known?.bootId === frame.bootId && frame.seq <= known.seq) return false;

  const skewMs = skewOf(frame.now, receivedAt, known?.bootId === frame.bootId ? known.skewMs : null);
  presences.saveChannel({ machine, bootId: frame.bootId, seq: frame.seq, skewMs, lostAt: null });
  const told = Map.groupBy(frame.presences, ({ session }) => session);
  const gone = Map.groupBy(frame.gone, ({ session }) => session);
  // What a full frame does not name is replaced with it; a channel that is back concerns all that lived on it.
  const alive = frame.full || known?.lostAt != null ? sessionsAliveOn(db, machine) : [];
  const stale = new Set(known?.lostAt == null ? [] : alive);
  for (const session of new Set([...told.keys(), ...gone.keys(), ...(frame.full ? alive : [])])) {
    const before = presencesOf(db, machine, session);
    const ofSession = { full: frame.full, presences: told.get(session) ?? [], gone: gone.get(session) ?? [] };
    const after = afterFrame(machine, before.map(opened), ofSession, skewMs).map((process) => closed(session, process));
    if (sameProcesses(before, after)) continue;
    removePresences(db, machine, session);
    for (const process of after) savePresence(db, process);
    stale.add(session);
  }
  for (const session of stale) refresh(committer, session, changed);
  if (known?.lostAt != null) tellRequestsOf(committer, machine, changed);
  if (frame.full) dropUnlistedEnds(db, machine, now - UNLISTED_END_MS);
  return true;
}

/** Of a session that never wrote a line nothing is shown; when it does, its processes are read with it. */
function refresh({ catalogue, presences }: Committer, session: string, changed: Changed): void {
  const entry = catalogue.listed(session);
  if (entry === null) return;
  entry.presences = presences.ofSession(session);
  if (entry.listed && !entry.deleted) changed.growth.willTouch(entry);
}

function opened({ body }: StoredPresence): KnownProcess {
  return JSON.parse(body) as KnownProcess;
}

function closed(session: string, process: KnownProcess): StoredPresence {
  const { machine, pid, procStart, life, lifeAt } = process;
  return { machine, session, pid, procStart, life, lifeAt, body: JSON.stringify(process) };
}

function sameProcesses(before: readonly StoredPresence[], after: readonly StoredPresence[]): boolean {
  const bodies = new Set(before.map(({ body }) => body));
  return before.length === after.length && after.every(({ body }) => bodies.has(body));
}
