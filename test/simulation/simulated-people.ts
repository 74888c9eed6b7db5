/** What a node of the simulated world has of the operators: their writer, and whom it takes a token for. */

import { People } from '../../src/http/people.js';
import { SystemWriter, type SystemWriterOptions } from '../../src/writer/system-writer.js';

export interface KnownPeople {
  readonly system: SystemWriter;
  readonly people: People;
}

export class NodePeople {
  private opening: Promise<KnownPeople> | null = null;

  constructor(private readonly options: SystemWriterOptions) {}

  /** Folds the operators' stream at the first request; a node whose store is away then tries again at the next. */
  open(): Promise<KnownPeople> {
    const opening = this.opening ?? this.begin();
    this.opening = opening;
    opening.catch(() => {
      if (this.opening === opening) this.opening = null;
    });
    return opening;
  }

  /** Resolves once everything that was asked is answered. */
  async drain(): Promise<void> {
    const known = await this.opening?.catch(() => null);
    await known?.system.drain();
  }

  private async begin(): Promise<KnownPeople> {
    const system = await SystemWriter.open(this.options);
    // Tokens of the simulation are no secrets, so each is its own hash.
    const people = new People(system, { hashSecret: (token) => token }, this.options.clock);
    return { system, people };
  }
}
