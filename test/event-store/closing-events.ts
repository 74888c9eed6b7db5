/** An example of the event that closes a period's books. */

import type { LedgerEvent } from '../../src/domain/events.js';
import type { PeriodId } from '../../src/domain/ids.js';

export const CLOSING_EVENTS: LedgerEvent[] = [
  {
    type: 'PeriodClosed',
    data: {
      periodId: 'per_01JDHHHHHHHHHHHHHHHHHHHHHH' as PeriodId,
      fromMs: 1_793_491_200_000,
      untilMs: 1_796_083_200_000,
      upTo: { revision: 4_711, hash: 'ab'.repeat(32) },
      totals: [
        { unit: 'USD_MICROCENTS', charges: 12, charged: 9_223_372_036_854_775_807n, adjusted: -5n },
        { unit: 'RISK_POINTS', charges: 3, charged: 40n, adjusted: 0n },
      ],
    },
  },
];
