/** One row of a terminal as it is drawn, without blanks at its end. */
export interface ScreenRow {
  text: string;
  /** The same without what a program only suggests: faint text, and the cell under the cursor that begins it. */
  solid: string;
}

/** A terminal's screen at one moment. */
export interface Screen {
  rows: readonly ScreenRow[];
  /** Columns and rows from 0. */
  cursor: { x: number; y: number };
}

/** A piece of a row that is drawn in one way. */
export interface Run {
  text: string;
  faint: boolean;
  inverse: boolean;
}

/** A row of its pieces, in their order. */
export function rowOf(runs: readonly Run[]): ScreenRow {
  const solid = runs.map((run, index) => {
    const suggests = run.faint || (run.inverse && runs[index + 1]?.faint === true);
    return suggests ? "" : run.text;
  });
  return { text: trimmed(runs.map(({ text }) => text).join("")), solid: trimmed(solid.join("")) };
}

/** Rows of text in which only colours and the like are escaped (SGR), as `tmux capture-pane -e` prints them. */
export function readStyledRows(text: string): ScreenRow[] {
  const style = { faint: false, inverse: false };
  return text.split("\n").map((line) => {
    const runs: Run[] = [];
    for (const [piece, params] of pieces(line)) {
      if (piece !== "") runs.push({ text: piece, ...style });
      if (params !== null) restyle(style, params);
    }
    return rowOf(runs);
  });
}

/** Text up to each escape sequence, and the sequence's numbers; null behind the last. */
function pieces(line: string): [string, string | null][] {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: it is these that are read.
  const sequence = /\x1b\[([\d;:]*)m|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)|[\x0e\x0f]/g;
  const found: [string, string | null][] = [];
  let at = 0;
  for (const match of line.matchAll(sequence)) {
    found.push([line.slice(at, match.index), match[1] ?? null]);
    at = match.index + match[0].length;
  }
  found.push([line.slice(at), null]);
  return found;
}

/** ECMA-48 SGR: 0 resets, 2 is faint, 7 inverse; 38 and 48 take the numbers behind them as a colour. */
function restyle(style: { faint: boolean; inverse: boolean }, params: string): void {
  const codes = params.split(";");
  for (let at = 0; at < codes.length; at++) {
    const code = codes[at] === "" ? "0" : codes[at];
    if (code === "0") Object.assign(style, { faint: false, inverse: false });
    else if (code === "2") style.faint = true;
    else if (code === "22") style.faint = false;
    else if (code === "7") style.inverse = true;
    else if (code === "27") style.inverse = false;
    else if (code === "38" || code === "48") at += codes[at + 1] === "5" ? 2 : 4;
  }
}

function trimmed(text: string): string {
  return text.replace(/[\s\u00a0]+$/u, "");
}
