/** Counts the gate's denials: each one that was answered is in the log once, or in the count of a repeat. */

import type { Command } from '../../src/domain/commands.js';
import type { Actor, EventMetadata, RecordedEvent } from '../../src/domain/events.js';
import { demand, type Payload } from './books.js';

/** What makes two calls the same, of which a flood may be made. */
interface CallLine {
  readonly sessionId: string;
  readonly actionHash: string;
}

interface DecidedLine {
  readonly decision: string;
  readonly reasonCode: string | null;
  readonly repeats: number;
  readonly gate: CallLine | null;
}

const callOf = ({ sessionId, actionHash }: CallLine, actor: Actor): string =>
  `${actor.type === 'api_key' ? actor.keyId : actor.type} ${sessionId} ${actionHash}`;

/** The node that minted an event's id. */
const nodeOf = (eventId: string): string => eventId.split('-')[1] ?? '';

export class Denials {
  /** How often each call was asked about and how often it is accounted for in the log. */
  private readonly asked = new Map<string, number>();
  private readonly recorded = new Map<string, number>();
  private readonly answered = new Set<string>();
  /** By node and kind of denial: repeats that were answered and that no record accounts for yet. */
  private readonly owed = new Map<string, number>();

  sent(command: Command, actor: Actor): void {
    if (command.type === 'SubmitToolCall') add(this.asked, callOf(command.record, actor), 1);
  }

  /** Enters a recorded decision. @throws Violation when it counts what nobody asked, or too little */
  written(eventId: string, data: Payload, { actor, idempotencyKey }: EventMetadata): void {
    const { decision, gate, reasonCode, repeats } = data as unknown as DecidedLine;
    if (gate === null) return;
    const call = callOf(gate, actor);
    add(this.recorded, call, repeats);
    demand(
      (this.recorded.get(call) ?? 0) <= (this.asked.get(call) ?? 0),
      `${call} is recorded more often than it was asked`,
    );
    // Calls have a key; the record that closes a flood has none.
    if (decision !== 'DENY' || idempotencyKey !== null) return;
    const flood = `${nodeOf(eventId)} ${call} ${reasonCode}`;
    const owed = this.owed.get(flood) ?? 0;
    demand(repeats >= owed, `${flood} was answered ${owed} more times, of which ${repeats} are counted`);
    this.owed.delete(flood);
  }

  /**
   * Notes a denial that was given. The first answer is the record itself; others are repeats of it, for which
   * nothing was appended.
   */
  given(event: RecordedEvent): void {
    if (event.type !== 'Decided' || event.data.gate === null || event.data.decision !== 'DENY') return;
    if (!this.answered.has(event.id)) {
      this.answered.add(event.id);
      return;
    }
    const { gate, reasonCode } = event.data;
    add(this.owed, `${nodeOf(event.id)} ${callOf(gate, event.metadata.actor)} ${reasonCode}`, 1);
  }

  /** At the end: a node that was shut down in order has counted everything. @throws Violation */
  checkCounted(nodeName: string): void {
    for (const flood of this.owed.keys()) {
      demand(!flood.startsWith(`${nodeName} `), `${flood} was answered and is counted nowhere`);
    }
  }
}

const add = (counts: Map<string, number>, key: string, count: number): void => {
  counts.set(key, (counts.get(key) ?? 0) + count);
};
