/** The list by model, without a look at a session's facts. */
export const LIST_SCHEMA = `
ALTER TABLE sessions ADD COLUMN model TEXT;
UPDATE sessions SET model = (SELECT json_extract(r.facts, '$.model') FROM session_rows r WHERE r.session = sessions.session);
-- The list, newest activity first, with or without filters (all but the words are in the index); and how many sessions
-- each value of a filter has.
DROP INDEX sessions_by_activity;
CREATE INDEX sessions_by_activity ON sessions (last_activity_at DESC, session, status, machine, project, branch, model);
`;
