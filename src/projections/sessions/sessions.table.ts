/** The rows of the sessions read model: one a session, grown by every proposal in it. */

import type { TableDefinition } from '../table.js';

export const sessionsTable = {
  name: 'sessions',
  columns: {
    tenant_id: 'text',
    /** Lower-cased, as in the scope path. */
    session_id: 'text',
    /** Of its first proposal: the order of lists. */
    position: 'integer',
    revision: 'integer',
    first_at_ms: 'integer',
    last_at_ms: 'integer',
    /** JSON: who acted first. */
    subject: 'text?',
    agent: 'text?',
    harness: 'text?',
    key_id: 'text?',
    /** Proposals by decision; a refusal that was counted instead of recorded counts each time. */
    actions: 'integer',
    allowed: 'integer',
    capped: 'integer',
    denied: 'integer',
    pending: 'integer',
    /** Of them, decided but not binding. */
    observed: 'integer',
    /** The highest tier that was proposed; null while nothing was assessed. */
    highest_tier: 'integer?',
    /** Of all proposals that were assessed, whatever was decided. */
    points_proposed: 'integer',
  },
  primaryKey: ['tenant_id', 'session_id'],
  indexes: [{ columns: ['tenant_id', 'position'] }, { columns: ['position'] }],
  folds: {
    last_at_ms: 'max',
    subject: 'first',
    agent: 'first',
    harness: 'first',
    key_id: 'first',
    actions: 'sum',
    allowed: 'sum',
    capped: 'sum',
    denied: 'sum',
    pending: 'sum',
    observed: 'sum',
    highest_tier: 'max',
    points_proposed: 'sum',
  },
} as const satisfies TableDefinition;
