import { createHash } from "node:crypto";
import { base64Bytes } from "./images.ts";
import { isPlumbing } from "./plumbing.ts";
import { skim, skimFrom } from "./skim.ts";
import { head } from "./taken.ts";
import { want } from "./want.ts";

/** Base64 text of an image that is kept as it is; of a longer one, size and hash are. */
export const MAX_KEPT_IMAGE_BYTES = 1024 * 1024;

const TYPE = want({ keys: { type: { text: 40 } } });
/** An image says its type beside its data: in a message as `media_type`, in the result of Read as `type`. */
const IMAGE = want({ keys: { media_type: { text: 40 }, type: { text: 40 }, data: {}, base64: {} } });
/** Inside a string these quotes would be escaped, so they are keys wherever they stand. */
const DATA_KEYS = [Buffer.from('"data":"'), Buffer.from('"base64":"')];

/** How far behind an image's data its object may go on. */
const MAX_BESIDE_BYTES = 4096;

const QUOTE = 0x22;
const OPEN_OBJECT = 0x7b;

interface Replacement {
  /** Of the value, quotes included. */
  from: number;
  to: number;
  by: Buffer;
}

/** Null for plumbing; large images become `{"size":...,"sha256":"..."}` of what their base64 stands for. */
export function keep(line: Buffer): Buffer | null {
  if (isPlumbing(line)) return null;
  if (line.length <= MAX_KEPT_IMAGE_BYTES) return line;
  const type = skim(line, TYPE)?.type;
  // What does not parse is kept to the letter, and so are an assistant's lines: a tool's input is what was asked for.
  if (type === undefined || type === "assistant") return line;
  const replacements = DATA_KEYS.flatMap((key) => imagesUnder(key, line)).sort((a, b) => a.from - b.from);
  return replacements.length > 0 ? replaced(line, replacements) : line;
}

function imagesUnder(key: Buffer, line: Buffer): Replacement[] {
  const found: Replacement[] = [];
  for (let at = line.indexOf(key); at >= 0; at = line.indexOf(key, at + key.length)) {
    const start = at + key.length;
    const end = line.indexOf(QUOTE, start);
    if (end - start <= MAX_KEPT_IMAGE_BYTES || !isImage(line, start, end)) continue;
    const by = facts(line.toString("latin1", start, end));
    if (by) found.push({ from: start - 1, to: end + 1, by });
  }
  return found;
}

/** Whether the object whose data stands from `start` to `end` says that it is an image. */
function isImage(line: Buffer, start: number, end: number): boolean {
  const before = line.subarray(line.lastIndexOf(OPEN_OBJECT, start), start);
  const taken = skimFrom(Buffer.concat([before, line.subarray(end, end + MAX_BESIDE_BYTES)]), 0, IMAGE);
  return [taken?.media_type, taken?.type].some((type) => head(type).startsWith("image/"));
}

/** Null where the text is not base64, since decoding passes over what is none. */
function facts(base64: string): Buffer | null {
  const bytes = Buffer.from(base64, "base64");
  if (bytes.length !== base64Bytes(base64)) return null;
  return Buffer.from(JSON.stringify({ size: bytes.length, sha256: createHash("sha256").update(bytes).digest("hex") }));
}

function replaced(line: Buffer, replacements: Replacement[]): Buffer {
  const parts: Buffer[] = [];
  let at = 0;
  for (const { from, to, by } of replacements) {
    parts.push(line.subarray(at, from), by);
    at = to;
  }
  return Buffer.concat([...parts, line.subarray(at)]);
}
