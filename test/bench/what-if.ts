/** `npm run bench:what-if -- [decisions]`: how fast drafts are tried on a month of recorded tool calls. */

import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createIds } from '../../src/adapters/system/ids.js';
import { ledgerPath } from '../../src/config.js';
import type { Command, RecordOutcome, SubmitToolCall } from '../../src/domain/commands.js';
import { decideDue, dueAfter } from '../../src/domain/due.decider.js';
import { DueQueue } from '../../src/domain/due-queue.js';
import { BY_ITSELF } from '../../src/domain/facts.js';
import type { SealedEvent } from '../../src/domain/hash-chain.js';
import type { DecisionId, ReservationId, TemplateId } from '../../src/domain/ids.js';
import { ServedChild } from './children.js';
import { decideAndSeal, grow, sealAll, type Tail } from './grow.js';
import { BENCH_TENANT, OPERATOR_ORIGIN } from './past.js';
import { TENANT } from './requests.js';
import { aligned } from './table.js';

const MONTH_MS = 30 * 86_400_000;
const MONTH_FROM = Date.UTC(2026, 8, 1);
const APPS = 50;
const CALLS_A_SESSION = 20;
const POINTS = 5;
/** Decided, held, done and charged. */
const EVENTS_A_CALL = 4;
const DUE_AT_ONCE = 100;

const decisions = Number(process.argv[2] ?? 10_000);
const adminKey = randomBytes(32).toString('hex');
const dataDir = mkdtempSync(join(tmpdir(), 'countersign-bench-'));
const env = { COUNTERSIGN_DATA_DIR: dataDir, COUNTERSIGN_PORT: '0', COUNTERSIGN_ADMIN_KEY: adminKey };
const ids = createIds();

const TEMPLATE: Command = {
  type: 'DefineBudgetTemplate',
  templateId: ids.mint('tpl') as TemplateId,
  dailyTemplateId: ids.mint('tpl') as TemplateId,
  scopePattern: `tenant:${TENANT}/**/workflow:*`,
  unit: 'RISK_POINTS',
  allocated: 100n,
  overdraftLimit: 0n,
  rolloverPolicy: 'NONE',
  period: null,
};

const INPUT = { command: 'git push origin feature/retry-with-backoff' };

const callOf = (count: number): SubmitToolCall => ({
  type: 'SubmitToolCall',
  toolCallId: ids.mint('dec') as DecisionId,
  riskReservationId: ids.mint('rsv') as ReservationId,
  moneyReservationId: ids.mint('rsv') as ReservationId,
  subject: { app: `app-${count % APPS}`, agent: 'coder' },
  toolset: 'shell',
  declaredKind: null,
  record: {
    harness: 'cursor',
    sessionId: `run-${Math.floor(count / APPS / CALLS_A_SESSION)}-${count % APPS}`,
    tool: { name: 'Shell', server: null, input: INPUT },
    inputTruncated: false,
    inputDigest: 'cd'.repeat(32),
    cwd: '/repo',
    context: {},
    files: [],
    actionHash: randomBytes(32).toString('hex'),
  },
  assessment: {
    actionKind: 'git.push',
    riskClass: 'external_side_effect',
    tier: 2,
    riskPoints: POINTS,
    effects: [
      {
        verb: 'update',
        target: 'git remote origin branch feature/retry-with-backoff',
        radius: 'object',
        reversible: true,
        tier: 2,
        points: POINTS,
        actionKind: 'git.push',
        riskClass: 'external_side_effect',
        environment: 'unknown',
        reason: 'It sends commits to a branch of a remote.',
        span: { source: 'input.command', start: 0, end: INPUT.command.length },
      },
    ],
    factors: [],
    radius: 'object',
    opaque: false,
    selfProtection: false,
    engineVersion: '1',
  },
  estimate: null,
  holdMs: 3_600_000,
  requiresApproval: false,
  approvers: [],
  waitedFor: null,
});

const outcomeOf = (toolCallId: DecisionId): RecordOutcome => ({
  type: 'RecordOutcome',
  decisionId: ids.mint('dec') as DecisionId,
  toolCallId,
  status: 'succeeded',
  httpStatus: null,
  exitCode: 0,
  error: null,
  outputSha256: null,
  actual: null,
});

const dues = new DueQueue();

function nextEvents(tail: Tail, count: number): SealedEvent[] {
  const nowMs = MONTH_FROM + Math.floor((count * MONTH_MS) / (decisions + 1));
  const at = { nowMs, origin: OPERATOR_ORIGIN };
  const call = callOf(count);
  const commands = count === 0 ? [BENCH_TENANT, TEMPLATE] : [call, outcomeOf(call.toolCallId)];
  const events = [
    ...fallenDue(tail, nowMs),
    ...commands.flatMap((command) => decideAndSeal(tail, command, at)),
  ];
  for (const { event } of events) for (const due of dueAfter(event, nowMs, tail.state)) dues.push(due);
  return events;
}

/** New days, and sessions that nobody uses any more. */
function fallenDue(tail: Tail, nowMs: number): SealedEvent[] {
  const sealed: SealedEvent[] = [];
  while (sealed.length < DUE_AT_ONCE) {
    const due = dues.takeDue(nowMs);
    if (due === undefined) break;
    const { events, again } = decideDue(due, tail.state, nowMs);
    sealed.push(...sealAll(tail, events, { nowMs, origin: BY_ITSELF }));
    if (again !== null) dues.push(again);
  }
  return sealed;
}

const POLICY = { name: 'draft', scope_pattern: `tenant:${TENANT}` };
const DRAFTS = [
  ['a policy that says nothing', { policies: [POLICY] }],
  ['a policy that denies every call', { policies: [{ ...POLICY, denied_action_kinds: ['git.push'] }] }],
  [
    'half the budget for a session',
    {
      budget_templates: [
        {
          tenant_id: TENANT,
          scope_pattern: `tenant:${TENANT}/**/workflow:*`,
          unit: 'RISK_POINTS',
          allocated: { unit: 'RISK_POINTS', amount: 50 },
        },
      ],
    },
  ],
  ['a tool that costs more', { tools: [{ tenant_id: TENANT, name: 'Shell', points: 9 }] }],
] as const;

async function timed(server: ServedChild, name: string, draft: object): Promise<string[]> {
  const startedAt = performance.now();
  const answer = await fetch(`http://127.0.0.1:${server.port}/audit/what-if`, {
    method: 'POST',
    headers: { 'X-Admin-API-Key': adminKey, 'content-type': 'application/json' },
    body: JSON.stringify({
      tenant_id: TENANT,
      from: '2026-09-01T00:00:00Z',
      to: '2026-11-01T00:00:00Z',
      ...draft,
    }),
  });
  const lines = (await answer.text()).trimEnd().split('\n');
  const last = JSON.parse(lines.at(-1) ?? '{}') as { complete?: boolean; total?: Record<string, number> };
  if (last.complete !== true) throw new Error(`${name}: ${answer.status} ${lines.at(-1)}`);
  const seconds = (performance.now() - startedAt) / 1_000;
  const counts = ['decisions', 'different', 'not_reproduced', 'not_reread'].map((each) =>
    String(last.total?.[each]),
  );
  return [
    name,
    ...counts,
    `${seconds.toFixed(1)} s`,
    String(lines.filter((line) => line.startsWith('{"progress"')).length),
  ];
}

try {
  await grow(ledgerPath(dataDir), EVENTS_A_CALL * decisions, nextEvents);
  const server = await ServedChild.start('embedded', { env });
  const rows = [
    ['draft', 'decisions', 'different', 'not reproduced', 'not reread', 'time', 'progress lines'],
  ];
  for (const [name, draft] of DRAFTS) rows.push(await timed(server, name, draft));
  console.log(aligned(rows));
  await server.close();
} finally {
  rmSync(dataDir, { recursive: true });
}
