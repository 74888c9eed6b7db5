/** What a stream says was charged in a period, against its movements told one by one. */

import { createEventCodec } from '../../src/adapters/event-codec/codec.js';
import type { TenantId } from '../../src/domain/ids.js';
import { settledIn } from '../../src/replay/settled.js';
import { movementsOf } from '../projections/naive-charges.js';
import { randomLedger } from '../projections/random-ledger.js';

const occurredMs = ({ metadata }: { readonly metadata: string }): number =>
  Date.parse((JSON.parse(metadata) as { occurredAt: string }).occurredAt);

describe('what a stream charged', () => {
  it('is the sum of its movements, wherever the period begins and ends', async () => {
    for (let seed = 1; seed <= 10; seed++) {
      const ledger = randomLedger(seed, 150);
      const source = { reader: ledger, codec: createEventCodec() };
      const movements = movementsOf(ledger).filter(({ tenantId }) => tenantId === 'acme');
      const events = ledger.stored.filter(({ stream }) => stream === 'tenant-acme');
      const times = [...new Set(events.map(occurredMs))];
      const edges = [0, times[0] ?? 0, times[Math.floor(times.length / 3)] ?? 0, times.at(-1) ?? 0, Infinity];
      for (const fromMs of edges) {
        for (const untilMs of edges.filter((edge) => edge > fromMs)) {
          const settled = await settledIn(source, 'acme' as TenantId, { fromMs, untilMs });
          for (const unit of ['TOKENS', 'RISK_POINTS', 'USD_MICROCENTS'] as const) {
            const own = movements.filter(
              (each) => each.unit === unit && each.atMs >= fromMs && each.atMs < untilMs,
            );
            const sum = (what: string) =>
              own.reduce((total, each) => (each.what === what ? total + each.amount : total), 0n);
            const found = settled.totals.find((total) => total.unit === unit);
            expect([found?.charges ?? 0, found?.charged ?? 0n, found?.adjusted ?? 0n]).toEqual([
              own.filter(({ what }) => what === 'charge').length,
              sum('charge') + sum('correction'),
              sum('correction'),
            ]);
          }
          const last = events.findLast((event) => occurredMs(event) < untilMs);
          expect(settled.upTo?.revision ?? null).toBe(last?.revision ?? null);
        }
      }
    }
  });

  it('is nothing where there is no such tenant', async () => {
    const source = { reader: randomLedger(1, 5), codec: createEventCodec() };
    const settled = await settledIn(source, 'nobody' as TenantId, { fromMs: 0, untilMs: 1 });
    expect(settled).toEqual({ totals: [], upTo: null });
  });
});
