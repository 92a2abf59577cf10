/** Texts that are kept for the arrows. */
const MAX_KEPT = 100;

/** What was sent from this page before, newest last, and where the arrows stand in it. */
export class SentWords {
  #texts: readonly string[] = [];
  #at: number | null = null;
  #draft = "";

  add(text: string): void {
    this.#texts = [...this.#texts.filter((one) => one !== text), text].slice(-MAX_KEPT);
    this.#at = null;
  }

  /** The text before the one that is shown; what was being written is kept for the way back. Null where there is none. */
  older(shown: string): string | null {
    const at = (this.#at ?? this.#texts.length) - 1;
    const text = this.#texts[at];
    if (text === undefined) return null;
    if (this.#at === null) this.#draft = shown;
    this.#at = at;
    return text;
  }

  /** The text after the one that is shown, at last what was being written; null where the arrows stand nowhere. */
  newer(): string | null {
    if (this.#at === null) return null;
    const text = this.#texts[this.#at + 1];
    this.#at = text === undefined ? null : this.#at + 1;
    return text ?? this.#draft;
  }
}
