import { Terminal } from "@xterm/headless/lib-headless/xterm-headless.mjs";
import type { TerminalModes } from "./keys.ts";

/** Lines above the screen that can be scrolled back to. */
const SCROLLBACK_LINES = 500;

/** A piece of a row that is drawn in one way. */
export interface Piece {
  text: string;
  /** CSS colours; null for the terminal's own. */
  fg: string | null;
  bg: string | null;
  bold: boolean;
  faint: boolean;
  italic: boolean;
  underline: boolean;
  cursor: boolean;
}

/**
 * A terminal's screen from its bytes. It only reads: what a program asks a terminal (its kind, its colours, its title, the
 * clipboard) is answered by the person's own, and never from here.
 */
export class DrawnTerminal {
  readonly #terminal: Terminal;

  constructor() {
    this.#terminal = new Terminal({ cols: 80, rows: 24, scrollback: SCROLLBACK_LINES, allowProposedApi: true });
  }

  get size(): { cols: number; rows: number } {
    return { cols: this.#terminal.cols, rows: this.#terminal.rows };
  }

  get modes(): TerminalModes {
    const { applicationCursorKeysMode, bracketedPasteMode } = this.#terminal.modes;
    return { applicationCursor: applicationCursorKeysMode, bracketedPaste: bracketedPasteMode };
  }

  /** Begins anew with this screen. */
  screen(cols: number, rows: number, data: Uint8Array, drawn: () => void): void {
    this.#terminal.reset();
    this.#terminal.resize(cols, rows);
    this.#terminal.write(data, drawn);
  }

  write(data: Uint8Array, drawn: () => void): void {
    this.#terminal.write(data, drawn);
  }

  /** From the oldest line that is kept to the last of the screen. */
  rows(): Piece[][] {
    const { active } = this.#terminal.buffer;
    const cursorAt = active.baseY + active.cursorY;
    return Array.from({ length: active.length }, (_, y) => this.#row(y, y === cursorAt ? active.cursorX : -1));
  }

  dispose(): void {
    this.#terminal.dispose();
  }

  #row(y: number, cursorX: number): Piece[] {
    const line = this.#terminal.buffer.active.getLine(y);
    const pieces: Piece[] = [];
    for (let x = 0; line !== undefined && x < this.#terminal.cols; x++) {
      const cell = line.getCell(x);
      // The right half of a wide character.
      if (cell === undefined || cell.getWidth() === 0) continue;
      const [own, behind] = [
        colour(cell.isFgRGB(), cell.isFgPalette(), cell.getFgColor()),
        colour(cell.isBgRGB(), cell.isBgPalette(), cell.getBgColor()),
      ];
      const inverse = cell.isInverse() !== 0;
      const piece: Piece = {
        text: cell.isInvisible() !== 0 ? " " : cell.getChars() || " ",
        fg: inverse ? (behind ?? "var(--bg-sunken)") : own,
        bg: inverse ? (own ?? "var(--fg)") : behind,
        bold: cell.isBold() !== 0,
        faint: cell.isDim() !== 0,
        italic: cell.isItalic() !== 0,
        underline: cell.isUnderline() !== 0,
        cursor: x === cursorX,
      };
      const last = pieces.at(-1);
      if (last !== undefined && looksLike(last, piece)) last.text += piece.text;
      else pieces.push(piece);
    }
    return pieces;
  }
}

function looksLike({ text: _a, ...a }: Piece, { text: _b, ...b }: Piece): boolean {
  return (Object.keys(a) as (keyof typeof a)[]).every((name) => a[name] === b[name]);
}

/** Steps of the 6x6x6 cube of the 256 colours. */
const CUBE = [0, 95, 135, 175, 215, 255] as const;

function colour(isRgb: boolean, isPalette: boolean, value: number): string | null {
  if (isRgb) return `#${value.toString(16).padStart(6, "0")}`;
  if (!isPalette) return null;
  if (value < 16) return `var(--ansi-${value})`;
  if (value >= 232) {
    const grey = 8 + (value - 232) * 10;
    return `rgb(${grey} ${grey} ${grey})`;
  }
  const index = value - 16;
  return `rgb(${CUBE[Math.floor(index / 36)]} ${CUBE[Math.floor(index / 6) % 6]} ${CUBE[index % 6]})`;
}
