/** Whether this server can do its work: the ledger takes appends, the tenants' writers go on, the read models follow. */

import type { ReadStoreStatus } from '../../ports/read-store.port.js';

/** Injects `Readiness`. */
export const READINESS = Symbol('Readiness');

/** Events that a read model may be behind before reads would wait too long for it. */
const LAG_MAX = 100_000;
const PROBE_TIMEOUT_MS = 2_000;

export interface ReadinessSources {
  /** Goes to the thread that writes the ledger and back; rejects when it is gone. */
  readonly probeStore: () => Promise<unknown>;
  /** What stands against appends from this very node, in a sentence; null, or left out, when nothing does. */
  readonly storeProblem?: () => string | null;
  /**
   * `failing`: the last append could not be written. `damaged`: the file could not be read. 1 for yes.
   * `streamsTruncated`: how many streams have lost their beginning.
   */
  readonly storeStats: () => Readonly<Record<string, number>>;
  /** How many tenants' streams contradict themselves. */
  readonly stoppedTenants: () => number;
  /** Whether the stream of the operators contradicts itself. */
  readonly areOperatorsStopped: () => boolean;
  readonly readStore: () => ReadStoreStatus;
}

/** What stands against taking requests, one sentence each, by the part it stands in. No tenant is named. */
export interface ReadinessReport {
  readonly event_store: readonly string[];
  readonly tenants: readonly string[];
  readonly operators: readonly string[];
  readonly read_store: readonly string[];
}

export class Readiness {
  constructor(private readonly sources: ReadinessSources) {}

  async report(): Promise<ReadinessReport> {
    return {
      event_store: await this.storeProblems(),
      tenants: this.tenantProblems(),
      operators: this.operatorProblems(),
      read_store: this.readProblems(),
    };
  }

  private async storeProblems(): Promise<string[]> {
    const gone = await this.probe();
    const { failing, damaged, streamsTruncated = 0 } = this.sources.storeStats();
    const problem = this.sources.storeProblem?.() ?? null;
    return [
      ...(gone === null ? [] : [gone]),
      ...(problem === null ? [] : [problem]),
      ...(failing ? ['the event store cannot be written'] : []),
      ...(damaged ? ['the event store is damaged: its file cannot be read throughout'] : []),
      ...(streamsTruncated > 0
        ? ['the event store has lost the beginning of a stream; the log says of which']
        : []),
    ];
  }

  private async probe(): Promise<string | null> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<string>((resolve) => {
      timer = setTimeout(resolve, PROBE_TIMEOUT_MS, 'the event store does not answer in time');
    });
    const probe = this.sources.probeStore().then(
      () => null,
      () => 'the event store does not answer',
    );
    const problem = await Promise.race([probe, late]);
    clearTimeout(timer);
    return problem;
  }

  private tenantProblems(): string[] {
    const count = this.sources.stoppedTenants();
    if (count === 0) return [];
    const whose = count === 1 ? 'one tenant is' : `${count} tenants are`;
    return [`${whose} stopped, since the ledger contradicts itself there; the log says which`];
  }

  private operatorProblems(): string[] {
    if (!this.sources.areOperatorsStopped()) return [];
    return ['the ledger of the operators is stopped: nobody can sign in or be changed; the log says why'];
  }

  private readProblems(): string[] {
    const { dead, projections } = this.sources.readStore();
    if (dead !== null) return ['the read store is gone; the log says why'];
    return projections.flatMap(({ name, stopped, fault, lag }) => {
      if (stopped !== null) return [`the read model ${name} has stopped at position ${stopped.position}`];
      if (fault !== null) return [`the read model ${name} cannot go on for now; the log says why`];
      return lag > LAG_MAX ? [`the read model ${name} is ${lag} positions behind`] : [];
    });
  }
}
