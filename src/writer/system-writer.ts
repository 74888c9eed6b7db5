/** The writer of the stream `system`: the one place of a process where what operators may do is changed. */

import { assert } from '../domain/assertions.js';
import type { Origin, RecordedEvent } from '../domain/events.js';
import { SCHEMA_VERSION } from '../domain/events.js';
import { GENESIS_HASH, type SealedEvent, seal } from '../domain/hash-chain.js';
import type { SystemCommand } from '../domain/system/system.commands.js';
import { decideSystem } from '../domain/system/system.decider.js';
import { isSystemEvent, SYSTEM_STREAM, type SystemEvent } from '../domain/system/system.events.js';
import { isSystemRefusal, type SystemRefusal } from '../domain/system/system.refusals.js';
import { evolveSystem, initialSystemState, type SystemState } from '../domain/system/system.state.js';
import { NO_STREAM, StoreFault } from '../ports/event-store.port.js';
import { type AppendContext, appendUntilKnown, readWithRetries } from './append.js';
import type { WriterContext } from './context.js';
import { newCounters } from './counters.js';
import { InternalError, Overloaded, ShuttingDown, Unavailable, WriterStopped } from './errors.js';
import { DEFAULT_LIMITS } from './limits.js';

export type SystemAnswer =
  | { readonly kind: 'accepted'; readonly events: readonly SystemEvent[] }
  | { readonly kind: 'refused'; readonly refusal: SystemRefusal };

export interface SystemWriterOptions
  extends Pick<WriterContext, 'store' | 'codec' | 'clock' | 'ids' | 'log'> {
  /** Whether other processes write the stream, too; false when left out. */
  readonly isShared?: boolean;
  /** A number in [0, 1), for the jitter of retries. */
  readonly random?: () => number;
}

/** Commands that may wait: people are few, and what a flood could send is counted before it gets here. */
const QUEUE_MAX = 256;
const RETRY_AFTER_MS = 1000;
/** How long somebody waits for what other processes have written, in ms. */
const REFRESH_MAX_MS = 3000;
/** How long somebody waits for a command, in ms; what it appends may be in the log all the same. */
const COMMAND_MAX_MS = 10_000;

/**
 * Decides one command after the other against the folded stream and answers once its events are in the log, at
 * the expected revision. What another node wrote first is folded, and the command decided again.
 */
export class SystemWriter {
  private readonly context: AppendContext & SystemWriterOptions;
  private readonly state: SystemState = initialSystemState();
  private revision = NO_STREAM;
  private chainHash = GENESIS_HASH;
  private lastMs = 0;
  private position = 0;
  private waiting = 0;
  private isDraining = false;
  private stopped: WriterStopped | null = null;
  /** When the state was last known to be all there is, in ms since the epoch. */
  private verifiedMs = 0;
  /** A look at the stream that has not begun yet, for all who ask meanwhile. */
  private nextRefresh: Promise<void> | null = null;
  /** Settles when everything queued so far has; never rejects. */
  private tail: Promise<unknown> = Promise.resolve();

  private constructor(options: SystemWriterOptions) {
    this.context = { random: Math.random, ...options, limits: DEFAULT_LIMITS, counters: newCounters() };
  }

  /**
   * Folds the whole stream, so that a request's session is known without waiting.
   * @throws StoreFault when it cannot be read, AssertionError when it contradicts itself
   */
  static async open(options: SystemWriterOptions): Promise<SystemWriter> {
    const writer = new SystemWriter(options);
    await writer.catchUp();
    return writer;
  }

  /** The people and their sessions as of the last event. Must be neither changed nor kept. */
  get current(): SystemState {
    return this.state;
  }

  /** Whether other processes write the stream, too. */
  get isShared(): boolean {
    return this.context.isShared === true;
  }

  /** How old `current` may be, in ms; 0 where no other process writes the stream. */
  get ageMs(): number {
    if (!this.isShared) return 0;
    const ageMs = this.context.clock.now() - this.verifiedMs;
    // A clock that was set back says nothing about the age.
    return ageMs < 0 ? Number.POSITIVE_INFINITY : ageMs;
  }

  /**
   * Resolves once `current` shows everything that was in the stream when this was called. However many ask, the
   * stream is read by one of them at a time.
   * @throws Unavailable, WriterStopped (as rejections)
   */
  async refresh(): Promise<void> {
    if (!this.isShared) return;
    this.nextRefresh ??= this.queueRefresh();
    await this.inTime(this.nextRefresh, REFRESH_MAX_MS);
  }

  private queueRefresh(): Promise<void> {
    const refreshed = this.tail.then(async () => {
      this.nextRefresh = null;
      if (this.stopped !== null) throw this.stopped;
      await this.catchUp().catch((error: unknown) => {
        throw this.faultOf(error);
      });
    });
    this.tail = refreshed.catch(() => undefined);
    return refreshed;
  }

  /** Whether it has met what it cannot go on from: until the next start no operator can be changed. */
  get isStopped(): boolean {
    return this.stopped !== null;
  }

  /** Position of the newest event of the stream; 0 when there is none. */
  get lastPosition(): number {
    return this.position;
  }

  /**
   * Decides a command.
   * @throws Overloaded, Unavailable, InternalError, WriterStopped, ShuttingDown (as rejections)
   */
  execute(command: SystemCommand, origin: Origin): Promise<SystemAnswer> {
    if (this.stopped !== null) return Promise.reject(this.stopped);
    if (this.isDraining) return Promise.reject(new ShuttingDown());
    if (this.waiting >= QUEUE_MAX) return Promise.reject(new Overloaded(RETRY_AFTER_MS));
    this.waiting += 1;
    const answer = this.tail.then(() => this.carryOut(command, origin));
    this.tail = answer
      .catch(() => undefined)
      .finally(() => {
        this.waiting -= 1;
      });
    return this.inTime(answer, COMMAND_MAX_MS);
  }

  /** Nobody waits for longer than this for a store that hangs; the writer itself goes on until it knows. */
  private inTime<T>(awaited: Promise<T>, maxMs: number): Promise<T> {
    return new Promise((resolve, reject) => {
      const late = () => reject(new Unavailable('the ledger of the operators does not answer in time'));
      const cancel = this.context.clock.after(maxMs, late);
      awaited.then(resolve, reject).finally(cancel);
    });
  }

  /** Takes no more commands and resolves once those that are queued are answered. */
  async drain(): Promise<void> {
    this.isDraining = true;
    await this.tail;
  }

  private async carryOut(command: SystemCommand, origin: Origin): Promise<SystemAnswer> {
    if (this.stopped !== null) throw this.stopped;
    try {
      if (this.isShared) await this.catchUp();
      for (let attempt = 0; attempt <= this.context.limits.redecisionsMax; attempt++) {
        const decided = decideSystem(command, this.state);
        if (isSystemRefusal(decided)) return { kind: 'refused', refusal: decided };
        if (decided.length === 0 || (await this.append(decided, origin))) {
          return { kind: 'accepted', events: decided };
        }
        await this.catchUp();
      }
    } catch (error) {
      throw this.faultOf(error);
    }
    throw new Unavailable('other writers of the operators were faster each time');
  }

  /** @returns false when the stream has moved on, and nothing was written */
  private async append(events: readonly SystemEvent[], origin: Origin): Promise<boolean> {
    const nowMs = Math.max(this.context.clock.now(), this.lastMs);
    const sealed = this.seal(events, origin, nowMs);
    const result = await appendUntilKnown(
      {
        stream: SYSTEM_STREAM,
        expectedRevision: this.revision,
        events: sealed,
        isAbandoned: () => this.isDraining,
        onUnsettled: () => undefined,
      },
      this.context,
    );
    if (result.kind === 'wrong_revision') return false;
    if (result.kind !== 'appended') throw new InternalError(`an append about operators ended ${result.kind}`);
    for (const event of events) evolveSystem(this.state, event, nowMs);
    this.revision = result.revision;
    this.position = result.position;
    this.chainHash = sealed.at(-1)?.metadata.hash ?? this.chainHash;
    this.lastMs = nowMs;
    this.verifiedMs = this.context.clock.now();
    return true;
  }

  private seal(events: readonly SystemEvent[], origin: Origin, nowMs: number): SealedEvent[] {
    let previousHash = this.chainHash;
    const occurredAt = new Date(nowMs).toISOString();
    return events.map((event) => {
      const metadata = { ...origin, schema: SCHEMA_VERSION, occurredAt, causationId: null };
      const unsealed = { id: this.context.ids.eventId(), event, metadata, claim: null };
      const sealed = seal(unsealed, SYSTEM_STREAM, previousHash);
      previousHash = sealed.metadata.hash;
      return sealed;
    });
  }

  private async catchUp(): Promise<void> {
    const { codec, limits, store } = this.context;
    for (;;) {
      const from = { revision: this.revision + 1, limit: limits.loadPage };
      const page = await readWithRetries(() => store.readStream(SYSTEM_STREAM, from), this.context);
      for (const stored of page) this.fold(codec.decode(stored));
      if (page.length < limits.loadPage) break;
    }
    this.verifiedMs = this.context.clock.now();
  }

  private fold(event: RecordedEvent): void {
    assert(isSystemEvent(event), 'an event of a tenant stands in the stream of the operators');
    assert(event.revision === this.revision + 1, 'the stream of the operators has a gap');
    assert(event.metadata.previousHash === this.chainHash, 'the chain of the operators’ events is broken');
    const atMs = Date.parse(event.metadata.occurredAt);
    evolveSystem(this.state, event, atMs);
    this.revision = event.revision;
    this.position = event.position;
    this.chainHash = event.metadata.hash;
    this.lastMs = atMs;
  }

  /** A store that could not is a fault; anything else is our bug, after which nothing more is decided. */
  private faultOf(error: unknown): Error {
    if (error instanceof StoreFault) return new Unavailable(error.message, { cause: error });
    this.stopped = new WriterStopped('the ledger of the operators is stopped', { cause: error });
    this.context.log.error({ err: error }, 'the operators’ writer has stopped');
    return this.stopped;
  }
}
