/** The small language of the decider tables: one step is one command, in the words of the field. */

import type { Assessment, Radius, Tier } from '../../src/domain/assessment.js';
import type { AssessedBy, Command, StatedPeriod, SubmitToolCall } from '../../src/domain/commands.js';
import type {
  Actor,
  ChargeId,
  FixedSubject,
  FundingOperation,
  OveragePolicy,
  RolloverPolicy,
} from '../../src/domain/events.js';
import type {
  ApprovalId,
  DebitId,
  KeyId,
  OperatorId,
  PeriodId,
  ScopePath,
  TemplateId,
  TenantId,
} from '../../src/domain/ids.js';
import { EMPTY_REGISTRY } from '../../src/domain/registry.js';
import { APPROVAL_VERBS, peopleOf } from './approvals.js';
import type { Asked } from './ledger.js';
import { actionOf, POLICY_VERBS } from './policies.js';
import { REGISTRY_VERBS } from './registry.js';
import {
  amountOf,
  decisionId,
  durationOf,
  list,
  reservationId,
  scopeOf,
  subjectOf,
  unitOf,
  Words,
} from './words.js';

export type Step =
  | { readonly kind: 'command'; readonly command: Command; readonly asked: Asked }
  | { readonly kind: 'wait'; readonly durationMs: number };

/** Parses one step, such as `by harness reserve r1 40 at=acme/app:ide #k1`, or `as ada release r1` of an operator. */
export function parseStep(text: string): Step {
  const by = /^by (\S+) (.*)$/.exec(text);
  const as = /^as (\S+) (.*)$/.exec(text);
  const words = new Words(by?.[2] ?? as?.[2] ?? text);
  const verb = words.at(0);
  if (verb === 'wait') return { kind: 'wait', durationMs: durationOf(words.at(1)) };
  const parse = VERBS[verb];
  if (parse === undefined) throw new Error(`no such verb: ${verb}`);
  const command = parse(words, as?.[1]);
  // The names of reservations and tool calls are the server's, and no part of what was asked.
  const requestHash = words.asked(verb === 'reserve' || verb === 'call' || verb === 'debit');
  const actor = actorOf(by?.[1], as?.[1]);
  return { kind: 'command', command, asked: { actor, idempotencyKey: words.idempotencyKey, requestHash } };
}

/** Nobody named is the admin. */
function actorOf(key: string | undefined, operator: string | undefined): Actor {
  if (key !== undefined) return { type: 'api_key', keyId: keyId(key) };
  if (operator === undefined) return { type: 'admin' };
  return { type: 'operator', operatorId: `opr_${operator}` as OperatorId };
}

const keyId = (name: string) => `key_${name}` as KeyId;

/** `from=2026-03-01 to=2026-04-01`: days, from midnight UTC. */
function periodOf(words: Words): StatedPeriod | null {
  const [from, to] = [words.option('from'), words.option('to')];
  return from === undefined || to === undefined ? null : { startMs: Date.parse(from), endMs: Date.parse(to) };
}

const VERBS: Readonly<Record<string, (words: Words, who: string | undefined) => Command>> = {
  open: (words) => ({
    type: 'OpenTenant',
    tenantId: 'acme' as TenantId,
    name: words.option('name') ?? 'Acme',
    parentTenantId: null,
    settings: {
      overagePolicy: (words.option('policy') ?? 'ALLOW_IF_AVAILABLE') as OveragePolicy,
      defaultTtlMs: 60_000,
      maxTtlMs: 3_600_000,
      maxExtensions: 10,
      expiryPolicy: 'AUTO_RELEASE',
    },
    metadata: {},
  }),
  suspend: () => ({ type: 'ChangeTenantStatus', status: 'SUSPENDED', reason: null }),
  reactivate: () => ({ type: 'ChangeTenantStatus', status: 'ACTIVE', reason: null }),
  close: () => ({ type: 'ChangeTenantStatus', status: 'CLOSED', reason: null }),
  key: issueApiKey,
  revoke: (words) => ({ type: 'RevokeApiKey', keyId: keyId(words.at(1)), reason: null }),
  budget: (words) => ({
    type: 'CreateBudget',
    decisionId: decisionId('budget'),
    scope: scopeOf(words.at(1)),
    unit: words.amount(2).unit,
    allocated: words.amount(2).amount,
    overdraftLimit: amountOf(words.option('limit') ?? '0').amount,
    overagePolicy: (words.option('policy') ?? null) as OveragePolicy | null,
    rolloverPolicy: (words.option('rollover') ?? 'NONE') as RolloverPolicy,
    period: periodOf(words),
    metadata: {},
  }),
  fund: (words) => ({
    type: 'FundBudget',
    decisionId: decisionId('fund'),
    scope: scopeOf(words.at(1)),
    operation: words.at(2) as FundingOperation,
    unit: words.amount(3).unit,
    amount: words.amount(3).amount,
    spent: words.option('spent') === undefined ? null : amountOf(words.option('spent') ?? '').amount,
    reason: null,
    metadata: {},
  }),
  closebooks: (words) => {
    const { startMs: fromMs, endMs: untilMs } = periodOf(words) ?? { startMs: 0, endMs: 0 };
    const upTo = { revision: 0, hash: '' };
    return { type: 'ClosePeriod', periodId: 'per_1' as PeriodId, fromMs, untilMs, upTo, totals: [] };
  },
  freeze: (words) => ({ type: 'FreezeBudget', ...placeOf(words), reason: null }),
  unfreeze: (words) => ({ type: 'UnfreezeBudget', ...placeOf(words), reason: null }),
  template: (words) => ({
    type: 'DefineBudgetTemplate',
    templateId: `tpl_${words.at(1)}` as TemplateId,
    dailyTemplateId: `tpl_${words.at(1)}_daily` as TemplateId,
    scopePattern: scopeOf(words.at(2)),
    unit: words.amount(3).unit,
    allocated: words.amount(3).amount,
    overdraftLimit: amountOf(words.option('limit') ?? '0').amount,
    rolloverPolicy: (words.option('rollover') ?? 'NONE') as RolloverPolicy,
    period: PERIODS.find((length) => words.has(length)) ?? null,
    ...(words.option('replaces') !== undefined && {
      replaces: `tpl_${words.option('replaces')}` as TemplateId,
    }),
  }),
  retire: (words) => ({ type: 'RetireBudgetTemplate', templateId: `tpl_${words.at(1)}` as TemplateId }),
  decide: (words) => evaluate('decide', words),
  dryrun: (words) => evaluate('dry_run', words),
  reserve: (words) => ({
    type: 'Reserve',
    reservationId: reservationId(words.at(1)),
    decisionId: decisionId(words.at(1)),
    subject: subjectOf(words.option('at'), words.option('run')),
    action: actionOf(words),
    estimate: words.amount(2),
    ttlMs: words.duration('ttl'),
    gracePeriodMs: words.duration('grace'),
    overagePolicy: (words.option('policy') ?? null) as OveragePolicy | null,
    metadata: null,
    approvers: peopleOf(words.option('people')),
    ...observeModeOf(words),
  }),
  commit: (words) => ({
    type: 'Commit',
    reservationId: reservationId(words.at(1)),
    decisionId: decisionId(`commit_${words.at(1)}`),
    actual: words.amount(2),
    metrics: null,
    metadata: null,
  }),
  release: (words) => ({
    type: 'Release',
    reservationId: reservationId(words.at(1)),
    decisionId: decisionId(`release_${words.at(1)}`),
    reason: null,
  }),
  extend: (words) => ({
    type: 'Extend',
    reservationId: reservationId(words.at(1)),
    decisionId: decisionId(`extend_${words.at(1)}`),
    extendByMs: durationOf(words.at(2)),
    metadata: null,
  }),
  debit: (words) => ({
    type: 'Debit',
    debitId: `evt_${words.at(1)}` as DebitId,
    decisionId: decisionId(words.at(1)),
    subject: subjectOf(words.option('at')),
    action: actionOf(words),
    actual: words.amount(2),
    overagePolicy: (words.option('policy') ?? null) as OveragePolicy | null,
    metrics: null,
    clientTimeMs: null,
    metadata: null,
  }),
  adjust: (words) => ({
    type: 'AdjustCharge',
    charge: {
      chargeId: (words.at(1).startsWith('r') ? reservationId(words.at(1)) : `evt_${words.at(1)}`) as ChargeId,
      unit: words.amount(2).unit,
      charged: words.amount(2).amount,
      scopes: list(words.option('at') ?? 'acme').map((text) => scopeOf(text) as ScopePath),
    },
    delta: BigInt(words.at(3)),
    reason: 'the provider has corrected its bill',
    metadata: {},
  }),
  correct: (words) => {
    const [allocated = 0n, spent = 0n, debt = 0n, uncovered = 0n] = words.at(2).split('-').map(BigInt);
    const unit = unitOf(words.positional[3] ?? '');
    const amounts = { allocated, spent, debt, uncovered };
    return { type: 'CorrectBudget', scope: scopeOf(words.at(1)), unit, ...amounts, reason: 'a wrong import' };
  },
  ...POLICY_VERBS,
  ...REGISTRY_VERBS,
  ...APPROVAL_VERBS,
  tenant: updateTenant,
  rekey: updateApiKey,
  set: updateBudget,
  call: submitToolCall,
  outcome: (words) => ({
    type: 'RecordOutcome',
    decisionId: decisionId(`outcome_${words.at(1)}`),
    toolCallId: decisionId(words.at(1)),
    status: words.at(2) as 'succeeded' | 'failed' | 'unknown',
    httpStatus: null,
    exitCode: null,
    error: null,
    outputSha256: null,
    actual: words.option('actual') === undefined ? null : amountOf(words.option('actual') ?? ''),
  }),
};

/** `tenant name=New extensions=3 maxttl=5m policy=REJECT suspended`. */
function updateTenant(words: Words): Command {
  const [name, policy, extensions] = [
    words.option('name'),
    words.option('policy'),
    words.option('extensions'),
  ];
  const maxTtlMs = words.duration('maxttl');
  return {
    type: 'UpdateTenant',
    changes: {
      ...(name !== undefined && { name }),
      settings: {
        ...(policy !== undefined && { overagePolicy: policy as OveragePolicy }),
        ...(extensions !== undefined && { maxExtensions: Number(extensions) }),
        ...(maxTtlMs !== null && { maxTtlMs }),
        ...observeModeOf(words),
      },
    },
    status: words.has('closed') ? 'CLOSED' : words.has('suspended') ? 'SUSPENDED' : null,
    reason: null,
  };
}

function updateApiKey(words: Words): Command {
  const [can, filter, fixes] = [words.option('can'), words.option('filter'), words.option('fixes')];
  return {
    type: 'UpdateApiKey',
    keyId: keyId(words.at(1)),
    changes: {
      ...(can !== undefined && { permissions: list(can) }),
      ...(filter !== undefined && { scopeFilter: list(filter) }),
      ...(fixes !== undefined && { fixedSubject: fixedBy(fixes) }),
      ...(words.option('expires') !== undefined && { expiresAtMs: expiryOf(words) }),
      ...(words.has('trusted') && { trusted: true }),
    },
  };
}

function updateBudget(words: Words): Command {
  const [limit, policy, rollover] = [words.option('limit'), words.option('policy'), words.option('rollover')];
  const period = periodOf(words);
  return {
    type: 'UpdateBudget',
    ...placeOf(words),
    overdraftLimit: limit === undefined ? null : amountOf(limit).amount,
    changes: {
      ...(policy !== undefined && { overagePolicy: policy as OveragePolicy }),
      ...(rollover !== undefined && { rolloverPolicy: rollover as RolloverPolicy }),
      ...(period !== null && { period }),
    },
  };
}

/** `observe` and `enforce`. */
const observeModeOf = (words: Words): { observeMode?: 'OBSERVE' | 'ENFORCE' } =>
  words.has('observe') ? { observeMode: 'OBSERVE' } : words.has('enforce') ? { observeMode: 'ENFORCE' } : {};

const fixedBy = (text: string | undefined): FixedSubject =>
  Object.fromEntries(list(text).map((entry) => entry.split(':'))) as FixedSubject;

const PERIODS = ['daily', 'weekly', 'monthly'] as const;

const placeOf = (words: Words) => ({
  scope: scopeOf(words.at(1)),
  unit: unitOf(words.positional[2] ?? ''),
});

const evaluate = (operation: 'decide' | 'dry_run', words: Words): Command => ({
  type: 'Decide',
  operation,
  decisionId: decisionId(operation),
  subject: subjectOf(words.option('at'), words.option('run')),
  action: actionOf(words),
  estimate: words.amount(1),
  metadata: null,
  approvers: peopleOf(words.option('people')),
  ...observeModeOf(words),
});

function issueApiKey(words: Words): Command {
  const expiresAtMs = words.option('expires') === undefined ? Number.MAX_SAFE_INTEGER : expiryOf(words);
  return {
    type: 'IssueApiKey',
    key: {
      keyId: keyId(words.at(1)),
      secretHash: '00',
      prefix: 'cyc_test_',
      name: words.at(1),
      description: null,
      permissions: list(words.option('can') ?? 'reservations:create'),
      scopeFilter: list(words.option('filter')),
      fixedSubject: fixedBy(words.option('fixes')),
      trusted: words.has('trusted'),
      ownerOperatorId: words.option('owner') === undefined ? null : `opr_${words.option('owner')}`,
      expiresAtMs,
      metadata: {},
    },
  };
}

/** `expires=11:30` on the day the tables play. */
const expiryOf = (words: Words): number => Date.parse(`2026-03-01T${words.option('expires')}:00Z`);

function submitToolCall(words: Words): SubmitToolCall {
  const name = words.at(1);
  const {
    workspace,
    app = 'ide',
    agent,
  } = Object.fromEntries(['workspace', 'app', 'agent'].map((level) => [level, words.option(level)]));
  const money = words.option('money');
  return {
    type: 'SubmitToolCall',
    toolCallId: decisionId(name),
    riskReservationId: reservationId(`${name}.risk`),
    moneyReservationId: reservationId(`${name}.money`),
    subject: {
      ...(workspace === undefined ? {} : { workspace }),
      ...(app === 'none' ? {} : { app }),
      ...(agent === undefined ? {} : { agent }),
    },
    toolset: words.option('toolset') ?? 'shell',
    declaredKind: null,
    record: {
      harness: 'cursor',
      sessionId: words.option('session') ?? 's1',
      tool: { name: 'Shell', server: null, input: { command: name } },
      inputTruncated: words.has('long') || words.has('toolong'),
      inputDigest: '00',
      cwd: null,
      context: {},
      files: [],
      actionHash: `hash of ${words.option('like') ?? name}`,
    },
    assessment: assessmentOf(words),
    whole: words.has('long') ? { input: { command: name }, assessment: assessmentOf(words) } : null,
    estimate: money === undefined ? null : amountOf(money),
    ...(words.has('changed') && { assessedBy: ANOTHER_TIME }),
    holdMs: words.duration('hold') ?? 3_600_000,
    requiresApproval: words.has('requires'),
    approvers: peopleOf(words.option('people')),
    waitedFor: words.option('waited') === undefined ? null : (`apr_${words.option('waited')}` as ApprovalId),
  };
}

/** What was registered before something was registered that is in the state. */
const ANOTHER_TIME: AssessedBy = { registry: { ...EMPTY_REGISTRY }, kinds: new Map(), knowsPeople: true };

const assessmentOf = (words: Words): Assessment => ({
  actionKind: words.option('kind') ?? 'code.exec',
  riskClass: 'high_risk',
  tier: Number(words.option('tier') ?? 1) as Tier,
  riskPoints: Number(words.at(2)),
  effects: [],
  factors: [],
  radius: (words.option('radius') ?? 'object') as Radius,
  opaque: false,
  selfProtection: words.has('self'),
  engineVersion: 'test',
});
