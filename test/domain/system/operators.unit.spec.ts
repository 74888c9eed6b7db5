/** Deciding about operators, and folding what was decided. */

import type { OperatorId } from '../../../src/domain/ids.js';
import type { AddOperator, SystemCommand } from '../../../src/domain/system/system.commands.js';
import { decideSystem } from '../../../src/domain/system/system.decider.js';
import { isSystemRefusal } from '../../../src/domain/system/system.refusals.js';
import { evolveSystem, initialSystemState } from '../../../src/domain/system/system.state.js';

const ada = 'opr_ada' as OperatorId;
const adding: AddOperator = {
  type: 'AddOperator',
  operatorId: ada,
  name: 'ada',
  roles: ['viewer'],
  tenants: null,
  groups: [],
  password: { hash: 'first', oneTime: true },
};
const chosen = { hash: 'second', oneTime: false };

function signingIn(number: number, more: object = {}): SystemCommand {
  const session = {
    operatorId: ada,
    sessionId: `s${number}`,
    tokenHash: `t${number}`,
    expiresAtMs: 1_000_000,
  };
  return { type: 'SignIn', session, checkedHash: 'second', chosen: null, ...more };
}

/** A stream under way: what each command came to, and the state after it. */
function stream() {
  const state = initialSystemState();
  let atMs = 0;
  const run = (command: SystemCommand): string => {
    const decided = decideSystem(command, state);
    if (isSystemRefusal(decided)) return decided.code;
    for (const event of decided) evolveSystem(state, event, ++atMs);
    return decided.map(({ type }) => type).join(' ');
  };
  return { state, run };
}

/** A stream in which ada has chosen her password. */
function withAda() {
  const begun = stream();
  begun.run(adding);
  expect(begun.run(signingIn(0, { checkedHash: 'first', chosen }))).toBe('OperatorChanged OperatorSignedIn');
  return begun;
}

describe('an operator', () => {
  it.each([
    ['a name with a blank', { name: 'a b' }],
    ['a name in capitals', { name: 'Ada' }],
    ['no role', { roles: [] }],
    ['an empty list of tenants', { tenants: [] }],
    ['a malformed tenant', { tenants: ['Acme!'] }],
    ['a malformed group', { groups: ['a b'] }],
  ])('is not added with %s', (_what, wrong) => {
    expect(stream().run({ ...adding, ...wrong })).toBe('operator_invalid');
  });

  it('keeps the name for good', () => {
    const { run } = withAda();
    expect(run({ type: 'DisableOperator', operatorId: ada, reason: null })).toBe('OperatorDisabled');
    expect(run({ ...adding, operatorId: 'opr_other' as OperatorId })).toBe('operator_exists');
  });

  it('is disabled once, and changed no more', () => {
    const { run } = withAda();
    const disabling: SystemCommand = { type: 'DisableOperator', operatorId: ada, reason: null };
    run(disabling);
    expect(run(disabling)).toBe('');
    expect(run({ type: 'ChangeOperator', operatorId: ada, changes: { roles: ['admin'] } })).toBe(
      'operator_disabled',
    );
    expect(run(signingIn(1))).toBe('credentials_invalid');
  });

  it('is not found by another id', () => {
    const operatorId = 'opr_nobody' as OperatorId;
    expect(stream().run({ type: 'DisableOperator', operatorId, reason: null })).toBe('operator_not_found');
    expect(stream().run({ type: 'ChangeOperator', operatorId, changes: {} })).toBe('operator_not_found');
  });

  it('cannot be left without a role by a change', () => {
    const { run } = withAda();
    expect(run({ type: 'ChangeOperator', operatorId: ada, changes: { roles: [] } })).toBe('operator_invalid');
  });
});

describe('a sign-in', () => {
  it('with a one-time password needs another', () => {
    const { run } = stream();
    run(adding);
    expect(run(signingIn(1, { checkedHash: 'first' }))).toBe('password_used_up');
  });

  it('is refused when the password was changed while it was being checked', () => {
    const { run } = withAda();
    run({ type: 'ChangeOperator', operatorId: ada, changes: { password: { hash: 'third', oneTime: true } } });
    expect(run(signingIn(1))).toBe('credentials_invalid');
  });
});

describe('sessions', () => {
  it('end with a new password, with disabling, and one by one', () => {
    const { state, run } = withAda();
    run(signingIn(1));
    expect(run({ type: 'SignOut', operatorId: ada, sessionId: 's0' })).toBe('OperatorSignedOut');
    expect([...state.sessions.keys()]).toEqual(['t1']);
    expect(run({ type: 'SignOut', operatorId: ada, sessionId: 's0' })).toBe('');
    run({ type: 'ChangeOperator', operatorId: ada, changes: { roles: ['admin'] } });
    expect(state.sessions.size).toBe(1);
    run({ type: 'ChangeOperator', operatorId: ada, changes: { password: chosen } });
    expect(state.sessions.size).toBe(0);
    run(signingIn(2));
    run({ type: 'DisableOperator', operatorId: ada, reason: null });
    expect(state.sessions.size).toBe(0);
  });

  it('are at most sixteen a person, of which the oldest ends first', () => {
    const { state, run } = withAda();
    for (let number = 1; number <= 20; number++) run(signingIn(number));
    expect(state.sessions.size).toBe(16);
    expect([...state.sessions.keys()][0]).toBe('t5');
  });
});
