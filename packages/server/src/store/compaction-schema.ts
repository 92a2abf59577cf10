/** The fourth migration: an index of what its comment says. */
export const COMPACTION_SCHEMA = `
-- Where a transcript was compacted, for the marks on its context and cost: a row or two of each transcript (see event-codec.ts).
CREATE INDEX events_of_compactions ON events (source, generation) WHERE kind = 11;
`;
