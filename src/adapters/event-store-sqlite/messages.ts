/** What the two threads say to each other: flat arrays, the form that costs least to post. */

import type { Claim } from '../../domain/ids.js';
import type { AppendResult, StoredEvent } from '../../ports/event-store.port.js';

/** One event of an append, as bytes. */
export interface EventRow {
  readonly id: string;
  readonly type: string;
  readonly data: string;
  readonly metadata: string;
  readonly claim: Claim | null;
}

export interface AppendRequest {
  readonly stream: string;
  readonly expectedRevision: number;
  readonly events: readonly EventRow[];
}

/** What became of an append: the port's results, or a fault to be thrown on the other side. */
export type AppendOutcome =
  | AppendResult
  | { readonly kind: 'fault'; readonly outcome: 'not_written' | 'unknown'; readonly message: string };

export type Cell = string | number | null;
export type Flat = readonly Cell[];

/** To the worker: `[verb, request id, …]`. */
export type Verb = 'append' | 'readStream' | 'readAll' | 'headPosition' | 'findClaim' | 'close';

/** From the worker: the first cell says which. `writable` follows a fault once appends find room again. */
export type Notice = 'opened' | 'refused' | 'appended' | 'writable' | 'read' | 'unread' | 'closed';

const APPEND_HEAD = 4;
const EVENT_CELLS = 5;

/** `[append, request id, stream, expected revision, then id, type, data, metadata, claim for each event]` */
export function packAppend(requestId: number, request: AppendRequest): Flat {
  const flat: Cell[] = ['append', requestId, request.stream, request.expectedRevision];
  for (const { id, type, data, metadata, claim } of request.events)
    flat.push(id, type, data, metadata, claim);
  return flat;
}

export function unpackAppend(flat: Flat): AppendRequest {
  const events: EventRow[] = [];
  for (let i = APPEND_HEAD; i < flat.length; i += EVENT_CELLS) {
    events.push({
      id: flat[i] as string,
      type: flat[i + 1] as string,
      data: flat[i + 2] as string,
      metadata: flat[i + 3] as string,
      claim: flat[i + 4] as Claim | null,
    });
  }
  return { stream: flat[2] as string, expectedRevision: flat[3] as number, events };
}

const OUTCOME_CELLS = 4;

/** `[appended, head position, then request id, kind and two cells for each append of the group]` */
export function packOutcomes(head: number, ids: readonly number[], outcomes: readonly AppendOutcome[]): Flat {
  const flat: Cell[] = ['appended', head];
  outcomes.forEach((outcome, i) => {
    flat.push(ids[i] ?? -1, outcome.kind, ...cellsOf(outcome));
  });
  return flat;
}

function cellsOf(outcome: AppendOutcome): [Cell, Cell] {
  switch (outcome.kind) {
    case 'appended':
      return [outcome.revision, outcome.position];
    case 'wrong_revision':
      return [outcome.actual, null];
    case 'claimed':
      return [outcome.revision, outcome.claim];
    case 'id_conflict':
      return [outcome.id, null];
    case 'fault':
      return [outcome.outcome, outcome.message];
  }
}

/** Calls back with each outcome of a group. */
export function unpackOutcomes(flat: Flat, each: (requestId: number, outcome: AppendOutcome) => void): void {
  for (let i = 2; i < flat.length; i += OUTCOME_CELLS) {
    each(flat[i] as number, outcomeOf(flat[i + 1] as AppendOutcome['kind'], flat[i + 2], flat[i + 3]));
  }
}

function outcomeOf(
  kind: AppendOutcome['kind'],
  first: Cell | undefined,
  second: Cell | undefined,
): AppendOutcome {
  switch (kind) {
    case 'appended':
      return { kind, revision: first as number, position: second as number };
    case 'wrong_revision':
      return { kind, actual: first as number };
    case 'claimed':
      return { kind, revision: first as number, claim: second as Claim };
    case 'id_conflict':
      return { kind, id: first as string };
    case 'fault':
      return { kind, outcome: first as 'not_written' | 'unknown', message: second as string };
  }
}

/** The columns of a stored event, in the order in which queries select them and threads post them. */
const STORED_CELLS = 7;

export function unpackStored(flat: Flat, start: number): StoredEvent[] {
  const events: StoredEvent[] = [];
  for (let i = start; i < flat.length; i += STORED_CELLS) {
    events.push({
      id: flat[i] as string,
      type: flat[i + 1] as string,
      stream: flat[i + 2] as string,
      revision: flat[i + 3] as number,
      position: flat[i + 4] as number,
      data: flat[i + 5] as string,
      metadata: flat[i + 6] as string,
    });
  }
  return events;
}
