import type { Random } from "../random.ts";
import { jsonLine, type MadeLine, rawLine } from "./made-line.ts";

const MIB = 1024 * 1024;
/** The longest line that is parsed; written down from the design, not imported. */
const LONGEST_PARSED_BYTES = 16 * MIB;

/** Lines that no reader should meet and every reader does, small ones. Each is unlike all others, by a random mark. */
export function oddLine(random: Random, session: string): MadeLine {
  return random.pick(ODD_LINES)(random, session);
}

export const ODD_LINES: readonly ((random: Random, session: string) => MadeLine)[] = [
  () => rawLine("null", { kinds: ["malformed"] }),
  (random) => rawLine(`[1,2,"${random.hex(16)}"]`, { kinds: ["malformed"] }),
  (random) => rawLine(`"${random.hex(16)}"`, { kinds: ["malformed"] }),
  (random) => rawLine(`{"type":"user","message":${random.hex(16)}`, { kinds: ["malformed"] }),
  (random) => rawLine(Buffer.concat([Buffer.alloc(40), Buffer.from(random.hex(16))]), { kinds: ["malformed"] }),
  (random) => rawLine(`{"type":"${random.hex(8)}-of-tomorrow","sessionId":"${random.hex(8)}"}`, { kinds: ["note"] }),
  (random) => rawLine(`{"no type":"${random.hex(16)}"}`, { never: [] }),
  (random) => rawLine(`{"type":17,"x":"${random.hex(16)}"}`, { never: [] }),
  () => rawLine("", { kept: "any" }),
  invalidUtf8Line,
  crlfLine,
  (random, session) =>
    jsonLine(
      {
        type: "user",
        message: { role: "user", content: `nul \u0000 and bidi \u202e ${random.hex(16)}` },
        sessionId: session,
      },
      { kinds: ["prompt"] },
    ),
];

/** A prompt whose text holds bytes that are not UTF-8. What is kept must be those bytes. */
export function invalidUtf8Line(random: Random, session: string): MadeLine {
  const head = Buffer.from(`{"type":"user","message":{"role":"user","content":"bad `);
  const tail = Buffer.from(` ${random.hex(16)}"},"uuid":"${random.uuid()}","sessionId":"${session}"}`);
  return rawLine(Buffer.concat([head, Buffer.from([0xff, 0xfe, 0xc3, 0x28, 0xf0, 0x9f]), tail]), { kept: "whole" });
}

/** A prompt that ends in CR LF. */
export function crlfLine(random: Random, session: string): MadeLine {
  const text = `{"type":"user","message":{"role":"user","content":"dos ${random.hex(16)}"},"uuid":"${random.uuid()}","sessionId":"${session}"}`;
  return rawLine(`${text}\r`, { kept: "any", kinds: ["prompt"] });
}

/**
 * A valid prompt of about `bytes`; over 16 MiB it must become `malformed`. `dense` text hardly compresses, so that its
 * chunk does not fit one body.
 */
export function largeLine(random: Random, session: string, bytes: number, dense = false): MadeLine {
  const line = jsonLine(
    {
      parentUuid: null,
      isSidechain: false,
      type: "user",
      message: { role: "user", content: dense ? denseText(random, bytes) : wordyText(random, bytes) },
      uuid: random.uuid(),
      timestamp: new Date().toISOString(),
      cwd: "/home/dev/shop",
      sessionId: session,
      version: "2.1.330",
    },
    { kinds: ["prompt"], never: ["malformed"] },
  );
  return line.bytes.length > LONGEST_PARSED_BYTES
    ? { ...line, kinds: ["malformed"], never: ["prompt"], kept: "dropped" }
    : line;
}

function wordyText(random: Random, bytes: number): string {
  const blocks: string[] = [];
  for (let length = 0; length < bytes; length += 4095) blocks.push(`${random.hex(64)} `.repeat(63));
  return blocks.join("").slice(0, bytes);
}

function denseText(random: Random, bytes: number): string {
  const words = new Uint32Array(Math.ceil((bytes * 3) / 16));
  let state = random.int(1, 0x7fff_ffff);
  for (let i = 0; i < words.length; i++) {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    words[i] = state;
  }
  return Buffer.from(words.buffer).toString("base64").slice(0, bytes);
}
