/** What each test of the contract finds: a store of its own, a stream nobody has used, and help to fill it. */

import { randomUUID } from 'node:crypto';
import type { SealedEvent } from '../../src/domain/hash-chain.js';
import { type EventStore, NO_STREAM } from '../../src/ports/event-store.port.js';
import { sampleBatch } from '../event-store/samples.js';

export interface StoreUnderTest {
  readonly store: EventStore;
  /** Closes the store and opens what it kept; null for a store that keeps nothing. */
  readonly reopen: (() => Promise<EventStore>) | null;
  /** Breaks the connection to the store; left out where there is none to break. */
  readonly interrupt?: () => void;
  dispose(): Promise<void>;
}

export class Stage {
  /** No test has used it. */
  stream = '';
  private underTest: StoreUnderTest | null = null;

  constructor(private readonly makeStore: () => Promise<StoreUnderTest>) {}

  async begin(): Promise<void> {
    this.underTest = await this.makeStore();
    this.stream = `tenant-${randomUUID()}`;
  }

  async end(): Promise<void> {
    await this.underTest?.dispose();
    this.underTest = null;
  }

  get store(): EventStore {
    return this.made.store;
  }

  get reopen(): StoreUnderTest['reopen'] {
    return this.made.reopen;
  }

  get interrupt(): (() => void) | null {
    return this.made.interrupt ?? null;
  }

  /** Fills the stream; the position of the last event. */
  readonly appended = async (events: readonly SealedEvent[], expected = NO_STREAM): Promise<number> => {
    const result = await this.store.append(this.stream, expected, events);
    if (result.kind !== 'appended') throw new Error(`the test's set-up was answered ${result.kind}`);
    return result.position;
  };

  private get made(): StoreUnderTest {
    if (this.underTest === null) throw new Error('a store is there only while a test runs');
    return this.underTest;
  }
}

/** Two writers append to one stream until it has `count` events, each retrying at the revision it is told. */
export async function contend(store: EventStore, stream: string, count: number): Promise<void> {
  const writer = async (): Promise<void> => {
    for (;;) {
      const last = (await store.readStream(stream, { revision: 0, limit: 1_000 })).at(-1);
      const revision = last?.revision ?? NO_STREAM;
      if (revision >= count - 1) return;
      const previousHash = last === undefined ? undefined : (JSON.parse(last.metadata).hash as string);
      await store.append(
        stream,
        revision,
        sampleBatch(previousHash === undefined ? { stream } : { stream, previousHash }),
      );
    }
  };
  await Promise.all([writer(), writer()]);
}
