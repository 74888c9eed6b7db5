/** Any node serves any tenant: what one has answered binds the others, and what one refuses they all refuse. */

import { randomBytes } from 'node:crypto';
import { eventually } from '../event-store/eventually.js';
import { Nodes } from './nodes.js';
import type { Reply, Serving, TenantClient } from './serving.js';

let nodes: Nodes;
let here: Serving;
let there: Serving;
let count = 0;
beforeAll(async () => {
  nodes = await Nodes.start(2);
  [here, there] = [nodes.at(0), nodes.at(1)];
}, 60_000);
afterAll(() => nodes.stop());

/** A tenant of a test's own, made on one node, with a budget. */
async function tenant(): Promise<TenantClient> {
  count += 1;
  const client = await here.tenant(`tenant-${count}`);
  await client.budget('', 100);
  return client;
}

describe('a key that was issued on one node', () => {
  it('is known at once on another', async () => {
    const client = await tenant();
    expect((await client.at(there).reserve(1)).status).toBe(200);
  });

  it('is refused for every change on another as soon as it is revoked', async () => {
    const client = await tenant();
    const other = client.at(there);
    expect((await other.reserve(1)).status).toBe(200);
    await here.asAdmin('DELETE', `/v1/admin/api-keys/${client.keyId}`);
    expect((await other.reserve(1)).refused).toBe('401 UNAUTHORIZED');
    expect((await other.decide(1)).refused).toBe('401 UNAUTHORIZED');
  });

  it('is refused for reads within two seconds', async () => {
    const client = await tenant();
    const other = client.at(there);
    const read = () => other.ask('GET', `/v1/balances?tenant=${client.tenantId}`);
    expect((await read()).status).toBe(200);
    await here.asAdmin('DELETE', `/v1/admin/api-keys/${client.keyId}`);
    await eventually(async () => expect((await read()).status).toBe(401));
  });
});

describe('a node that loses its place in the log', () => {
  it.each([
    ['is dropped', () => nodes.double.reads.killSubscriptions()],
    ['brings what is not understood', () => nodes.double.reads.garbleSubscriptions()],
  ])('shows what another writes, and stays ready, when its subscription %s', async (_how, lose) => {
    const client = await tenant();
    await eventually(async () => expect((await there.ask('GET', '/health/ready')).status).toBe(200));
    lose();
    expect((await there.ask('GET', '/health/ready')).status).toBe(200);
    await client.held(7);
    await eventually(async () => {
      const balances = await client.at(there).ask('GET', `/v1/balances?tenant=${client.tenantId}`);
      expect(balances.at('balances.0.reserved.amount')).toBe(7);
    });
  });

  it('says in its log that it has lost its subscription, and that it has it again', async () => {
    const lines: string[] = [];
    const log = { write: (line: string) => lines.push(line) };
    await nodes.join({ COUNTERSIGN_LOG_LEVEL: 'warn' }, { logTo: log });
    const told = () => lines.filter((line) => line.includes('the subscription to the event store is'));
    await eventually(() => expect(nodes.double.reads.subscriptionCount).toBe(nodes.all.length));
    nodes.double.reads.killSubscriptions();
    await eventually(() => expect(told()).toHaveLength(2));
    expect(told()[0]).toContain('is lost: ');
    expect(told()[1]).toContain('is back');
  });
});

describe('a flood of keys that nobody knows', () => {
  it('reads the log a few times only', async () => {
    const before = nodes.double.reads.count;
    const began = performance.now();
    const ask = async (): Promise<number> => {
      const secret = `cyc_live_${randomBytes(24).toString('hex').slice(0, 32)}`;
      const asked = { 'x-cycles-api-key': secret };
      return (await there.ask('GET', '/v1/balances?tenant=x', { headers: asked })).status;
    };
    const answers = await Promise.all(Array.from({ length: 300 }, ask));
    expect(new Set(answers)).toEqual(new Set([401]));
    // One look a tenth of a second, each the head and the pages that follow it, beside what else is going on.
    const looks = 2 + (performance.now() - began) / 100;
    expect(nodes.double.reads.count - before).toBeLessThan(20 + 6 * looks);
  });
});

describe('a tenant that is closed on one node', () => {
  it('changes nothing any more on another', async () => {
    const client = await tenant();
    const other = client.at(there);
    const held = await other.held(1);
    await here.asAdmin('PATCH', `/v1/admin/tenants/${client.tenantId}`, { status: 'CLOSED' });
    expect((await other.reserve(1)).status).not.toBe(200);
    expect((await other.commit(held, 1)).status).not.toBe(200);
  });
});

describe('a hold', () => {
  it('made on one node is settled on another, and only once', async () => {
    const client = await tenant();
    const held = await client.held(10);
    expect((await client.at(there).commit(held, 7)).status).toBe(200);
    const again = { idempotency_key: 'another' };
    expect((await client.commit(held, 7, again)).refused).toBe('409 RESERVATION_FINALIZED');
    await eventually(async () => expect((await client.balance())['spent']).toBe(7));
    await eventually(async () => expect((await client.at(there).balance())['spent']).toBe(7));
  });

  it('asked for again on another node is the same hold', async () => {
    const client = await tenant();
    const proposal = client.proposal(10);
    const send = (at: TenantClient): Promise<Reply> => at.ask('POST', '/v1/reservations', proposal);
    const first = await send(client);
    const second = await send(client.at(there));
    expect(second.at('reservation_id')).toBe(first.at('reservation_id'));
    const other = { ...proposal, estimate: { unit: 'TOKENS', amount: 11 } };
    expect((await client.at(there).ask('POST', '/v1/reservations', other)).refused).toBe(
      '409 IDEMPOTENCY_MISMATCH',
    );
  });

  it('is never more than the budget, however many nodes are asked at once', async () => {
    const client = await tenant();
    const asked = Array.from({ length: 60 }, (_, i) =>
      (i % 2 === 0 ? client : client.at(there)).ask('POST', '/v1/reservations', {
        ...client.proposal(5),
        idempotency_key: `race-${i}`,
      }),
    );
    const answers = await Promise.all(asked);
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(20);
  });
});

describe('what an operator registers on one node', () => {
  it('decides the very next tool call on another', async () => {
    const client = await tenant();
    await client.budget('', 1_000, { unit: 'RISK_POINTS' });
    const submit = (command: string): Promise<Reply> =>
      client.at(there).ask('POST', '/gate/tool-calls', {
        idempotency_key: client.nextKey(),
        harness: 'test',
        session_id: 's',
        subject: { app: 'ide' },
        tool: { name: 'Shell', input: { command } },
        cwd: '/repo',
      });
    expect((await submit('acmectl reset')).at('decision')).toBe('ALLOW');
    const rule = { program: { name: 'acmectl', words: ['reset'] }, tier: 4, radius: 'system' };
    const about = { tenant_id: client.tenantId, name: 'shops', reason: 'It resets every shop.' };
    expect((await here.asAdmin('POST', '/admin/risk-rules', { ...about, ...rule })).status).toBe(201);
    expect((await submit('acmectl reset')).at('reason_code')).toBe('RADIUS_REFUSED');
  });

  it('decides the very next request on another', async () => {
    const client = await tenant();
    const other = client.at(there);
    expect((await other.reserve(1)).status).toBe(200);
    const policy = { tenant_id: client.tenantId, scope_pattern: `tenant:${client.tenantId}`, name: 'none' };
    const denies = { denied_action_kinds: ['llm.completion'] };
    expect((await here.asAdmin('POST', '/admin/policies', { ...policy, ...denies })).status).toBe(201);
    expect((await other.reserve(1)).refused).toMatch(/^40[39] /);
  });
});

describe('a person', () => {
  const signIn = async (node: Serving, name: string, password: string, chosen?: string): Promise<Reply> =>
    node.ask('POST', '/auth/sign-in', { body: { name, password, ...(chosen && { new_password: chosen }) } });
  const added = async (name: string, roles: readonly string[]) => {
    const answer = await here.asAdmin('POST', '/admin/operators', { name, roles });
    expect(answer.status).toBe(201);
    return { id: String(answer.at('operator_id')), password: String(answer.at('one_time_password')) };
  };
  const bearer = (reply: Reply) => ({ authorization: `Bearer ${String(reply.at('token'))}` });

  it('who was added on one node signs in on another, and the session is good on both', async () => {
    const { password } = await added('mara', ['auditor']);
    const session = await signIn(there, 'mara', password, 'a password of my own');
    expect(session.status).toBe(200);
    expect((await here.ask('GET', '/auth/me', { headers: bearer(session) })).at('name')).toBe('mara');
    expect((await there.ask('GET', '/auth/me', { headers: bearer(session) })).status).toBe(200);
  });

  it('who is disabled on one node changes nothing any more on another', async () => {
    const { id, password } = await added('nora', ['admin']);
    const headers = bearer(await signIn(there, 'nora', password, 'a password of my own'));
    const open = (tenantId: string) =>
      there.ask('POST', '/v1/admin/tenants', { headers, body: { tenant_id: tenantId, name: tenantId } });
    expect((await open('nora-1')).status).toBe(201);
    await here.asAdmin('DELETE', `/admin/operators/${id}`);
    expect((await open('nora-2')).status).toBe(401);
  });

  it('who signs out on one node is signed out on the other', async () => {
    const { password } = await added('olga', ['viewer']);
    const headers = bearer(await signIn(here, 'olga', password, 'a password of my own'));
    expect((await there.ask('GET', '/auth/me', { headers })).status).toBe(200);
    expect((await here.ask('POST', '/auth/sign-out', { headers })).status).toBe(204);
    expect((await there.ask('POST', '/auth/sign-out', { headers })).status).toBe(401);
    await eventually(async () => expect((await there.ask('GET', '/auth/me', { headers })).status).toBe(401));
  });
});

describe('a node that joins', () => {
  it('serves what was there before it', async () => {
    const client = await tenant();
    const held = await client.held(3);
    const joined = await nodes.join();
    expect((await client.at(joined).commit(held, 3)).status).toBe(200);
  });
});
