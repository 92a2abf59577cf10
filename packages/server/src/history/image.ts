import { adapters } from "@agentpane/agents";
import { AgentPaneError, type EventImage, eventImage, type ImageQuery } from "@agentpane/protocol";
import { chunkRangeAt } from "../store/chunks.ts";
import type { Db } from "../store/sqlite.ts";
import type { ChunkCache } from "./chunk-cache.ts";
import { keptLines } from "./content.ts";
import { parsePlace } from "./places.ts";
import { shownTranscript } from "./shown.ts";

/** One image of one event; null where it is not there, was too large to be kept, or is of a kind that is not shown. */
export function imageOfEvent(db: Db, cache: ChunkCache, session: string, query: ImageQuery): EventImage | null {
  const source = shownTranscript(db, session, query.subagent ?? null);
  if (source === null) return null;
  const place = parsePlace(query.place);
  if (place === null) throw new AgentPaneError("invalid_request", "The place is not one that this server gave.");
  if (place.source !== source.id || place.generation !== source.generation) return null;
  const { offset, index } = place.position;
  const range = chunkRangeAt(db, source.id, source.generation, offset);
  const line = range === undefined ? undefined : keptLines(db, cache, source, range)?.get(offset);
  if (line === undefined) return null;
  const image = adapters[source.source.product].lineImage(line, offset, index, query.n);
  return eventImage.safeParse(image).data ?? null;
}
