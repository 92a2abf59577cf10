/** Modes that the program in the terminal has asked for. */
export interface TerminalModes {
  applicationCursor: boolean;
  bracketedPaste: boolean;
}

/** What of a keyboard event is looked at. */
export interface Pressed {
  key: string;
  ctrlKey: boolean;
  altKey: boolean;
  shiftKey: boolean;
  metaKey: boolean;
}

/** Keys that xterm sends as `CSI n ~` (xterm control sequences, "PC-Style Function Keys"). */
const TILDE: Readonly<Record<string, number>> = {
  Insert: 2,
  Delete: 3,
  PageUp: 5,
  PageDown: 6,
  F5: 15,
  F6: 17,
  F7: 18,
  F8: 19,
  F9: 20,
  F10: 21,
  F11: 23,
  F12: 24,
};
const CURSOR: Readonly<Record<string, string>> = {
  ArrowUp: "A",
  ArrowDown: "B",
  ArrowRight: "C",
  ArrowLeft: "D",
  End: "F",
  Home: "H",
};
const FUNCTION: Readonly<Record<string, string>> = { F1: "P", F2: "Q", F3: "R", F4: "S" };

/** What a terminal sends for a key that is no character; null for characters, and for what belongs to the browser. */
export function bytesOfKey(pressed: Pressed, modes: TerminalModes): string | null {
  const { key, ctrlKey, altKey, shiftKey, metaKey } = pressed;
  if (metaKey || isClipboard(pressed)) return null;
  const modifier = 1 + (shiftKey ? 1 : 0) + (altKey ? 2 : 0) + (ctrlKey ? 4 : 0);
  const meta = altKey ? "\x1b" : "";
  if (key === "Enter") return meta + (shiftKey ? "\n" : "\r");
  if (key === "Backspace") return meta + (ctrlKey ? "\b" : "\x7f");
  if (key === "Tab") return shiftKey ? "\x1b[Z" : "\t";
  if (key === "Escape") return `${meta}\x1b`;
  const cursor = CURSOR[key];
  if (cursor !== undefined) {
    if (modifier > 1) return `\x1b[1;${modifier}${cursor}`;
    return `\x1b${modes.applicationCursor ? "O" : "["}${cursor}`;
  }
  const tilde = TILDE[key];
  if (tilde !== undefined) return modifier > 1 ? `\x1b[${tilde};${modifier}~` : `\x1b[${tilde}~`;
  const named = FUNCTION[key];
  if (named !== undefined) return modifier > 1 ? `\x1b[1;${modifier}${named}` : `\x1bO${named}`;
  if (ctrlKey && [...key].length === 1) return control(key, meta);
  if (altKey && [...key].length === 1) return `\x1b${key}`;
  return null;
}

/**
 * Ctrl+V and Shift+Insert paste, and Ctrl+Shift+C copies, as in other terminals of a browser; Ctrl+C alone interrupts. The ^V that
 * is lost has an agent look into the clipboard of its own machine, which is not that of the person here.
 */
function isClipboard({ key, ctrlKey, altKey, shiftKey }: Pressed): boolean {
  if (altKey) return false;
  if (key === "Insert") return shiftKey !== ctrlKey;
  return ctrlKey && (key.toLowerCase() === "v" || (shiftKey && key.toLowerCase() === "c"));
}

/** Ctrl with a letter or sign, as ASCII has it. */
function control(key: string, meta: string): string | null {
  if (key === " ") return `${meta}\x00`;
  const code = key.toUpperCase().charCodeAt(0);
  return code >= 0x40 && code <= 0x5f ? meta + String.fromCharCode(code - 0x40) : null;
}

/** A paste as one, from which nothing can break out: it has no control characters but newlines and tabs. */
export function bytesOfPaste(text: string, modes: TerminalModes): string {
  const words = text.replace(/\r\n?/g, "\n").replace(/[^\P{Cc}\n\t]/gu, "");
  if (modes.bracketedPaste) return `\x1b[200~${words}\x1b[201~`;
  return words.replaceAll("\n", "\r");
}
