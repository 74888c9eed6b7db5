/** A tenant's ledger as it goes on from a moment, in memory alone: requests are decided, time does what it does. */

import { type Command, NO_PRIOR } from '../../domain/commands.js';
import { decide } from '../../domain/decider.js';
import { allDue, decideDue, dueAfter } from '../../domain/due.decider.js';
import { DueQueue } from '../../domain/due-queue.js';
import type { LedgerEvent, Origin } from '../../domain/events.js';
import { evolve } from '../../domain/evolve.js';
import type { Ruling } from '../../domain/ruling.js';
import type { TenantState } from '../../domain/state.js';

export class World {
  private readonly dues = new DueQueue();
  private lastMs = 0;

  /** @param state of its own: it is changed */
  constructor(readonly state: TenantState) {
    this.dues.reset(allDue(state));
  }

  /** Decides a request and goes on from what it did. @param nowMs never before the time of the last one */
  decide(command: Command, origin: Origin, nowMs: number): Ruling {
    const ruling = decide({ command, origin, nowMs, prior: NO_PRIOR }, this.state);
    // A refusal may come with a question to people.
    const events = ruling.kind === 'replayed' ? [] : (ruling.events ?? []);
    for (const event of events) this.follow(event, nowMs);
    return ruling;
  }

  /** Takes an event as it is. @throws AssertionError when it contradicts this world */
  follow(event: LedgerEvent, atMs: number): void {
    evolve(this.state, event, atMs);
    this.lastMs = atMs;
    for (const due of dueAfter(event, atMs, this.state)) this.dues.push(due);
  }

  /** Brings about what is due by now, in its order. */
  pass(nowMs: number): void {
    for (let due = this.dues.takeDue(nowMs); due !== undefined; due = this.dues.takeDue(nowMs)) {
      const atMs = Math.max(this.lastMs, due.atMs);
      const { events, again } = decideDue(due, this.state, atMs);
      for (const event of events) this.follow(event, atMs);
      if (again !== null) this.dues.push(again);
    }
  }
}
