import serialize from "@xterm/addon-serialize";
import headless from "@xterm/headless";
import { type Run, rowOf, type Screen } from "../../pane/screen.ts";

/** Lines above the screen that whoever comes late gets as well. */
const SCROLLBACK_LINES = 500;

/**
 * What a terminal shows, kept without one, for whoever comes late. Its own answers to a program's questions go nowhere: the
 * person's terminal gives them.
 */
export class ScreenKeeper {
  readonly #terminal: headless.Terminal;
  readonly #serializer = new serialize.SerializeAddon();

  constructor(cols: number, rows: number) {
    this.#terminal = new headless.Terminal({ cols, rows, scrollback: SCROLLBACK_LINES, allowProposedApi: true });
    // The addon's types are those of the terminal with a window; it needs nothing of that.
    this.#terminal.loadAddon(this.#serializer as unknown as headless.ITerminalAddon);
  }

  /** `drawn` is called once these bytes, and all before them, are on the screen. */
  write(bytes: Uint8Array, drawn: () => void): void {
    this.#terminal.write(bytes, drawn);
  }

  /** Calls back once everything written so far is drawn. */
  settle(drawn: () => void): void {
    this.#terminal.write("", drawn);
  }

  resize(cols: number, rows: number): void {
    this.#terminal.resize(cols, rows);
  }

  get size(): { cols: number; rows: number } {
    return { cols: this.#terminal.cols, rows: this.#terminal.rows };
  }

  /** What another terminal has to be told to show the same. */
  serialize(): string {
    return this.#serializer.serialize({ scrollback: SCROLLBACK_LINES });
  }

  look(): Screen {
    const { active } = this.#terminal.buffer;
    const rows = Array.from({ length: this.#terminal.rows }, (_, y) => {
      const line = active.getLine(active.baseY + y);
      const runs: Run[] = [];
      for (let x = 0; line !== undefined && x < this.#terminal.cols; x++) {
        const cell = line.getCell(x);
        // The right half of a wide character.
        if (cell === undefined || cell.getWidth() === 0) continue;
        const [faint, inverse] = [cell.isDim() !== 0, cell.isInverse() !== 0];
        const text = cell.getChars() || " ";
        const last = runs.at(-1);
        if (last?.faint === faint && last.inverse === inverse) last.text += text;
        else runs.push({ text, faint, inverse });
      }
      return rowOf(runs);
    });
    return { rows, cursor: { x: active.cursorX, y: active.cursorY } };
  }

  dispose(): void {
    this.#terminal.dispose();
  }
}
