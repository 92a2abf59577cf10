/** The smallest thing that React can follow: a set of listeners, told when something changed. */
export class Observable {
  readonly #listeners = new Set<() => void>();

  /** Bound, so that it can be handed to `useSyncExternalStore` as it is. The returned function ends it. */
  readonly subscribe: (listener: () => void) => () => void = (listener) => this.attach(listener);

  protected attach(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  protected changed(): void {
    for (const listener of [...this.#listeners]) listener();
  }
}
