/**
 * Whole requests to the model and snapshots of its prompt: most bytes of a new transcript, and nothing that a person
 * said or an agent did. Recognised by how the line begins, because reading them would cost more than all the rest.
 */
const REQUEST = Buffer.from('{"type":"api-request');
const ENVELOPE = Buffer.from('{"parentUuid":');
const SNAPSHOT = Buffer.from('"attachment":{"type":"prompt_snapshot"');

/** Keys before `attachment` have small plain values; more than these would be another kind of line. */
const MAX_KEYS_BEFORE = 8;

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COMMA = 0x2c;
const OPEN_OBJECT = 0x7b;
const OPEN_LIST = 0x5b;

export function isPlumbing(line: Buffer): boolean {
  if (startsWith(line, REQUEST, 0)) return true;
  if (!startsWith(line, ENVELOPE, 0)) return false;
  let at = 1;
  for (let keys = 0; keys < MAX_KEYS_BEFORE && at > 0; keys++) {
    if (startsWith(line, SNAPSHOT, at)) return true;
    at = nextPlainKey(line, at);
  }
  return false;
}

/** Where the next key begins; 0 where this one's value is an object, a list or a string with escapes. */
function nextPlainKey(line: Buffer, key: number): number {
  if (line[key] !== QUOTE) return 0;
  const keyEnd = line.indexOf(QUOTE, key + 1);
  let at = keyEnd + 2;
  if (keyEnd < 0 || line[at] === OPEN_OBJECT || line[at] === OPEN_LIST) return 0;
  if (line[at] === QUOTE) {
    at++;
    while (at < line.length && line[at] !== QUOTE && line[at] !== BACKSLASH) at++;
    return line[at] === QUOTE && line[at + 1] === COMMA ? at + 2 : 0;
  }
  while (at < line.length && line[at] !== COMMA && line[at] !== QUOTE) at++;
  return line[at] === COMMA ? at + 1 : 0;
}

function startsWith(line: Buffer, prefix: Buffer, at: number): boolean {
  if (line.length < at + prefix.length) return false;
  for (let i = 0; i < prefix.length; i++) if (line[at + i] !== prefix[i]) return false;
  return true;
}
