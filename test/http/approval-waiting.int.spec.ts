/** Waiting for people: on any node, by a thousand at once, and without the answer of who asked. */

import { answer, type Credentials, pendingOf, person } from './approvers.js';
import { Nodes } from './nodes.js';
import { type Reply, Serving, type TenantClient } from './serving.js';

/** Hashing passwords, and starting nodes, takes its time on a busy machine, in ms. */
const PATIENCE_MS = 120_000;
/** Times that anybody tries again where the server has too much to do at once. */
const ATTEMPTS_MAX = 20;
const KEY = { permissions: ['reservations:create'], fixed_subject: { app: 'ide' } };

/** A deploy: tier 4, so that somebody is asked. */
const submit = (client: TenantClient, session: string, more: object = {}): Promise<Reply> =>
  client.ask('POST', '/gate/tool-calls', {
    idempotency_key: client.nextKey(),
    harness: 'test',
    session_id: session,
    tool: { name: 'Shell', input: { command: 'npm publish' } },
    cwd: '/repo',
    ...more,
  });

describe('a call asked about on one node', () => {
  let nodes: Nodes;
  let acme: TenantClient;
  let ada: Credentials;
  beforeAll(async () => {
    nodes = await Nodes.start(2);
    acme = await nodes.at(0).tenant('acme', KEY);
    await acme.budget('', 10_000, { unit: 'RISK_POINTS' });
    ada = await person(nodes.at(0), 'ada');
  }, PATIENCE_MS);
  afterAll(() => nodes.stop());

  it('is answered on another, and whoever waits hears of it', async () => {
    const held = submit(acme, 'across', { wait_ms: 60_000 });
    const id = await pendingOf(nodes.at(1), 'across', ada);
    await answer(nodes.at(1), id, 'approve', ada);
    expect((await held).body).toMatchObject({ decision: 'ALLOW', approval: { approval_id: id } });
  });
});

describe('a call that waits', () => {
  let serving: Serving;
  let acme: TenantClient;
  let ada: Credentials;
  beforeAll(async () => {
    serving = await Serving.start();
    acme = await serving.tenant('acme', KEY);
    await acme.budget('', 1_000_000, { unit: 'RISK_POINTS' });
    ada = await person(serving, 'ada');
  }, PATIENCE_MS);
  afterAll(() => serving.stop());

  it('is not answered by the person whose key asked', async () => {
    const listed = await serving.asAdmin('GET', '/admin/operators');
    const [operator] = listed.at('operators') as { operator_id: string }[];
    const own = await serving.client('acme', { ...KEY, owner_operator_id: operator?.operator_id });
    const bob = await person(serving, 'bob');
    const id = String((await submit(own, 'own')).at('approval.approval_id'));
    expect((await answer(serving, id, 'approve', ada)).status).toBe(403);
    expect((await answer(serving, id, 'approve', bob)).at('status')).toBe('APPROVED');
  });

  it('shows who may answer it the call as it will run, and the agent nothing of that', async () => {
    const id = String((await submit(acme, 'shown')).at('approval.approval_id'));
    const shown = await serving.ask('GET', `/admin/approvals/${id}`, { headers: ada });
    expect(shown.body).toMatchObject({
      tool_call: { session_id: 'shown', tool: { input: { command: 'npm publish' } }, cwd: '/repo' },
      assessment: { tier: 4, effects: [expect.objectContaining({ tier: 4 })] },
    });
    const told = await acme.ask('GET', `/gate/approvals/${id}`);
    expect([told.at('tool_call'), told.at('assessment')]).toEqual([undefined, undefined]);
  });

  it('is told as a stream, which ends once people have answered', async () => {
    const id = String((await submit(acme, 'streamed')).at('approval.approval_id'));
    const response = await fetch(`${serving.server.url}/gate/approvals/${id}/events`, {
      headers: { 'x-cycles-api-key': acme.secret },
    });
    expect(response.headers.get('content-type')).toBe('text/event-stream; charset=utf-8');
    const told: string[] = [];
    for await (const part of response.body?.pipeThrough(new TextDecoderStream()) ?? []) {
      told.push(part);
      if (told.length === 1) await answer(serving, id, 'approve', ada);
    }
    const statuses = told.map((part) => /^event: approval\ndata: .*"status":"(\w+)".*\n\n$/.exec(part)?.[1]);
    expect(statuses).toEqual(['PENDING', 'APPROVED']);
  });

  it('is told as a stream that ends when its time is up, and to nobody else', async () => {
    const id = String((await submit(acme, 'short')).at('approval.approval_id'));
    const short = await acme.ask('GET', `/gate/approvals/${id}/events?wait_ms=50`);
    expect(short.text).toMatch(/^event: approval\ndata: .*"PENDING".*\n\n(: still waiting\n\n)+$/);
    const globex = await serving.tenant('globex', KEY);
    expect((await globex.ask('GET', `/gate/approvals/${id}/events`)).status).toBe(404);
    expect((await acme.ask('GET', `/gate/approvals/${id}/events?wait_ms=600001`)).status).toBe(400);
  });

  it(
    'hears of its answer, also where a thousand wait and are answered in the same instant',
    async () => {
      const keys = await Promise.all(Array.from({ length: 10 }, () => serving.client('acme', KEY)));
      const ids = await Promise.all(
        Array.from({ length: 1_000 }, async (_none, at) =>
          String((await submit(keys[at % 10] ?? acme, `crowd-${at}`)).at('approval.approval_id')),
        ),
      );
      const waiting = ids.map((id) => outcomeOf(acme, id));
      const isYes = (id: string): boolean => ids.indexOf(id) % 2 === 0;
      await Promise.all(ids.map((id) => answered(serving, id, isYes(id) ? 'approve' : 'reject', ada)));
      expect(await Promise.all(waiting)).toEqual(ids.map((id) => (isYes(id) ? 'APPROVED' : 'REJECTED')));
    },
    PATIENCE_MS,
  );
});

/** What a request hears that waits for an answer, as patiently as the one that gives it. */
async function outcomeOf(client: TenantClient, id: string): Promise<unknown> {
  for (let attempt = 0; attempt < ATTEMPTS_MAX; attempt++) {
    const told = await client.ask('GET', `/gate/approvals/${id}?wait_ms=100000`);
    if (told.status !== 503) return told.at('status');
  }
  throw new Error('nobody may wait');
}

/** Answers until that has been taken. */
async function answered(...asked: Parameters<typeof answer>): Promise<void> {
  for (let attempt = 0; attempt < ATTEMPTS_MAX; attempt++) {
    const { status } = await answer(...asked);
    // By the second time the first may have been taken all the same.
    if (status === 200 || (attempt > 0 && status === 409)) return;
    expect(status).toBe(503);
  }
  throw new Error('an answer is not taken');
}
