/** An event store that delays, loses answers after writing, writes late, refuses, and forgets dead callers. */

import type { SealedEvent } from '../../src/domain/hash-chain.js';
import type { Claim } from '../../src/domain/ids.js';
import {
  type AppendResult,
  type EventStore,
  type StoredEvent,
  StoreFault,
} from '../../src/ports/event-store.port.js';
import type { Random } from './random.js';
import type { SimulatedLog } from './simulated-log.js';
import type { NodeClock, VirtualTime } from './virtual-time.js';

/** How likely each fate of an append is; the rest goes well. */
export interface Weather {
  /** Written, but the answer is lost. */
  readonly answerLost: number;
  /** The caller gives up, and the append lands later all the same. */
  readonly landsLate: number;
  /** Never arrives, and the caller cannot tell. */
  readonly requestLost: number;
  /** Certainly not written. */
  readonly notWritten: number;
  /** A read that fails. */
  readonly unreadable: number;
  readonly delayMaxMs: number;
}

export const FAIR: Weather = {
  answerLost: 0,
  landsLate: 0,
  requestLost: 0,
  notWritten: 0,
  unreadable: 0,
  delayMaxMs: 3,
};
export const ROUGH: Weather = {
  answerLost: 0.03,
  landsLate: 0.03,
  requestLost: 0.02,
  notWritten: 0.04,
  unreadable: 0.02,
  delayMaxMs: 40,
};
/** Bad enough that appends stay unknown and callers are turned away. */
export const STORM: Weather = {
  answerLost: 0.3,
  landsLate: 0.1,
  requestLost: 0.1,
  notWritten: 0.4,
  unreadable: 0.3,
  delayMaxMs: 300,
};

/** One node's connection to the log. What it asked for before it died may still happen; it never hears of it. */
export class SimulatedStore implements EventStore {
  weather: Weather = FAIR;

  constructor(
    private readonly log: SimulatedLog,
    private readonly time: VirtualTime,
    private readonly node: NodeClock,
    private readonly random: Random,
  ) {}

  append(stream: string, expectedRevision: number, events: readonly SealedEvent[]): Promise<AppendResult> {
    const write = (): AppendResult => this.log.append(stream, expectedRevision, events);
    const fate = this.random.weighted({ ...faults(this.weather), good: goodShare(this.weather) });
    return new Promise((resolve, reject) => {
      const fail = (outcome: 'unknown' | 'not_written'): void =>
        this.later(() => reject(new StoreFault(`simulated: ${fate}`, outcome)));
      switch (fate) {
        case 'good':
          this.inTime(() => {
            const result = write();
            this.later(() => resolve(result));
          });
          return;
        case 'answerLost':
          this.inTime(() => {
            write();
            fail('unknown');
          });
          return;
        case 'landsLate':
          fail('unknown');
          this.time.after(this.random.int(0, 400), write);
          return;
        case 'requestLost':
          fail('unknown');
          return;
        case 'notWritten':
          fail('not_written');
      }
    });
  }

  readStream(stream: string, from: { revision: number; limit: number }): Promise<StoredEvent[]> {
    return this.reading(() => this.log.read(stream, from));
  }

  readAll(after: { position: number; limit: number }): Promise<StoredEvent[]> {
    const lines = this.log.lines.slice(after.position, after.position + after.limit);
    return this.reading(() => lines.map((line) => line.stored));
  }

  findClaim(stream: string, claim: Claim): Promise<number | null> {
    return this.reading(() => this.log.findClaim(stream, claim));
  }

  headPosition(): Promise<number> {
    return this.reading(() => this.log.lines.length);
  }

  onAppended(): () => void {
    return () => undefined;
  }

  stats(): Readonly<Record<string, number>> {
    return {};
  }

  async close(): Promise<void> {}

  private reading<T>(read: () => T): Promise<T> {
    const fails = this.random.chance(this.weather.unreadable);
    return new Promise((resolve, reject) => {
      this.later(() =>
        fails ? reject(new StoreFault('simulated: unreadable', 'not_written')) : resolve(read()),
      );
    });
  }

  /** Happens whether or not the node lives to see it. */
  private inTime(happen: () => void): void {
    this.time.after(this.random.int(0, this.weather.delayMaxMs), happen);
  }

  /** Reaches the node, if it still lives. */
  private later(tell: () => void): void {
    this.time.after(this.random.int(0, this.weather.delayMaxMs), () => {
      if (!this.node.isDead) tell();
    });
  }
}

const faults = ({ answerLost, landsLate, requestLost, notWritten }: Weather) => ({
  answerLost,
  landsLate,
  requestLost,
  notWritten,
});

const goodShare = (weather: Weather): number =>
  1 - weather.answerLost - weather.landsLate - weather.requestLost - weather.notWritten;
