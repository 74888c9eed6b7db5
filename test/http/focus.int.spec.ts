/** The FOCUS file: each column of each row, and that its sum is what the ledger charged, to the last digit. */

import { moneyLedger } from '../projections/money-ledger.js';
import { type Movement, movementsOf } from '../projections/naive-charges.js';
import { csvRows } from './csv.js';
import { serveLedger } from './past-ledger.js';
import type { Reply, Serving } from './serving.js';

/** Of which the ledger is; what the server settles when it starts is later. */
const YEAR = 'from=2026-01-01T00:00:00Z&to=2026-10-01T00:00:00Z';
const ledger = moneyLedger(7, 700);
const billed = movementsOf(ledger).filter(({ what }) => what === 'charge' || what === 'correction');
let serving: Serving;

beforeAll(async () => {
  serving = await serveLedger(ledger);
});
afterAll(() => serving.stop());

const focus = (search = YEAR): Promise<Reply> => serving.asAdmin('GET', `/finops/focus.csv?${search}`);

/** A decimal number of dollars in microcents; anything else is none. */
function microcentsOf(text = ''): bigint {
  const [, sign, whole, decimals = ''] = /^(-?)(0|[1-9]\d*)(?:\.(\d{1,8}))?$/.exec(text) ?? [];
  if (whole === undefined || decimals.endsWith('0')) throw new Error(`not an exact decimal: ${text}`);
  return BigInt(`${sign}${whole}${decimals.padEnd(8, '0')}`);
}

const sumOf = (movements: readonly Movement[]): bigint =>
  movements.reduce((sum, { amount }) => sum + amount, 0n);
const ofMoney = billed.filter(({ unit }) => unit === 'USD_MICROCENTS');

/** FOCUS 1.2, the columns without which a file is none, and whether they may be empty. */
const MANDATORY: Readonly<Record<string, RegExp>> = {
  BilledCost: /^-?\d+(\.\d+)?$/,
  BillingAccountId: /^(acme|beta)$/,
  BillingAccountName: /^Tenant (acme|beta)$/,
  BillingCurrency: /^USD$/,
  BillingPeriodEnd: /^2026-\d\d-01T00:00:00Z$/,
  BillingPeriodStart: /^2026-\d\d-01T00:00:00Z$/,
  ChargeCategory: /^(Usage|Adjustment)$/,
  ChargeClass: /^(Correction)?$/,
  ChargeDescription: /^(llm\.completion openai:gpt-\d|db\.write Shell|credit)$/,
  ChargePeriodEnd: /^2026-\d\d-\d\dT\d\d:\d\d:\d\dZ$/,
  ChargePeriodStart: /^2026-\d\d-\d\dT\d\d:\d\d:\d\dZ$/,
  ContractedCost: /^-?\d+(\.\d+)?$/,
  EffectiveCost: /^-?\d+(\.\d+)?$/,
  InvoiceIssuerName: /^Countersign$/,
  ListCost: /^-?\d+(\.\d+)?$/,
  PricingQuantity: /^1?$/,
  PricingUnit: /^(Requests)?$/,
  ProviderName: /^(openai|Countersign)$/,
  PublisherName: /^(openai|Countersign)$/,
  ServiceCategory: /^(AI and Machine Learning|Other)$/,
  ServiceName: /^(llm\.completion|db\.write)$/,
};

describe('the FOCUS file', () => {
  it('has every mandatory column in every row, filled as it may be', async () => {
    const answer = await focus();
    expect([answer.status, answer.headers.get('content-type')]).toEqual([
      200,
      'text/csv; charset=utf-8; header=present',
    ]);
    const rows = csvRows(answer.text);
    expect(rows).toHaveLength(billed.length);
    for (const row of rows) {
      for (const [column, form] of Object.entries(MANDATORY))
        expect(`${column} ${row[column]}`).toMatch(new RegExp(`^${column} ${form.source.slice(1)}`));
      for (const own of Object.keys(row).filter((name) => /^x_/i.test(name))) expect(own).toMatch(/^x_[A-Z]/);
    }
    const heading = Object.keys(rows[0] ?? {});
    expect(heading.slice(0, 21)).toEqual(Object.keys(MANDATORY));
  });

  it('bills what the ledger charged, exactly, and no risk points, tokens or credits', async () => {
    const rows = csvRows((await focus()).text);
    const total = rows.reduce((sum, row) => sum + microcentsOf(row['BilledCost']), 0n);
    expect(total).toBe(sumOf(ofMoney));
    const report = await serving.asAdmin('GET', `/finops/chargeback?${YEAR}`);
    expect(BigInt(report.at('ledger.charged') as number)).toBe(total);
    for (const row of rows) {
      const { BilledCost, ListCost, EffectiveCost, ContractedCost } = row;
      expect(new Set([BilledCost, ListCost, EffectiveCost, ContractedCost]).size).toBe(1);
      const isMoney = row['x_ChargedUnit'] === 'USD_MICROCENTS';
      expect(microcentsOf(BilledCost)).toBe(isMoney ? BigInt(row['x_ChargedAmount'] ?? '') : 0n);
      expect(row['x_RiskPoints']).toBe(row['x_ChargedUnit'] === 'RISK_POINTS' ? row['x_ChargedAmount'] : '');
    }
    // An overage policy took something off, so that what is billed and what was used differ somewhere.
    expect(
      rows.some((row) => row['x_ActualAmount'] !== '' && row['x_ActualAmount'] !== row['x_ChargedAmount']),
    ).toBe(true);
  });

  it('is the same month by month, tenant by tenant', async () => {
    let total = 0n;
    for (let month = 1; month <= 9; month++) {
      for (const tenant of ['acme', 'beta']) {
        const from = new Date(Date.UTC(2026, month - 1)).toISOString().replace('.000Z', 'Z');
        const to = new Date(Date.UTC(2026, month)).toISOString().replace('.000Z', 'Z');
        const rows = csvRows((await focus(`tenant_id=${tenant}&from=${from}&to=${to}`)).text);
        for (const row of rows) {
          expect([row['BillingPeriodStart'], row['BillingPeriodEnd'], row['BillingAccountId']]).toEqual([
            from,
            to,
            tenant,
          ]);
          total += microcentsOf(row['BilledCost']);
        }
      }
    }
    expect(total).toBe(sumOf(ofMoney));
  });

  it('tells corrections of charges that were billed before from all others', async () => {
    const rows = csvRows((await focus()).text).filter((row) => row['ChargeCategory'] === 'Adjustment');
    expect(rows.length).toBe(billed.filter(({ what }) => what === 'correction').length);
    expect(new Set(rows.map((row) => row['ChargeClass']))).toEqual(new Set(['Correction']));
    expect(rows.some((row) => row['BilledCost']?.startsWith('-'))).toBe(true);
  });

  it('takes nothing that agents named for a formula', async () => {
    const { text } = await focus();
    expect(text).toContain('"{""cost_center"":""=cc,\\""0\\""""}"');
    for (const field of text.split(/[,\r\n]/)) expect(field).not.toMatch(/^"?[=+@]/);
  });

  it.each([
    ['from', 'to=2026-02-01T00:00:00Z'],
    ['to', 'from=2026-02-01T00:00:00Z'],
    ['from', 'from=2026-02-01T00:00:00Z&to=2026-02-01T00:00:00Z'],
    ['from', 'from=2026-02-01T00:00:30Z&to=2026-03-01T00:00:00Z'],
    ['from', 'from=1999-02-01T00:00:00Z&to=2026-03-01T00:00:00Z'],
    ['unit', `${YEAR}&unit=TOKENS`],
  ])('is not made where %s is no good', async (field, search) => {
    const answer = await focus(search);
    expect([answer.refused, answer.at('details.field')]).toEqual(['400 INVALID_REQUEST', field]);
  });

  it('has but its heading where nothing was charged', async () => {
    const answer = await focus('from=2001-01-01T00:00:00Z&to=2001-02-01T00:00:00Z');
    expect([answer.status, csvRows(answer.text)]).toEqual([200, []]);
  });
});
