/**
 * `npm run bench:finops -- [charges]`: how fast a year of charges is reported on, in groups and as a FOCUS file.
 */

import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createIds } from '../../src/adapters/system/ids.js';
import { ledgerPath } from '../../src/config.js';
import type { Command } from '../../src/domain/commands.js';
import type { SealedEvent } from '../../src/domain/hash-chain.js';
import type { DebitId, DecisionId } from '../../src/domain/ids.js';
import { ServedChild } from './children.js';
import { decideAndSeal, grow, type Tail } from './grow.js';
import { BENCH_TENANT, OPERATOR_ORIGIN } from './past.js';
import { TENANT } from './requests.js';
import { quantileOf } from './statistics.js';
import { aligned } from './table.js';

const ROUNDS = 5;
const YEAR_MS = 365 * 86_400_000;
const YEAR_FROM = Date.UTC(2025, 0, 1);
const AGENTS = 50;
const COST_CENTRES = 20;
const CHARGES_A_SESSION = 30;

const charges = Number(process.argv[2] ?? 100_000);
const adminKey = randomBytes(32).toString('hex');
const dataDir = mkdtempSync(join(tmpdir(), 'countersign-bench-'));
const env = { COUNTERSIGN_DATA_DIR: dataDir, COUNTERSIGN_PORT: '0', COUNTERSIGN_ADMIN_KEY: adminKey };
const ids = createIds();

const BUDGET: Command = {
  type: 'CreateBudget',
  decisionId: ids.mint('dec') as DecisionId,
  scope: `tenant:${TENANT}`,
  unit: 'USD_MICROCENTS',
  allocated: 10n ** 18n,
  overdraftLimit: 0n,
  overagePolicy: null,
  rolloverPolicy: 'NONE',
  period: null,
  metadata: {},
};

/** Charges of fifty agents, spread evenly over the year. */
const chargeOf = (count: number): Command => ({
  type: 'Debit',
  debitId: ids.mint('evt') as DebitId,
  decisionId: ids.mint('dec') as DecisionId,
  subject: {
    tenant: TENANT,
    workspace: 'prod',
    app: 'ide',
    workflow: `run-${Math.floor(count / CHARGES_A_SESSION)}`,
    agent: `agent-${(count * 7_919) % AGENTS}`,
    dimensions: { cost_center: `cc-${count % COST_CENTRES}` },
  },
  action: { kind: 'llm.completion', name: 'summarize-document' },
  actual: { unit: 'USD_MICROCENTS', amount: BigInt((count * 7_919) % 1_000_003) },
  overagePolicy: 'REJECT',
  metrics: { tokens_input: 1_500, tokens_output: 800, model_version: `model-${count % 3}` },
  clientTimeMs: null,
  metadata: null,
});

function nextEvents(tail: Tail, count: number): SealedEvent[] {
  const nowMs = YEAR_FROM + Math.floor((count * YEAR_MS) / (charges + 1));
  const at = { nowMs, origin: OPERATOR_ORIGIN };
  if (count === 0) return [...decideAndSeal(tail, BENCH_TENANT, at), ...decideAndSeal(tail, BUDGET, at)];
  return decideAndSeal(tail, chargeOf(count), at);
}

const YEAR = `tenant_id=${TENANT}&from=2025-01-01T00:00:00Z&to=2026-01-01T00:00:00Z`;
const QUESTIONS = [
  'group_by=month,agent',
  'group_by=month,agent&per=action',
  'group_by=month,agent&per=session',
  'group_by=dimension:cost_center',
  'group_by=day',
  'group_by=week,model',
] as const;

const ask = (server: ServedChild, path: string): Promise<Response> =>
  fetch(`http://127.0.0.1:${server.port}${path}`, { headers: { 'X-Admin-API-Key': adminKey } });

async function timesOf(server: ServedChild, question: string): Promise<string[]> {
  const times: number[] = [];
  let rows = 0;
  let difference: unknown;
  for (let round = 0; round < ROUNDS; round++) {
    const startedAt = performance.now();
    const answer = await ask(server, `/finops/chargeback?${YEAR}&${question}`);
    const report = (await answer.json()) as { rows: unknown[]; difference: unknown };
    if (answer.status !== 200) throw new Error(`${question}: ${answer.status} ${JSON.stringify(report)}`);
    times.push(performance.now() - startedAt);
    rows = report.rows.length;
    difference = report.difference;
  }
  const shown = [quantileOf(times, 0.5), quantileOf(times, 1)].map((ms) => `${ms.toFixed(0)} ms`);
  return [question, String(rows), String(difference), ...shown];
}

/** Until every read model has all that the ledger holds. */
async function caughtUp(server: ServedChild): Promise<void> {
  for (;;) {
    if ((await ask(server, `/audit/actions?tenant_id=${TENANT}&limit=1`)).status === 200) return;
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
}

try {
  await grow(ledgerPath(dataDir), charges, nextEvents);
  const server = await ServedChild.start('embedded', { env });
  await caughtUp(server);
  console.log(`${charges} charges in a year, of ${AGENTS} agents\n`);
  const rows = [['chargeback', 'rows', 'difference', 'median', 'most']];
  for (const question of QUESTIONS) rows.push(await timesOf(server, question));
  console.log(aligned(rows));
  await server.close();
} finally {
  rmSync(dataDir, { recursive: true });
}
