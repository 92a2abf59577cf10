import { expect, test } from "vitest";
import { bytesOfKey, bytesOfPaste } from "./keys.ts";

const NONE = { ctrlKey: false, altKey: false, shiftKey: false, metaKey: false };
const MODES = { applicationCursor: false, bracketedPaste: true };

test.each([
  ["Enter", {}, "\r"],
  ["Enter", { shiftKey: true }, "\n"],
  ["Backspace", {}, "\x7f"],
  ["Tab", { shiftKey: true }, "\x1b[Z"],
  ["Escape", {}, "\x1b"],
  ["ArrowUp", {}, "\x1b[A"],
  ["ArrowLeft", { ctrlKey: true }, "\x1b[1;5D"],
  ["Delete", {}, "\x1b[3~"],
  ["F1", {}, "\x1bOP"],
  ["F12", {}, "\x1b[24~"],
  ["c", { ctrlKey: true }, "\x03"],
  ["[", { ctrlKey: true }, "\x1b"],
  ["b", { altKey: true }, "\x1bb"],
  ["a", {}, null],
  ["é", { ctrlKey: true }, null],
  ["Shift", { shiftKey: true }, null],
  ["c", { metaKey: true }, null],
  ["v", { ctrlKey: true }, null],
  ["V", { ctrlKey: true, shiftKey: true }, null],
  ["C", { ctrlKey: true, shiftKey: true }, null],
  ["Insert", { shiftKey: true }, null],
  ["Insert", {}, "\x1b[2~"],
  ["v", { altKey: true }, "\x1bv"],
])("the key %s with %o is sent as %j", (key, held, bytes) => {
  expect(bytesOfKey({ ...NONE, ...held, key }, MODES)).toBe(bytes);
});

test("the arrows follow the mode that the program asked for", () => {
  expect(bytesOfKey({ ...NONE, key: "ArrowUp" }, { ...MODES, applicationCursor: true })).toBe("\x1bOA");
});

test("nothing in a paste can end it", () => {
  expect(bytesOfPaste("a\x1b[201~\rb\x9b201~\x00", MODES)).toBe("\x1b[200~a[201~\nb201~\x1b[201~");
});

test("where the program takes no bracketed paste, its lines are entered as typed", () => {
  expect(bytesOfPaste("a\nb", { ...MODES, bracketedPaste: false })).toBe("a\rb");
});
