/** A report that does not tie to the ledger is none: charges changed behind the server's back, and made anew. */

import { join } from 'node:path';
import Database from 'libsql';
import { eventually } from '../event-store/eventually.js';
import { moneyLedger } from '../projections/money-ledger.js';
import { serveLedger } from './past-ledger.js';
import type { Reply, Serving } from './serving.js';

const WHEN = 'from=2026-01-01T00:00:00Z&to=2026-10-01T00:00:00Z';
const PATHS = ['chargeback', 'showback.html', 'focus.csv', 'unit-economics'] as const;
let serving: Serving;

beforeAll(async () => {
  serving = await serveLedger(moneyLedger(6, 200), { COUNTERSIGN_READ_STORE: 'sqlite' });
});
afterAll(() => serving.stop());

const report = (path: (typeof PATHS)[number], search = ''): Promise<Reply> =>
  serving.asAdmin('GET', `/finops/${path}?${WHEN}${search}`);

/** Runs a statement against the tables of charges that are live, as nobody should. */
function tamper(statement: (table: (name: string) => string) => string): void {
  const db = new Database(join(serving.dataDir, 'read.db'));
  const tables = db.prepare("select name from sqlite_master where type = 'table'").all() as {
    name: string;
  }[];
  const { changes } = db
    .prepare(statement((name) => tables.find((each) => each.name.startsWith(`${name}_g`))?.name ?? name))
    .run();
  db.close();
  expect(changes).toBe(1);
}

/** Makes the charges anew from the ledger. */
async function rebuild(): Promise<void> {
  await serving.asAdmin('POST', '/admin/projections/charges/rebuild');
  await eventually(async () => expect((await report('chargeback')).status).toBe(200));
}

describe('charges that do not add up to the ledger', () => {
  it.each<[name: string, statement: Parameters<typeof tamper>[0]]>([
    [
      'one microcent more',
      (table) =>
        `update ${table('charges')} set charged = charged + 1 where charge_id =
          (select min(charge_id) from ${table('charges')} where tenant_id = 'acme' and unit = 'USD_MICROCENTS' and charged > 0)`,
    ],
    [
      'a charge that is missing',
      (table) =>
        `delete from ${table('charges')} where charge_id =
          (select max(charge_id) from ${table('charges')} where tenant_id = 'acme' and unit = 'USD_MICROCENTS' and charged > 0)`,
    ],
    [
      'a correction that is missing',
      (table) =>
        `delete from ${table('charge_adjustments')} where event_id =
          (select min(event_id) from ${table('charge_adjustments')} where tenant_id = 'acme' and unit = 'USD_MICROCENTS')`,
    ],
    [
      'a charge of nothing that is too many',
      (table) =>
        `insert into ${table('charges')} (charge_id, action_id, tenant_id, unit, reserved, status, settled_at_ms, charged)
          values ('made-up', 'made-up', 'acme', 'USD_MICROCENTS', 0, 'COMMITTED', ${Date.parse('2026-04-01T00:00:00Z')}, 0)`,
    ],
  ])('are an error in every report: %s', async (_name, statement) => {
    for (const path of PATHS) expect((await report(path)).status).toBe(200);
    tamper(statement);
    for (const path of PATHS) {
      const answer = await report(path);
      expect([path, answer.refused]).toEqual([path, '500 INTERNAL_ERROR']);
      expect(answer.at('message')).toContain('rebuild charges');
    }
    // Who was not meddled with has a report.
    for (const path of PATHS) expect((await report(path, '&tenant_id=beta')).status).toBe(200);
    await rebuild();
    for (const path of PATHS) expect((await report(path)).status).toBe(200);
  });

  it('are told with the difference', async () => {
    tamper(
      (table) =>
        `update ${table('charges')} set charged = charged - 7 where charge_id =
          (select min(charge_id) from ${table('charges')} where tenant_id = 'beta' and unit = 'USD_MICROCENTS' and charged > 7)`,
    );
    expect((await report('chargeback', '&group_by=app,day')).at('details.difference')).toBe(-7);
    await rebuild();
  });
});
