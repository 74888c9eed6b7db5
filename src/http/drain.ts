/** Takes in what a client is still sending, so that it can read why it was refused. */

import type { IncomingMessage } from 'node:http';

/** What is taken of a body that is refused for its size; a client that sends more may find its connection reset. */
const DRAINED_BYTES_MAX = 64 * 1024 * 1024;
const DRAINED_MS_MAX = 5_000;

/**
 * Resolves when the rest of a body has arrived and been thrown away, or enough of it. To close a connection with
 * bytes unread resets it, and the client loses the answer.
 */
export function drained(body: IncomingMessage): Promise<void> {
  if (body.complete || body.destroyed) return Promise.resolve();
  return new Promise((resolve) => {
    let bytes = 0;
    const done = (): void => {
      clearTimeout(timer);
      body.off('data', count).off('end', done).off('close', done).off('error', done);
      resolve();
    };
    const count = (chunk: Buffer): void => {
      bytes += chunk.length;
      if (bytes > DRAINED_BYTES_MAX) done();
    };
    const timer = setTimeout(done, DRAINED_MS_MAX);
    body.on('data', count).on('end', done).on('close', done).on('error', done);
    body.resume();
  });
}
