/** What is no tool, rule, environment or kind, field by field: refused by name, and nothing is made of it. */

import { placesIn, WRONG, withAt } from './nonsense.js';
import { Serving } from './serving.js';

let serving: Serving;
beforeAll(async () => {
  serving = await Serving.start();
  await serving.tenant('acme');
});
afterAll(() => serving.stop());

interface Registered {
  readonly what: string;
  readonly path: string;
  /** The member of its list. */
  readonly list: string;
  readonly body: Readonly<Record<string, unknown>>;
}

const REGISTERED: readonly Registered[] = [
  {
    what: 'A tool',
    path: '/admin/tools',
    list: 'tools',
    body: {
      tenant_id: 'acme',
      name: 'refund_*',
      server: 'billing',
      toolset: 'payments',
      description: 'gives money back',
      action_kind: 'payment.refund',
      points: 30,
      profile: { audience: 1, sensitivity: 1.5, regulation: 2, reputation: 3 },
      argument_hints: [{ argument: 'statement', is: 'sql' }],
      requires_approval: true,
    },
  },
  {
    what: 'A rule for a program',
    path: '/admin/risk-rules',
    list: 'rules',
    body: {
      tenant_id: 'acme',
      name: 'shops',
      program: { name: 'acmectl', words: ['reset'], flags: ['--all'] },
      tier: 4,
      radius: 'system',
      action_kind: 'payment.refund',
      reason: 'It resets every shop.',
      lowers: false,
    },
  },
  {
    what: 'A rule for a request',
    path: '/admin/risk-rules',
    list: 'rules',
    body: {
      tenant_id: 'acme',
      name: 'shipping',
      request: { host: 'api.acme.example', method: 'POST', path: '/ship', operation: 'ship*' },
      points: 80,
      reason: 'It ships goods.',
    },
  },
  {
    what: 'An environment',
    path: '/admin/environments',
    list: 'environments',
    body: { tenant_id: 'acme', kind: 'host', value: '*.staging.acme.example', environment: 'staging' },
  },
  {
    what: 'A custom kind',
    path: '/admin/action-kinds',
    list: 'kinds',
    body: {
      tenant_id: 'acme',
      kind: 'custom.acme.invoice.post',
      risk_class: 'external_side_effect',
      description: 'posts an invoice',
      mcp_tool_prefixes: ['post_invoice'],
      deprecated: true,
      replacement_kind: 'payment.charge',
    },
  },
];

/** What one place or another takes, although most do not. */
const TAKEN: Readonly<Record<string, readonly unknown[]>> = {
  description: [''],
  requires_approval: [true],
  lowers: [true],
  deprecated: [true],
};

/** An empty list or object says nothing: that is right where one is wanted. */
const isTaken = (path: readonly string[], held: unknown, wrong: unknown): boolean => {
  const isEmpty = typeof held === 'object' && ['[]', '{}'].includes(JSON.stringify(wrong));
  return isEmpty || (TAKEN[path.join('.')] ?? []).includes(wrong);
};

const heldAt = (body: unknown, path: readonly string[]): unknown =>
  path.reduce((held, key) => (held as Record<string, unknown>)[key], body);

describe.each(REGISTERED)('$what', ({ path, list, body }) => {
  const listed = async (): Promise<unknown> =>
    (await serving.asAdmin('GET', `${path}?tenant_id=acme`)).at(list);

  it.each(placesIn(body).map((place) => [place.join('.'), place] as const))(
    'with nonsense for %s is refused by that name',
    async (_name, place) => {
      const before = await listed();
      for (const wrong of WRONG) {
        if (isTaken(place, heldAt(body, place), wrong)) continue;
        const told = await serving.asAdmin('POST', path, withAt(body, place, wrong) as object);
        expect([wrong, String(told.status)]).toEqual([wrong, expect.stringMatching(/^4/)]);
        if (place[0] === 'tenant_id') continue;
        const field = String(told.at('details.field'));
        expect([wrong, told.refused]).toEqual([wrong, '400 INVALID_REQUEST']);
        expect([wrong, field]).toEqual([wrong, expect.stringContaining(place[0] ?? '')]);
      }
      expect(await listed()).toEqual(before);
    },
  );

  it('with a field that it has not, or without one that it needs, is refused by its name', async () => {
    const odd = await serving.asAdmin('POST', path, { ...body, oddity: 1 });
    expect([odd.refused, odd.at('details.field')]).toEqual(['400 INVALID_REQUEST', 'oddity']);
    const { name: _name, kind: _kind, ...less } = body;
    const short = await serving.asAdmin('POST', path, less);
    expect(['name', 'kind']).toContain(short.at('details.field'));
  });

  it('as it should be is made', async () => {
    expect([200, 201]).toContain((await serving.asAdmin('POST', path, body)).status);
  });
});
