/** The agent's own width of a tab in its input line. */
const TAB = "    ";

export type Prepared = { words: string } | { refused: string };

/**
 * A person's text as it is pasted: no control character is left in it, so nothing in it can end the paste or be taken for
 * a key. What the agent would take for more than words is refused.
 */
export function prepareWords(text: string): Prepared {
  const words = text
    .replace(/\r\n?/g, "\n")
    .replaceAll("\t", TAB)
    // biome-ignore lint/suspicious/noControlCharactersInRegex: it is these that must not reach a terminal.
    .replace(/[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u2029]/g, "")
    .replace(/[ \n]+$/u, "");
  if (words.trim() === "") return { refused: "there are no words in it" };
  if (words.trimStart().startsWith("!")) {
    return { refused: "a line that begins with ! runs a command without asking: type it in the terminal" };
  }
  // A list of completions may be open behind its last word, and a backslash would make the Enter a new line.
  const needsBlank = /(?:^\/\S*|(?:^|\s)@\S*|\\)$/u.test(words);
  return { words: needsBlank ? `${words} ` : words };
}
