/** The fold refuses events that contradict it, and the invariants catch a decider that is wrong. */

import { AssertionError } from '../../src/domain/assertions.js';
import type {
  Adjusted,
  BalanceAfter,
  BudgetCreated,
  BudgetFunded,
  BudgetUpdated,
  Committed,
  Corrected,
  Debited,
  Extended,
  LedgerEvent,
  Released,
  Reserved,
} from '../../src/domain/events.js';
import { evolve } from '../../src/domain/evolve.js';
import { assertInvariants } from '../../src/domain/invariants.js';
import { forkState, type TenantState } from '../../src/domain/state.js';
import { fold, type Happened, Ledger, START_MS } from './ledger.js';
import { perform } from './table.js';

/** The history of steps, and the state it folds to. */
function storyOf(...steps: string[]): { state: TenantState; history: readonly Happened[] } {
  const ledger = new Ledger();
  for (const step of ['open', ...steps]) perform(ledger, step);
  return { state: fold(ledger.history), history: ledger.history };
}

/** The latest event of a type in the history of steps, to be bent. */
function latest<E extends LedgerEvent>(type: E['type'], ...steps: string[]): E {
  const found = storyOf(...steps).history.findLast(({ event }) => event.type === type);
  if (found === undefined) throw new Error(`no ${type} in the story`);
  return found.event as E;
}

const HELD = ['budget acme 100', 'budget acme/app:a 50', 'reserve r 40 at=acme/app:a'];
const reserved = latest<Reserved>('Reserved', ...HELD);
const committed = latest<Committed>('Committed', ...HELD, 'commit r 30');
const released = latest<Released>('Released', ...HELD, 'release r');
const funded = latest<BudgetFunded>('BudgetFunded', 'budget acme 100', 'fund acme CREDIT 5');

const updated = latest<BudgetUpdated>('BudgetUpdated', 'budget acme 100', 'set acme limit=9');
const extended = latest<Extended>('Extended', ...HELD, 'extend r 30s');
const debited = latest<Debited>('Debited', ...HELD.slice(0, 2), 'debit d 30 at=acme/app:a');
const adjusted = latest<Adjusted>('Adjusted', 'budget acme 100', 'debit d 30', 'adjust d 30 5');
const corrected = latest<Corrected>('Corrected', 'budget acme 100', 'correct acme 90-20-0-0');

const bent = <E extends LedgerEvent>(event: E, change: Partial<E['data']>): LedgerEvent =>
  ({ ...event, data: { ...event.data, ...change } }) as LedgerEvent;

/** The balances of an event with a number of the first one changed. */
const withBalance = (balances: readonly BalanceAfter[], change: Partial<BalanceAfter>): BalanceAfter[] =>
  balances.map((balance, index) => (index === 0 ? { ...balance, ...change } : balance));

describe('The fold', () => {
  const contradictions: [name: string, given: string[], event: LedgerEvent][] = [
    ['a tenant that opens twice', [], latest('TenantOpened')],
    ['a suspension of a closed tenant', ['close'], latest('TenantSuspended', 'suspend')],
    ['a reactivation of a closed tenant', ['close'], latest('TenantReactivated', 'suspend', 'reactivate')],
    ['a second closing', ['close'], latest('TenantClosed', 'close')],
    ['a key issued twice', ['key h'], latest('ApiKeyIssued', 'key h')],
    ['a revocation of no key', [], latest('ApiKeyRevoked', 'key h', 'revoke h')],
    ['a second revocation', ['key h', 'revoke h'], latest('ApiKeyRevoked', 'key h', 'revoke h')],
    ['a budget created twice', ['budget acme 5'], latest('BudgetCreated', 'budget acme 5')],
    [
      'a budget without its balance',
      [],
      bent(latest<BudgetCreated>('BudgetCreated', 'budget acme 5'), { balances: [] }),
    ],
    ['a funding of no budget', [], funded],
    ['a funding from another balance', ['budget acme 99'], funded],
    [
      'a funding that moves what is held',
      ['budget acme 100'],
      bent(funded, { balances: withBalance(funded.data.balances, { reserved: 1n }) }),
    ],
    [
      'a funding that repays more than it says',
      ['budget acme 100'],
      bent(funded, { balances: withBalance(funded.data.balances, { debt: 1n }) }),
    ],
    ['a funding without its balance', ['budget acme 100'], bent(funded, { balances: [] })],
    ['a freezing of no budget', [], latest('BudgetFrozen', 'budget acme 5', 'freeze acme')],
    ['a thawing of no budget', [], latest('BudgetUnfrozen', 'budget acme 5', 'freeze acme', 'unfreeze acme')],
    [
      'a closing of a budget that holds',
      ['budget acme 5', 'reserve r 1'],
      { type: 'BudgetClosed', data: { scope: funded.data.scope, unit: 'USD_MICROCENTS', reason: 'idle' } },
    ],
    [
      'a new period of no budget',
      [],
      latest('BudgetRolledOver', 'template t acme/app:* 5 daily', 'reserve r 1 at=acme/app:a', 'wait 1d'),
    ],
    [
      'a new period after other spending',
      ['template t acme/app:* 5 daily', 'reserve r 1 at=acme/app:a', 'commit r 1'],
      latest('BudgetRolledOver', 'template t acme/app:* 5 daily', 'reserve r 1 at=acme/app:a', 'wait 1d'),
    ],
    [
      'a template defined twice',
      ['template t acme/app:* 5'],
      latest('BudgetTemplateDefined', 'template t acme/app:* 5'),
    ],
    [
      'a retired template that is none',
      [],
      latest('BudgetTemplateRetired', 'template t acme/app:* 5', 'retire t'),
    ],
    ['a reservation made twice', HELD, reserved],
    ['a hold on no budget', ['budget acme 100'], reserved],
    [
      'a hold that lacks a balance',
      HELD.slice(0, 2),
      bent(reserved, { balances: reserved.data.balances.slice(0, 1) }),
    ],
    [
      'a hold with balances of other scopes',
      HELD.slice(0, 2),
      bent(reserved, { balances: [...reserved.data.balances].reverse() }),
    ],
    [
      'a hold that moves less than its amount',
      HELD.slice(0, 2),
      bent(reserved, { balances: withBalance(reserved.data.balances, { reserved: 39n }) }),
    ],
    [
      'a hold that spends',
      HELD.slice(0, 2),
      bent(reserved, { balances: withBalance(reserved.data.balances, { spent: 1n }) }),
    ],
    ['a commit of no hold', HELD.slice(0, 2), committed],
    ['a second commit', [...HELD, 'commit r 30'], committed],
    ['a commit after a release', [...HELD, 'release r'], committed],
    ['a commit that charges other than it says', HELD, bent(committed, { charged: 29n })],
    ['a commit that lacks a balance', HELD, bent(committed, { balances: [] })],
    [
      'a commit that makes good',
      [...HELD.slice(0, 2), 'reserve c 100', 'commit c 120', 'fund acme CREDIT 5'],
      committed,
    ],
    ['a second release', [...HELD, 'release r'], released],
    [
      'a release that keeps a part',
      HELD,
      bent(released, { balances: withBalance(released.data.balances, { reserved: 1n }) }),
    ],
    [
      'a release that turns spending into debt',
      [...HELD, 'reserve s 5', 'commit s 5'],
      bent(released, { balances: withBalance(released.data.balances, { spent: 0n, debt: 5n }) }),
    ],
    ['an update of a closed tenant', ['close'], latest('TenantUpdated', 'tenant name=New')],
    ['an update of no key', [], latest('ApiKeyUpdated', 'key h', 'rekey h trusted')],
    [
      'an update of a revoked key',
      ['key h', 'revoke h'],
      latest('ApiKeyUpdated', 'key h', 'rekey h trusted'),
    ],
    ['an update of no budget', [], updated],
    ['an update without its balance', ['budget acme 100'], bent(updated, { balances: [] })],
    [
      'an update that moves an amount',
      ['budget acme 100'],
      bent(updated, { balances: withBalance(updated.data.balances, { spent: 1n }) }),
    ],
    [
      'a new period that carries what its policy does not',
      ['budget acme 100 from=2026-03-01 to=2026-03-02', 'debit d 30'],
      latest(
        'BudgetRolledOver',
        'budget acme 100 rollover=CARRY_FORWARD from=2026-03-01 to=2026-03-02',
        'debit d 30',
        'wait 14h',
      ),
    ],
    ['an extension of no hold', HELD.slice(0, 2), extended],
    ['an extension of a hold that has ended', [...HELD, 'release r'], extended],
    ['an extension from another expiry', HELD, bent(extended, { previousExpiresAtMs: START_MS })],
    ['an extension that shortens', HELD, bent(extended, { expiresAtMs: START_MS })],
    ['an extension out of its turn', HELD, bent(extended, { extension: 2 })],
    ['a charge of no budget', ['budget acme 100'], debited],
    ['a charge that lacks a balance', HELD, bent(debited, { balances: debited.data.balances.slice(0, 1) })],
    ['a charge other than it says', HELD.slice(0, 2), bent(debited, { charged: 29n })],
    [
      'a charge that becomes more debt than it is',
      HELD.slice(0, 2),
      bent(debited, { balances: withBalance(debited.data.balances, { debt: 31n, spent: -1n }) }),
    ],
    ['an adjustment of no budget', [], adjusted],
    ['an adjustment by other than it says', ['budget acme 100', 'debit d 30'], bent(adjusted, { delta: 4n })],
    ['a correction of no budget', [], corrected],
    ['a correction of other amounts', ['budget acme 99'], corrected],
    ['a correction without its balance', ['budget acme 100'], bent(corrected, { balances: [] })],
    [
      'a correction of what is held',
      ['budget acme 100'],
      bent(corrected, { balances: withBalance(corrected.data.balances, { reserved: 1n }) }),
    ],
    [
      'an allowed call without a place',
      [],
      bent(latest('Decided', 'budget acme 9RISK', 'call c 0'), { scopePath: null }),
    ],
  ];

  it.each(contradictions)('stops at %s', (_name, given, event) => {
    const { state } = storyOf(...given);
    expect(() => evolve(state, event, START_MS)).toThrow(AssertionError);
  });

  it('stops at an event whose type it does not know', () => {
    const unknown = { type: 'BudgetVanished', data: {} } as unknown as LedgerEvent;
    expect(() => evolve(storyOf().state, unknown, START_MS)).toThrow('unreachable');
  });

  it('remembers a bounded number of free calls, the latest ones', () => {
    const ledger = new Ledger();
    for (const step of ['open', 'budget acme 9RISK']) perform(ledger, step);
    for (let count = 1; count <= 1_005; count++) perform(ledger, `call c${count} 0`);
    const names = [...ledger.state.toolCalls.values()].map(({ toolCallId }) => toolCallId as string);
    expect(names).toHaveLength(1_000);
    expect(names).not.toContain('dec_c5');
    expect(names).toContain('dec_c6');
  });

  it('forgets a call when its outcome is known or its hold has ended', () => {
    expect(storyOf('budget acme 9RISK', 'call c 1').state.toolCalls.size).toBe(1);
    expect(storyOf('budget acme 9RISK', 'call c 1', 'outcome c failed').state.toolCalls.size).toBe(0);
    expect(storyOf('budget acme 9RISK', 'call c 1', 'wait 1h').state.toolCalls.size).toBe(0);
    expect(storyOf('budget acme 9RISK', 'call c 1', 'close').state.toolCalls.size).toBe(0);
  });
});

describe('The invariants', () => {
  /** Changes a fork as a wrong decider's events might, past the checks of the fold. */
  function changed(
    change: (fork: TenantState, budget: { key: never; value: Record<string, unknown> }) => void,
  ) {
    const { state } = storyOf(...HELD);
    const fork = forkState(state);
    const [entry] = fork.budgets.entries();
    if (entry === undefined) throw new Error('the budget is missing');
    change(fork, { key: entry[0] as never, value: { ...entry[1] } });
    return () => assertInvariants(state, fork, []);
  }

  const set = (fork: TenantState, key: never, value: Record<string, unknown>) =>
    fork.budgets.set(key, value as never);

  it.each(['allocated', 'spent', 'reserved', 'debt', 'overdraftLimit', 'uncovered'])(
    'fail when %s is negative',
    (name) => {
      expect(changed((fork, { key, value }) => set(fork, key, { ...value, [name]: -1n }))).toThrow(
        AssertionError,
      );
    },
  );

  it.each(['allocated', 'spent', 'debt', 'overdraftLimit', 'uncovered'])(
    'fail when %s leaves int64',
    (name) => {
      expect(changed((fork, { key, value }) => set(fork, key, { ...value, [name]: 2n ** 63n }))).toThrow(
        AssertionError,
      );
    },
  );

  it('fail when remaining leaves int64', () => {
    const deep = { spent: 2n ** 63n - 1n, debt: 2n ** 63n - 1n };
    expect(changed((fork, { key, value }) => set(fork, key, { ...value, ...deep }))).toThrow('remaining');
  });

  it('fail when reserved moves without a hold', () => {
    expect(changed((fork, { key, value }) => set(fork, key, { ...value, reserved: 41n }))).toThrow(
      'reserved',
    );
  });

  it('fail when a hold ends and a budget it names does not move', () => {
    const ended = changed((fork) => {
      for (const [id] of fork.reservations.entries()) fork.reservations.delete(id);
    });
    expect(ended).toThrow('moves every budget');
  });

  it('fail when a hold ends and only one of its two budgets moves', () => {
    const ended = changed((fork, { key, value }) => {
      for (const [id] of fork.reservations.entries()) fork.reservations.delete(id);
      set(fork, key, { ...value, reserved: 0n });
    });
    expect(ended).toThrow('moves every budget');
  });

  it('hold for what the decider does', () => {
    expect(changed(() => undefined)).not.toThrow();
  });
});
