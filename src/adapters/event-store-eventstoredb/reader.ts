/** Reading and following the log, as the store does and as any other thread may on a connection of its own. */

import type { EventReader, StoredEvent } from '../../ports/event-store.port.js';
import { StoreFault } from '../../ports/event-store.port.js';
import { Connection } from './connection.js';
import { News } from './news.js';
import { type EventStoreDbReaderOptions, type Settings, settingsOf } from './options.js';
import type { ReadContext } from './read.js';
import { readAllAfter, readHead } from './read-all.js';
import { StreamReading } from './read-stream.js';
import { Subscription } from './subscribe.js';

/** Reads that may be under way at once. */
const READS_MAX = 1_024;

export interface ClosableReader extends EventReader {
  close(): Promise<void>;
}

/**
 * A reader with a connection and a subscription of its own. Nothing is sent before the first read.
 * @throws ConnectionStringError
 */
export function openEventStoreDbReader(options: EventStoreDbReaderOptions): ClosableReader {
  return new LogReader(settingsOf(options));
}

export class LogReader implements ClosableReader {
  readonly connection: Connection;
  readonly streams: StreamReading;
  readonly news: News;
  readonly context: ReadContext;
  readonly #reads = new Set<Promise<unknown>>();
  #end: string | null = null;

  constructor(settings: Settings) {
    this.connection = new Connection(settings.connectionString);
    this.context = {
      connection: this.connection,
      prefix: settings.streamPrefix,
      timeoutMs: settings.readTimeoutMs,
    };
    this.streams = new StreamReading(this.context, settings.onTruncated);
    this.news = new News((note) => new Subscription(this.context, { note, log: settings.log }));
  }

  /** Reads under way. */
  get readCount(): number {
    return this.#reads.size;
  }

  async readStream(
    stream: string,
    { revision, limit }: { readonly revision: number; readonly limit: number },
  ): Promise<StoredEvent[]> {
    const events = await this.#run(() => this.streams.page(stream, revision, limit));
    return events.map(({ stored }) => stored);
  }

  async readAll(after: { readonly position: number; readonly limit: number }): Promise<StoredEvent[]> {
    return this.#run(() => readAllAfter(after, this.context));
  }

  async headPosition(): Promise<number> {
    return this.#run(() => readHead(this.context));
  }

  onAppended(listener: (position: number) => void): () => void {
    return this.news.add(listener);
  }

  async close(): Promise<void> {
    this.stop();
    await Promise.allSettled([...this.#reads]);
    this.connection.giveUp();
  }

  /** Accepts no more reads and follows no longer; the connection stays for what is under way. */
  stop(): void {
    this.#end ??= 'the event store is closed';
    this.news.close();
  }

  async #run<T>(read: () => Promise<T>): Promise<T> {
    if (this.#end !== null) throw new StoreFault(this.#end, 'not_written');
    if (this.#reads.size >= READS_MAX) {
      throw new StoreFault('the event store has too much to do: too many reads are under way', 'not_written');
    }
    const reading = read();
    this.#reads.add(reading);
    try {
      return await reading;
    } finally {
      this.#reads.delete(reading);
    }
  }
}
