/** The one map from what is refused about operators to HTTP. */

import type { SystemRefusal, SystemRefusalCode } from '../../domain/system/system.refusals.js';
import { HttpFailure } from '../failure.js';
import type { ErrorCode } from '../status.js';

const STATUS: Readonly<Record<SystemRefusalCode, readonly [status: number, code: ErrorCode]>> = {
  operator_not_found: [404, 'NOT_FOUND'],
  operator_exists: [409, 'DUPLICATE_RESOURCE'],
  operator_disabled: [409, 'INVALID_REQUEST'],
  operator_invalid: [400, 'INVALID_REQUEST'],
  credentials_invalid: [401, 'UNAUTHORIZED'],
  password_used_up: [403, 'FORBIDDEN'],
  password_weak: [400, 'INVALID_REQUEST'],
  passkey_exists: [409, 'DUPLICATE_RESOURCE'],
  passkey_limit: [409, 'INVALID_REQUEST'],
  passkey_not_found: [404, 'NOT_FOUND'],
  channel_not_found: [404, 'NOT_FOUND'],
  channel_exists: [409, 'DUPLICATE_RESOURCE'],
  channel_invalid: [400, 'INVALID_REQUEST'],
  channel_limit: [409, 'INVALID_REQUEST'],
  notice_taken: [409, 'INVALID_REQUEST'],
};

/** What answers a refusal about operators. */
export function failureOf({ code, message, field }: SystemRefusal): HttpFailure {
  const [status, error] = STATUS[code];
  return new HttpFailure(status, error, message, field === undefined ? undefined : { field });
}
