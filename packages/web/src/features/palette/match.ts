/** What a person may mean by a few typed letters; more than this and they are not letters of one word. */
const MAX_SPREAD = 3;

const START = 100;
const WORD_START = 80;
const WITHIN = 50;
const ASIDE = 30;
const LETTERS = 15;

/** The words of a query as `matchScore` takes them. */
export function wordsOf(query: string): string[] {
  return plain(query).split(/\s+/).filter(Boolean);
}

/** The form in which texts are compared: neither case nor the way an accent was typed matters. */
export function plain(text: string): string {
  return text.normalize("NFC").toLowerCase();
}

/**
 * How well `label`, and what else is known of it, answers the words; null where one of them is found nowhere. A word counts
 * most at the start, then at the start of a word, within one, beside the label, and least as letters in their order
 * ("ptr" for "Port the parser"). All texts are `plain`.
 */
export function matchScore(words: readonly string[], label: string, aside = ""): number | null {
  let sum = 0;
  for (const word of words) {
    const score = scoreOf(word, label, aside);
    if (score === null) return null;
    sum += score;
  }
  return sum;
}

function scoreOf(word: string, label: string, aside: string): number | null {
  const at = label.indexOf(word);
  if (at === 0) return START;
  if (at > 0 && startsWord(label, at)) return WORD_START;
  if (at > 0) return wordStartAfter(label, word, at) ? WORD_START : WITHIN;
  if (aside.includes(word)) return ASIDE;
  return isSpread(word, label) ? LETTERS : null;
}

function startsWord(text: string, at: number): boolean {
  return !/[\p{L}\p{N}]/u.test(text[at - 1] ?? " ");
}

function wordStartAfter(text: string, word: string, from: number): boolean {
  for (let at = text.indexOf(word, from + 1); at >= 0; at = text.indexOf(word, at + 1)) {
    if (startsWord(text, at)) return true;
  }
  return false;
}

/** Whether the letters stand in this order, the first at the start of a word, and not too far from each other. */
function isSpread(word: string, text: string): boolean {
  if (word.length < 2) return false;
  for (let start = text.indexOf(word[0] ?? ""); start >= 0; start = text.indexOf(word[0] ?? "", start + 1)) {
    if (startsWord(text, start) && lettersFrom(word, text, start)) return true;
  }
  return false;
}

function lettersFrom(word: string, text: string, start: number): boolean {
  let at = start;
  for (const letter of word) {
    const next = text.indexOf(letter, at);
    if (next < 0 || (next > at && next - at > MAX_SPREAD && !startsWord(text, next))) return false;
    at = next + 1;
  }
  return true;
}
