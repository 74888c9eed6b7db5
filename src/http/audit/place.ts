/** `at`: a place in a tenant's ledger, as a revision or a moment. */

import type { Place } from '../../replay/stream.js';
import { HttpFailure } from '../failure.js';
import { isMoment } from '../schema.js';

const REVISION = /^\d{1,15}$/;

/**
 * @returns null for the end of the ledger, where nothing is asked for
 * @throws HttpFailure 400 when it is neither a revision nor an RFC 3339 date and time
 */
export function placeOf(at: string | undefined): Place | null {
  if (at === undefined) return null;
  if (REVISION.test(at)) return { revision: Number(at) };
  if (isMoment(at)) return { atMs: Date.parse(at) };
  throw invalidPlace('at must be a revision or an RFC 3339 date and time.');
}

/** What is wrong with `at`. */
export const invalidPlace = (message: string): HttpFailure =>
  new HttpFailure(400, 'INVALID_REQUEST', message, { field: 'at' });
