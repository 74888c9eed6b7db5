/** A writer on a simulated store in virtual time, for tests that want to steer it. */

import type { Command } from '../../src/domain/commands.js';
import type { Origin } from '../../src/domain/events.js';
import type { TenantState } from '../../src/domain/state.js';
import type { Answer } from '../../src/writer/answer.js';
import type { WriterLimits } from '../../src/writer/limits.js';
import { createWriters, type Writers } from '../../src/writer/writers.js';
import { Random } from '../simulation/random.js';
import { SimulatedLog } from '../simulation/simulated-log.js';
import { MemorySnapshots, SequentialIds } from '../simulation/simulated-ports.js';
import { MemoryReadModels } from '../simulation/simulated-read-models.js';
import { SimulatedStore } from '../simulation/simulated-store.js';
import { NodeClock, VirtualTime } from '../simulation/virtual-time.js';
import { ACME, createBudget, openTenant, origin } from './requests.js';

/** 2026-11-22T12:00:00Z. */
export const NOON_MS = Date.UTC(2026, 10, 22, 12);

export interface Node {
  readonly writers: Writers;
  readonly store: SimulatedStore;
  readonly clock: NodeClock;
  readonly logged: string[];
}

export class Workshop {
  readonly time = new VirtualTime(NOON_MS);
  readonly readModels = new MemoryReadModels();
  readonly log = new SimulatedLog((events) => {
    for (const event of events) this.readModels.apply(event.stream, this.log.decode(event));
  });
  readonly snapshots = new MemorySnapshots({ store: this.log, codec: this.log });
  private nodes = 0;

  /** Another process on the same log, which knows that there are others when it is told so. */
  node(limits: Partial<WriterLimits> = {}, isShared = false): Node {
    const clock = new NodeClock(this.time, 0);
    const store = new SimulatedStore({
      log: this.log,
      time: this.time,
      node: clock,
      random: new Random(++this.nodes),
    });
    const logged: string[] = [];
    const writers = createWriters({
      store,
      codec: this.log,
      clock,
      ids: new SequentialIds(`n${this.nodes}`),
      snapshots: this.snapshots,
      dueTimes: this.readModels,
      history: this.readModels,
      random: () => 0.5,
      limits,
      isShared,
      log: {
        warn: (_fields, message) => logged.push(message),
        error: (_fields, message) => logged.push(message),
      },
    });
    return { writers, store, clock, logged };
  }

  /** A tenant with one budget of TOKENS at the tenant itself. */
  async provision(node: Node, allocated: bigint): Promise<void> {
    await this.until(node.writers.execute(ACME, openTenant(), origin()));
    await this.until(node.writers.execute(ACME, createBudget('tenant:acme', allocated), origin()));
  }

  execute(node: Node, command: Command, from: Origin = origin()): Promise<Answer> {
    return this.until(node.writers.execute(ACME, command, from));
  }

  read<T>(node: Node, look: (state: TenantState) => T): Promise<T> {
    return this.until(node.writers.read(ACME, look));
  }

  /** Lets virtual time run until a promise settles. */
  async until<T>(promise: Promise<T>): Promise<T> {
    let isSettled = false;
    const settle = (): void => {
      isSettled = true;
    };
    promise.then(settle, settle);
    for (let steps = 0; !isSettled; steps++) {
      if (steps > 200_000 || !(await this.time.step())) throw new Error('the world stands still');
    }
    return promise;
  }

  /** Lets this much virtual time pass. */
  async pass(ms: number): Promise<void> {
    await this.until(this.time.wait(ms));
  }

  /** Types of the events in the log, oldest first. */
  get types(): string[] {
    return this.log.lines.map((line) => line.stored.type);
  }

  /** Payloads of the events of one type, as stored. */
  payloads(type: string): Record<string, unknown>[] {
    return this.log.lines
      .filter((line) => line.stored.type === type)
      .map((line) => JSON.parse(line.stored.data));
  }
}
