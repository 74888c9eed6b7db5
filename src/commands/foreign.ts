/** Tells an id of another tenant from one that never existed. */

import type { ReservationId } from '../domain/ids.js';
import { refusal } from '../domain/refusals.js';
import type { History } from '../ports/history.port.js';
import type { Answer } from './writers.js';

/**
 * The decider sees one tenant only, so to it a foreign reservation does not exist; the protocol wants 403 for
 * it, and 404 for one that never was (cycles-protocol-v0, AUTH & TENANCY).
 */
export async function foreignIfElsewhere(
  answer: Answer,
  reservationId: ReservationId,
  history: History,
): Promise<Answer> {
  if (answer.kind !== 'refused' || answer.refusal.code !== 'reservation_not_found') return answer;
  const elsewhere = await history.reservation(reservationId);
  if (elsewhere === null) return answer;
  const foreign = refusal('foreign_object', `The reservation ${reservationId} belongs to another tenant.`);
  return { ...answer, refusal: foreign };
}
