/** Whether this server can do its work: the ledger answers, the read models follow. */

import type { ReadStoreStatus } from '../../ports/read-store.port.js';

/** Injects `Readiness`. */
export const READINESS = Symbol('Readiness');

/** Events that a read model may be behind before reads would wait too long for it. */
const LAG_MAX = 100_000;
const PROBE_TIMEOUT_MS = 2_000;

export interface ReadinessSources {
  /** Goes to the thread that writes the ledger and back; rejects when it is gone. */
  readonly probeStore: () => Promise<unknown>;
  readonly readStore: () => ReadStoreStatus;
}

export class Readiness {
  constructor(private readonly sources: ReadinessSources) {}

  /** What stands against taking requests, one sentence each; none when the server is ready. */
  async problems(): Promise<string[]> {
    const store = await this.storeProblem();
    return [...(store === null ? [] : [store]), ...this.readProblems()];
  }

  private async storeProblem(): Promise<string | null> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<string>((resolve) => {
      timer = setTimeout(resolve, PROBE_TIMEOUT_MS, 'the event store does not answer in time');
    });
    const probe = this.sources.probeStore().then(
      () => null,
      () => 'the event store cannot be written',
    );
    const problem = await Promise.race([probe, late]);
    clearTimeout(timer);
    return problem;
  }

  private readProblems(): string[] {
    const { dead, projections } = this.sources.readStore();
    if (dead !== null) return [`the read store is gone: ${dead}`];
    return projections.flatMap(({ name, stopped, lag }) => {
      if (stopped !== null) return [`the read model ${name} has stopped at position ${stopped.position}`];
      return lag > LAG_MAX ? [`the read model ${name} is ${lag} positions behind`] : [];
    });
  }
}
