/** Approvals, whatever anybody does in whatever order: nothing runs without enough people, twice, or too late. */

import fc from 'fast-check';
import type { ApprovalRequested, LedgerEvent } from '../../src/domain/events.js';
import { deserializeState, serializeState } from '../../src/domain/state-codec.js';
import { type Happened, Ledger } from './ledger.js';
import { parseStep } from './script.js';

const RUN = { numRuns: 300, seed: 20261123 };

const PEOPLE = ['ada', 'ben', 'cid'];
const person = fc.constantFrom(...PEOPLE);
/** One of the approvals that are open by then. */
const open = fc.nat({ max: 5 }).map((nth) => `OPEN${nth}`);
const told = 'people=ada,ben,cid';

/** Calls that are few enough to meet each other again: three commands in two sessions, at two prices. */
const call = fc
  .tuple(fc.nat({ max: 2 }), fc.nat({ max: 1 }), fc.constantFrom(20, 120))
  .map(([like, session, points]) => `call NAME ${points} tier=4 like=${like} session=s${session} ${told}`);
const step = fc.oneof(
  { weight: 5, arbitrary: call },
  { weight: 4, arbitrary: fc.tuple(person, open).map(([who, id]) => `as ${who} approve ${id}`) },
  { weight: 1, arbitrary: fc.tuple(person, open).map(([who, id]) => `as ${who} reject ${id}`) },
  { weight: 1, arbitrary: open.map((id) => `as ada cancel ${id}`) },
  { weight: 2, arbitrary: fc.constantFrom('wait 1m', 'wait 4m', 'wait 11m') },
  {
    weight: 1,
    arbitrary: fc.constantFrom('fund acme/app:ide DEBIT 30RISK', 'fund acme/app:ide CREDIT 60RISK'),
  },
);
const rule = fc.record({ quorum: fc.integer({ min: 1, max: 3 }), missing: fc.constantFrom(0, 50, 200) });
const story = fc.tuple(rule, fc.array(step, { minLength: 15, maxLength: 40, size: 'max' }));

/** The name of the call whose question is the nth of those that are open. */
function nameOfOpen(nth: number, { state }: Ledger): string {
  const ids = [...state.approvals.values()].map(({ approvalId }) => approvalId.slice('apr_'.length));
  return ids[nth % Math.max(ids.length, 1)] ?? 'none';
}

/** Plays a story; each call has a name of its own. */
function played([{ quorum, missing }, steps]: [{ quorum: number; missing: number }, string[]]): Ledger {
  const ledger = new Ledger('queue');
  const asks = `tier:4,quorum:${quorum},missing:${missing},answer:10m,use:5m`;
  const before = ['open', 'budget acme/app:ide 300RISK', `policy p acme asks=${asks}`];
  let calls = 0;
  for (const text of [...before, ...steps]) {
    const name = `c${calls}`;
    if (text.startsWith('call')) calls += 1;
    const meant = text.replace(/OPEN(\d)/, (_word, nth: string) => nameOfOpen(Number(nth), ledger));
    const parsed = parseStep(meant.replace('NAME', name));
    if (parsed.kind === 'wait') ledger.wait(parsed.durationMs);
    else ledger.execute(parsed.command, parsed.asked);
  }
  return ledger;
}

/** Plays one step. @returns what was decided last */
function play(ledger: Ledger, text: string) {
  const parsed = parseStep(text);
  if (parsed.kind === 'command') ledger.execute(parsed.command, parsed.asked);
  return ledger.history.map(({ event }) => event).findLast((event) => event.type === 'Decided')?.data;
}

type Type = LedgerEvent['type'];
const ENDS: readonly Type[] = [
  'ApprovalRejected',
  'ApprovalExpired',
  'ApprovalCancelled',
  'ApprovalConsumed',
];

/** What the events say of one approval, without any help of the fold. */
function lifeOf(requested: ApprovalRequested['data'], history: readonly Happened[]) {
  const own = history.filter(
    ({ event: { data } }) => 'approvalId' in data && data.approvalId === requested.approvalId,
  );
  const granted = own.flatMap(({ event, atMs }) =>
    event.type === 'ApprovalGranted' ? [{ ...event.data, atMs }] : [],
  );
  return {
    granted,
    people: new Set(granted.map(({ operatorId }) => operatorId)),
    ends: own.filter(({ event }) => ENDS.includes(event.type)),
    consumed: own.find(({ event }) => event.type === 'ApprovalConsumed'),
  };
}

const requestsIn = (history: readonly Happened[]) =>
  history.flatMap(({ event, atMs }) =>
    event.type === 'ApprovalRequested' ? [{ requested: event.data, atMs }] : [],
  );

it('ends every question at most once, and runs nothing without as many people as are needed, or too late', () => {
  fc.assert(
    fc.property(story, (told) => {
      const { history } = played(told);
      for (const { requested, atMs } of requestsIn(history)) {
        const { granted, people, ends, consumed } = lifeOf(requested, history);
        expect(ends.length).toBeLessThanOrEqual(1);
        expect(people.size).toBe(granted.length);
        for (const vote of granted) expect(vote.atMs - atMs).toBeLessThan(600_000);
        if (consumed === undefined) continue;
        expect(people.size).toBe(requested.terms.quorum);
        expect(consumed.atMs - (granted.at(-1)?.atMs ?? Number.NaN)).toBeLessThan(300_000);
      }
    }),
    RUN,
  );
});

it('lets a call of tier 4 run on an approval of exactly that call, and on each once', () => {
  fc.assert(
    fc.property(story, (told) => {
      const { history } = played(told);
      const used: string[] = [];
      for (const { event } of history) {
        if (event.type !== 'Decided' || event.data.decision !== 'ALLOW') continue;
        const approvalId = event.data.approval?.approvalId;
        const asked = requestsIn(history).find(({ requested }) => requested.approvalId === approvalId);
        expect(asked?.requested.actionHash).toBe(event.data.gate?.actionHash);
        expect(asked?.requested.scopePath).toBe(event.data.scopePath);
        used.push(String(approvalId));
      }
      expect(new Set(used).size).toBe(used.length);
    }),
    RUN,
  );
});

it('adds no more points than were shown, and in the name of who approved', () => {
  fc.assert(
    fc.property(story, (told) => {
      const { history } = played(told);
      for (const { event } of history) {
        if (event.type !== 'BudgetFunded' || event.data.grant === undefined) continue;
        const { grant, scope, amount } = event.data;
        const asked = requestsIn(history).find(({ requested }) => requested.approvalId === grant.approvalId);
        const shown = asked?.requested.shortfalls.find((each) => each.scope === scope)?.amount ?? 0n;
        expect(amount <= shown).toBe(true);
        expect(PEOPLE.map((name) => `opr_${name}`)).toContain(grant.operatorId);
      }
    }),
    RUN,
  );
});

it('keeps at most three questions of a session open, and a rejected call rejected', () => {
  fc.assert(
    fc.property(story, (told) => {
      const { history, state } = played(told);
      const pending = new Map<string, number>();
      for (const { status, sessionScope } of state.approvals.values()) {
        if (status === 'PENDING') pending.set(sessionScope, (pending.get(sessionScope) ?? 0) + 1);
      }
      for (const count of pending.values()) expect(count).toBeLessThanOrEqual(3);
      const rejected = new Set<string>();
      for (const { event } of history) {
        if (event.type === 'ApprovalRequested') {
          expect(rejected.has(`${event.data.scopePath} ${event.data.actionHash}`)).toBe(false);
        }
        if (event.type !== 'ApprovalRejected') continue;
        const asked = requestsIn(history).find(
          ({ requested }) => requested.approvalId === event.data.approvalId,
        );
        rejected.add(`${asked?.requested.scopePath} ${asked?.requested.actionHash}`);
      }
    }),
    RUN,
  );
});

it('lets no key ask about more than a hundred calls at once, however many sessions it names', () => {
  const ledger = new Ledger();
  const steps = ['open', 'budget acme/app:ide 100RISK', 'key k', 'key l'];
  const ask = (key: string, nth: number) =>
    `by ${key} call ${key}${nth} 50 tier=4 session=s${nth} people=ada`;
  for (let nth = 0; nth < 100; nth++) steps.push(ask('k', nth));
  for (const text of steps) play(ledger, text);
  expect(play(ledger, ask('k', 100))).toMatchObject({ reasonCode: 'APPROVAL_LIMIT' });
  expect(play(ledger, ask('l', 100))).toMatchObject({ decision: 'PENDING' });
  play(ledger, 'as ada reject k7');
  expect(play(ledger, ask('k', 101))).toMatchObject({ decision: 'PENDING' });
});

it('uses no approval by whom an earlier moment knew as approvers', () => {
  const ledger = new Ledger();
  for (const text of ['open', 'budget acme/app:ide 100RISK']) play(ledger, text);
  const submit = (name: string, knowsPeople: boolean) => {
    const parsed = parseStep(`call ${name} 50 tier=4 people=ada like=c`);
    if (parsed.kind !== 'command' || parsed.command.type !== 'SubmitToolCall') throw new Error('no call');
    const { registry, kinds } = ledger.state;
    const assessedBy = { registry, kinds, knowsPeople };
    return ledger.execute({ ...parsed.command, assessedBy }, parsed.asked);
  };
  // Without any approval it does not matter.
  expect(submit('c', false).kind).toBe('accepted');
  play(ledger, 'as ada approve c');
  expect(submit('d', false)).toMatchObject({ kind: 'refused', refusal: { code: 'registry_changed' } });
  expect(ledger.state.approvals.isEmpty).toBe(false);
  expect(submit('e', true).kind).toBe('accepted');
  expect(ledger.state.approvals.isEmpty).toBe(true);
});

it('tells stories in which calls run on approvals, lapse, are rejected and are topped up', () => {
  const seen = new Set<string>();
  for (const told of fc.sample(story, RUN))
    for (const { event } of played(told).history) seen.add(event.type);
  const wanted: Type[] = [
    'ApprovalConsumed',
    'ApprovalExpired',
    'ApprovalRejected',
    'BudgetFunded',
    'Reserved',
  ];
  expect(wanted.filter((type) => !seen.has(type))).toEqual([]);
});

it('is the same after a snapshot', () => {
  fc.assert(
    fc.property(story, (told) => {
      const { state } = played(told);
      const text = serializeState(state);
      expect(serializeState(deserializeState(text))).toBe(text);
    }),
    { ...RUN, numRuns: 50 },
  );
});
