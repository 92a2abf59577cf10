import { AgentPaneError, type EventsQuery, type SessionEvent, type TranscriptEvent } from "@agentpane/protocol";
import { type EventPosition, eventsAfter, eventsBefore, hasEventsBefore, lastEvent } from "../store/events.ts";
import { isListed } from "../store/sessions.ts";
import type { Db } from "../store/sqlite.ts";
import type { ChunkCache } from "./chunk-cache.ts";
import { ContentReader } from "./content.ts";
import { BEGINNING, END, formatPlace, parsePlace } from "./places.ts";
import { type ReadSource, shownTranscript } from "./shown.ts";

/** A full page ends here even where more events were asked for; one event alone may be larger. */
const MAX_PAGE_BYTES = 8 * 1024 * 1024;

/** The page as JSON in UTF-8; null where there is no such session or subagent. */
export function eventsPage(db: Db, cache: ChunkCache, session: string, query: EventsQuery): Uint8Array | null {
  const source = shownTranscript(db, session, query.subagent ?? null);
  if (source === null) {
    // A session of which only subagents have arrived is there, but its own transcript is empty so far.
    const empty = query.subagent === undefined && isListed(db, session);
    return empty ? Buffer.from(JSON.stringify({ events: [], next: null, previous: null, end: "start" })) : null;
  }
  if (query.around !== undefined) return around(db, cache, source, query, query.around);
  return query.before === undefined
    ? forward(db, cache, source, query)
    : backward(db, cache, source, query, query.before);
}

function forward(db: Db, cache: ChunkCache, source: ReadSource, query: EventsQuery): Uint8Array {
  // A place in what was rewritten since, or in a transcript that is no longer the primary: read the present one whole.
  const after = query.after === undefined ? BEGINNING : (positionIn(source, query.after) ?? BEGINNING);
  const events = eventsAfter(db, source.id, source.generation, after, query.limit + 1);
  const more = events.length > query.limit;
  const { texts, complete } = encode(db, cache, source, query, more ? events.slice(0, -1) : events);
  const shown = events.slice(0, texts.length);
  return page(db, source, shown, texts, more || !complete, after);
}

function backward(db: Db, cache: ChunkCache, source: ReadSource, query: EventsQuery, place: string): Uint8Array {
  const before = place === "end" ? END : positionIn(source, place);
  // Nothing of the present transcript came before a place in another.
  if (before === null) return page(db, source, [], [], false, BEGINNING);
  const events = eventsBefore(db, source.id, source.generation, before, query.limit);
  const newestFirst = events.toReversed();
  const { texts } = encode(db, cache, source, query, newestFirst);
  const shown = newestFirst.slice(0, texts.length).reverse();
  const last = shown.at(-1);
  const follows =
    place !== "end" && last !== undefined && eventsAfter(db, source.id, source.generation, last, 1).length > 0;
  return page(db, source, shown, texts.reverse(), follows, before);
}

/** The event at the place in the middle; the end of the transcript where the place is of another. */
function around(db: Db, cache: ChunkCache, source: ReadSource, query: EventsQuery, place: string): Uint8Array {
  const position = positionIn(source, place);
  if (position === null) return backward(db, cache, source, query, "end");
  const before = eventsBefore(db, source.id, source.generation, position, Math.floor(query.limit / 2)).reverse();
  const wanted = query.limit - before.length;
  // What is asked for stands first among what follows the place ahead of it.
  const ahead = { offset: position.offset, index: position.index - 1 };
  const after = eventsAfter(db, source.id, source.generation, ahead, wanted + 1);
  const following = encode(db, cache, source, query, after.slice(0, wanted), MAX_PAGE_BYTES / 2);
  const leading = encode(db, cache, source, query, before, MAX_PAGE_BYTES / 2);
  const shown = [...before.slice(0, leading.texts.length).reverse(), ...after.slice(0, following.texts.length)];
  const texts = [...leading.texts.reverse(), ...following.texts];
  return page(db, source, shown, texts, after.length > following.texts.length, position);
}

function positionIn(source: ReadSource, text: string): EventPosition | null {
  const place = parsePlace(text);
  if (place === null) throw new AgentPaneError("invalid_request", "The place is not one that this server gave.");
  return place.source === source.id && place.generation === source.generation ? place.position : null;
}

function page(
  db: Db,
  source: ReadSource,
  events: readonly TranscriptEvent[],
  texts: readonly string[],
  follows: boolean,
  asked: EventPosition,
): Uint8Array {
  const first = events[0];
  const last = events.at(-1);
  const place = (position: EventPosition) =>
    formatPlace({ source: source.id, generation: source.generation, position });
  const earlier = first !== undefined && hasEventsBefore(db, source.id, source.generation, first);
  const end = last ?? (asked === END ? BEGINNING : asked);
  const rest = JSON.stringify({
    next: follows && last !== undefined ? place(last) : null,
    previous: earlier ? place(first) : null,
    end: place(end),
  });
  return Buffer.from(`{"events":[${texts.join(",")}],${rest.slice(1)}`);
}

/** In the order given, until the page is full. */
function encode(
  db: Db,
  cache: ChunkCache,
  source: ReadSource,
  query: EventsQuery,
  events: readonly TranscriptEvent[],
  maxBytes = MAX_PAGE_BYTES,
): { texts: string[]; complete: boolean } {
  const contents = query.view === "full" ? new ContentReader(db, cache, source) : null;
  const texts: string[] = [];
  let bytes = 0;
  for (const event of events) {
    const text = JSON.stringify({ ...withPlace(source, event), ...contents?.read(event) });
    bytes += Buffer.byteLength(text);
    if (texts.length > 0 && bytes > maxBytes) return { texts, complete: false };
    texts.push(text);
  }
  return { texts, complete: true };
}

/** As a reader gets it. */
export function withPlace(source: ReadSource, event: TranscriptEvent): SessionEvent {
  const { machine, subagent, source: key } = source;
  // An event that speaks of a subagent names it `agent` to a reader, to whom `subagent` says whose transcript this is.
  const spokenOf = "subagent" in event && event.subagent !== undefined ? { agent: event.subagent } : {};
  const position = { offset: event.offset, index: event.index };
  const place = formatPlace({ source: source.id, generation: source.generation, position });
  return { ...event, ...spokenOf, product: key.product, machine, session: key.session, subagent, place };
}

export interface Following {
  events: SessionEvent[];
  next: string;
  more: boolean;
  reset: boolean;
}

/** What a watcher has not seen yet. A place that is not in the present transcript begins it anew, and says so. */
export function eventsFollowing(
  db: Db,
  session: string,
  subagent: string | null,
  place: string,
  limit: number,
): Following | null {
  const source = shownTranscript(db, session, subagent);
  if (source === null) {
    // The session's own transcript may arrive after its subagents', and is then followed from its beginning.
    const awaited = subagent === null && isListed(db, session);
    return awaited ? { events: [], next: "start", more: false, reset: false } : null;
  }
  const known = place === "start" ? BEGINNING : place === "end" ? end(db, source) : positionIn(source, place);
  const after = known ?? BEGINNING;
  const events = eventsAfter(db, source.id, source.generation, after, limit + 1);
  const more = events.length > limit;
  const shown = more ? events.slice(0, limit) : events;
  return {
    events: shown.map((event) => withPlace(source, event)),
    next: formatPlace({ source: source.id, generation: source.generation, position: shown.at(-1) ?? after }),
    more,
    reset: known === null,
  };
}

function end(db: Db, source: ReadSource): EventPosition {
  return lastEvent(db, source.id, source.generation) ?? BEGINNING;
}
