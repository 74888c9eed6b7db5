/** Reading one stream, and refusing one whose beginning is gone. */

import { StoreFault } from '../../ports/event-store.port.js';
import { exceptionOf } from './outcome.js';
import { type ReadContext, read } from './read.js';
import { endOfStream, pageOfStream } from './requests.js';
import type { ReadEvent } from './wire.js';

/**
 * Streams as they are on the server. A ledger's stream begins at revision 0 for ever: one that does not was
 * truncated or deleted behind our back, and what is left of it proves nothing.
 */
export class StreamReading {
  /** Streams that are served no more, with the first revision that was left of them. */
  readonly #truncated = new Map<string, number | null>();

  constructor(
    private readonly context: ReadContext,
    private readonly onTruncated: (stream: string, firstRevision: number | null) => void,
  ) {}

  get truncatedCount(): number {
    return this.#truncated.size;
  }

  /** Events from a revision on, at most so many. @throws StoreFault */
  async page(stream: string, revision: number, limit: number): Promise<ReadEvent[]> {
    this.check(stream);
    if (limit < 1) return [];
    const request = pageOfStream(this.context.prefix + stream, revision, limit);
    const events = await this.#ask(stream, request);
    const first = events[0]?.stored.revision;
    if (first !== undefined && first !== revision) this.refuse(stream, first);
    return events;
  }

  /** The last event, or null of a stream that is not there. @throws StoreFault */
  async last(stream: string): Promise<ReadEvent | null> {
    const [event] = await this.#ask(stream, endOfStream(this.context.prefix + stream));
    return event ?? null;
  }

  /** @throws StoreFault when the stream is served no more */
  check(stream: string): void {
    const first = this.#truncated.get(stream);
    if (first === undefined) return;
    const left = first === null ? 'it was deleted' : `it begins at revision ${first}`;
    throw new StoreFault(`the stream ${stream} was truncated on the event store: ${left}`, 'not_written');
  }

  /** Serves the stream no more, and says so once. @throws StoreFault always */
  refuse(stream: string, firstRevision: number | null): never {
    if (!this.#truncated.has(stream)) {
      this.#truncated.set(stream, firstRevision);
      this.onTruncated(stream, firstRevision);
    }
    this.check(stream);
    throw new StoreFault(`the stream ${stream} is served no more`, 'not_written');
  }

  async #ask(stream: string, request: ReturnType<typeof pageOfStream>): Promise<ReadEvent[]> {
    try {
      return await read(request, this.context);
    } catch (error) {
      if (exceptionOf((error as Error).cause) === 'stream-deleted') this.refuse(stream, null);
      throw error;
    }
  }
}
