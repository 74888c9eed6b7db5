/** A flood of identical noes is not a ledger: the first is recorded, the rest are counted for a minute. */

import type { Decided, Origin, RecordedEvent } from '../domain/events.js';

/** A refusal, or a denial of the gate, that was recorded, and how often it was repeated since. */
export interface Flood {
  readonly fingerprint: string;
  readonly record: Decided;
  /** The record as it stands in the stream: what a repeated denial is answered with. */
  readonly recorded: RecordedEvent;
  readonly origin: Origin;
  /** When its minute ends, ms since the epoch. */
  readonly untilMs: number;
  repeats: number;
}

/**
 * Floods by fingerprint. All last equally long, so the order of insertion is the order in which they end.
 * Changes are made only once the batch that caused them is in the log.
 */
export class RefusalFloods {
  private readonly floods = new Map<string, Flood>();
  /** Repeats that no record accounts for yet. */
  private uncounted = 0;

  constructor(private readonly sizeMax: number) {}

  get hasRepeats(): boolean {
    return this.uncounted > 0;
  }

  /** When the first one ends, ms since the epoch; Infinity without any. */
  get nextEndMs(): number {
    for (const flood of this.floods.values()) return flood.untilMs;
    return Number.POSITIVE_INFINITY;
  }

  /** The flood of the same refusal, when that was recorded within the last minute. */
  find(fingerprint: string, nowMs: number): Flood | undefined {
    const flood = this.floods.get(fingerprint);
    return flood !== undefined && flood.untilMs > nowMs ? flood : undefined;
  }

  open(flood: Flood): void {
    this.floods.delete(flood.fingerprint);
    this.floods.set(flood.fingerprint, flood);
  }

  repeat(fingerprint: string): void {
    const flood = this.floods.get(fingerprint);
    if (flood === undefined) return;
    flood.repeats += 1;
    this.uncounted += 1;
  }

  /** The floods that are to be closed with a record now; those without repeats are forgotten on the way. */
  takeEnded(nowMs: number, all: boolean): Flood[] {
    const ended: Flood[] = [];
    let surplus = this.floods.size - this.sizeMax;
    for (const flood of this.floods.values()) {
      if (!all && flood.untilMs > nowMs && surplus <= 0) break;
      surplus -= 1;
      if (flood.repeats > 0) ended.push(flood);
      else this.floods.delete(flood.fingerprint);
    }
    return ended;
  }

  /** Forgets a flood whose repeats have been recorded. */
  close(flood: Flood): void {
    this.uncounted -= flood.repeats;
    if (this.floods.get(flood.fingerprint) === flood) this.floods.delete(flood.fingerprint);
  }
}
