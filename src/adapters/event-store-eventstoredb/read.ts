/** One read on the server, from its request to the events in memory, within its time. */

import type { ReadResp } from '@eventstore/db-client/generated/streams_pb.js';
import type { ClientReadableStream } from '@grpc/grpc-js';
import { StoreFault } from '../../ports/event-store.port.js';
import type { Connection } from './connection.js';
import { failedRead } from './outcome.js';
import type { ReadRequest } from './requests.js';
import { type ReadEvent, readEvent } from './wire.js';

export interface ReadContext {
  readonly connection: Connection;
  readonly prefix: string;
  readonly timeoutMs: number;
}

type ReadCall = ClientReadableStream<ReadResp>;

/**
 * Reads what was asked for. A missing stream is empty.
 * @throws StoreFault when it fails or takes too long; the error's cause is the server's
 */
export async function read(request: ReadRequest, context: ReadContext): Promise<ReadEvent[]> {
  const { connection, prefix, timeoutMs } = context;
  const events: ReadEvent[] = [];
  let stop: (() => void) | null = null;
  let isOver = false;
  let timer: NodeJS.Timeout | undefined;
  const timeUp = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      // Not a word in all that time: whoever is at the other end is gone, and the next call needs another.
      if (events.length === 0) connection.giveUp();
      reject(new StoreFault('the event store did not answer a read in time', 'not_written'));
    }, timeoutMs);
  });
  const reading = connection
    .call('read', (client, metadata, options) => client.read(request, metadata, options))
    .then(({ call }) => {
      stop = () => call.cancel();
      if (isOver) stop();
      return collect(call, (event) => events.push(readEvent(event, prefix)));
    });
  try {
    await Promise.race([reading, timeUp]);
    return events;
  } catch (error) {
    throw error instanceof StoreFault ? error : failedRead(error);
  } finally {
    clearTimeout(timer);
    isOver = true;
    // What is still running on the server when we stop listening would run on there.
    (stop as (() => void) | null)?.();
    reading.catch(() => undefined);
  }
}

function collect(call: ReadCall, take: (event: ReadResp.ReadEvent) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    call.on('data', (response: ReadResp) => {
      const event = response.getEvent();
      try {
        if (event !== undefined) take(event);
      } catch (error) {
        reject(error as Error);
      }
    });
    call.on('error', reject);
    call.on('end', resolve);
  });
}
