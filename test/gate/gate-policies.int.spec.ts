/** What policies say at the gate: caps, denials explained, authority that narrows, and tenants that only observe. */

import { createPublicKey, randomUUID, verify } from 'node:crypto';
import { GateServer, type Reply, shell, submission, TENANT } from './gate-server.js';

let server: GateServer;
let key: string;

beforeAll(async () => {
  server = await GateServer.start();
  await server.sessions('ide', 20);
  key = await server.key();
});
afterAll(() => server.remove());
afterEach(async () => {
  await tenant({ observe_mode: 'ENFORCE' });
  const listed = await server.admin('GET', `/admin/policies?tenant_id=${TENANT}`);
  for (const { policy_id: id } of listed.body['policies'] as { policy_id: string }[]) {
    await server.admin('DELETE', `/admin/policies/${id}`);
  }
});

const tenant = (changes: object) => server.admin('PATCH', `/v1/admin/tenants/${TENANT}`, changes);
const policy = async (rules: object): Promise<string> => {
  const asked = { tenant_id: TENANT, name: 'gate', scope_pattern: `tenant:${TENANT}/*`, ...rules };
  return String((await server.admin('POST', '/admin/policies', asked)).body['policy_id']);
};
const kindOf = ({ body }: Reply): string => (body['assessment'] as { action_kind: string }).action_kind;
const session = (): { session_id: string } => ({ session_id: randomUUID() });
const outcome = (id: unknown, status = 'succeeded'): Promise<Reply> =>
  server.post(key, `/gate/tool-calls/${String(id)}/outcome`, { status });

describe('the gate', () => {
  it('gives the caps of the policy with what it allows', async () => {
    await policy({ caps: { max_steps_remaining: 3 } });
    const { body } = await server.submit(key, session());
    expect(body).toMatchObject({ decision: 'ALLOW_WITH_CAPS', caps: { max_steps_remaining: 3 } });
    expect(body['message']).toMatch(/^Allowed/);
  });

  it('explains a denial, on the wire and in the record alike', async () => {
    const kind = kindOf(await server.submit(key, session()));
    const policyId = await policy({ denied_action_kinds: [kind] });
    const asked = session();
    const { body } = await server.submit(key, asked);
    const detail = {
      reason_code: 'ACTION_KIND_DENIED',
      blocked_by_policy: policyId,
      suggested_fix: `Remove '${kind}' from denied_action_kinds in policy '${policyId}'.`,
    };
    expect(body).toMatchObject({ decision: 'DENY', reason_code: 'ACTION_KIND_DENIED', deny_detail: detail });
    const [record] = await server.actions(asked.session_id);
    expect(record).toMatchObject({ decided: { deny_detail: detail, policy_id: policyId } });
  });

  it('counts the calls of a session as those of a run', async () => {
    const kind = kindOf(await server.submit(key, session()));
    await policy({ action_quotas: [{ action_kind: kind, max_calls: 1, window: 'per_run' }] });
    const asked = session();
    expect((await server.submit(key, asked)).body['decision']).toBe('ALLOW');
    const { body } = await server.submit(key, asked);
    expect(body).toMatchObject({
      decision: 'DENY',
      reason_code: 'ACTION_QUOTA_EXCEEDED',
      deny_detail: {
        quota_violation: { window: 'per_run', window_key: asked.session_id, used: 1, limit: 1 },
      },
    });
    expect((await server.submit(key, session())).body['decision']).toBe('ALLOW');
  });

  it('takes an MCP tool for the kind that the tenant declared for its name, and for that alone', async () => {
    const declare = (changes: object) =>
      server.admin('POST', '/admin/action-kinds', {
        tenant_id: TENANT,
        kind: 'custom.acme.refund',
        risk_class: 'high_risk',
        mcp_tool_prefixes: ['acme_refund'],
        ...changes,
      });
    expect((await declare({})).status).toBe(201);
    await policy({ denied_action_kinds: ['custom.acme.refund'] });
    const refund = (name: string, server: string | null = 'billing') => ({
      ...session(),
      tool: { name, server, input: { order: '7' } },
    });
    const decide = async (asked: object) => (await server.submit(key, asked)).body['reason_code'];
    expect(await decide(refund('acme_refund_order'))).toBe('ACTION_KIND_DENIED');
    expect(await decide(refund('Acme_Refund_Order'))).toBe('ACTION_KIND_DENIED');
    expect(await decide(refund('acme_order'))).not.toBe('ACTION_KIND_DENIED');
    expect(await decide(refund('acme_refund_order', null))).not.toBe('ACTION_KIND_DENIED');
    await declare({ deprecated: true, replacement_kind: 'payment.refund' });
    expect(await decide(refund('acme_refund_order'))).not.toBe('ACTION_KIND_DENIED');
  });

  it('narrows what a session may do as its risk points are used up', async () => {
    const asked = session();
    const first = await server.submit(key, asked);
    const riskClass = (first.body['assessment'] as { risk_class: string }).risk_class;
    await policy({
      degradation: [
        { used_percent: 25, caps: { max_steps_remaining: 1 } },
        { used_percent: 50, refused_risk_classes: [riskClass] },
      ],
    });
    const second = await server.submit(key, asked);
    expect(second.body).toMatchObject({ decision: 'ALLOW_WITH_CAPS', caps: { max_steps_remaining: 1 } });
    const third = await server.submit(key, asked);
    expect(third.body).toMatchObject({ decision: 'DENY', reason_code: 'ACTION_KIND_DENIED' });
  });
});

describe('a tenant that only observes', () => {
  beforeEach(async () => {
    await tenant({ observe_mode: 'OBSERVE' });
  });

  it('lets through what it would deny, signed as allowed, and says what it would have decided', async () => {
    const nonce = randomUUID();
    const tool = shell('railway volume delete --yes');
    const { status, body } = await server.submit(key, { ...session(), tool, nonce });
    expect(status).toBe(200);
    expect(body).toMatchObject({
      decision: 'ALLOW',
      reservations: [],
      message: expect.stringMatching(/only observes.*denied/),
      observed: { decision: 'DENY', reason_code: expect.any(String), message: expect.any(String) },
    });
    for (const field of ['reason_code', 'deny_detail', 'caps']) expect(body).not.toHaveProperty(field);
    const observed = body['observed'] as { reason_code: string; deny_detail: { reason_code: string } };
    expect(observed.deny_detail.reason_code).toBe(observed.reason_code);
    expect(await isSigned(body, nonce, 'ALLOW')).toBe(true);
    expect(await isSigned(body, nonce, 'DENY')).toBe(false);
  });

  it('answers the same again to the same call', async () => {
    const call = submission({ tool: shell('railway volume delete --yes') });
    const first = await server.post(key, '/gate/tool-calls', call);
    const again = await server.post(key, '/gate/tool-calls', call);
    expect(again.body['tool_call_id']).toBe(first.body['tool_call_id']);
    expect(again.body['observed']).toEqual(first.body['observed']);
  });

  it('holds nothing, and takes the outcome of what it let through', async () => {
    const asked = { ...session(), tool: shell('railway volume delete --yes') };
    const { body } = await server.submit(key, asked);
    expect((await outcome(body['tool_call_id'])).status).toBe(200);
    const [record] = await server.actions(asked.session_id);
    expect(record).toMatchObject({
      decided: { decision: 'DENY', observed: true },
      outcome: { status: 'succeeded' },
    });
    await tenant({ observe_mode: 'ENFORCE' });
    const after = await server.submit(key, { session_id: asked.session_id });
    expect(after.body['session']).toMatchObject({ allocated: 20, remaining: 15 });
  });

  it('says that it would have allowed what it would have', async () => {
    const { body } = await server.submit(key, session());
    expect(body).toMatchObject({
      decision: 'ALLOW',
      reservations: [],
      message: expect.stringMatching(/would have been allowed/),
      observed: { decision: 'ALLOW' },
    });
  });
});

/** Whether an answer's signature is over a decision. */
async function isSigned(body: Reply['body'], nonce: string, decision: string): Promise<boolean> {
  const jwks = await fetch(`${server.url}/v1/.well-known/cycles-jwks.json`);
  const { keys } = (await jwks.json()) as { keys: { x: string }[] };
  const publicKey = createPublicKey({
    key: { kty: 'OKP', crv: 'Ed25519', x: keys[0]?.x ?? '' },
    format: 'jwk',
  });
  const text = `${nonce}\n${String(body['action_hash'])}\n${decision}\n${String(body['signed_at_ms'])}`;
  return verify(null, Buffer.from(text), publicKey, Buffer.from(String(body['signature']), 'base64url'));
}
