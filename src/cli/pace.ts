/** How fast something gets on, from where it was first seen. */

/** Less than this says little about a pace, in ms. */
const SEEN_MS_MIN = 300;

export class Pace {
  private readonly first = new Map<string, { readonly position: number; readonly ms: number }>();

  /** Positions a second of what is at a position now; null until enough was seen of it. */
  at(name: string, position: number, nowMs: number): number | null {
    const first = this.first.get(name);
    if (first === undefined) this.first.set(name, { position, ms: nowMs });
    const seenMs = nowMs - (first?.ms ?? nowMs);
    if (first === undefined || seenMs < SEEN_MS_MIN) return null;
    return Math.max(0, ((position - first.position) / seenMs) * 1000);
  }
}
