/** Output that the kept screen has not drawn yet; what prints faster than it is drawn waits, as it does for every terminal. */
export const MAX_UNDRAWN_BYTES = 4 * 1024 * 1024;

/** Reads a program's output no faster than the person's terminal takes it and the kept screen draws it. */
export class OutputFlow {
  readonly #source: { pause(): void; resume(): void };
  #undrawnBytes = 0;
  #isBlocked = false;
  #isPaused = false;

  constructor(source: { pause(): void; resume(): void }) {
    this.#source = source;
  }

  came(bytes: number): void {
    this.#undrawnBytes += bytes;
    this.#decide();
  }

  drew(bytes: number): void {
    this.#undrawnBytes -= bytes;
    this.#decide();
  }

  /** The person's terminal takes no more for now, or does again. */
  blocked(isBlocked: boolean): void {
    this.#isBlocked = isBlocked;
    this.#decide();
  }

  #decide(): void {
    const pauses = this.#isBlocked || this.#undrawnBytes > MAX_UNDRAWN_BYTES;
    if (pauses === this.#isPaused) return;
    this.#isPaused = pauses;
    if (pauses) this.#source.pause();
    else this.#source.resume();
  }
}
