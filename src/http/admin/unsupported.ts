/** Fields of the protocol that this version knows and refuses, so that nobody relies on what is not done. */

import type { RolloverPolicy } from '../../domain/events.js';
import { HttpFailure } from '../failure.js';

/** @throws HttpFailure 400 for a rollover policy other than NONE, or an explicit period */
export function refuseRollover(body: {
  readonly rollover_policy?: RolloverPolicy;
  readonly period_start?: string;
  readonly period_end?: string;
}): void {
  if (body.rollover_policy !== undefined && body.rollover_policy !== 'NONE') {
    throw unsupported('rollover_policy', `rollover_policy ${body.rollover_policy}`);
  }
  for (const field of ['period_start', 'period_end'] as const) {
    if (body[field] !== undefined) throw unsupported(field, field);
  }
}

const unsupported = (field: string, what: string): HttpFailure =>
  new HttpFailure(400, 'INVALID_REQUEST', `${what} is not supported in this version.`, { field });
