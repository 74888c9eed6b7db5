/** Charges as FOCUS 1.2 rows (FinOps Open Cost and Usage Specification): one Usage a charge, one Adjustment a correction. */

import { canonicalJson } from '../../domain/canonical-json.js';
import type { BilledRow, BilledTenant } from '../../projections/charges/charge-rows.queries.js';
import { type Cell, csvRecord } from '../csv.js';
import { isoOf } from '../ledger.dto.js';
import { dollarsOf } from './dollars.js';

/** Who bills: the ledger itself, inside the house. */
const ISSUER = 'Countersign';
const SECOND_MS = 1_000;

/** The mandatory columns in the order of the alphabet, then optional ones, then our own. */
const COLUMNS: readonly (readonly [name: string, cellOf: (row: BilledRow, tenant: BilledTenant) => Cell])[] =
  [
    ['BilledCost', billedCost],
    ['BillingAccountId', (_row, { tenantId }) => tenantId],
    ['BillingAccountName', (_row, { name }) => name],
    ['BillingCurrency', () => 'USD'],
    ['BillingPeriodEnd', ({ month }) => secondOf(month.endMs)],
    ['BillingPeriodStart', ({ month }) => secondOf(month.startMs)],
    ['ChargeCategory', ({ reason }) => (reason === null ? 'Usage' : 'Adjustment')],
    ['ChargeClass', (row) => (isOfEarlierPeriod(row) ? 'Correction' : null)],
    ['ChargeDescription', (row) => row.reason ?? [row.kind, row.name].filter(Boolean).join(' ')],
    ['ChargePeriodEnd', ({ atMs }) => secondOf(atMs + SECOND_MS)],
    ['ChargePeriodStart', ({ atMs }) => secondOf(atMs)],
    ['ContractedCost', billedCost],
    ['EffectiveCost', billedCost],
    ['InvoiceIssuerName', () => ISSUER],
    ['ListCost', billedCost],
    ['PricingQuantity', ({ reason }) => (reason === null ? 1 : null)],
    ['PricingUnit', ({ reason }) => (reason === null ? 'Requests' : null)],
    ['ProviderName', providerOf],
    ['PublisherName', providerOf],
    ['ServiceCategory', ({ kind }) => (kind?.startsWith('llm.') ? 'AI and Machine Learning' : 'Other')],
    ['ServiceName', ({ kind }) => kind ?? 'Agent actions'],
    ['ChargeFrequency', ({ reason }) => (reason === null ? 'Usage-Based' : 'One-Time')],
    ['ConsumedQuantity', tokensOf],
    ['ConsumedUnit', (row) => (tokensOf(row) === null ? null : 'Tokens')],
    ['ResourceId', ({ actionId }) => actionId],
    ['SkuId', ({ name }) => name],
    ['SubAccountId', ({ workspace, app }) => workspace ?? app],
    ['Tags', ({ dimensions }) => (dimensions === null ? null : canonicalJson(dimensions))],
    ['x_ActionId', ({ actionId }) => actionId],
    ['x_ActionKind', ({ kind }) => kind],
    ['x_ActionName', ({ name }) => name],
    ['x_ActualAmount', ({ actual }) => actual],
    ['x_Agent', ({ agent }) => agent],
    ['x_App', ({ app }) => app],
    ['x_ChargedAmount', ({ amount }) => amount],
    ['x_ChargedAt', ({ atMs }) => isoOf(atMs)],
    ['x_ChargedUnit', ({ unit }) => unit],
    ['x_ChargeId', ({ chargeId }) => chargeId],
    ['x_Harness', ({ harness }) => harness],
    ['x_KeyId', ({ keyId }) => keyId],
    ['x_Model', ({ model }) => model],
    ['x_RiskPoints', ({ unit, amount }) => (unit === 'RISK_POINTS' ? amount : null)],
    ['x_TokensInput', (row) => reported(row, 'tokens_input')],
    ['x_TokensOutput', (row) => reported(row, 'tokens_output')],
    ['x_Toolset', ({ toolset }) => toolset],
    ['x_Workflow', ({ workflow }) => workflow],
    ['x_Workspace', ({ workspace }) => workspace],
  ];

export const focusHeading = (): string => csvRecord(COLUMNS.map(([name]) => name));

export const focusRecord = (row: BilledRow, tenant: BilledTenant): string =>
  csvRecord(COLUMNS.map(([, cellOf]) => cellOf(row, tenant)));

/** What was charged, not what was used; tokens, credits and risk are no money. */
function billedCost({ unit, amount }: BilledRow): Cell {
  return dollarsOf(unit === 'USD_MICROCENTS' ? amount : 0n);
}

/** `openai` of `openai:gpt-4o`; what names no provider is our own. */
function providerOf({ name }: BilledRow): string {
  const [provider, model] = name?.split(':', 2) ?? [];
  return model === undefined || !provider ? ISSUER : provider;
}

/** Whether it puts right a charge of a month that has been billed. */
const isOfEarlierPeriod = ({ reason, settledAtMs, month }: BilledRow): boolean =>
  reason !== null && settledAtMs !== null && settledAtMs < month.startMs;

/** What was used in tokens, as it was charged in them or else reported; null where that is not known. */
function tokensOf(row: BilledRow): bigint | null {
  if (row.unit === 'TOKENS') return row.actual;
  if (row.unit !== 'USD_MICROCENTS') return null;
  const [input, output] = [reported(row, 'tokens_input'), reported(row, 'tokens_output')];
  return input === null && output === null ? null : (input ?? 0n) + (output ?? 0n);
}

/** A whole number of a charge's metrics, which are the client's; a correction used nothing. */
function reported({ reason, metrics }: BilledRow, name: string): bigint | null {
  const value = metrics?.[name];
  return reason === null && typeof value === 'number' && Number.isSafeInteger(value) ? BigInt(value) : null;
}

/** FOCUS has times to the second. */
const secondOf = (atMs: number): string => `${isoOf(atMs).slice(0, 19)}Z`;
