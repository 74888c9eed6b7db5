/** What a refused request leaves behind, and how the same refusal is told from another. */

import { decide, recordOfRefusal, refusalFingerprint } from '../../src/domain/decider.js';
import type { Decided } from '../../src/domain/events.js';
import type { Refusal } from '../../src/domain/refusals.js';
import type { Request } from '../../src/domain/ruling.js';
import { Ledger, originOf } from './ledger.js';
import { parseStep } from './script.js';
import { perform } from './table.js';

interface Refused {
  readonly request: Request;
  readonly refusal: Refusal;
  readonly record: Decided | null;
}

/** Decides the last step after the others and answers its refusal with the record of it. */
function refused(given: readonly string[], when: string): Refused {
  const ledger = new Ledger();
  for (const step of given) perform(ledger, step);
  const step = parseStep(when);
  if (step.kind !== 'command') throw new Error('a wait is never refused');
  const prior = { answer: null, reservation: null, toolCall: null };
  const request = { command: step.command, origin: originOf(step.asked), nowMs: ledger.nowMs, prior };
  const ruling = decide(request, ledger.state);
  if (ruling.kind !== 'refused') throw new Error(`${when} was not refused`);
  return { request, refusal: ruling.refusal, record: recordOfRefusal(request, ruling.refusal, ledger.state) };
}

describe('The record of a refusal', () => {
  it('says what was asked, why not, and on which balances', () => {
    const { record } = refused(
      ['open', 'budget acme 10', 'budget acme/app:a 99'],
      'reserve r 40 at=acme/app:a',
    );
    expect(record?.data).toMatchObject({
      decisionId: 'dec_r',
      operation: 'reserve',
      decision: 'DENY',
      answered: false,
      reasonCode: 'BUDGET_EXCEEDED',
      message: '40 USD_MICROCENTS asked for, 10 remaining at tenant:acme.',
      estimate: { unit: 'USD_MICROCENTS', amount: 40n },
      reservationId: null,
      scopePath: 'tenant:acme/app:a',
      affectedScopes: ['tenant:acme', 'tenant:acme/app:a'],
      details: { scope: 'tenant:acme', requested: 40n, remaining: 10n },
      repeats: 1,
      gate: null,
    });
    expect(record?.data.balances.map(({ scope, allocated }) => [scope, allocated])).toEqual([
      ['tenant:acme', 10n],
      ['tenant:acme/app:a', 99n],
    ]);
  });

  it('shows the subject with the levels that the key fixes', () => {
    const given = ['open', 'budget acme/app:ide 10', 'key h fixes=app:ide'];
    const { record } = refused(given, 'by h reserve r 40');
    expect(record?.data).toMatchObject({ subject: { app: 'ide' }, scopePath: 'tenant:acme/app:ide' });
    expect(record?.data.balances).toHaveLength(1);
  });

  it('shows a tool call with its session, its toolset and its arguments', () => {
    const { record } = refused(['open'], 'call c 5 app=none session=S7');
    expect(record?.data).toMatchObject({
      operation: 'tool_call',
      decisionId: 'dec_c',
      scopePath: 'tenant:acme/workflow:s7/toolset:shell',
      gate: { sessionId: 'S7', tool: { input: { command: 'c' } }, assessment: { riskPoints: 5 }, holds: [] },
    });
  });

  it.each([
    ['fund acme CREDIT 9RISK', { operation: 'fund', decisionId: 'dec_fund', reasonCode: 'OPERATOR_ONLY' }],
    [
      'budget acme 9RISK',
      { operation: 'create_budget', decisionId: 'dec_budget', reasonCode: 'OPERATOR_ONLY' },
    ],
  ])('shows a key that asked for points of its own: %s', (when, expected) => {
    const { record } = refused(['open', 'budget acme 5RISK', 'key w can=budgets:write'], `by w ${when}`);
    expect(record?.data).toMatchObject({
      ...expected,
      answered: false,
      subject: null,
      estimate: { unit: 'RISK_POINTS', amount: 9n },
      scopePath: 'tenant:acme',
      affectedScopes: ['tenant:acme'],
      balances: [{ scope: 'tenant:acme', unit: 'RISK_POINTS', allocated: 5n }],
    });
  });

  it.each([
    ['a key without the permission', 'by h fund acme/App:A CREDIT 9', 'FORBIDDEN', 'tenant:acme/app:a'],
    ['a key outside its filter', 'by b budget acme 9', 'FORBIDDEN', 'tenant:acme'],
    ['a scope of another tenant', 'by b fund other CREDIT 9', 'INVALID_REQUEST', null],
    ['an operator', 'fund acme/app:a CREDIT 9', 'BUDGET_NOT_FOUND', 'tenant:acme/app:a'],
  ])('is made of a budget refused to %s', (_who, when, reasonCode, scopePath) => {
    const given = ['open', 'key h', 'key b can=budgets:write filter=app:ide'];
    const { record } = refused(given, when);
    expect(record?.data).toMatchObject({ reasonCode, scopePath, estimate: { amount: 9n }, balances: [] });
  });

  it.each([
    ['commit', 'commit r 40', { operation: 'commit', reservationId: 'rsv_r', estimate: { amount: 40n } }],
    ['release', 'release r', { operation: 'release', reservationId: 'rsv_r', estimate: null }],
    ['outcome', 'outcome c failed', { operation: 'outcome', reservationId: null }],
  ])('names the operation of a refused %s', (_name, when, expected) => {
    expect(refused(['open'], when).record?.data).toMatchObject(expected);
  });

  it.each([
    ['an unknown key', ['open'], 'by nobody reserve r 1'],
    ['a revoked key', ['open', 'key h', 'revoke h'], 'by h reserve r 1'],
    ['an unknown tenant', [], 'reserve r 1'],
  ])('is not made for %s: that is no part of a tenant’s ledger', (_name, given, when) => {
    expect(refused(given, when).record).toBeNull();
  });
});

describe('The fingerprint of a refusal', () => {
  const of = (when: string, given: readonly string[] = ['open', 'key h', 'key i']): string => {
    const { request, refusal } = refused(given, when);
    return refusalFingerprint(request, refusal);
  };

  it('is the same for the same attempt, whatever ids and key it carries', () => {
    expect(of('by h reserve a 5 #k1')).toBe(of('by h reserve b 5 #k2'));
    expect(of('call a 5 app=none')).toBe(of('call a 7 app=none'));
  });

  it.each([
    ['amount', 'by h reserve a 5', 'by h reserve a 6'],
    ['key', 'by h reserve a 5', 'by i reserve a 5'],
    ['subject', 'by h reserve a 5', 'by h reserve a 5 at=acme/app:b'],
    ['reservation', 'release a', 'release b'],
    ['operation', 'release a', 'commit a 1'],
    ['budget', 'by h fund acme CREDIT 5', 'by h fund acme/app:a CREDIT 5'],
    ['session', 'call a 5 app=none session=s1', 'call a 5 app=none session=s2'],
    ['tool call', 'call a 5 app=none', 'call b 5 app=none'],
  ])('differs for another %s', (_what, one, other) => {
    expect(of(one)).not.toBe(of(other));
  });

  it('differs for another reason', () => {
    const short = ['open', 'key h', 'key i', 'budget acme 1'];
    expect(of('by h reserve a 5')).not.toBe(of('by h reserve a 5', short));
  });
});
