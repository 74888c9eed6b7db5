/** The event store on EventStoreDB or KurrentDB: the port, with the server's habits made safe. */

import type { SealedEvent } from '../../domain/hash-chain.js';
import type { Claim } from '../../domain/ids.js';
import {
  type AppendResult,
  type EventStore,
  NO_STREAM,
  type StoredEvent,
  StoreFault,
} from '../../ports/event-store.port.js';
import { Appending } from './append.js';
import { type Batch, checkBatch, isSame } from './batch.js';
import { type Claims, openClaims } from './claims.js';
import type { Checked } from './claims-messages.js';
import { type EventStoreDbOptions, settingsOf } from './options.js';
import { protect } from './protect.js';
import { readFirstId } from './read-all.js';
import { LogReader } from './reader.js';
import { Serial } from './serial.js';
import { propose, type ReadEvent } from './wire.js';

/** Appends under way at once, and their bytes; the server and the client suffer from more. */
const APPENDS_MAX = 1_024;
const BYTES_MAX = 64 * 1024 * 1024;

/**
 * Opens the store. Nothing is sent before the first read or append, so that it opens while the server is down.
 * @throws ConnectionStringError, or Error when the idempotency index cannot be opened
 */
export async function openEventStoreDb(options: EventStoreDbOptions): Promise<EventStore> {
  const settings = settingsOf(options);
  const { log } = settings;
  const reader = new LogReader(settings);
  const claims = await openClaims(options.indexPath, {
    reading: reader.streams,
    firstId: () => readFirstId(reader.context),
    log,
  });
  const appending = new Appending(reader.connection, settings.appendTimeoutMs);
  return new EventStoreDb(reader, { appending, claims, log, prefix: settings.streamPrefix });
}

interface Parts {
  readonly appending: Appending;
  readonly claims: Claims;
  readonly log: (message: string) => void;
  readonly prefix: string;
}

class EventStoreDb implements EventStore {
  readonly #serial = new Serial();
  readonly #lookups = new Set<Promise<unknown>>();
  /** By stream, the first event of an append whose outcome is unknown: its resend is compared with the log. */
  readonly #unsettled = new Map<string, string>();
  readonly #totals = { appends: 0, events: 0, faults: 0, turnedAway: 0 };
  #appendsOpen = 0;
  #bytesOpen = 0;
  #isFailing = false;
  #isForbiddenTold = false;
  #end: string | null = null;

  constructor(
    private readonly reader: LogReader,
    private readonly parts: Parts,
  ) {}

  async append(
    stream: string,
    expectedRevision: number,
    events: readonly SealedEvent[],
  ): Promise<AppendResult> {
    const batch = { stream, expectedRevision, events };
    const bytes = checkBatch(batch);
    this.#admit(bytes);
    this.#appendsOpen += 1;
    this.#bytesOpen += bytes;
    this.#totals.appends += 1;
    this.#totals.events += events.length;
    try {
      const result = await this.#serial.run(stream, () => this.#append(batch));
      this.#isFailing = false;
      return result;
    } catch (error) {
      this.#isFailing = true;
      this.#totals.faults += 1;
      throw error;
    } finally {
      this.#appendsOpen -= 1;
      this.#bytesOpen -= bytes;
    }
  }

  readStream(
    stream: string,
    from: { readonly revision: number; readonly limit: number },
  ): Promise<StoredEvent[]> {
    return this.reader.readStream(stream, from);
  }

  readAll(after: { readonly position: number; readonly limit: number }): Promise<StoredEvent[]> {
    return this.reader.readAll(after);
  }

  headPosition(): Promise<number> {
    return this.reader.headPosition();
  }

  onAppended(listener: (position: number) => void): () => void {
    return this.reader.onAppended(listener);
  }

  async findClaim(stream: string, claim: Claim): Promise<number | null> {
    if (this.#end !== null) throw new StoreFault(this.#end, 'not_written');
    const lookup = this.#findClaim(stream, claim);
    this.#lookups.add(lookup);
    try {
      return await lookup;
    } finally {
      this.#lookups.delete(lookup);
    }
  }

  stats(): Readonly<Record<string, number>> {
    return {
      appendsQueued: this.#appendsOpen,
      readsQueued: this.reader.readCount,
      bytesQueued: this.#bytesOpen,
      headPosition: this.reader.news.position,
      appendsTotal: this.#totals.appends,
      eventsTotal: this.#totals.events,
      faultsTotal: this.#totals.faults,
      turnedAwayTotal: this.#totals.turnedAway,
      connectionsGivenUpTotal: this.reader.connection.replaced,
      streamsTruncated: this.reader.streams.truncatedCount,
      failing: Number(this.#isFailing),
    };
  }

  async close(): Promise<void> {
    this.#end ??= 'the event store is closed';
    this.reader.stop();
    await this.#serial.idle();
    await Promise.allSettled([...this.#lookups]);
    await this.parts.claims.close();
    await this.reader.close();
  }

  async #append(batch: Batch): Promise<AppendResult> {
    const { stream, expectedRevision, events } = batch;
    this.reader.streams.check(stream);
    const known = await this.#known(batch);
    if (known.ids.some((place) => place !== null)) return this.#answerKnown(batch, known);
    if (known.through === expectedRevision) {
      for (const [i, place] of known.claims.entries()) {
        const claim = events[i]?.claim ?? null;
        if (place !== null && claim !== null) return { kind: 'claimed', claim, revision: place.revision };
      }
    }
    return this.#send(batch);
  }

  /**
   * What the index says, caught up with the log as far as the batch needs it. A stream that it has never heard
   * of, and that the batch would begin, is protected on the way.
   */
  async #known({ stream, expectedRevision, events }: Batch): Promise<Checked> {
    const { claims } = this.parts;
    const known = await claims.check(stream, events);
    if (known.through === NO_STREAM && expectedRevision === NO_STREAM) {
      if (await this.#protect(stream)) return known;
    } else if (claims.isVerified(stream) && known.through >= expectedRevision) return known;
    await claims.catchUp(stream);
    return claims.check(stream, events);
  }

  async #send(batch: Batch): Promise<AppendResult> {
    const { stream, expectedRevision, events } = batch;
    const { appending, claims, prefix } = this.parts;
    const firstId = events[0]?.id ?? '';
    const wasUnsettled = this.#unsettled.get(stream) === firstId;
    try {
      const appended = await appending.append(prefix + stream, expectedRevision, events.map(propose));
      this.#unsettled.delete(stream);
      if (appended.kind === 'wrong_revision') return appended;
      const { revision } = appended;
      // A stream that was deleted is begun anew by the server, at the revision after its last.
      if (revision !== expectedRevision + events.length) this.reader.streams.refuse(stream, revision);
      const { position } = appended;
      if (wasUnsettled || position === null) return await this.#confirm(batch);
      claims.note(stream, expectedRevision + 1, events);
      this.reader.news.note(position);
      return { kind: 'appended', revision, position };
    } catch (error) {
      if (error instanceof StoreFault && error.outcome === 'unknown') this.#unsettled.set(stream, firstId);
      throw error;
    }
  }

  /** The server goes by ids alone: what it calls written is this very batch only if the log says the same. */
  async #confirm({ stream, expectedRevision, events }: Batch): Promise<AppendResult> {
    const written = await this.reader.streams.page(stream, expectedRevision + 1, events.length);
    const last = written.at(-1);
    if (last === undefined || written.length < events.length) {
      throw new StoreFault('the event store does not show what it says is written', 'unknown');
    }
    for (const [i, event] of events.entries()) {
      const there = written[i];
      if (there === undefined || !isSame(event, there)) return { kind: 'id_conflict', id: event.id };
    }
    this.parts.claims.note(stream, expectedRevision + 1, events);
    this.reader.news.note(last.stored.position);
    return { kind: 'appended', revision: last.stored.revision, position: last.stored.position };
  }

  /** Some of the ids are in the log: an identical resend, other bytes under a known id, or a stale revision. */
  async #answerKnown(batch: Batch, { ids }: Checked): Promise<AppendResult> {
    const { stream, expectedRevision, events } = batch;
    const there = new Map<number, ReadEvent>();
    let inPlace = 0;
    let position = 0;
    for (const [i, event] of events.entries()) {
      const place = ids[i] ?? null;
      if (place === null) continue;
      if (place.isHere && !there.has(place.revision)) {
        const page = await this.reader.streams.page(stream, place.revision, events.length);
        for (const read of page) there.set(read.stored.revision, read);
      }
      const read = place.isHere ? there.get(place.revision) : undefined;
      if (read === undefined || !isSame(event, read)) return { kind: 'id_conflict', id: event.id };
      if (place.revision === expectedRevision + 1 + i) inPlace += 1;
      position = read.stored.position;
    }
    if (inPlace === events.length) {
      return { kind: 'appended', revision: expectedRevision + events.length, position };
    }
    const actual = (await this.reader.streams.last(stream))?.stored.revision ?? NO_STREAM;
    if (actual !== expectedRevision) return { kind: 'wrong_revision', actual };
    const first = events.find((_, i) => ids[i] !== null);
    return { kind: 'id_conflict', id: first?.id ?? '' };
  }

  async #findClaim(stream: string, claim: Claim): Promise<number | null> {
    await this.parts.claims.catchUp(stream);
    const { claims } = await this.parts.claims.check(stream, [{ id: '', claim }]);
    return claims[0]?.revision ?? null;
  }

  /** Whether the stream is certainly new. */
  #protect(stream: string): Promise<boolean> {
    const { appending, log, prefix } = this.parts;
    const onForbidden = (): void => {
      if (this.#isForbiddenTold) return;
      this.#isForbiddenTold = true;
      log('our streams are not protected from deletion: the event store lets us not set their metadata');
    };
    return protect(prefix + stream, { appending, context: this.reader.context, onForbidden });
  }

  /** @throws StoreFault when the store is closed or has too much under way; nothing was written then */
  #admit(bytes: number): void {
    if (this.#end !== null) throw new StoreFault(this.#end, 'not_written');
    if (this.#appendsOpen < APPENDS_MAX && this.#bytesOpen + bytes <= BYTES_MAX) return;
    this.#totals.turnedAway += 1;
    throw new StoreFault('the event store has too much to do: its queue is full', 'not_written');
  }
}
