/** About how much of a long answer is read as one; a list or a block of code is never cut. */
const PIECE_CHARS = 4_000;

const FENCE = /^ {0,3}(`{3,}|~{3,})/;
/** What goes on with the block before it, or might. */
const GOES_ON = /^(?:$|\s|[-*+>|]|\d+[.)]|\[)/;

/** A long answer in pieces that can be read as Markdown each by itself. Joined they are the text again. */
export function markdownPieces(text: string): string[] {
  if (text.length <= PIECE_CHARS * 1.5) return [text];
  const pieces: string[] = [];
  const lines = text.split("\n");
  let piece = "";
  let fence: string | null = null;
  let blank = false;
  for (const [index, line] of lines.entries()) {
    if (piece.length >= PIECE_CHARS && fence === null && blank && !GOES_ON.test(line)) {
      pieces.push(piece);
      piece = "";
    }
    const mark = FENCE.exec(line)?.[1];
    if (fence === null) fence = mark ?? null;
    else if (mark?.startsWith(fence) === true) fence = null;
    blank = line.trim() === "";
    piece += index < lines.length - 1 ? `${line}\n` : line;
  }
  pieces.push(piece);
  return pieces;
}
