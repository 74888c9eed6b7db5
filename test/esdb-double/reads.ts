/** The double's side of reading: pages forwards and backwards, and subscriptions that go live. */

import { setImmediate } from 'node:timers/promises';
import type { ReadReq } from '@eventstore/db-client/generated/streams_pb.js';
import type { ServerWritableStream } from '@grpc/grpc-js';
import { nameOf } from './appends.js';
import type { Faults } from './faults.js';
import type { DoubleLog, Entry } from './log.js';
import {
  caughtUp,
  checkpoint,
  confirmation,
  entryBytes,
  notLeader,
  notReady,
  streamDeleted,
  streamNotFound,
  unauthenticated,
  unavailable,
} from './words.js';

/** Answers are sent as bytes that were made once for every reader. */
export type ReadCall = ServerWritableStream<ReadReq, Buffer>;

const BACKWARDS = 1;
/** Begins like an event, whose parts then end beyond its end. */
const GARBLED = Buffer.from([0x0a, 0x02, 0x0a, 0x7f]);
/** Entries looked at between two turns for others. */
const ENTRIES_A_TURN = 256;

export class Reads {
  count = 0;
  readonly #subscriptions = new Set<ReadCall>();

  constructor(
    private readonly log: DoubleLog,
    private readonly faults: Faults,
  ) {}

  /** Subscriptions that are open. */
  get subscriptionCount(): number {
    return this.#subscriptions.size;
  }

  readonly read = (call: ReadCall): void => {
    call.on('error', () => undefined);
    void this.#serve(call);
  };

  /** Breaks every subscription off. */
  killSubscriptions(): void {
    const calls = [...this.#subscriptions];
    this.#subscriptions.clear();
    for (const call of calls) call.emit('error', unavailable('the subscription was dropped'));
  }

  /** Sends every subscription what is no answer of the protocol. */
  garbleSubscriptions(): void {
    for (const call of this.#subscriptions) call.write(GARBLED);
  }

  async #serve(call: ReadCall): Promise<void> {
    if (!this.faults.isCalm) await this.faults.pass();
    if (!this.faults.admits(call.metadata)) {
      call.emit('error', unauthenticated());
      return;
    }
    const { leader, isNotReady } = this.faults;
    if (isNotReady || leader !== null) {
      call.emit('error', leader === null ? notReady() : notLeader(leader));
      return;
    }
    this.count += 1;
    const options = call.request.getOptions();
    if (options === undefined) return;
    if (options.hasSubscription()) await this.#subscribe(call, options);
    else if (options.hasStream()) await this.#readStream(call, options);
    else await this.#readAll(call, options);
  }

  async #readStream(call: ReadCall, options: ReadReq.Options): Promise<void> {
    const asked = options.getStream();
    const name = nameOf(asked?.getStreamIdentifier());
    if (this.log.isTombstoned(name)) {
      call.emit('error', streamDeleted(name));
      return;
    }
    const stream = this.log.visible(name);
    if (asked === undefined || stream === null) {
      call.write(streamNotFound(name));
      call.end();
      return;
    }
    const { entries, from } = stream;
    const last = entries.length - 1;
    const start = asked.hasEnd() ? last : asked.hasStart() ? 0 : Number(asked.getRevision());
    const isBackwards = options.getReadDirection() === BACKWARDS;
    const count = Number(options.getCount());
    const page = isBackwards
      ? entries.slice(Math.max(from, Math.min(start, last) - count + 1), Math.min(start, last) + 1).reverse()
      : entries.slice(Math.max(from, start), Math.max(from, start) + count);
    for (const entry of page) await send(call, entryBytes(entry));
    call.end();
  }

  async #readAll(call: ReadCall, options: ReadReq.Options): Promise<void> {
    const { all } = this.log;
    const isWanted = filterOf(options, this.log);
    const isBackwards = options.getReadDirection() === BACKWARDS;
    const step = isBackwards ? -1 : 1;
    let left = Number(options.getCount());
    let at = isBackwards ? indexBackwards(all, options) : indexForwards(all, options);
    for (let looked = 1; left > 0 && at >= 0 && at < all.length && !call.cancelled; at += step, looked++) {
      const entry = all[at];
      if (looked % ENTRIES_A_TURN === 0) await setImmediate();
      if (entry === undefined || !isWanted(entry)) continue;
      left -= 1;
      await send(call, entryBytes(entry));
    }
    call.end();
  }

  async #subscribe(call: ReadCall, options: ReadReq.Options): Promise<void> {
    this.#subscriptions.add(call);
    let wake: () => void = () => undefined;
    const unwatch = this.log.watch(() => wake());
    const leave = (): void => {
      unwatch();
      this.#subscriptions.delete(call);
      wake();
    };
    call.on('cancelled', leave);
    call.on('close', leave);
    call.on('error', leave);
    await send(call, confirmation());
    const source = this.#sourceOf(options);
    let isLive = false;
    let { at } = source;
    for (let looked = 1; this.#subscriptions.has(call); looked++) {
      const entry = source.entries[at];
      if (entry === undefined) {
        if (!isLive) await send(call, caughtUp());
        isLive = true;
        const arrival = new Promise<void>((resolve) => {
          wake = resolve;
        });
        if (source.entries[at] === undefined && this.#subscriptions.has(call)) await arrival;
        if (!this.faults.isCalm) await this.faults.pass();
        continue;
      }
      at += 1;
      if (looked % ENTRIES_A_TURN === 0) await setImmediate();
      if (source.isWanted(entry)) await send(call, entryBytes(entry));
      else if (looked % ENTRIES_A_TURN === 0) await send(call, checkpoint(entry.position));
    }
    leave();
  }

  /** What a subscription follows, from after the place it names. */
  #sourceOf(options: ReadReq.Options): Source {
    const asked = options.getStream();
    if (asked === undefined) {
      const { all } = this.log;
      return { entries: all, at: indexAfter(all, options), isWanted: filterOf(options, this.log) };
    }
    const entries = this.log.visible(nameOf(asked.getStreamIdentifier()))?.entries ?? [];
    const at = asked.hasStart() ? 0 : asked.hasEnd() ? entries.length : Number(asked.getRevision()) + 1;
    return { entries, at, isWanted: () => true };
  }
}

interface Source {
  readonly entries: readonly Entry[];
  readonly at: number;
  readonly isWanted: (entry: Entry) => boolean;
}

/** Sends, and waits until the reader has room for more. */
async function send(call: ReadCall, bytes: Buffer): Promise<void> {
  if (call.cancelled || call.destroyed || call.write(bytes)) return;
  await new Promise<void>((resolve) => {
    const go = (): void => {
      for (const event of ['drain', 'close', 'cancelled', 'error']) call.off(event, go);
      resolve();
    };
    for (const event of ['drain', 'close', 'cancelled', 'error']) call.on(event, go);
  });
}

const placeOf = (options: ReadReq.Options): number =>
  Number(options.getAll()?.getPosition()?.getCommitPosition() ?? 0);

/** The first entry at a position or after it. */
function indexForwards(all: readonly Entry[], options: ReadReq.Options): number {
  if (options.getAll()?.hasStart()) return 0;
  return options.getAll()?.hasEnd() ? all.length : lowerBound(all, placeOf(options));
}

/** The last entry before a position. */
function indexBackwards(all: readonly Entry[], options: ReadReq.Options): number {
  return (options.getAll()?.hasEnd() ? all.length : lowerBound(all, placeOf(options))) - 1;
}

/** The first entry after a position. */
function indexAfter(all: readonly Entry[], options: ReadReq.Options): number {
  if (options.getAll()?.hasStart()) return 0;
  return options.getAll()?.hasEnd() ? all.length : lowerBound(all, placeOf(options) + 1);
}

function lowerBound(all: readonly Entry[], position: number): number {
  let low = 0;
  let high = all.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((all[middle]?.position ?? 0) < position) low = middle + 1;
    else high = middle;
  }
  return low;
}

function filterOf(options: ReadReq.Options, log: DoubleLog): (entry: Entry) => boolean {
  const filter = options.getFilter();
  if (filter === undefined) return (entry) => log.isShown(entry);
  const expression = filter.getStreamIdentifier() ?? filter.getEventType();
  const prefixes = expression?.getPrefixList() ?? [];
  const regex = new RegExp(expression?.getRegex() ?? '');
  const textOf = (entry: Entry): string => (filter.hasStreamIdentifier() ? entry.stream : entry.type);
  return (entry) => {
    const text = textOf(entry);
    const isMatch =
      prefixes.length > 0 ? prefixes.some((prefix) => text.startsWith(prefix)) : regex.test(text);
    return isMatch && log.isShown(entry);
  };
}
