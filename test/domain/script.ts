/** The small language of the decider tables: one step is one command, in the words of the field. */

import { type Amount, INT64_MAX, type Unit } from '../../src/domain/amount.js';
import type { Assessment, Radius, Tier } from '../../src/domain/assessment.js';
import type { Command, SubmitToolCall } from '../../src/domain/commands.js';
import type {
  Actor,
  FixedSubject,
  FundingOperation,
  OveragePolicy,
  RolloverPolicy,
} from '../../src/domain/events.js';
import type { DecisionId, KeyId, ReservationId, TemplateId, TenantId } from '../../src/domain/ids.js';
import type { Subject } from '../../src/domain/subject.js';
import type { Asked } from './ledger.js';

export type Step =
  | { readonly kind: 'command'; readonly command: Command; readonly asked: Asked }
  | { readonly kind: 'wait'; readonly durationMs: number };

/** The words of a step: positional ones, `name=value` options, flags, `#key`. */
class Words {
  readonly positional: string[] = [];
  private readonly options = new Map<string, string>();
  idempotencyKey: string | null = null;

  constructor(text: string) {
    for (const word of text.split(/\s+/).filter(Boolean)) {
      const option = /^([a-z]+)=(.*)$/.exec(word);
      if (option) this.options.set(option[1] ?? '', option[2] ?? '');
      else if (word.startsWith('#')) this.idempotencyKey = word;
      else this.positional.push(word);
    }
  }
  at(index: number): string {
    const word = this.positional[index];
    if (word === undefined) throw new Error(`word ${index} is missing in: ${this.positional.join(' ')}`);
    return word;
  }
  option(name: string): string | undefined {
    return this.options.get(name);
  }
  has(flag: string): boolean {
    return this.positional.includes(flag);
  }
  amount(index: number): Amount {
    return amountOf(this.at(index));
  }
  /** Everything that was said, but for the idempotency key and, where it is the server's, the name. */
  asked(isNamedByServer: boolean): string {
    const words = this.positional.filter((_, index) => !(isNamedByServer && index === 1));
    return [...words, ...[...this.options].map((option) => option.join('='))].join(' ');
  }
  duration(name: string): number | null {
    const text = this.option(name);
    return text === undefined ? null : durationOf(text);
  }
}

const UNIT_NAMES: Readonly<Record<string, Unit>> = {
  '': 'USD_MICROCENTS',
  USD: 'USD_MICROCENTS',
  RISK: 'RISK_POINTS',
  TOKENS: 'TOKENS',
  CREDITS: 'CREDITS',
};

export function unitOf(name: string): Unit {
  const unit = UNIT_NAMES[name];
  if (unit === undefined) throw new Error(`no such unit: ${name}`);
  return unit;
}

function amountOf(text: string): Amount {
  const parts = /^(\d+|max)([A-Z]*)$/.exec(text);
  if (parts === null) throw new Error(`no amount: ${text}`);
  const [, digits = '', unit = ''] = parts;
  return { unit: unitOf(unit), amount: digits === 'max' ? INT64_MAX : BigInt(digits) };
}

const DURATIONS: Readonly<Record<string, number>> = {
  ms: 1,
  s: 1_000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
};

function durationOf(text: string): number {
  const parts = /^(\d+)([a-z]+)$/.exec(text);
  const factor = DURATIONS[parts?.[2] ?? ''];
  if (parts === null || factor === undefined) throw new Error(`no duration: ${text}`);
  return Number(parts[1]) * factor;
}

const list = (text: string | undefined): string[] => (text ? text.split(',') : []);
const reservationId = (name: string) => `rsv_${name}` as ReservationId;
const decisionId = (name: string) => `dec_${name}` as DecisionId;
/** Scopes are written without the word `tenant:`, since every one begins with it. */
const scopeOf = (text: string): string => (text.startsWith('tenant:') ? text : `tenant:${text}`);

function subjectOf(text = 'acme'): Subject {
  const levels = scopeOf(text)
    .split('/')
    .map((segment) => segment.split(':'));
  return Object.fromEntries(levels) as Subject;
}

/** Parses one step, such as `by harness reserve r1 40 at=acme/app:ide #k1`. */
export function parseStep(text: string): Step {
  const by = /^by (\S+) (.*)$/.exec(text);
  const actor: Actor = by ? { type: 'api_key', keyId: keyId(by[1] ?? '') } : { type: 'admin' };
  const words = new Words(by?.[2] ?? text);
  const verb = words.at(0);
  if (verb === 'wait') return { kind: 'wait', durationMs: durationOf(words.at(1)) };
  const parse = VERBS[verb];
  if (parse === undefined) throw new Error(`no such verb: ${verb}`);
  const command = parse(words);
  // The names of reservations and tool calls are the server's, and no part of what was asked.
  const requestHash = words.asked(verb === 'reserve' || verb === 'call');
  return { kind: 'command', command, asked: { actor, idempotencyKey: words.idempotencyKey, requestHash } };
}

const keyId = (name: string) => `key_${name}` as KeyId;

const VERBS: Readonly<Record<string, (words: Words) => Command>> = {
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
    rolloverPolicy: 'NONE',
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
    period: words.has('daily') ? 'daily' : null,
  }),
  retire: (words) => ({ type: 'RetireBudgetTemplate', templateId: `tpl_${words.at(1)}` as TemplateId }),
  decide: (words) => evaluate('decide', words),
  dryrun: (words) => evaluate('dry_run', words),
  reserve: (words) => ({
    type: 'Reserve',
    reservationId: reservationId(words.at(1)),
    decisionId: decisionId(words.at(1)),
    subject: subjectOf(words.option('at')),
    action: { kind: 'llm.completion', name: 'test' },
    estimate: words.amount(2),
    ttlMs: words.duration('ttl'),
    gracePeriodMs: words.duration('grace'),
    overagePolicy: (words.option('policy') ?? null) as OveragePolicy | null,
    metadata: null,
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

const placeOf = (words: Words) => ({
  scope: scopeOf(words.at(1)),
  unit: unitOf(words.positional[2] ?? ''),
});

const evaluate = (operation: 'decide' | 'dry_run', words: Words): Command => ({
  type: 'Decide',
  operation,
  decisionId: decisionId(operation),
  subject: subjectOf(words.option('at')),
  action: { kind: 'llm.completion', name: 'test' },
  estimate: words.amount(1),
  metadata: null,
});

function issueApiKey(words: Words): Command {
  const fixes = list(words.option('fixes')).map((entry) => entry.split(':'));
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
      fixedSubject: Object.fromEntries(fixes) as FixedSubject,
      trusted: words.has('trusted'),
      ownerOperatorId: null,
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
    record: {
      harness: 'cursor',
      sessionId: words.option('session') ?? 's1',
      tool: { name: 'Shell', server: null, input: { command: name } },
      inputTruncated: false,
      inputDigest: '00',
      cwd: null,
      context: {},
      files: [],
      actionHash: `hash of ${name}`,
    },
    assessment: assessmentOf(words),
    estimate: money === undefined ? null : amountOf(money),
    holdMs: words.duration('hold') ?? 3_600_000,
  };
}

const assessmentOf = (words: Words): Assessment => ({
  actionKind: 'code.execute',
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
