/** Decides about closing the books of a period. Operators only. */

import type { ClosePeriod } from './commands.js';
import { replayOf } from './idempotency.js';
import { refusal } from './refusals.js';
import { accept, type Request, type Ruling, refuse } from './ruling.js';
import type { TenantState } from './state.js';

/** How long a period has to be over: by then no node's clock is within it, in ms. */
export const CLOSING_DELAY_MS = 60_000;

/**
 * Closes a period that is over and lies behind all that are closed already. Nothing that is recorded later is of an
 * earlier moment, so that its report stays as it is; a correction counts when it is made. A closed tenant's books
 * are closed like any other's.
 */
export function closePeriod(request: Request<ClosePeriod>, state: TenantState): Ruling {
  const { command, nowMs } = request;
  const replay = replayOf(request);
  if (replay) return replay;
  const { type: _type, ...data } = command;
  if (data.fromMs >= data.untilMs) {
    return refuse(refusal('request_invalid', 'from must lie before to.', { field: 'from' }));
  }
  if (data.untilMs + CLOSING_DELAY_MS > nowMs) {
    const message = 'The period is not over: to must lie at least a minute back.';
    return refuse(refusal('period_open', message, { field: 'to' }));
  }
  if (data.fromMs < state.closedUntilMs) {
    const until = new Date(state.closedUntilMs).toISOString();
    const message = `All before ${until} is closed; what is put right now belongs to a later period.`;
    return refuse(refusal('period_closed', message, { field: 'from', closed_until: until }));
  }
  return accept({ type: 'PeriodClosed', data });
}
