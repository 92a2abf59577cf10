import { allRows, type Db, run } from "./sqlite.ts";

/** How far a machine's channel was heard. */
export interface StoredChannel {
  machine: string;
  bootId: string;
  seq: number;
  /** Server's clock minus the machine's, in milliseconds. */
  skewMs: number;
  /** Since when nothing is heard on it; null while it is there. */
  lostAt: number | null;
}

/** A process of a session; `body` is JSON of the fold's, which the store does not look into. */
export interface StoredPresence {
  machine: string;
  session: string;
  pid: number;
  procStart: string;
  life: "alive" | "dead" | "moved";
  /** When `life` was decided, by the server's clock. */
  lifeAt: number;
  body: string;
}

interface ChannelColumns {
  machine: string;
  boot_id: string;
  seq: number;
  skew_ms: number;
  lost_at: number | null;
}

const PRESENCE_COLUMNS = "machine, session, pid, proc_start AS procStart, life, life_at AS lifeAt, body";

export function allChannels(db: Db): StoredChannel[] {
  return allRows<ChannelColumns>(db, "SELECT * FROM channels").map((row) => ({
    machine: row.machine,
    bootId: row.boot_id,
    seq: row.seq,
    skewMs: row.skew_ms,
    lostAt: row.lost_at,
  }));
}

export function saveChannel(db: Db, { machine, bootId, seq, skewMs, lostAt }: StoredChannel): void {
  run(db, "INSERT OR REPLACE INTO channels VALUES (?, ?, ?, ?, ?)", machine, bootId, seq, skewMs, lostAt);
}

export function presencesOfSession(db: Db, session: string): StoredPresence[] {
  return allRows(db, `SELECT ${PRESENCE_COLUMNS} FROM presences WHERE session = ?`, session);
}

export function presencesOf(db: Db, machine: string, session: string): StoredPresence[] {
  return allRows(
    db,
    `SELECT ${PRESENCE_COLUMNS} FROM presences WHERE machine = ? AND session = ? ORDER BY pid, proc_start`,
    machine,
    session,
  );
}

/** Sessions of which a process lives on the machine. */
export function sessionsAliveOn(db: Db, machine: string): string[] {
  return allRows<{ session: string }>(
    db,
    "SELECT DISTINCT session FROM presences WHERE machine = ? AND life = 'alive'",
    machine,
  ).map(({ session }) => session);
}

export function savePresence(db: Db, presence: StoredPresence): void {
  const { machine, session, pid, procStart, life, lifeAt, body } = presence;
  run(
    db,
    "INSERT OR REPLACE INTO presences VALUES (?, ?, ?, ?, ?, ?, ?)",
    machine,
    session,
    pid,
    procStart,
    life,
    lifeAt,
    body,
  );
}

export function removePresences(db: Db, machine: string, session: string): void {
  run(db, "DELETE FROM presences WHERE machine = ? AND session = ?", machine, session);
}

export function removePresencesOfSession(db: Db, session: string): void {
  run(db, "DELETE FROM presences WHERE session = ?", session);
}

/** Ends of a machine's processes whose session never wrote a line: nothing is shown of them. */
export function dropUnlistedEnds(db: Db, machine: string, before: number): void {
  run(
    db,
    `DELETE FROM presences WHERE machine = ? AND life <> 'alive' AND life_at < ?
        AND NOT EXISTS (SELECT 1 FROM sessions s WHERE s.session = presences.session)`,
    machine,
    before,
  );
}

/** Sessions of which a process lives on another machine than the one they are shown with, and its channel is there. */
export function sessionsWatchedElsewhere(db: Db, lostBefore: number): string[] {
  return allRows<{ session: string }>(
    db,
    `SELECT DISTINCT s.session FROM presences p
       JOIN sessions s ON s.session = p.session AND s.machine <> p.machine
       JOIN channels c ON c.machine = p.machine AND (c.lost_at IS NULL OR c.lost_at > ?)
      WHERE p.life = 'alive'`,
    lostBefore,
  ).map(({ session }) => session);
}
