/** Many requests at once over HTTP: nothing is oversubscribed, nothing is settled twice. */

import { Serving, type TenantClient } from './serving.js';

let serving: Serving;
let acme: TenantClient;

beforeEach(async () => {
  serving = await Serving.start();
  acme = await serving.tenant('acme');
});
afterEach(() => serving.stop());

const times = <T>(count: number, ask: (index: number) => Promise<T>): Promise<T[]> =>
  Promise.all(Array.from({ length: count }, (_, index) => ask(index)));

const countOf = (replies: readonly { status: number }[], status: number): number =>
  replies.filter((reply) => reply.status === status).length;

it('grants exactly 100 of 200 reserves of 1 against a budget of 100', async () => {
  await acme.budget('', 100);
  const replies = await times(200, () => acme.reserve(1));
  expect([countOf(replies, 200), countOf(replies, 409)]).toEqual([100, 100]);
  expect(await acme.balance()).toMatchObject({ reserved: 100, remaining: 0 });
});

it('never holds six levels in part', async () => {
  const levels = ['', '/workspace:w', '/app:a', '/workflow:f', '/agent:g', '/toolset:t'];
  const scopes = levels.map((_, depth) => levels.slice(0, depth + 1).join(''));
  for (const [depth, scope] of scopes.entries()) await acme.budget(scope, 100 - depth * 10);
  const subject = { tenant: 'acme', workspace: 'w', app: 'a', workflow: 'f', agent: 'g', toolset: 't' };
  const replies = await times(80, () => acme.reserve(1, { subject }));
  expect(countOf(replies, 200)).toBe(50);
  for (const scope of scopes) {
    expect(await acme.balance('TOKENS', `tenant:acme${scope}`)).toMatchObject({ reserved: 50 });
  }
});

it('lets one of 20 racing commits win', async () => {
  await acme.budget('', 100);
  const id = await acme.held(50);
  const replies = await times(20, (index) => acme.commit(id, index + 1));
  expect([countOf(replies, 200), countOf(replies, 409)]).toEqual([1, 19]);
  const charged = replies.find(({ status }) => status === 200)?.at('charged.amount');
  expect(await acme.balance()).toMatchObject({ spent: charged, reserved: 0 });
});

it('charges once for 20 equal commits, and answers all of them alike', async () => {
  await acme.budget('', 100);
  const id = await acme.held(50);
  const replies = await times(20, () => acme.commit(id, 30, { idempotency_key: 'one' }));
  expect(new Set(replies.map(({ status, text }) => `${status} ${text}`)).size).toBe(1);
  expect(await acme.balance()).toMatchObject({ spent: 30, reserved: 0 });
});

it('shows a client what it has just written, every time', async () => {
  await acme.budget('', 1_000);
  for (let done = 1; done <= 30; done++) {
    await acme.held(1);
    const shown = await acme.ask('GET', '/v1/balances?tenant=acme');
    expect(shown.at('balances.0.reserved.amount')).toBe(done);
  }
});
