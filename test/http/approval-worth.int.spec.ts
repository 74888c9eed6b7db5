/** What a yes is worth: of people who could still give it, for the money that they were shown, and theirs to withdraw. */

import { answer, type Credentials, person } from './approvers.js';
import { type Reply, Serving, type TenantClient } from './serving.js';

/** Hashing passwords takes its time on a busy machine, in ms. */
const PATIENCE_MS = 60_000;

let serving: Serving;
let acme: TenantClient;
let sessions = 0;

beforeAll(async () => {
  serving = await Serving.start();
  acme = await serving.tenant('acme', { permissions: ['reservations:create'] });
  await acme.budget('', 100_000, { unit: 'RISK_POINTS' });
  await acme.budget('', 1_000, { unit: 'USD_MICROCENTS' });
}, PATIENCE_MS);
afterAll(() => serving.stop());

const newSession = (): string => {
  sessions += 1;
  return `worth-${sessions}`;
};

/** A deploy: tier 4, so that somebody is asked. */
const submit = (session: string, more: object = {}): Promise<Reply> =>
  acme.ask('POST', '/gate/tool-calls', {
    idempotency_key: acme.nextKey(),
    harness: 'test',
    session_id: session,
    subject: { app: 'ide' },
    tool: { name: 'Shell', input: { command: 'npm publish' } },
    cwd: '/repo',
    ...more,
  });
const idIn = (reply: Reply): string => String(reply.at('approval.approval_id'));
const money = (amount: number) => ({ estimate: { unit: 'USD_MICROCENTS', amount } });

async function operatorIdOf(name: string): Promise<string> {
  const listed = await serving.asAdmin('GET', '/admin/operators');
  const operators = listed.at('operators') as { operator_id: string; name: string }[];
  return operators.find((each) => each.name === name)?.operator_id ?? '';
}

describe('a yes', () => {
  let ben: Credentials;
  beforeAll(async () => {
    ben = await person(serving, 'ben', { groups: ['ops'] });
  }, PATIENCE_MS);

  const changes: readonly [
    what: string,
    name: string,
    method: 'PATCH' | 'DELETE',
    body: object | undefined,
  ][] = [
    ['is disabled', 'ada', 'DELETE', undefined],
    ['is no approver any more', 'cleo', 'PATCH', { roles: ['viewer'] }],
    ['has another tenant now', 'dora', 'PATCH', { tenants: ['globex'] }],
  ];
  it.each(changes)(
    'of a person who %s when the call runs does not count: another is asked',
    async (_what, name, method, body) => {
      const voter = await person(serving, name);
      const session = newSession();
      const id = idIn(await submit(session));
      expect((await answer(serving, id, 'approve', voter)).at('status')).toBe('APPROVED');
      const changed = await serving.asAdmin(method, `/admin/operators/${await operatorIdOf(name)}`, body);
      expect(changed.status).toBe(200);
      const again = await submit(session);
      expect(again.at('decision')).toBe('PENDING');
      expect(idIn(again)).not.toBe(id);
      await answer(serving, idIn(again), 'approve', ben);
      expect((await submit(session)).at('decision')).toBe('ALLOW');
    },
    PATIENCE_MS,
  );

  it('is for the money that was shown: the same call with more is another question', async () => {
    const session = newSession();
    const id = idIn(await submit(session, money(40)));
    const shown = await serving.ask('GET', `/admin/approvals/${id}`, { headers: ben });
    expect(shown.at('estimate')).toEqual({ unit: 'USD_MICROCENTS', amount: 40 });
    await answer(serving, id, 'approve', ben);
    const dearer = await submit(session, money(41));
    expect(dearer.at('decision')).toBe('PENDING');
    await answer(serving, idIn(dearer), 'approve', ben);
    expect((await submit(session, money(41))).at('decision')).toBe('ALLOW');
  });
});

describe('a question', () => {
  const hidden = (length: number) => ({
    tool: { name: 'Shell', input: { command: `echo ${'a'.repeat(length)}; npm publish` } },
  });

  it(
    'shows the end of a call, too, and is not put where the call is too long for that',
    async () => {
      const gus = await person(serving, 'gus');
      const id = idIn(await submit(newSession(), hidden(50_000)));
      const shown = await serving.ask('GET', `/admin/approvals/${id}`, { headers: gus });
      expect(shown.at('tool_call.input_truncated')).toBe(false);
      expect(String(shown.at('tool_call.tool.input.command'))).toMatch(/a; npm publish$/);
      const denied = await submit(newSession(), hidden(70_000));
      expect(denied.body).toMatchObject({ decision: 'DENY', reason_code: 'APPROVAL_UNAVAILABLE' });
    },
    PATIENCE_MS,
  );

  it(
    'is withdrawn by a person whom it is put to, and by nobody of another group',
    async () => {
      const [eva, fay] = [
        await person(serving, 'eva', { groups: ['dba'] }),
        await person(serving, 'fay', { groups: ['web'] }),
      ];
      const rule = { name: 'dba', when: { min_tier: 4 }, group: 'dba' };
      const policy = { tenant_id: 'acme', name: 'dba', scope_pattern: 'tenant:acme/app:db/*' };
      const made = await serving.asAdmin('POST', '/admin/policies', { ...policy, approval_rules: [rule] });
      expect(made.status).toBe(201);
      const id = idIn(await submit(newSession(), { subject: { app: 'db' } }));
      const withdraw = (who: Credentials) =>
        serving.ask('POST', `/admin/approvals/${id}/cancel`, { body: {}, headers: who });
      expect((await withdraw(fay)).refused).toBe('403 INSUFFICIENT_PERMISSIONS');
      expect((await withdraw(eva)).at('status')).toBe('CANCELLED');
    },
    PATIENCE_MS,
  );
});
