/** The tables of the first schema. Times are epoch milliseconds, sizes bytes, booleans 0 and 1. */
export const FIRST_SCHEMA = `
CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;

CREATE TABLE machines (
  id TEXT PRIMARY KEY,
  host_sha256 TEXT NOT NULL,
  name TEXT NOT NULL,
  os TEXT NOT NULL,
  monitor_version TEXT NOT NULL,
  boot_id TEXT NOT NULL,
  registered_at INTEGER NOT NULL,
  last_seen_at INTEGER NOT NULL,
  left_at INTEGER,
  report TEXT
) STRICT, WITHOUT ROWID;

-- A transcript as a thing, with how far it is committed and what its lines folded to.
CREATE TABLE sources (
  id INTEGER PRIMARY KEY,
  machine TEXT NOT NULL,
  key TEXT NOT NULL,
  product TEXT NOT NULL,
  root TEXT NOT NULL,
  session TEXT NOT NULL,
  subagent TEXT,
  copy INTEGER NOT NULL,
  generation INTEGER NOT NULL,
  offset INTEGER NOT NULL,
  path TEXT NOT NULL,
  birth_ms INTEGER NOT NULL,
  proof TEXT NOT NULL,
  gone INTEGER NOT NULL,
  meta TEXT,
  state TEXT NOT NULL,
  adapter_version INTEGER NOT NULL,
  fold_version INTEGER NOT NULL
) STRICT;
-- The source of a segment; all cursors of a machine that registers.
CREATE UNIQUE INDEX sources_by_key ON sources (machine, key);
-- All sources of a session, for its merge.
CREATE INDEX sources_by_session ON sources (session);

-- Kept lines of one byte range, as the monitor compressed them. A table with rowid: in one without, blobs of this size
-- would stand in the inner pages too.
CREATE TABLE chunks (
  id INTEGER PRIMARY KEY,
  source INTEGER NOT NULL,
  generation INTEGER NOT NULL,
  from_offset INTEGER NOT NULL,
  to_offset INTEGER NOT NULL,
  bytes BLOB NOT NULL
) STRICT;
-- The chunk that holds an offset; all chunks of a source in order.
CREATE UNIQUE INDEX chunks_by_place ON chunks (source, generation, from_offset);

-- Slices of chunks too large for one body, until the segment that joins them.
CREATE TABLE chunk_parts (
  machine TEXT NOT NULL,
  key TEXT NOT NULL,
  generation INTEGER NOT NULL,
  from_offset INTEGER NOT NULL,
  part INTEGER NOT NULL,
  parts INTEGER NOT NULL,
  sha256 TEXT NOT NULL,
  received_at INTEGER NOT NULL,
  bytes BLOB NOT NULL,
  UNIQUE (machine, key, generation, from_offset, part)
) STRICT;

-- The primary key is the order of a transcript: pages are ranges of it.
CREATE TABLE events (
  source INTEGER NOT NULL,
  generation INTEGER NOT NULL,
  offset INTEGER NOT NULL,
  idx INTEGER NOT NULL,
  kind INTEGER NOT NULL,
  at INTEGER,
  body TEXT NOT NULL,
  PRIMARY KEY (source, generation, offset, idx)
) STRICT, WITHOUT ROWID;

CREATE TABLE copies (
  source INTEGER NOT NULL,
  generation INTEGER NOT NULL,
  offset INTEGER NOT NULL,
  idx INTEGER NOT NULL,
  at INTEGER,
  key TEXT NOT NULL,
  body TEXT NOT NULL,
  PRIMARY KEY (source, generation, offset, idx)
) STRICT, WITHOUT ROWID;

-- What lists filter and sort by, kept narrow so that ten thousand rows are read in a few milliseconds.
CREATE TABLE sessions (
  session TEXT PRIMARY KEY,
  product TEXT NOT NULL,
  machine TEXT NOT NULL,
  status TEXT NOT NULL,
  status_until INTEGER,
  last_activity_at INTEGER NOT NULL,
  project TEXT,
  branch TEXT,
  words TEXT NOT NULL
) STRICT, WITHOUT ROWID;
-- The list, newest activity first, with or without filters (all but the words are in the index).
CREATE INDEX sessions_by_activity ON sessions (last_activity_at DESC, session, status, machine, project, branch);
-- What time alone changes next.
CREATE INDEX sessions_by_until ON sessions (status_until) WHERE status_until IS NOT NULL;
-- The sessions of a machine that fell silent or came back, and how many it has.
CREATE INDEX sessions_by_machine ON sessions (machine, status);

-- The rest of a session's row, read only for the rows that are shown.
CREATE TABLE session_rows (
  session TEXT PRIMARY KEY,
  facts TEXT NOT NULL,
  evidence TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE tombstones (
  session TEXT PRIMARY KEY,
  deleted_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE tokens (
  id TEXT PRIMARY KEY,
  name TEXT NOT NULL,
  role TEXT NOT NULL,
  secret_sha256 TEXT NOT NULL UNIQUE,
  created_at INTEGER NOT NULL,
  expires_at INTEGER,
  last_used_at INTEGER,
  revoked_at INTEGER,
  machine TEXT
) STRICT, WITHOUT ROWID;

CREATE TABLE login_codes (
  sha256 TEXT PRIMARY KEY,
  role TEXT NOT NULL,
  expires_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
`;
