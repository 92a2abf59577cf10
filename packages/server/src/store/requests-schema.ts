/** What only a person can settle, and what people did. Times are the server's, in epoch milliseconds. */
export const REQUESTS_SCHEMA = `
-- Rows of up to some megabytes, hence a table with rowid. body: the request as JSON, without what the other columns hold.
CREATE TABLE requests (
  id TEXT NOT NULL,
  machine TEXT NOT NULL,
  session TEXT NOT NULL,
  opened_at INTEGER NOT NULL,
  state TEXT NOT NULL,
  closed_at INTEGER,
  -- JSON of who closed it, and how.
  closing TEXT,
  -- 1 where this server closed it without word from its monitor, who may know better.
  assumed INTEGER NOT NULL DEFAULT 0,
  -- JSON of the decision that is on its way to the monitor, or was the last to be.
  claim TEXT,
  -- In UTF-8.
  input_bytes INTEGER NOT NULL,
  plan_bytes INTEGER NOT NULL,
  body TEXT NOT NULL,
  input_json TEXT NOT NULL,
  plan_text TEXT
) STRICT;
CREATE UNIQUE INDEX requests_by_id ON requests (id);
-- What stands open, oldest first, of all machines or of one.
CREATE INDEX requests_open ON requests (opened_at, id) WHERE state = 'open';
CREATE INDEX requests_open_by_machine ON requests (machine) WHERE state = 'open';
-- The open ones of a session, for its merge.
CREATE INDEX requests_open_by_session ON requests (session, opened_at, id) WHERE state = 'open';
-- The closed ones, newest first, and how much they take.
CREATE INDEX requests_closed ON requests (closed_at, id, input_bytes, plan_bytes) WHERE state <> 'open';

-- Where a call came from; the session and request it was about; from the request's opening to it.
ALTER TABLE audit ADD COLUMN sender TEXT;
ALTER TABLE audit ADD COLUMN session TEXT;
ALTER TABLE audit ADD COLUMN request TEXT;
ALTER TABLE audit ADD COLUMN latency_ms INTEGER;
-- What was done in a session, and by somebody.
CREATE INDEX audit_by_session ON audit (session, id) WHERE session IS NOT NULL;
CREATE INDEX audit_by_who ON audit (who, id);
`;
