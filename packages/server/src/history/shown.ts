import { AgentPaneError } from "@agentpane/protocol";
import { elect, type MergeSource, type Shown } from "../fold/elect.ts";
import { parseState, type SourceState } from "../fold/source-state.ts";
import { isListed } from "../store/sessions.ts";
import { type StoredSource, sourcesOfSession } from "../store/sources.ts";
import type { Db } from "../store/sqlite.ts";
import { isDeleted } from "../store/tombstones.ts";

export type ReadSource = Omit<StoredSource, "state"> & MergeSource & { state: SourceState };

/**
 * The sources of a session and those that are shown of it; null where there is no such session, `session_deleted` where a
 * person deleted it.
 */
export function shownSources(db: Db, session: string): { all: ReadSource[]; shown: Shown<ReadSource> } | null {
  if (!isListed(db, session)) {
    if (isDeleted(db, session)) throw new AgentPaneError("session_deleted", "Somebody deleted this session.");
    return null;
  }
  const all = sourcesOfSession(db, session).map((stored) => ({
    ...stored,
    root: stored.source.root,
    subagent: stored.source.subagent,
    state: parseState(stored.state),
  }));
  return { all, shown: elect(all) };
}

/** The transcript that a page of the session, or of one of its subagents, is read from. */
export function shownTranscript(db: Db, session: string, subagent: string | null): ReadSource | null {
  const sources = shownSources(db, session);
  if (sources === null) return null;
  return subagent === null ? sources.shown.primary : (sources.shown.agents.get(subagent) ?? null);
}
