/** The event stream over HTTP: in the protocol's shape, with every filter, for a tenant's key and for operators. */

import { isProtocolThere, Protocol } from './protocol.js';
import { type Reply, Serving, type TenantClient } from './serving.js';

let serving: Serving;
let acme: TenantClient;

beforeAll(async () => {
  serving = await Serving.start();
  acme = await serving.tenant('acme', { permissions: ['reservations:create', 'events:read'] });
  await acme.budget('', 1_000);
  await acme.budget('/app:ide', 100, {
    overdraft_limit: { unit: 'TOKENS', amount: 50 },
    commit_overage_policy: 'ALLOW_WITH_OVERDRAFT',
  });
  await acme.held(85, { subject: { tenant: 'acme', app: 'ide' } });
  await acme.ask('POST', '/v1/reservations', acme.proposal(50, { subject: { tenant: 'acme', app: 'ide' } }));
  await acme.ask('POST', '/v1/events', {
    ...acme.proposal(0),
    estimate: undefined,
    subject: { tenant: 'acme', app: 'ide' },
    actual: { unit: 'TOKENS', amount: 40 },
    overage_policy: 'ALLOW_WITH_OVERDRAFT',
  });
  await serving.asAdmin('POST', '/v1/admin/policies', {
    tenant_id: 'acme',
    name: 'mail',
    scope_pattern: 'tenant:acme/app:mail',
    action_quotas: [{ action_kind: 'message.email.send', max_calls: 1, window: 'per_day_tumbling' }],
  });
  const mail = {
    subject: { tenant: 'acme', app: 'mail' },
    action: { kind: 'message.email.send', name: 'send' },
  };
  await acme.held(1, mail);
  await acme.ask('POST', '/v1/reservations', acme.proposal(1, mail));
  await serving.ask('GET', '/v1/balances?tenant=acme', {
    headers: { 'x-cycles-api-key': 'cyc_live_nonsense' },
  });
  const other = await serving.tenant('globex');
  await other.budget('', 10);
  await other.held(5);
  await serving.asAdmin('PATCH', '/v1/admin/tenants/globex', { status: 'CLOSED' });
});
afterAll(() => serving.stop());

interface Told {
  readonly event_id: string;
  readonly event_type: string;
  readonly tenant_id: string;
  readonly category: string;
  readonly data: Readonly<Record<string, unknown>>;
}
const eventsOf = (reply: Reply): readonly Told[] => reply.at('events') as Told[];
const asAdmin = (query = '') => serving.asAdmin('GET', `/v1/admin/events${query}`);
const typesOf = (reply: Reply) => eventsOf(reply).map(({ event_type: type }) => type);

describe('the event stream', () => {
  it('tells operators everything, newest first', async () => {
    const all = await asAdmin('?limit=100');
    expect(all.status).toBe(200);
    const types = new Set(typesOf(all));
    for (const type of [
      'tenant.created',
      'api_key.created',
      'api_key.auth_failed',
      'api_key.revoked_via_tenant_cascade',
      'budget.created',
      'budget.threshold_crossed',
      'budget.debt_incurred',
      'budget.exhausted',
      'budget.closed_via_tenant_cascade',
      'reservation.denied',
      'reservation.released_via_tenant_cascade',
      'policy.created',
      'quota.threshold_approaching',
      'tenant.closed',
    ]) {
      expect([type, types.has(type)]).toEqual([type, true]);
    }
    const times = (all.at('events') as { timestamp: string }[]).map(({ timestamp }) => timestamp);
    expect(times).toEqual([...times].sort().reverse());
  });

  it('tells a tenant’s key of its own budgets, reservations and the tenant, and of nothing else', async () => {
    const told = eventsOf(await acme.ask('GET', '/v1/events?limit=100'));
    expect(new Set(told.map(({ tenant_id: tenant }) => tenant))).toEqual(new Set(['acme']));
    expect(new Set(told.map(({ category }) => category))).toEqual(
      new Set(['budget', 'reservation', 'tenant']),
    );
    expect(eventsOf(await acme.ask('GET', '/v1/events?category=policy'))).toEqual([]);
  });

  it('tells a key of a part of the tenant of that part only', async () => {
    const limited = await serving.client('acme', {
      permissions: ['events:read'],
      scope_filter: ['app:ide'],
    });
    expect((await limited.ask('GET', '/v1/events')).status).toBe(403);
    expect((await limited.ask('GET', '/v1/events?scope=tenant:acme/app:mail')).status).toBe(403);
    const own = await limited.ask('GET', '/v1/events?scope=tenant:acme/app:ide');
    expect(own.status).toBe(200);
    expect(eventsOf(own).length).toBeGreaterThan(3);
  });

  it('shows one event with its payload, and 404 for none', async () => {
    const [first] = eventsOf(await asAdmin('?event_type=reservation.denied'));
    expect((await serving.asAdmin('GET', `/v1/admin/events/${first?.event_id}`)).body).toEqual(first);
    expect((await serving.asAdmin('GET', '/v1/admin/events/evt_none')).refused).toBe('404 NOT_FOUND');
  });

  it.each([
    ['event_type=budget.created&tenant_id=acme', 2],
    ['category=policy&tenant_id=acme', 2],
    ['scope=tenant:acme/app:ide&event_type=reservation.denied', 1],
    ['tenant_id=acme&event_type=reservation.denied', 2],
    ['tenant_id=__system__', 1],
    ['search=APP:MAIL&event_type=reservation.denied', 1],
    ['to=2020-01-01T00:00:00Z', 0],
    ['request_id=none', 0],
    [`trace_id=${'0'.repeat(31)}1`, 0],
    ['search=&correlation_id=none', 0],
    ['something_else=1&tenant_id=acme&event_type=policy.created', 1],
  ])('finds by %s', async (query, count) => {
    expect(eventsOf(await asAdmin(`?${query}`))).toHaveLength(count);
  });

  it('ties a quota’s warning to the refusal that followed', async () => {
    const [warning] = (await asAdmin('?event_type=quota.threshold_approaching')).at('events') as {
      correlation_id: string;
    }[];
    expect(typesOf(await asAdmin(`?correlation_id=${warning?.correlation_id}`))).toEqual([
      'reservation.denied',
      'quota.threshold_approaching',
    ]);
  });

  it('comes in pages, in every order, and takes no foreign cursor', async () => {
    for (const order of ['event_type', 'category', 'scope', 'tenant_id', 'timestamp']) {
      const all = eventsOf(await asAdmin(`?limit=100&sort_by=${order}&sort_dir=asc`));
      const paged: Told[] = [];
      let cursor: unknown = '';
      do {
        const page: Reply = await asAdmin(`?limit=7&sort_by=${order}&sort_dir=asc&cursor=${String(cursor)}`);
        paged.push(...eventsOf(page));
        cursor = page.at('next_cursor');
      } while (cursor !== undefined);
      expect(paged).toEqual(all);
    }
    const page = await asAdmin('?limit=2');
    const foreign = await asAdmin(`?limit=2&category=budget&cursor=${String(page.at('next_cursor'))}`);
    expect(foreign.refused).toBe('400 INVALID_REQUEST');
    expect(foreign.at('details.field')).toBe('cursor');
  });

  it.each([
    ['event_type=budget.vanished', 'event_type'],
    ['category=money', 'category'],
    ['trace_id=xyz', 'trace_id'],
    ['from=yesterday', 'from'],
    ['from=2026-02-02T00:00:00Z&to=2026-02-01T00:00:00Z', 'from'],
    ['limit=101', 'limit'],
    ['sort_by=colour', 'sort_by'],
    ['sort_dir=up', 'sort_dir'],
    [`search=${'x'.repeat(129)}`, 'search'],
    ['cursor=nonsense', 'cursor'],
  ])('refuses %s, naming the field', async (query, field) => {
    const refused = await asAdmin(`?${query}`);
    expect(refused.refused).toBe('400 INVALID_REQUEST');
    expect(refused.at('details.field')).toBe(field);
  });

  (isProtocolThere ? it : it.skip)('is in the protocol’s shape, with each payload', async () => {
    const protocol = new Protocol();
    const all = await asAdmin('?limit=100');
    // The base file's list of event types is open; the extension adds those of quotas and of observing.
    const isKnown = (problem: string) => !/event_type must be equal to one of/.test(problem);
    expect(protocol.problems(all.body, 'EventListResponse', 'governance').filter(isKnown)).toEqual([]);
    for (const { event_type: type, data } of eventsOf(all)) {
      const schema = PAYLOADS.find(([pattern]) => pattern.test(type))?.[1] ?? 'none';
      expect([type, protocol.problems(data, schema, planeOf(type))]).toEqual([type, []]);
    }
  });
});

/** The payloads of 0.1.26 are in the runtime's extension. */
const planeOf = (type: string) => (/^quota|observed/.test(type) ? 'runtime' : 'governance');

const PAYLOADS: readonly (readonly [RegExp, string])[] = [
  [/via_tenant_cascade$/, 'EventDataTenantCascade'],
  [/^budget\.(threshold|exhausted)/, 'EventDataBudgetThreshold'],
  [/^budget\.over_limit/, 'EventDataBudgetOverLimit'],
  [/^budget\.debt_incurred/, 'EventDataBudgetDebtIncurred'],
  [/^budget\./, 'EventDataBudgetLifecycle'],
  [/^reservation\.denied/, 'EventDataReservationDenied'],
  [/^reservation\.expired/, 'EventDataReservationExpired'],
  [/^reservation\.commit_overage/, 'EventDataCommitOverage'],
  [/^reservation\.observed_denied/, 'EventDataObservedDenied'],
  [/^reservation\.observed_allowed/, 'EventDataObservedAllowed'],
  [/^tenant\./, 'EventDataTenantLifecycle'],
  [/^api_key\./, 'EventDataApiKey'],
  [/^policy\./, 'EventDataPolicy'],
  [/^quota\.threshold/, 'EventDataQuotaThresholdApproaching'],
  [/^quota\.counter/, 'EventDataQuotaCounterReset'],
];
