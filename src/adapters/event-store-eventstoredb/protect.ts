/** Forbids that a stream of ours is deleted or truncated, before its first event is written. */

import { randomUUID } from 'node:crypto';
import { NO_STREAM, StoreFault } from '../../ports/event-store.port.js';
import type { Appending } from './append.js';
import { messageOf } from './outcome.js';
import { proposeText } from './wire.js';

/**
 * Nobody but the server's administrators may delete the stream or change this very metadata, which is where a
 * truncation would be asked for. It is set on each stream and not as the server's default, because the server
 * may hold other programs' streams, whose rules are not ours to change.
 */
const METADATA = '{"$acl":{"$d":[],"$mw":[]}}';

/**
 * Sets the metadata of a stream that is about to be created; one that has some already keeps it.
 * @param onForbidden told when our user may not set it, which leaves the protection to the administrators
 * @returns whether the stream is certainly new; it may not be where its metadata was there, or is not ours to set
 * @throws StoreFault `not_written`: nothing of the stream itself has been sent
 */
export async function protect(
  name: string,
  appending: Appending,
  onForbidden: (message: string) => void,
): Promise<boolean> {
  const event = proposeText({ id: randomUUID(), type: '$metadata', data: METADATA, metadata: '{}' });
  try {
    const { kind } = await appending.append(`$$${name}`, NO_STREAM, [event]);
    return kind === 'written';
  } catch (error) {
    if (!/AccessDenied/.test(messageOf(error))) {
      throw new StoreFault(messageOf(error), 'not_written', { cause: error });
    }
    onForbidden(messageOf(error));
    return false;
  }
}
