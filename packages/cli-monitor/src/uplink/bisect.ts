import { MAX_UNPACKED_BYTES, packChunk, type TranscriptEvent, unpackChunk } from "@agentpane/protocol";
import { hashesAt, lineStarts } from "../tail/inspect.ts";
import { type SealedSegment, sealed, type UnpackedSegment, unsealed, unzstd, zstd } from "../tail/seal.ts";

/**
 * The segment as two, cut between its lines, so that the line the server refuses is found. Null where there is one
 * line only, or where the file is no longer what was read.
 */
export async function halves(item: SealedSegment): Promise<[SealedSegment, SealedSegment] | null> {
  const { source, from, to } = item;
  const starts = lineStarts(source.path, from, to);
  const at = starts?.[Math.floor(starts.length / 2)];
  if (starts === null || at === undefined || starts.length < 2 || starts.length !== item.lines) return null;
  const now = hashesAt(source.path, to);
  const proof = hashesAt(source.path, at);
  if (now === null || proof === null || now.tailSha256 !== item.proof.tailSha256) return null;
  const unpacked = item.chunk === null ? null : await unzstd(item.chunk, MAX_UNPACKED_BYTES + TABLE_MARGIN_BYTES);
  const kept = unpacked === null ? [] : unpackChunk(from, to, unpacked);
  if (kept === null) return null;
  const segment = unsealed(item);

  const half = async (begin: number, end: number): Promise<SealedSegment> => {
    const within = ({ offset }: { offset: number }) => offset >= begin && offset < end;
    const lines = kept.filter(within);
    const count = starts.filter((offset) => within({ offset })).length;
    const part: UnpackedSegment = {
      ...segment,
      from: begin,
      to: end,
      proof: end === to ? item.proof : { ...item.proof, ...proof },
      lines: count,
      dropped: count - lines.length,
      contexts: segment.contexts.filter(within),
      events: segment.events.filter(within),
      copies: segment.copies.filter(within),
    };
    return sealed(source, part, lines.length === 0 ? null : await zstd(packChunk(begin, lines)));
  };
  return [await half(from, at), await half(at, to)];
}

/** The table of a chunk comes on top of its lines. */
const TABLE_MARGIN_BYTES = 1024 * 1024;

/** Longest reason that is kept of the server's words. */
const MAX_REASON_CHARS = 200;
/** Events of one line that are tried one by one; of a line with more, all are set aside. */
const MAX_SINGLE_TRIES = 32;

/**
 * What to send, in this order, instead of one line that the server refuses: each event in turn set aside as
 * `malformed`; then the line without its usage or context; at last nothing of it but that it was refused, and nothing of
 * the subagent. The chunk keeps the line.
 */
export function* setAsides(item: SealedSegment, refusal: string): Generator<SealedSegment> {
  const { source, chunk, from, to } = item;
  const segment = unsealed(item);
  const reason = `refused by the server: ${refusal}`.slice(0, MAX_REASON_CHARS);
  const again = (changes: Partial<UnpackedSegment>) => sealed(source, { ...segment, ...changes }, chunk);
  const bytes = Math.max(0, to - from - 1);
  const malformed = ({ at, offset, index }: Pick<TranscriptEvent, "at" | "offset" | "index">): TranscriptEvent => ({
    kind: "malformed",
    at,
    offset,
    index,
    reason,
    bytes,
  });
  if (segment.events.length <= MAX_SINGLE_TRIES) {
    for (const [place, event] of segment.events.entries()) {
      yield again({ events: segment.events.with(place, malformed(event)) });
    }
  }
  const note = malformed({ at: null, offset: from, index: 0 });
  yield again({ events: [note], copies: [] });
  yield again({ events: [note], copies: [], contexts: [] });
  const { meta: _, ...bare } = segment;
  yield sealed(source, { ...bare, events: [note], copies: [], contexts: [] }, chunk);
}
