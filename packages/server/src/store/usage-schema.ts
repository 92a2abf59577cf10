/**
 * Responses counted once, and what they add up to. Money is integer nano-dollars, tokens are counts, times epoch
 * milliseconds. Responses, owners, models and machines have numbers here, so that a row of sums is a few dozen bytes.
 */
export const USAGE_SCHEMA = `
-- One row for each response that any copy speaks of, with what it was counted as; a row without an owner counts nothing.
CREATE TABLE responses (
  id INTEGER PRIMARY KEY,
  key TEXT NOT NULL,
  -- Of the key, 53 bits: an index over the keys themselves would take a third of the ingest's time.
  hash INTEGER NOT NULL,
  owner INTEGER,
  machine INTEGER,
  model INTEGER,
  at INTEGER,
  input INTEGER NOT NULL,
  output INTEGER NOT NULL,
  cache_write_5m INTEGER NOT NULL,
  cache_write_1h INTEGER NOT NULL,
  cache_read INTEGER NOT NULL,
  web_searches INTEGER NOT NULL,
  -- Null where the model is unpriced.
  cost INTEGER,
  -- What other models did within it, as JSON; null for nearly all.
  steps TEXT
) STRICT;
-- The response that a copy belongs to.
CREATE INDEX responses_by_hash ON responses (hash);

-- Null in rows of an older schema, until they are counted in the background.
ALTER TABLE copies ADD COLUMN response INTEGER;
-- All copies of a response that is elected anew. Numbers of new responses grow, so it mostly grows at its end.
CREATE INDEX copies_by_response ON copies (response) WHERE response IS NOT NULL;
-- What the background has still to count.
CREATE INDEX copies_uncounted ON copies (source) WHERE response IS NULL;

-- Who spends: a session's main thread or one of its subagents; with its totals, which the list of sessions shows.
CREATE TABLE usage_owners (
  id INTEGER PRIMARY KEY,
  session TEXT NOT NULL,
  -- Empty for the main thread.
  subagent TEXT NOT NULL,
  -- The subagent's type; null where nobody wrote it down.
  type TEXT,
  responses INTEGER NOT NULL,
  tokens INTEGER NOT NULL,
  cost INTEGER NOT NULL,
  unpriced INTEGER NOT NULL
) STRICT;
-- The owners of a session.
CREATE UNIQUE INDEX usage_owners_by_session ON usage_owners (session, subagent);

-- Ids of models and of machines.
CREATE TABLE usage_names (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE) STRICT;

-- Sums by quarter of an hour (of UTC, counted from 1970; -1 for what nobody dated), which cut any time zone's days.
CREATE TABLE rollups (
  quarter INTEGER NOT NULL,
  owner INTEGER NOT NULL,
  model INTEGER NOT NULL,
  machine INTEGER NOT NULL,
  responses INTEGER NOT NULL,
  input INTEGER NOT NULL,
  output INTEGER NOT NULL,
  cache_write_5m INTEGER NOT NULL,
  cache_write_1h INTEGER NOT NULL,
  cache_read INTEGER NOT NULL,
  web_searches INTEGER NOT NULL,
  cost INTEGER NOT NULL,
  unpriced INTEGER NOT NULL,
  PRIMARY KEY (quarter, owner, model, machine)
) STRICT, WITHOUT ROWID;
-- Which days (of UTC) changed since a reader read them; -2 stands for the owners.
CREATE TABLE rollup_days (day INTEGER PRIMARY KEY, version INTEGER NOT NULL) STRICT;

CREATE TABLE settings (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;

-- Who changed what, and when. Only ever grows.
CREATE TABLE audit (
  id INTEGER PRIMARY KEY,
  at INTEGER NOT NULL,
  who TEXT NOT NULL,
  what TEXT NOT NULL,
  detail TEXT NOT NULL
) STRICT;
CREATE TRIGGER audit_stays BEFORE UPDATE ON audit BEGIN SELECT raise(ABORT, 'the audit only grows'); END;
CREATE TRIGGER audit_keeps BEFORE DELETE ON audit BEGIN SELECT raise(ABORT, 'the audit only grows'); END;
`;
