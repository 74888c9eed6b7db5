/** Those who wait for news of the log, told the newest position. */

/** Whatever brings news until it is closed. */
export interface Source {
  close(): void;
}

export class News {
  readonly #listeners = new Set<(position: number) => void>();
  /** The newest position that was told. */
  #told = 0;
  /** The newest position that is known, told at the end of this turn of the event loop. */
  #known = 0;
  #isTelling = false;
  #isClosed = false;
  #source: Source | null = null;

  /** @param begin opens the source of news, when the first listener comes */
  constructor(private readonly begin: (note: (position: number) => void) => Source) {}

  /** The newest position that was heard of. */
  get position(): number {
    return this.#known;
  }

  /** Returns the function that ends the listening. */
  add(listener: (position: number) => void): () => void {
    const entry = (position: number): void => listener(position);
    this.#listeners.add(entry);
    if (!this.#isClosed) this.#source ??= this.begin((position) => this.note(position));
    return () => {
      this.#listeners.delete(entry);
    };
  }

  /** Notes that the log has reached a position; many notes in one turn of the event loop are told as one. */
  note(position: number): void {
    if (position <= this.#known) return;
    this.#known = position;
    if (this.#isTelling) return;
    this.#isTelling = true;
    setImmediate(() => {
      this.#isTelling = false;
      this.#tell();
    });
  }

  close(): void {
    this.#isClosed = true;
    this.#source?.close();
  }

  #tell(): void {
    if (this.#isClosed || this.#known <= this.#told) return;
    this.#told = this.#known;
    for (const listener of [...this.#listeners]) listener(this.#told);
  }
}
