/** One FOCUS row, column by column. */

import { focusHeading, focusRecord } from '../../src/http/finops/focus.js';
import type { BilledRow } from '../../src/projections/charges/charge-rows.queries.js';
import { csvRows } from './csv.js';

const AT_MS = Date.parse('2026-03-31T23:59:59.999Z');
const CHARGE: BilledRow = {
  chargeId: 'res_1',
  actionId: 'act_1',
  workspace: null,
  app: 'ide',
  workflow: 'run-1',
  agent: 'coder',
  toolset: null,
  dimensions: { team: 'a, "b"', cost_center: '=1+1' },
  kind: 'llm.completion',
  name: 'openai:gpt-5',
  model: 'gpt-5-2026',
  harness: 'cursor',
  keyId: 'key_1',
  metrics: { tokens_input: 1_200, tokens_output: 34 },
  settledAtMs: AT_MS,
  unit: 'USD_MICROCENTS',
  atMs: AT_MS,
  month: { startMs: Date.parse('2026-03-01T00:00:00Z'), endMs: Date.parse('2026-04-01T00:00:00Z') },
  amount: 123_456_789n,
  actual: 200_000_000n,
  reason: null,
};
const CORRECTION: BilledRow = { ...CHARGE, amount: -1n, actual: null, reason: 'agreed credit' };

const rowOf = (row: Partial<BilledRow>, of: BilledRow = CHARGE): Readonly<Record<string, string>> => {
  const text = focusHeading() + focusRecord({ ...of, ...row }, { tenantId: 'acme', name: 'Acme, Inc.' });
  return csvRows(text)[0] ?? {};
};

describe('a FOCUS row', () => {
  it('of a charge is one Usage, billed as it was charged, not as it was used', () => {
    expect(rowOf({})).toEqual({
      BilledCost: '1.23456789',
      BillingAccountId: 'acme',
      BillingAccountName: 'Acme, Inc.',
      BillingCurrency: 'USD',
      BillingPeriodEnd: '2026-04-01T00:00:00Z',
      BillingPeriodStart: '2026-03-01T00:00:00Z',
      ChargeCategory: 'Usage',
      ChargeClass: '',
      ChargeDescription: 'llm.completion openai:gpt-5',
      ChargePeriodEnd: '2026-04-01T00:00:00Z',
      ChargePeriodStart: '2026-03-31T23:59:59Z',
      ContractedCost: '1.23456789',
      EffectiveCost: '1.23456789',
      InvoiceIssuerName: 'Countersign',
      ListCost: '1.23456789',
      PricingQuantity: '1',
      PricingUnit: 'Requests',
      ProviderName: 'openai',
      PublisherName: 'openai',
      ServiceCategory: 'AI and Machine Learning',
      ServiceName: 'llm.completion',
      ChargeFrequency: 'Usage-Based',
      ConsumedQuantity: '1234',
      ConsumedUnit: 'Tokens',
      ResourceId: 'act_1',
      SkuId: 'openai:gpt-5',
      SubAccountId: 'ide',
      Tags: '{"cost_center":"=1+1","team":"a, \\"b\\""}',
      x_ActionId: 'act_1',
      x_ActionKind: 'llm.completion',
      x_ActionName: 'openai:gpt-5',
      x_ActualAmount: '200000000',
      x_Agent: 'coder',
      x_App: 'ide',
      x_ChargedAmount: '123456789',
      x_ChargedAt: '2026-03-31T23:59:59.999Z',
      x_ChargedUnit: 'USD_MICROCENTS',
      x_ChargeId: 'res_1',
      x_Harness: 'cursor',
      x_KeyId: 'key_1',
      x_Model: 'gpt-5-2026',
      x_RiskPoints: '',
      x_TokensInput: '1200',
      x_TokensOutput: '34',
      x_Toolset: '',
      x_Workflow: 'run-1',
      x_Workspace: '',
    });
  });

  it('of a correction is one Adjustment of its difference, which used nothing', () => {
    expect(rowOf({}, CORRECTION)).toMatchObject({
      BilledCost: '-0.00000001',
      ListCost: '-0.00000001',
      ChargeCategory: 'Adjustment',
      ChargeClass: '',
      ChargeDescription: 'agreed credit',
      ChargeFrequency: 'One-Time',
      PricingQuantity: '',
      PricingUnit: '',
      ConsumedQuantity: '',
      ConsumedUnit: '',
      x_ActualAmount: '',
      x_TokensInput: '',
      x_ChargedAmount: '-1',
    });
  });

  it.each([
    ['2026-02-28T23:59:59.999Z', 'Correction'],
    ['2026-03-01T00:00:00.000Z', ''],
  ])('of a correction of what was settled at %s has the class "%s"', (settled, chargeClass) => {
    expect(rowOf({ settledAtMs: Date.parse(settled) }, CORRECTION)['ChargeClass']).toBe(chargeClass);
  });

  it.each([
    [0n, '0'],
    [1n, '0.00000001'],
    [100_000_000n, '1'],
    [-150_000_000n, '-1.5'],
    [9_223_372_036_854_775_807n, '92233720368.54775807'],
    [-9_223_372_036_854_775_808n, '-92233720368.54775808'],
  ])('bills %s microcents as %s dollars, to the last digit', (amount, dollars) => {
    expect(rowOf({ amount })['BilledCost']).toBe(dollars);
  });

  it.each(['TOKENS', 'CREDITS', 'RISK_POINTS'] as const)('bills nothing for %s', (unit) => {
    const row = rowOf({ unit, amount: 7n, actual: 9n });
    expect([row['BilledCost'], row['ListCost'], row['x_ChargedAmount'], row['x_ChargedUnit']]).toEqual([
      '0',
      '0',
      '7',
      unit,
    ]);
    expect(row['x_RiskPoints']).toBe(unit === 'RISK_POINTS' ? '7' : '');
    expect(row['ConsumedQuantity']).toBe(unit === 'TOKENS' ? '9' : '');
  });

  it('takes of metrics whole numbers alone', () => {
    const row = rowOf({ metrics: { tokens_input: 1.5, tokens_output: '34' } });
    expect([row['x_TokensInput'], row['x_TokensOutput'], row['ConsumedQuantity']]).toEqual(['', '', '']);
  });

  it.each(['=1+1', '+1', '-1', '@SUM(A1)', '\t=1', '  =cmd'])('has no formula for %j', (name) => {
    expect(rowOf({ name, app: name })).toMatchObject({ SkuId: `'${name}`, SubAccountId: `'${name}` });
    expect(rowOf({}, { ...CORRECTION, reason: name })['ChargeDescription']).toBe(`'${name}`);
  });
});
