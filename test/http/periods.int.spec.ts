/** Closing the books over HTTP: a report that stays, and corrections that belong to the next period. */

import { TestLedger } from '../projections/ledger.js';
import { movementsOf } from '../projections/naive-charges.js';
import { randomLedger } from '../projections/random-ledger.js';
import { serveLedger } from './past-ledger.js';
import type { Reply, Serving } from './serving.js';

const JUNE = { from: '2026-01-01T00:00:00Z', to: '2026-06-01T00:00:00Z' };
let serving: Serving;
let ledger: TestLedger;

beforeAll(async () => {
  ledger = randomLedger(11, 300);
  serving = await serveLedger(ledger);
});
afterAll(() => serving.stop());

const close = (more: object = {}): Promise<Reply> =>
  serving.asAdmin('POST', '/finops/periods', { tenant_id: 'acme', ...JUNE, ...more });
const chargeback = (search = ''): Promise<Reply> =>
  serving.asAdmin(
    'GET',
    `/finops/chargeback?tenant_id=acme&from=${JUNE.from}&to=${JUNE.to}&unit=TOKENS${search}`,
  );

describe('the books of a period', () => {
  it.each([
    ['to', { to: undefined }],
    ['from', { from: undefined }],
    ['from', { from: '2026-06-01T00:00:00Z' }],
    ['from', { from: '2026-01-01T00:00:01Z' }],
    ['to', { to: '2026-06-01T00:00:00.001Z' }],
    ['from', { from: '2001-01-01T00:00:00Z' }],
    ['to', { from: '2020-01-01T00:00:00Z', to: '2020-02-01T00:00:00Z' }],
    ['tenant_id', { tenant_id: 'Not one' }],
    ['unit', { unit: 'TOKENS' }],
  ])('are not closed where %s is no good', async (field, more) => {
    const answer = await close(more);
    expect(answer.refused).toBe('400 INVALID_REQUEST');
    expect(answer.at('details.field')).toBe(field);
  });

  it('are not closed of a tenant that is unknown, or before the period is over', async () => {
    expect((await close({ tenant_id: 'nobody' })).status).toBe(404);
    const open = await close({ to: '2035-01-01T00:00:00Z' });
    expect([open.status, open.at('details.field')]).toEqual([409, 'to']);
    expect((await serving.asAdmin('GET', '/finops/periods?tenant_id=acme')).at('periods')).toEqual([]);
  });

  it('say what the stream says, and stay so while the next period goes on', async () => {
    const before = await chargeback('&group_by=app,month');
    expect([before.status, before.at('difference'), before.at('closed')]).toEqual([200, 0, undefined]);
    const closed = await close({ idempotency_key: 'close-1' });
    expect(closed.status).toBe(201);
    const charged = movementsOf(ledger)
      .filter(
        ({ tenantId, unit, what }) =>
          tenantId === 'acme' && unit === 'TOKENS' && /charge|correction/.test(what),
      )
      .reduce((sum, { amount }) => sum + Number(amount), 0);
    const totals = closed.at('totals') as { unit: string; charged: number }[];
    expect(totals.find(({ unit }) => unit === 'TOKENS')?.charged).toBe(charged);

    expect((await close({ idempotency_key: 'close-1' })).body).toEqual(closed.body);
    const again = await close();
    expect([again.status, again.at('details.closed_until')]).toEqual([409, '2026-06-01T00:00:00.000Z']);

    const id = String(closed.at('period_id'));
    const found = await serving.asAdmin('GET', `/finops/periods/${id}`);
    expect(found.body).toEqual({ ...(closed.body as object), verified: true });
    const list = await serving.asAdmin('GET', '/finops/periods?tenant_id=acme&limit=1');
    expect(list.at('periods')).toEqual([closed.body]);

    const after = await chargeback('&group_by=app,month');
    expect(after.at('rows')).toEqual(before.at('rows'));
    expect(after.at('closed.period_id')).toBe(id);
    const log = await serving.asAdmin('GET', '/v1/admin/audit/logs?operation=closePeriod');
    expect(log.at('logs.0.resource_id')).toBe(id);
  });

  it('are asked for by one that exists', async () => {
    expect((await serving.asAdmin('GET', '/finops/periods/per_none')).status).toBe(404);
  });
});
