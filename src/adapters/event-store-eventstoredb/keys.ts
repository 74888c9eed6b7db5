/** The nodes' agreement on their keys: what each starts with is compared with what the cluster has been told before. */

import { randomUUID } from 'node:crypto';
import { NO_STREAM, StoreFault } from '../../ports/event-store.port.js';
import { Appending } from './append.js';
import { Connection } from './connection.js';
import { type EventStoreDbReaderOptions, settingsOf } from './options.js';
import { CODE, codeOf, messageOf } from './outcome.js';
import { protect } from './protect.js';
import { type ReadContext, read } from './read.js';
import { endOfStream } from './requests.js';
import { proposeText, type ReadEvent } from './wire.js';

/** Not one of our streams: nobody reads it as a part of the ledger. */
const STREAM = 'keys-of-countersign';
const TYPE = 'KeysTold';
/** Other nodes may say theirs at the same time. */
const ATTEMPTS_MAX = 8;

/** Values that tell two keys apart and nothing of either; both are keyed with the master key. */
export interface KeyChecks {
  readonly masterKey: string;
  readonly adminKey: string;
}

export type Agreement =
  /** The cluster was told the same before, or nothing, and knows it now. */
  | 'agreed'
  /** The admin key was another; from now on it is this one. */
  | 'admin_key_changed'
  | 'other_master_key'
  | 'other_admin_key'
  /** The store lets our user not read or write the stream, or somebody else has written to it. */
  | 'not_ours_to_know';

export interface KeyComparison extends EventStoreDbReaderOptions {
  readonly checks: KeyChecks;
  /** Whether another admin key than before becomes that of all nodes. */
  readonly mayChangeAdminKey: boolean;
}

/**
 * Compares our keys with those that the other nodes started with. Whoever comes first is believed.
 * @throws StoreFault (as a rejection) when the store does not answer
 */
export async function compareKeys(comparison: KeyComparison): Promise<Agreement> {
  const { connectionString, appendTimeoutMs, readTimeoutMs } = settingsOf(comparison);
  const connection = new Connection(connectionString);
  const context = { connection, prefix: '', timeoutMs: readTimeoutMs };
  const appending = new Appending(connection, appendTimeoutMs);
  try {
    for (let attempt = 0; attempt < ATTEMPTS_MAX; attempt++) {
      const agreement = await agree(comparison, context, appending);
      if (agreement !== null) return agreement;
    }
  } catch (error) {
    if (isForbidden(error)) return 'not_ours_to_know';
    throw error;
  } finally {
    connection.giveUp();
  }
  throw new StoreFault('other nodes were faster each time', 'not_written');
}

/** Null when another node has said its keys meanwhile. */
async function agree(
  { checks, mayChangeAdminKey }: KeyComparison,
  context: ReadContext,
  appending: Appending,
): Promise<Agreement | null> {
  const [last] = await read(endOfStream(STREAM), context);
  const known = last && checksIn(last);
  if (known === null) return 'not_ours_to_know';
  if (known !== undefined && known.masterKey !== checks.masterKey) return 'other_master_key';
  if (known?.adminKey === checks.adminKey) return 'agreed';
  if (known !== undefined && !mayChangeAdminKey) return 'other_admin_key';
  if (last === undefined) await protect(STREAM, { appending, context, onForbidden: () => undefined });
  const told = proposeText({
    id: randomUUID(),
    type: TYPE,
    data: JSON.stringify(checks),
    metadata: '{}',
  });
  const { kind } = await appending.append(STREAM, last?.stored.revision ?? NO_STREAM, [told]);
  if (kind !== 'written') return null;
  return known === undefined ? 'agreed' : 'admin_key_changed';
}

/** Null for an event that is not ours. */
function checksIn({ stored }: ReadEvent): KeyChecks | null {
  if (stored.type !== TYPE) return null;
  const { masterKey, adminKey } = JSON.parse(stored.data) as KeyChecks;
  return { masterKey, adminKey };
}

const isForbidden = (error: unknown): boolean =>
  /AccessDenied/.test(messageOf(error)) || codeOf((error as Error).cause) === CODE.permissionDenied;
