/** What a test can make the double do that a server does on a bad day. */

import { setTimeout } from 'node:timers/promises';
import type { Metadata } from '@grpc/grpc-js';

export class Faults {
  /** How long every answer takes. */
  delayMs = 0;
  /** So many appends are written, and then their connection breaks before the answer. */
  dropsAfterCommit = 0;
  /** So many appends are written and never answered, on a connection that stays. */
  answersLost = 0;
  /** Starting, or overloaded: everything is turned away, and nothing of it is written. */
  isNotReady = false;
  /** Where the leader is, for a server that is none. */
  leader: { readonly host: string; readonly port: number } | null = null;
  /** Whom alone the server lets in, as `user:password`; everybody when null. */
  user: string | null = null;
  #isFrozen = false;
  readonly #waiting = new Set<() => void>();

  /** Whether a call carries the credentials that it needs. */
  admits(metadata: Metadata): boolean {
    if (this.user === null) return true;
    const needed = `Basic ${Buffer.from(this.user).toString('base64')}`;
    return metadata.get('authorization').includes(needed);
  }

  /** From now on what is asked waits, and nothing is answered. */
  freeze(): void {
    this.#isFrozen = true;
  }

  /** What waited is done now, as by a process that was stopped for a while. */
  thaw(): void {
    this.#isFrozen = false;
    const waiting = [...this.#waiting];
    this.#waiting.clear();
    for (const go of waiting) go();
  }

  /** Whether a request need not wait at all. */
  get isCalm(): boolean {
    return !this.#isFrozen && this.delayMs === 0;
  }

  /** Waits as long as a request has to. */
  async pass(): Promise<void> {
    if (this.delayMs > 0) await setTimeout(this.delayMs);
    while (this.#isFrozen) await new Promise<void>((go) => this.#waiting.add(go));
  }

  /** Counts one of so many down; false when none is left. */
  takes(what: 'dropsAfterCommit' | 'answersLost'): boolean {
    if (this[what] <= 0) return false;
    this[what] -= 1;
    return true;
  }
}
