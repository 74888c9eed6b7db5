/** What a read model is: a name, a version, its tables, and what each event changes in them. */

import type { Actor, RecordedEvent } from '../domain/events.js';
import type { Changes } from './changes.js';
import type { Need } from './recollection.js';
import type { TableDefinition } from './table.js';

export interface Projection {
  readonly name: string;
  /** Raised whenever the tables or their meaning change: the read model is then rebuilt and swapped in. */
  readonly version: number;
  readonly tables: readonly TableDefinition[];
  /**
   * Notes what an event changes. Pure but for `changes`; reads nothing, so that events can be applied in
   * batches.
   * @throws when the event cannot be understood; that stops the projection
   */
  project(event: RecordedEvent, changes: Changes): void;
  /**
   * The rows of its own tables that it must know to project an event; `changes` then knows them. Left out by
   * those that need none, as it is best: they are read with every batch.
   */
  needs?(event: RecordedEvent): readonly Need[];
}

/** The time parsed last: every projection asks for that of the same event, several times, and many share one. */
let parsed = { text: '', ms: Number.NaN };

/** When an event occurred, in ms since the epoch. */
export function occurredAtMs({ metadata: { occurredAt } }: RecordedEvent): number {
  if (parsed.text !== occurredAt) parsed = { text: occurredAt, ms: Date.parse(occurredAt) };
  return parsed.ms;
}

/** The tenant whose stream an event stands in; null for the streams that belong to none. */
export const tenantOf = (event: RecordedEvent): string | null =>
  event.stream.startsWith('tenant-') ? event.stream.slice('tenant-'.length) : null;

/** The tenant of an event that only a tenant's stream can hold. */
export function requireTenant(event: RecordedEvent): string {
  const tenantId = tenantOf(event);
  if (tenantId === null)
    throw new Error(`${event.type} stands in ${event.stream}, which is no tenant's stream`);
  return tenantId;
}

/** The API key that caused an event; null for operators and the server itself. */
export const keyIdOf = (actor: Actor): string | null => (actor.type === 'api_key' ? actor.keyId : null);

/** The operator who caused an event; null where no person signed in to do it. */
export const operatorIdOf = (actor: Actor): string | null =>
  actor.type === 'operator' ? actor.operatorId : null;
