/** Forbids that a stream of ours is deleted or truncated, before its first event is written. */

import { randomUUID } from 'node:crypto';
import { NO_STREAM, StoreFault } from '../../ports/event-store.port.js';
import type { Appending } from './append.js';
import { messageOf } from './outcome.js';
import { type ReadContext, read } from './read.js';
import { endOfStream } from './requests.js';
import { proposeText } from './wire.js';

/**
 * Nobody but the server's administrators may delete the stream or change this very metadata, which is where a
 * truncation would be asked for. The server lets administrators do so whatever it says, so naming them takes the
 * right from everybody else and leaves nothing to how an empty list is understood; what is left out is the server's
 * default, which is everybody. It is set on each stream and not as that default, because the server may hold other
 * programs' streams, whose rules are not ours to change.
 */
const METADATA = '{"$acl":{"$d":"$admins","$mw":"$admins"}}';
const ADMINISTRATORS = '$admins';

export interface Protection {
  readonly appending: Appending;
  readonly context: ReadContext;
  /** Told when our user may not set the metadata, which leaves the protection to the administrators. */
  readonly onForbidden: () => void;
}

/**
 * Sets the metadata of a stream that is about to be created; one that has some already keeps it.
 * @param name on the server
 * @returns whether the stream is certainly new; it may not be where its metadata was there, or is not ours to set
 * @throws StoreFault `not_written`: nothing of the stream itself has been sent
 */
export async function protect(name: string, protection: Protection): Promise<boolean> {
  const event = proposeText({ id: randomUUID(), type: '$metadata', data: METADATA, metadata: '{}' });
  try {
    const { kind } = await protection.appending.append(`$$${name}`, NO_STREAM, [event]);
    return kind === 'written';
  } catch (error) {
    if (!/AccessDenied/.test(messageOf(error))) {
      throw new StoreFault(messageOf(error), 'not_written', { cause: error });
    }
  }
  if (!(await isProtected(name, protection.context))) protection.onForbidden();
  return false;
}

/** Metadata that forbids its own change is refused to whoever comes second, which is as it should be. */
async function isProtected(name: string, context: ReadContext): Promise<boolean> {
  const [metadata] = await read(endOfStream(`$$${name}`), { ...context, prefix: `$$${context.prefix}` });
  if (metadata === undefined) return false;
  const { $acl = {} } = JSON.parse(metadata.stored.data) as { $acl?: { $d?: Roles; $mw?: Roles } };
  return isForAdministrators($acl.$d) && isForAdministrators($acl.$mw);
}

/** One, several, or nobody; left out, it is whatever the server's default is. */
type Roles = string | readonly string[];

const isForAdministrators = (roles: Roles | undefined): boolean =>
  roles !== undefined && [roles].flat().every((role) => role === ADMINISTRATORS);
