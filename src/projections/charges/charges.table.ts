/** The rows of chargeback: one a charge, from its hold on; beside them its corrections, and what was refused. */

import type { TableDefinition } from '../table.js';

/** Who asked and for what, as it can be grouped by. The levels are lower-cased, as in the scope path. */
const WHOSE = {
  tenant_id: 'text',
  unit: 'text',
  workspace: 'text?',
  app: 'text?',
  /** The session. */
  workflow: 'text?',
  agent: 'text?',
  toolset: 'text?',
  /** JSON of the subject's dimensions, lower-cased. */
  dimensions: 'text?',
  kind: 'text?',
  name: 'text?',
  harness: 'text?',
  key_id: 'text?',
  /** The model or version that ran, as the metrics of the charge say; of what did not run there is none. */
  model: 'text?',
} as const;

/** What was held or charged: one row a hold, or a charge without one, however many scopes bear it. */
export const chargesTable = {
  name: 'charges',
  columns: {
    /** The reservation's id, or that of the charge without one. */
    charge_id: 'text',
    /** Its entry in the audit record. */
    action_id: 'text',
    ...WHOSE,
    /** What was held; 0 for a charge without a hold, which has no time of it either. */
    reserved: 'integer',
    reserved_at_ms: 'integer?',
    /** HELD, COMMITTED, RELEASED or EXPIRED. */
    status: 'text',
    settled_at_ms: 'integer?',
    /** As it was settled; corrections are rows of their own. Null while nothing is charged. */
    charged: 'integer?',
    /** What was used, of which an overage policy may have charged less. */
    actual: 'integer?',
    /** Null for what a closed tenant still held, all of which was released. */
    released: 'integer?',
    /** JSON, as reported with the charge. */
    metrics: 'text?',
  },
  primaryKey: ['charge_id'],
  indexes: [
    { columns: ['tenant_id', 'unit', 'reserved_at_ms'], onlySet: 'reserved_at_ms' },
    { columns: ['tenant_id', 'unit', 'settled_at_ms'], onlySet: 'settled_at_ms' },
  ],
} as const satisfies TableDefinition;

/** One row a correction of a charge; it belongs to the period in which it was made. */
export const chargeAdjustmentsTable = {
  name: 'charge_adjustments',
  columns: {
    event_id: 'text',
    charge_id: 'text',
    tenant_id: 'text',
    unit: 'text',
    adjusted_at_ms: 'integer',
    /** Added to the charge; negative gives a part of it back. */
    delta: 'integer',
    reason: 'text',
  },
  primaryKey: ['event_id'],
  indexes: [{ columns: ['tenant_id', 'unit', 'adjusted_at_ms'] }],
} as const satisfies TableDefinition;

/** One row a refusal of something that would have been charged. */
export const chargeDenialsTable = {
  name: 'charge_denials',
  columns: {
    decision_id: 'text',
    ...WHOSE,
    denied_at_ms: 'integer',
    /** How often the same was refused. */
    repeats: 'integer',
  },
  primaryKey: ['decision_id'],
  indexes: [{ columns: ['tenant_id', 'unit', 'denied_at_ms'] }],
} as const satisfies TableDefinition;

/**
 * The ledger's own totals: what each minute of a tenant's stream charged. Summed from the settling events alone,
 * without a look at what was charged for or to whom, so that a report of the rows above can be held against it.
 */
export const chargeTotalsTable = {
  name: 'charge_totals',
  columns: {
    tenant_id: 'text',
    unit: 'text',
    /** Minutes since the epoch. */
    minute: 'integer',
    /** Of Committed and Debited. */
    charges: 'integer',
    /** Of Committed, Debited and Adjusted, each once; in two parts, see `exact-sums.ts`. */
    charged_high: 'integer',
    charged_low: 'integer',
  },
  primaryKey: ['tenant_id', 'unit', 'minute'],
  indexes: [],
  folds: { charges: 'sum', charged_high: 'sum', charged_low: 'sum' },
} as const satisfies TableDefinition;

/** The periods whose books are closed. */
export const closedPeriodsTable = {
  name: 'closed_periods',
  columns: {
    period_id: 'text',
    position: 'integer',
    tenant_id: 'text',
    /** From this moment on, up to, not including, the other; ms since the epoch. */
    from_ms: 'integer',
    until_ms: 'integer',
    closed_at_ms: 'integer',
    /** Null where the admin key closed it. */
    operator_id: 'text?',
    /** The last event before the period's end. */
    revision: 'integer',
    hash: 'text',
    /** JSON, by unit; amounts as texts of digits. */
    totals: 'text',
  },
  primaryKey: ['period_id'],
  indexes: [{ columns: ['tenant_id', 'from_ms'] }, { columns: ['position'] }],
} as const satisfies TableDefinition;

export const MINUTE_MS = 60_000;
