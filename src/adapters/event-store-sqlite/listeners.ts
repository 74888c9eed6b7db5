/** Those who wait for new events, told the newest position. */

export class Listeners {
  readonly #listeners = new Set<(position: number) => void>();
  #position: number;

  /** @param position the newest one that is known already */
  constructor(position: number) {
    this.#position = position;
  }

  /** Returns the function that ends the subscription. */
  add(listener: (position: number) => void): () => void {
    const entry = (position: number): void => listener(position);
    this.#listeners.add(entry);
    return () => {
      this.#listeners.delete(entry);
    };
  }

  /** Calls everybody back, unless the position was told before. */
  tell(position: number): void {
    if (position <= this.#position) return;
    this.#position = position;
    for (const listener of [...this.#listeners]) listener(position);
  }
}
