/** What a draft would have decided differently, over generated histories. */

import { createEventCodec } from '../../src/adapters/event-codec/codec.js';
import type { ApprovalRule } from '../../src/domain/approval.events.js';
import type { Assessment } from '../../src/domain/assessment.js';
import type { OperatorId, PolicyId, TenantId } from '../../src/domain/ids.js';
import type { PolicyRules } from '../../src/domain/policy.events.js';
import type { Assessor } from '../../src/ports/assessor.port.js';
import type { Draft } from '../../src/replay/what-if/draft.js';
import { type Difference, type Totals, whatIf } from '../../src/replay/what-if/what-if.js';
import { outcomeOf, toolCall } from '../projections/gate-calls.js';
import { createBudget, issueKey, keyActor, openTenant, START_MS, TestLedger } from '../projections/ledger.js';
import { randomLedger } from '../projections/random-ledger.js';

const RULES: PolicyRules = {
  name: 'draft',
  description: null,
  scopePattern: 'tenant:acme',
  priority: 0,
  caps: null,
  overagePolicy: null,
  ttl: null,
  rateLimits: null,
  actionQuotas: [],
  riskClassQuotas: [],
  allowedKinds: [],
  deniedKinds: [],
  requiredLevels: [],
  degradation: [],
  status: 'ACTIVE',
  effectiveFromMs: null,
  effectiveUntilMs: null,
};
/** Allows a kind that nobody asks for. */
const DENY_ALL: PolicyRules = { ...RULES, allowedKinds: ['payment.refund'] };
const ASK_ABOUT_WRITES: ApprovalRule = {
  name: 'writes',
  when: {
    tierMin: 3,
    pointsMin: null,
    riskClasses: [],
    actionKinds: [],
    tools: [],
    environments: [],
    budgetExceeded: false,
  },
  missingPointsMax: 0,
  group: null,
  quorum: 1,
  answerWithinMs: null,
  useWithinMs: null,
  passkey: false,
  links: false,
  escalation: null,
};
const PEOPLE = [{ operatorId: 'opr_ada' as OperatorId, groups: [] }];

/** Scores everything as it stands in the registry's first tool, else as it was recorded: 20 points. */
const assessor: Pick<Assessor, 'assess'> = {
  assess: async (proposal, registry) => {
    const [tool] = registry.tools.values();
    const assessment: Assessment = {
      actionKind: 'db.write',
      riskClass: 'external_side_effect',
      tier: 3,
      riskPoints: tool?.points ?? 20,
      effects: [],
      factors: [],
      radius: 'object',
      opaque: false,
      selfProtection: false,
      engineVersion: '1',
    };
    const { input } = proposal.tool;
    return { assessment, input, inputTruncated: false, whole: null, toolset: null, requiresApproval: false };
  },
};

interface Result {
  readonly differences: Difference[];
  readonly totals: Totals;
}

async function tried(ledger: TestLedger, draft: Draft, more: object = {}): Promise<Result> {
  const source = { reader: ledger, codec: createEventCodec() };
  const request = {
    tenantId: 'acme' as TenantId,
    fromMs: 0,
    untilMs: Infinity,
    draft,
    approvers: PEOPLE,
    ...more,
  };
  const differences: Difference[] = [];
  for await (const step of whatIf(source, request, assessor)) {
    if (step.kind === 'difference') differences.push(step);
    if (step.kind === 'refused') throw new Error(step.refusal.message);
    if (step.kind === 'total') return { differences, totals: step.totals };
  }
  throw new Error('no total');
}

/** Requests that were allowed before they ran; what is charged afterwards has run whatever is decided. */
function recordedIn(ledger: TestLedger, fromMs = 0) {
  const codec = createEventCodec();
  const events = ledger.stored
    .filter(({ stream }) => stream === 'tenant-acme')
    .map((stored) => codec.decode(stored))
    .filter(({ metadata }) => Date.parse(metadata.occurredAt) >= fromMs);
  const allowed = events.filter(
    (event) =>
      (event.type === 'Reserved' && event.data.toolCallId === null) ||
      (event.type === 'Decided' && event.data.gate !== null && event.data.decision.startsWith('ALLOW')),
  );
  return { events, allowed };
}

/** A history with a policy in it, in force from the beginning. */
const policed = (seed: number, rules: PolicyRules): TestLedger =>
  randomLedger(seed, 250, (ledger) => {
    ledger.run('acme', { type: 'CreatePolicy', policyId: 'pol_1' as PolicyId, rules });
  });

describe('a draft', () => {
  it('that says what is in force already changes nothing, and all that is recorded comes about again', async () => {
    for (let seed = 1; seed <= 12; seed++) {
      const rules = { ...RULES, deniedKinds: seed % 2 === 0 ? ['db.write'] : [] };
      const ledger = policed(seed, rules);
      const middle = ledger.stored[Math.floor(ledger.stored.length / 2)]?.metadata ?? '{}';
      const fromMs =
        seed % 3 === 0 ? Date.parse((JSON.parse(middle) as { occurredAt: string }).occurredAt) : 0;
      const { differences, totals } = await tried(
        ledger,
        { policies: [rules] },
        fromMs === 0 ? {} : { fromMs },
      );
      expect(differences).toEqual([]);
      expect(totals).toMatchObject({ different: 0, notReproduced: 0 });
      expect(totals.decisions).toBeGreaterThan(20);
    }
  });

  it('that denies everything turns every allowed request over, and none that was refused', async () => {
    for (let seed = 1; seed <= 6; seed++) {
      const ledger = policed(seed, RULES);
      const fromMs = START_MS + 1;
      const { allowed } = recordedIn(ledger, fromMs);
      const { differences, totals } = await tried(
        ledger,
        { policies: [{ ...DENY_ALL, name: 'other', priority: 9 }] },
        { fromMs },
      );
      const turned = differences.filter(({ before }) => before.decision.startsWith('ALLOW'));
      expect(turned.map(({ event }) => event.id)).toEqual(
        expect.arrayContaining(allowed.map(({ id }) => id)),
      );
      expect(totals.refusedThatRan).toBe(allowed.length);
      // What it refuses leaves room for charges that were too much.
      const roomier = differences.filter(
        ({ before, after }) => before.decision === 'DENY' && after.decision === 'ALLOW',
      );
      expect(roomier.map(({ event }) => event.type === 'Decided' && event.data.operation)).toEqual(
        roomier.map(() => 'debit'),
      );
      expect(new Set(turned.map(({ after }) => after.reasonCode))).toEqual(
        new Set(['ACTION_KIND_NOT_ALLOWED']),
      );
    }
  });

  it('leaves the ledger as it was', async () => {
    const ledger = policed(3, RULES);
    const before = JSON.stringify(ledger.stored);
    await tried(ledger, { policies: [DENY_ALL] });
    expect(JSON.stringify(ledger.stored)).toBe(before);
  });
});

describe('over tool calls of one session', () => {
  let ledger: TestLedger;
  const call = (points: number, sessionId = 's1') => {
    ledger.nowMs += 1_000;
    const submitted = toolCall(ledger, { sessionId, points });
    ledger.run('acme', submitted, { actor: keyActor('key_1') });
    return submitted.toolCallId;
  };
  const template = {
    scopePattern: 'tenant:acme/**/workflow:*',
    unit: 'RISK_POINTS',
    overdraftLimit: 0n,
    rolloverPolicy: 'NONE',
    period: null,
  } as const;

  beforeEach(() => {
    ledger = new TestLedger();
    ledger.run('acme', openTenant('acme'));
    ledger.run('acme', issueKey('key_1', 'aa'));
    ledger.run('acme', createBudget('tenant:acme', 1_000n, { unit: 'RISK_POINTS' }));
    ledger.run('acme', {
      type: 'DefineBudgetTemplate',
      templateId: 'tpl_1' as never,
      dailyTemplateId: 'tpl_2' as never,
      ...template,
      allocated: 100n,
    });
  });

  const draftTotals = async (draft: Draft) => (await tried(ledger, draft, { fromMs: START_MS + 1 })).totals;

  it('a smaller session budget refuses what it is too small for, and no more', async () => {
    for (let nth = 0; nth < 5; nth++) call(20);
    call(20);
    const smaller = await tried(
      ledger,
      { templates: [{ ...template, allocated: 50n }] },
      { fromMs: START_MS + 1 },
    );
    expect(smaller.differences.map(({ before, after }) => `${before.decision} ${after.decision}`)).toEqual(
      Array(3).fill('ALLOW DENY'),
    );
    expect(await draftTotals({ templates: [{ ...template, allocated: 120n }] })).toMatchObject({
      different: 1,
      allowedThatWereRefused: 1,
    });
  });

  it('what a draft refuses leaves its authority to what comes after it', async () => {
    const kept = { ...RULES, deniedKinds: ['db.write'], effectiveUntilMs: START_MS + 1_500 };
    call(60);
    call(60);
    const { differences } = await tried(ledger, { policies: [kept] }, { fromMs: START_MS + 1 });
    expect(differences.map(({ before, after }) => `${before.decision} ${after.decision}`)).toEqual([
      'ALLOW DENY',
      'DENY ALLOW',
    ]);
  });

  it('an approval rule asks, and what nobody was asked about does not run', async () => {
    const id = call(20);
    ledger.run('acme', outcomeOf(ledger, id), { actor: keyActor('key_1') });
    call(20);
    const approvalRules = [ASK_ABOUT_WRITES];
    expect(await draftTotals({ policies: [{ ...RULES, approvalRules }] })).toMatchObject({
      different: 2,
      asked: 2,
    });
    const nobody = await tried(
      ledger,
      { policies: [{ ...RULES, approvalRules }] },
      { fromMs: START_MS + 1, approvers: [] },
    );
    expect(nobody.differences.map(({ after }) => after.reasonCode)).toEqual(
      Array(2).fill('APPROVAL_UNAVAILABLE'),
    );
  });

  it('questions that were put and answered come about again, and go unasked where no rule asks', async () => {
    const rules = { ...RULES, approvalRules: [ASK_ABOUT_WRITES] };
    ledger.run('acme', { type: 'CreatePolicy', policyId: 'pol_1' as PolicyId, rules });
    const asked = () => {
      ledger.nowMs += 1_000;
      const submitted = { ...toolCall(ledger, { sessionId: 's1', points: 20 }), approvers: PEOPLE };
      ledger.run('acme', submitted, { actor: keyActor('key_1') });
      return submitted;
    };
    const answer = (toolCallId: string, word: 'approve' | 'reject') => {
      ledger.nowMs += 1_000;
      const approvalId = `apr_${toolCallId.slice('dec_'.length)}` as never;
      const [person] = PEOPLE;
      if (person === undefined) throw new Error('nobody can answer');
      const given = { approvalId, answer: word, person, channel: 'api', note: null, passkey: null } as const;
      const actor = { type: 'operator', operatorId: person.operatorId } as const;
      expect(ledger.run('acme', { type: 'AnswerApproval', ...given }, { actor })).toBe('accepted');
    };
    answer(asked().toolCallId, 'approve');
    const ran = asked();
    ledger.run('acme', outcomeOf(ledger, ran.toolCallId), { actor: keyActor('key_1') });
    answer(asked().toolCallId, 'reject');
    asked();
    const recorded = ledger.stored.map((each) => createEventCodec().decode(each));
    expect(recorded.flatMap((event) => (event.type === 'Decided' ? [event.data.decision] : []))).toEqual([
      'PENDING',
      'ALLOW',
      'PENDING',
      'DENY',
    ]);
    const unchanged = await tried(ledger, { policies: [rules] }, { fromMs: START_MS + 1 });
    expect(unchanged.totals).toMatchObject({ decisions: 4, different: 0, notReproduced: 0 });
    const unasked = await tried(ledger, { policies: [RULES] }, { fromMs: START_MS + 1 });
    expect(unasked.differences.map(({ before, after }) => `${before.decision} ${after.decision}`)).toEqual([
      'PENDING ALLOW',
      'PENDING ALLOW',
      'DENY ALLOW',
    ]);
    expect(unasked.totals).toMatchObject({ noLongerAsked: 2, allowedThatWereRefused: 1 });
  });

  it('counters that are reset under a policy need not be there under another', async () => {
    const quota = { actionKind: 'db.write', hosts: [], recipientDomains: [], resourceTypes: [] };
    const window = {
      maxCalls: 2,
      window: 'per_day_tumbling',
      runTtlMs: 3_600_000,
      thresholdBp: 8_000,
    } as const;
    const rules = { ...RULES, actionQuotas: [{ ...quota, ...window }] };
    ledger.run('acme', { type: 'CreatePolicy', policyId: 'pol_1' as PolicyId, rules });
    for (let nth = 0; nth < 3; nth++) call(5);
    const [name] = [...ledger.state('acme').counters.values()];
    if (name === undefined) throw new Error('no counter');
    const { scope, counted, windowKey } = name;
    const reset = { scope, counted, window: window.window, windowKey, reason: null };
    expect(ledger.run('acme', { type: 'ResetQuotaCounter', ...reset })).toBe('accepted');
    call(5);
    const unchanged = await tried(ledger, { policies: [rules] }, { fromMs: START_MS + 1 });
    expect(unchanged.totals).toMatchObject({ decisions: 4, different: 0, notReproduced: 0 });
    expect(await draftTotals({ policies: [RULES] })).toMatchObject({
      different: 1,
      allowedThatWereRefused: 1,
    });
  });

  it('a tool that is registered as dearer is scored anew, where what is recorded of it can be', async () => {
    call(20);
    call(20);
    call(7);
    const tool = {
      name: 'Shell',
      server: null,
      toolset: null,
      description: null,
      actionKind: null,
      tier: null,
      points: 90,
      profile: { audience: 2, sensitivity: 2, regulation: 2, reputation: 2 },
      argumentHints: {},
      requiresApproval: false,
    } as const;
    const { differences, totals } = await tried(ledger, { tools: [tool] }, { fromMs: START_MS + 1 });
    expect(differences.map(({ scored }) => [scored?.before.riskPoints, scored?.after.riskPoints])).toEqual([
      [20, 90],
    ]);
    expect(totals).toMatchObject({ decisions: 3, different: 1, refusedThatRan: 1, notReread: 1 });
  });
});
