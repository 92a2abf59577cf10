/** Parts of the server that want to be told of something, in the order they asked. */
export class Listeners<Value> {
  readonly #listeners = new Set<(value: Value) => void>();

  /** The returned function ends it. */
  add(listener: (value: Value) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  tell(value: Value): void {
    for (const listener of this.#listeners) listener(value);
  }
}
