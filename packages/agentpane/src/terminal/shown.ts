/**
 * What a terminal would act upon or not show: controls, direction marks, zero-width and other format characters, lone
 * surrogates, private and unassigned characters. Line breaks are the caller's to place.
 */
const UNSEEN = /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Cn}\p{Zl}\p{Zp}]/gu;

/** Text that a decision depends on: each character that could hide or move others is shown as `<U+202E>`. */
export function shown(text: string): string {
  return text.replaceAll(
    UNSEEN,
    (char) => `<U+${(char.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0")}>`,
  );
}

/** The same over several lines, each behind a bar, so that no line of it can be taken for one of ours. */
export function shownBlock(text: string, indent = ""): string {
  return text
    .split("\n")
    .map((line) => `${indent}│ ${shown(line)}`)
    .join("\n");
}
