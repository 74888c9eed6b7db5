/** Corrections of charges that a ledger really has, some of them long after the charge. */

import { createEventCodec } from '../../src/adapters/event-codec/codec.js';
import type { TestLedger } from './ledger.js';

/** Corrects every third charge, by turns up and down, a while after the last event; what the decider refuses is left. */
export function correctSome(ledger: TestLedger): TestLedger {
  const codec = createEventCodec();
  for (const [nth, stored] of [...ledger.stored].entries()) {
    const { type, data } = codec.decode(stored);
    if (nth % 3 !== 0 || (type !== 'Committed' && type !== 'Debited')) continue;
    ledger.nowMs += 60_000;
    const chargeId = type === 'Committed' ? data.reservationId : data.debitId;
    const scopes = data.balances.map(({ scope }) => scope);
    ledger.run(stored.stream.slice('tenant-'.length), {
      type: 'AdjustCharge',
      charge: { chargeId, unit: data.unit, charged: data.charged, scopes },
      delta: nth % 2 === 0 ? BigInt(nth % 11) : -data.charged,
      reason: 'credit',
      metadata: {},
    });
  }
  return ledger;
}
