/** Tells when whoever asked has gone away, so that nothing is done for nobody. */

import type { FastifyReply } from 'fastify';

/** Aborted once the connection is gone, or the answer is out and nobody waits for it any more. */
export function leaving({ raw }: FastifyReply): AbortSignal {
  const left = new AbortController();
  raw.once('close', () => left.abort());
  return left.signal;
}
