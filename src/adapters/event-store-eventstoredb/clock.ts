/** How far this machine's clock is off the server's, by the time the server gives to what this machine appends. */

import { randomUUID } from 'node:crypto';
import type { ReadResp } from '@eventstore/db-client/generated/streams_pb.js';
import { NO_STREAM, StoreFault } from '../../ports/event-store.port.js';
import { Appending } from './append.js';
import { Connection } from './connection.js';
import { type EventStoreDbReaderOptions, settingsOf } from './options.js';
import { messageOf } from './outcome.js';
import { pageOfStream } from './requests.js';
import { type Proposed, proposeText } from './wire.js';

/** Not one of our streams: nobody reads it as a part of the ledger, and the server keeps its last few events. */
const STREAM = 'clock-of-countersign';
const METADATA = '{"$maxCount":16}';
const TICKS_PER_MS = 10_000;
/** Others append to it as well, in the same way. */
const ATTEMPTS_MAX = 8;

const EVERY_MS = 30_000;
/** While it is off, could not be measured, or the server has failed somebody. */
const SOON_MS = 2_000;

/** The clocks of this machine, in ms: one that is set, and one that only goes on. */
export interface LocalClocks {
  readonly now: () => number;
  readonly elapsed: () => number;
}

const LOCAL: LocalClocks = { now: () => Date.now(), elapsed: () => performance.now() };

interface Measurement {
  /** By how much the clock was ahead of the server's at least, in ms; negative when it was behind. */
  readonly aheadMs: number;
  /** What the clock showed beyond the one that only goes on: it changes when the clock is set. */
  readonly beyondMs: number;
}

export class ClockWatch {
  readonly #connection: Connection;
  readonly #appending: Appending;
  readonly #timeoutMs: number;
  #revision = NO_STREAM;
  #isLimited = false;
  #measured: Measurement | null = null;
  #timer: NodeJS.Timeout | null = null;
  #isLooking = false;
  #isClosed = false;
  /** When the server last took an append of the watch's, by the clock that only goes on; -Infinity before. */
  lookedAtMs = Number.NEGATIVE_INFINITY;

  /** @param toleranceMs how far the clock may be off before it is looked at more often */
  constructor(
    options: EventStoreDbReaderOptions,
    private readonly toleranceMs: number,
    private readonly clocks = LOCAL,
  ) {
    const { connectionString, appendTimeoutMs } = settingsOf(options);
    this.#connection = new Connection(connectionString);
    this.#appending = new Appending(this.#connection, appendTimeoutMs);
    this.#timeoutMs = appendTimeoutMs;
  }

  /**
   * By how much this machine's clock is ahead of the server's, in ms; negative when it is behind. 0 as long as it
   * has not been measured. Notices at once when the clock is set.
   */
  get aheadMs(): number {
    if (this.#measured === null) return 0;
    const { aheadMs, beyondMs } = this.#measured;
    return Math.round(aheadMs + this.#beyondMs() - beyondMs);
  }

  /** Measures once, and from then on from time to time. Never rejects: what cannot be measured is tried again. */
  async start(): Promise<void> {
    let isMeasured = false;
    this.#isLooking = true;
    try {
      await this.measure();
      isMeasured = true;
    } catch {
      // The store itself says what is wrong with it.
    }
    this.#isLooking = false;
    const isOff = Math.abs(this.aheadMs) > this.toleranceMs;
    this.#lookAfter(isMeasured && !isOff ? EVERY_MS : SOON_MS);
  }

  /** Looks sooner than it would: the server has just failed somebody, and may be back. */
  lookSoon(): void {
    if (!this.#isLooking) this.#lookAfter(SOON_MS);
  }

  #lookAfter(delayMs: number): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    if (this.#isClosed) return;
    this.#timer = setTimeout(() => void this.start(), delayMs);
    this.#timer.unref();
  }

  /** @throws StoreFault when the store does not answer */
  async measure(): Promise<void> {
    await this.#limit();
    const startedMs = this.clocks.now();
    const revision = await this.#append();
    this.lookedAtMs = this.clocks.elapsed();
    const endedMs = this.clocks.now();
    const beyondMs = this.#beyondMs();
    const createdMs = await this.#createdMs(revision);
    // Between the two the clocks agree; beyond them it is off by that much at least.
    const aheadMs = Math.max(startedMs - createdMs, 0) + Math.min(endedMs - createdMs, 0);
    this.#measured = { aheadMs, beyondMs };
  }

  close(): void {
    this.#isClosed = true;
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#connection.giveUp();
  }

  #beyondMs(): number {
    return this.clocks.now() - this.clocks.elapsed();
  }

  async #limit(): Promise<void> {
    if (this.#isLimited) return;
    const metadata = proposeText({ id: randomUUID(), type: '$metadata', data: METADATA, metadata: '{}' });
    // Whoever may not set it lets the stream grow by a few bytes a minute.
    await this.#appending.append(`$$${STREAM}`, NO_STREAM, [metadata]).catch(ignoreDenial);
    this.#isLimited = true;
  }

  /** The revision at which a new event stands. */
  async #append(): Promise<number> {
    for (let attempt = 0; attempt < ATTEMPTS_MAX; attempt++) {
      const result = await this.#appending.append(STREAM, this.#revision, [tick()]);
      if (result.kind === 'wrong_revision') this.#revision = result.actual;
      else {
        this.#revision = result.revision;
        return result.revision;
      }
    }
    throw new StoreFault('other nodes were faster each time', 'not_written');
  }

  async #createdMs(revision: number): Promise<number> {
    const { call } = await this.#connection.call('read', (client, metadata, options) =>
      client.read(pageOfStream(STREAM, revision, 1), metadata, options),
    );
    try {
      return await new Promise((resolve, reject) => {
        const late = new StoreFault('the event store did not answer a read in time', 'not_written');
        const timer = setTimeout(() => reject(late), this.#timeoutMs);
        call.on('data', (response: ReadResp) => {
          const ticks = response.getEvent()?.getEvent()?.getMetadataMap().get('created');
          if (ticks !== undefined) resolve(Number(ticks) / TICKS_PER_MS);
        });
        call.on('error', reject);
        call.on('end', () => reject(new StoreFault('the event just appended is not there', 'not_written')));
        call.on('close', () => clearTimeout(timer));
      });
    } finally {
      call.cancel();
    }
  }
}

const tick = (): Proposed =>
  proposeText({ id: randomUUID(), type: 'ClockLookedAt', data: '{}', metadata: '{}' });

function ignoreDenial(error: unknown): void {
  if (!/AccessDenied/.test(messageOf(error))) throw error;
}
