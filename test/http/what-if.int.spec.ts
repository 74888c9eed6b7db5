/** Drafts tried on a ledger's past over HTTP: what comes back line by line, and what is turned away. */

import type { TestLedger } from '../projections/ledger.js';
import { randomLedger } from '../projections/random-ledger.js';
import { serveLedger } from './past-ledger.js';
import type { Reply, Serving } from './serving.js';

const SPRING = { from: '2026-01-01T00:00:00Z', to: '2026-06-01T00:00:00Z' };
const POLICY = { name: 'draft', scope_pattern: 'tenant:acme', priority: 9 };
let serving: Serving;
let ledger: TestLedger;

beforeAll(async () => {
  let seed = 1;
  do {
    ledger = randomLedger(seed, 400);
    seed += 1;
  } while (ledger.state('acme').tenant?.status === 'CLOSED');
  serving = await serveLedger(ledger);
});
afterAll(() => serving.stop());

const tried = (draft: object): Promise<Reply> =>
  serving.asAdmin('POST', '/audit/what-if', { tenant_id: 'acme', ...SPRING, ...draft });

type Line = Readonly<Record<string, Record<string, unknown> | undefined>>;
const linesOf = ({ text }: Reply): Line[] =>
  text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Line);

describe('a what-if', () => {
  it('changes nothing under a policy that says nothing', async () => {
    const answer = await tried({ policies: [POLICY] });
    expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'application/x-ndjson']);
    const last = linesOf(answer).at(-1);
    expect(last).toMatchObject({ complete: true, total: { different: 0, not_reproduced: 0 } });
    expect(last?.['total']?.['decisions']).toBeGreaterThan(50);
  });

  it('explains each decision that would have been another, and writes nothing', async () => {
    const state = await serving.asAdmin('GET', '/audit/tenants/acme/state');
    const answer = await tried({ policies: [{ ...POLICY, denied_action_kinds: ['db.write'] }] });
    const differences = linesOf(answer).flatMap(({ difference }) => (difference ? [difference] : []));
    expect(differences.length).toBeGreaterThan(3);
    const refused = differences.filter(({ action }) => JSON.stringify(action).includes('db.write'));
    expect(refused[0]).toMatchObject({
      action_id: expect.stringMatching(/^dec_/),
      operation: 'tool_call',
      tool: 'Shell',
      tier: 3,
      after: { decision: 'DENY', reason_code: 'ACTION_KIND_DENIED', policy_id: 'pol_draft_0' },
    });
    const total = linesOf(answer).at(-1)?.['total'];
    expect(total?.['different']).toBe(differences.length);
    const after = await serving.asAdmin('GET', '/audit/tenants/acme/state');
    expect(after.at('ledger')).toEqual(state.at('ledger'));
    const policies = await serving.asAdmin('GET', '/admin/policies?tenant_id=acme');
    expect(policies.at('policies')).toEqual([]);
  });

  it('scores calls anew under a tool that is registered otherwise', async () => {
    const answer = await tried({ tools: [{ tenant_id: 'acme', name: 'Shell', points: 400 }] });
    const last = linesOf(answer).at(-1);
    expect(last).toMatchObject({ complete: true });
    const { decisions, not_reread: notReread } = last?.['total'] ?? {};
    expect(decisions).toBeGreaterThan(0);
    // What is recorded in this ledger was never assessed, so that no call leads to its recorded score.
    expect(notReread).toBeGreaterThan(0);
  });

  it.each([
    ['policies', {}],
    ['from', { from: SPRING.to, to: SPRING.from, policies: [POLICY] }],
    ['to', { to: undefined, policies: [POLICY] }],
    ['from', { from: 'yesterday', policies: [POLICY] }],
    ['tenant_id', { tenant_id: 'Not one', policies: [POLICY] }],
    ['scope_pattern', { policies: [{ ...POLICY, scope_pattern: 'tenant:other' }] }],
    ['policies.0.colour', { policies: [{ ...POLICY, colour: 'red' }] }],
    ['tools.0.tenant_id', { tools: [{ tenant_id: 'beta', name: 'Shell' }] }],
    [
      'budget_templates.0.allocated.unit',
      {
        budget_templates: [
          {
            tenant_id: 'acme',
            scope_pattern: 'tenant:acme/workflow:*',
            unit: 'TOKENS',
            allocated: { unit: 'CREDITS', amount: 1 },
          },
        ],
      },
    ],
  ])('is turned away where %s is no good', async (field, draft) => {
    const answer = await tried(draft);
    expect(answer.refused).toBe('400 INVALID_REQUEST');
    expect(answer.at('details.field')).toBe(field);
  });

  it('is about a tenant that exists', async () => {
    expect((await tried({ tenant_id: 'nobody', policies: [POLICY] })).status).toBe(404);
  });
});
