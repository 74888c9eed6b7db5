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
  /** Refused for a revision that the stream is not at. */
  readonly misjudged: number;
  /** A read that fails. */
  readonly unreadable: number;
  readonly delayMaxMs: number;
}

export const FAIR: Weather = {
  answerLost: 0,
  landsLate: 0,
  requestLost: 0,
  notWritten: 0,
  misjudged: 0,
  unreadable: 0,
  delayMaxMs: 3,
};
export const ROUGH: Weather = {
  answerLost: 0.03,
  landsLate: 0.03,
  requestLost: 0.02,
  notWritten: 0.04,
  misjudged: 0.01,
  unreadable: 0.02,
  delayMaxMs: 40,
};
/** Bad enough that appends stay unknown and callers are turned away. */
export const STORM: Weather = {
  answerLost: 0.3,
  landsLate: 0.1,
  requestLost: 0.1,
  notWritten: 0.4,
  misjudged: 0.02,
  unreadable: 0.3,
  delayMaxMs: 300,
};

/** Out of reach: nothing can be read, and most of what is sent is known to be lost. */
export const OUTAGE: Weather = {
  answerLost: 0,
  landsLate: 0,
  requestLost: 0.3,
  notWritten: 0.7,
  misjudged: 0,
  unreadable: 1,
  delayMaxMs: 300,
};

export interface Connection {
  readonly log: SimulatedLog;
  readonly time: VirtualTime;
  readonly node: NodeClock;
  readonly random: Random;
  /** Whether the store is part of the node: what a node that died had not written yet never comes to be. */
  readonly isEmbedded?: boolean;
}

/** One node's connection to the log. What it asked for before it died may still happen; it never hears of it. */
export class SimulatedStore implements EventStore {
  weather: Weather = FAIR;
  private outageEndsMs = 0;
  /** Batches, by their first event, that an earlier attempt may have written or may yet write. */
  private readonly uncertain = new Set<string>();
  private readonly log: SimulatedLog;
  private readonly time: VirtualTime;
  private readonly node: NodeClock;
  private readonly random: Random;
  private readonly isEmbedded: boolean;

  constructor({ log, time, node, random, isEmbedded = false }: Connection) {
    this.log = log;
    this.time = time;
    this.node = node;
    this.random = random;
    this.isEmbedded = isEmbedded;
  }

  /** Cuts the node off from the store for some time. */
  loseFor(ms: number): void {
    this.outageEndsMs = this.time.now() + ms;
  }

  append(stream: string, expectedRevision: number, events: readonly SealedEvent[]): Promise<AppendResult> {
    const write = (): AppendResult => this.log.append(stream, expectedRevision, events);
    const id = events[0]?.id ?? '';
    const fate = this.fateOf(id);
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
          this.after(this.random.int(0, 400), write);
          return;
        case 'requestLost':
          fail('unknown');
          return;
        case 'notWritten':
          fail('not_written');
          return;
        case 'misjudged':
          this.later(() => resolve({ kind: 'wrong_revision', actual: expectedRevision + 1 }));
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

  private get now(): Weather {
    return this.time.now() < this.outageEndsMs ? OUTAGE : this.weather;
  }

  /** What becomes of an attempt. A batch that may be in the log is never said to have come too late. */
  private fateOf(batch: string): Fate {
    const fate = this.drawFate();
    if (fate === 'misjudged' && this.uncertain.has(batch)) return 'notWritten';
    if (fate === 'answerLost' || fate === 'landsLate') this.uncertain.add(batch);
    return fate;
  }

  private drawFate(): Fate {
    const { now } = this;
    let left = this.random.next();
    for (const fault of FAULTS) {
      left -= now[fault];
      if (left < 0) return fault;
    }
    return 'good';
  }

  /** What is read is as old as the request, or as new as the answer. */
  private reading<T>(read: () => T): Promise<T> {
    const fails = this.random.chance(this.now.unreadable);
    const early = !fails && this.random.chance(0.5) ? { found: read() } : null;
    return new Promise((resolve, reject) => {
      this.later(() => {
        if (fails) reject(new StoreFault('simulated: unreadable', 'not_written'));
        else resolve(early === null ? read() : early.found);
      });
    });
  }

  /** Happens whether or not the node lives to see it. */
  private inTime(happen: () => void): void {
    this.after(this.random.int(0, this.now.delayMaxMs), happen);
  }

  private after(delayMs: number, happen: () => void): void {
    this.time.after(delayMs, () => {
      if (!this.isEmbedded || !this.node.isDead) happen();
    });
  }

  /** Reaches the node, if it still lives, and once it is awake. */
  private later(tell: () => void): void {
    this.time.after(this.random.int(0, this.now.delayMaxMs), () => this.node.whenAwake(tell));
  }
}

const FAULTS = ['answerLost', 'landsLate', 'requestLost', 'notWritten', 'misjudged'] as const;
type Fate = (typeof FAULTS)[number] | 'good';
