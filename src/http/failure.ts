/** A failure of a request that is no refusal of the decider: what is wrong with the request itself. */

import type { JsonObject } from '../domain/events.js';
import type { ErrorCode } from './status.js';

/** A request that is answered with an error before or without a decision. */
export class HttpFailure extends Error {
  override readonly name = 'HttpFailure';
  constructor(
    readonly status: number,
    readonly code: ErrorCode,
    /** One sentence for the client; no secret and nothing of another tenant. */
    message: string,
    readonly details?: JsonObject,
  ) {
    super(message);
  }
}
