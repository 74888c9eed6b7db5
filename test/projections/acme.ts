/** One tenant whose ledger is projected as it grows. */

import type { ReservationId } from '../../src/domain/ids.js';
import { project, type TestReadModels } from './harness.js';
import { openTenant, TestLedger } from './ledger.js';

export const TENANT = 'tenant:acme';
export const APP = 'tenant:acme/app:ide';

export interface Acme {
  readonly ledger: TestLedger;
  readonly models: TestReadModels;
  /** Reserves tokens for session `Run-7` of the app, for a minute. */
  reserve(
    amount: bigint,
    idempotencyKey?: string | null,
  ): { readonly reservationId: ReservationId; readonly ruling: 'accepted' | 'refused' };
  commit(reservationId: ReservationId, actual: bigint): 'accepted' | 'refused';
  release(reservationId: ReservationId): 'accepted' | 'refused';
  close(): 'accepted' | 'refused';
}

export async function openAcme(): Promise<Acme> {
  const ledger = new TestLedger();
  ledger.run('acme', openTenant('acme'));
  const models = await project(ledger);
  return {
    ledger,
    models,
    reserve(amount, idempotencyKey = null) {
      const reservationId = ledger.reservationId();
      const command = {
        type: 'Reserve',
        reservationId,
        decisionId: ledger.decisionId(),
        subject: { tenant: 'acme', app: 'ide', workflow: 'Run-7', dimensions: { team: 'a' } },
        action: { kind: 'llm.completion', name: 'gpt' },
        estimate: { unit: 'TOKENS', amount },
        ttlMs: 60_000,
        gracePeriodMs: 5_000,
        overagePolicy: null,
        metadata: { note: 'x' },
      } as const;
      return { reservationId, ruling: ledger.run('acme', command, { idempotencyKey }) };
    },
    commit: (reservationId, actual) =>
      ledger.run('acme', {
        type: 'Commit',
        reservationId,
        decisionId: ledger.decisionId(),
        actual: { unit: 'TOKENS', amount: actual },
        metrics: { latency_ms: 12 },
        metadata: { done: true },
      }),
    release: (reservationId) =>
      ledger.run('acme', { type: 'Release', reservationId, decisionId: ledger.decisionId(), reason: null }),
    close: () => ledger.run('acme', { type: 'ChangeTenantStatus', status: 'CLOSED', reason: null }),
  };
}

/** The template of session budgets, which brings the standing daily budget of each app with it. */
export const defineSessionTemplate = (ledger: TestLedger) =>
  ledger.run('acme', {
    type: 'DefineBudgetTemplate',
    templateId: 'tpl_1' as never,
    dailyTemplateId: 'tpl_2' as never,
    scopePattern: 'tenant:acme/**/workflow:*',
    unit: 'RISK_POINTS',
    allocated: 100n,
    overdraftLimit: 0n,
    rolloverPolicy: 'NONE',
    period: null,
  });
