/** One generation of one read model on its way through the log: applies batches, stops at what it cannot. */

import type { Kysely } from 'kysely';
import type { RecordedEvent } from '../domain/events.js';
import { ReadStoreFault, type StopReason } from '../ports/read-store.port.js';
import { Changes } from './changes.js';
import { advance, type Checkpoint, checkpointOf, type Generation } from './generations.js';
import type { Projection } from './projection.js';
import { Recollection } from './recollection.js';
import { Statements } from './statements.js';
import type { AnyTables } from './table.js';

/** An event as the codec read it, or the error with which it could not. */
export type Decoded =
  | { readonly position: number; readonly id: string; readonly type: string; readonly event: RecordedEvent }
  | { readonly position: number; readonly id: string; readonly type: string; readonly error: unknown };

export class Lane {
  private at: Checkpoint;
  private stop: StopReason | null = null;
  private readonly statements: Statements;

  constructor(
    readonly projection: Projection,
    readonly generation: Generation,
    private readonly db: Kysely<AnyTables>,
  ) {
    this.at = generation;
    this.statements = new Statements(generation.generation);
  }

  get name(): string {
    return this.projection.name;
  }
  get position(): number {
    return this.at.position;
  }
  get stopped(): StopReason | null {
    return this.stop;
  }

  /**
   * Applies the events after its position, in one transaction with its checkpoint. When the batch does not
   * apply, its events are tried one by one, so that the lane stops exactly in front of the one at fault.
   * @throws ReadStoreFault of kind `fault` when the store cannot write; nothing of the batch is then applied
   */
  async apply(page: readonly Decoded[]): Promise<void> {
    const batch = page.filter((event) => event.position > this.position);
    if (batch.length === 0 || this.stop) return;
    const error = await this.tryBatch(batch);
    if (error === null) return;
    if (batch.length === 1) this.stop = reasonOf(batch[0], error);
    else for (const event of batch) await this.apply([event]);
  }

  /** Null when the batch is applied, or is known to have been; else why its events do not apply. */
  private async tryBatch(batch: readonly Decoded[]): Promise<Error | null> {
    const last = batch.at(-1);
    if (last === undefined) return null;
    const to: Checkpoint = { position: last.position, eventId: last.id };
    try {
      const changes = await this.changesOf(batch);
      const outcome = await this.store(changes, to);
      this.at = outcome === 'mismatch' ? await this.storedCheckpoint() : to;
      return null;
    } catch (error) {
      if (error instanceof ReadStoreFault && error.kind !== 'contradiction') throw error;
      return error instanceof Error ? error : new Error(String(error));
    }
  }

  private async changesOf(batch: readonly Decoded[]): Promise<Changes> {
    const events = batch.map((decoded) => {
      if ('error' in decoded) throw decoded.error;
      return decoded.event;
    });
    const changes = new Changes(await this.recall(events));
    for (const event of events) this.projection.project(event, changes);
    return changes;
  }

  /** Null for a read model that needs to know nothing, which nearly all are. */
  private async recall(events: readonly RecordedEvent[]): Promise<Recollection | null> {
    const { projection, generation } = this;
    if (projection.needs === undefined) return null;
    const needs = events.flatMap((event) => projection.needs?.(event) ?? []);
    const recalled = new Recollection();
    await recalled.read(this.db, generation.generation, needs);
    return recalled;
  }

  private async store(changes: Changes, to: Checkpoint): Promise<'stored' | 'ignored' | 'mismatch'> {
    const { name, generation } = this.generation;
    // Most batches concern few read models: the others have one statement to run, which is its own transaction.
    if (changes.isEmpty) return advance(this.db, { name, generation }, { from: this.at, to });
    try {
      await this.db.transaction().execute(async (trx) => {
        const outcome = await advance(trx, { name, generation }, { from: this.at, to });
        if (outcome !== 'stored') throw new NotAdvanced(outcome);
        await changes.write(trx, this.statements);
      });
      return 'stored';
    } catch (error) {
      if (error instanceof NotAdvanced) return error.outcome;
      throw error;
    }
  }

  /** Where somebody else has taken this generation: go on from there. */
  private async storedCheckpoint(): Promise<Checkpoint> {
    const stored = await checkpointOf(this.db, this.generation);
    if (stored === undefined) throw new ReadStoreFault(`the read model ${this.name} was removed`, 'fault');
    return stored;
  }
}

/** Rolls the transaction back: its checkpoint was not where it was expected. */
class NotAdvanced extends Error {
  constructor(readonly outcome: 'ignored' | 'mismatch') {
    super(`the checkpoint did not advance: ${outcome}`);
  }
}

const reasonOf = (event: Decoded | undefined, error: Error): StopReason => ({
  position: event?.position ?? 0,
  eventId: event?.id ?? '',
  eventType: event?.type ?? '',
  error: error.message,
});
