import { MAX_UNPACKED_BYTES, packChunk, type Segment, type TranscriptEvent, unpackChunk } from "@agentpane/protocol";
import { hashesAt } from "../tail/read-on.ts";
import { type SealedSegment, sealed, unzstd, zstd } from "../tail/seal.ts";

/**
 * The segment as two, cut between its lines, so that the line the server refuses is found. Null where there is one
 * line only, or where the file is no longer what was read.
 */
export async function halves(item: SealedSegment): Promise<[SealedSegment, SealedSegment] | null> {
  const { source, segment, lineOffsets } = item;
  const at = lineOffsets[Math.floor(lineOffsets.length / 2)];
  if (at === undefined || lineOffsets.length < 2) return null;
  const now = hashesAt(source.path, segment.to);
  const proof = hashesAt(source.path, at);
  if (now === null || proof === null || now.tailSha256 !== segment.proof.tailSha256) return null;
  const unpacked = item.chunk === null ? null : await unzstd(item.chunk, MAX_UNPACKED_BYTES + 1024 * 1024);
  const kept = unpacked === null ? [] : unpackChunk(segment.from, segment.to, unpacked);
  if (kept === null) return null;

  const half = async (from: number, to: number): Promise<SealedSegment> => {
    const within = ({ offset }: { offset: number }) => offset >= from && offset < to;
    const offsets = lineOffsets.filter((offset) => offset >= from && offset < to);
    const lines = kept.filter(within);
    const part: Segment = {
      ...segment,
      from,
      to,
      proof: to === segment.to ? segment.proof : { ...segment.proof, ...proof },
      lines: offsets.length,
      dropped: offsets.length - lines.length,
      contexts: segment.contexts.filter(within),
      events: segment.events.filter(within),
      copies: segment.copies.filter(within),
    };
    return sealed(source, part, lines.length === 0 ? null : await zstd(packChunk(from, lines)), offsets);
  };
  return [await half(segment.from, at), await half(at, segment.to)];
}

/** Longest reason that is kept of the server's words. */
const MAX_REASON_CHARS = 200;
/** Events of one line that are tried one by one; of a line with more, all are set aside. */
const MAX_SINGLE_TRIES = 32;

/**
 * What to send, in this order, instead of one line that the server refuses: each event in turn set aside as
 * `malformed`; then the line without its usage or context; at last nothing of it but that it was refused. The chunk keeps the line.
 */
export function* setAsides(item: SealedSegment, refusal: string): Generator<SealedSegment> {
  const { source, segment, chunk, lineOffsets } = item;
  const reason = `refused by the server: ${refusal}`.slice(0, MAX_REASON_CHARS);
  const again = (changes: Partial<Segment>) => sealed(source, { ...segment, ...changes }, chunk, lineOffsets);
  const bytes = Math.max(0, segment.to - segment.from - 1);
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
  const note = malformed({ at: null, offset: segment.from, index: 0 });
  yield again({ events: [note], copies: [] });
  yield again({ events: [note], copies: [], contexts: [] });
}
