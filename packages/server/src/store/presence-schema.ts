/** Second schema: what monitors' channels say of processes. Times are the server's, in epoch milliseconds. */
export const PRESENCE_SCHEMA = `
-- How far each machine's channel was heard, and since when it is lost; one row for each that ever had one.
CREATE TABLE channels (
  machine TEXT PRIMARY KEY,
  boot_id TEXT NOT NULL,
  seq INTEGER NOT NULL,
  -- Server's clock minus the machine's.
  skew_ms INTEGER NOT NULL,
  lost_at INTEGER
) STRICT, WITHOUT ROWID;

-- Processes that live, and those whose end was seen. body is the evidence as JSON, without what the channel's row says.
CREATE TABLE presences (
  machine TEXT NOT NULL,
  session TEXT NOT NULL,
  pid INTEGER NOT NULL,
  proc_start TEXT NOT NULL,
  life TEXT NOT NULL,
  life_at INTEGER NOT NULL,
  body TEXT NOT NULL,
  PRIMARY KEY (machine, session, pid, proc_start)
) STRICT, WITHOUT ROWID;
-- All processes of a session, for its merge.
CREATE INDEX presences_by_session ON presences (session);
-- Sessions with a living process, which may be watched from another machine than their own.
CREATE INDEX presences_alive ON presences (session, machine) WHERE life = 'alive';

-- Where subagents were started and ended, to join their tree: a few rows of each transcript (see event-codec.ts).
CREATE INDEX events_of_subagents ON events (source, generation) WHERE kind IN (14, 15);
`;
