/** Action kinds over HTTP: the public registry, and the kinds that operators declare for a tenant. */

import { isProtocolThere, Protocol } from './protocol.js';
import { type Reply, Serving, type TenantClient } from './serving.js';

let serving: Serving;
beforeAll(async () => {
  serving = await Serving.start();
});
afterAll(() => serving.stop());

const PATH = '/v1/action-kinds';
const get = (path = PATH, headers: Record<string, string> = {}): Promise<Reply> =>
  serving.ask('GET', path, { headers });
const kindsOf = (reply: Reply): string[] => (reply.at('kinds') as { kind: string }[]).map(({ kind }) => kind);

describe('the registry', () => {
  it('is shown to everyone, page after page, the kind of the unknown last', async () => {
    const seen: string[] = [];
    let path = `${PATH}?limit=20`;
    for (;;) {
      const page = await get(path);
      expect([page.status, page.at('version')]).toEqual([200, '0.1.26']);
      seen.push(...kindsOf(page));
      if (page.at('has_more') === false) break;
      path = `${PATH}?limit=20&cursor=${String(page.at('next_cursor'))}`;
    }
    expect(new Set(seen).size).toBe(seen.length);
    expect(seen[0]).toBe('llm.completion');
    expect(seen.at(-1)).toBe('unknown.call');
  });

  it('is in the protocol’s shape', async () => {
    const page = await get(`${PATH}?limit=100`);
    if (isProtocolThere)
      expect(new Protocol().problems(page.body, 'ActionKindRegistry', 'kinds')).toEqual([]);
    const one = await get(`${PATH}/message.email.send`);
    expect(one.body).toMatchObject({
      kind: 'message.email.send',
      risk_class: 'external_side_effect',
      policy_key_spec: { host: true, recipient_domain: true },
    });
    if (isProtocolThere) expect(new Protocol().problems(one.body, 'ActionKind', 'kinds')).toEqual([]);
  });

  it('says of every kind what it is for', async () => {
    const kinds = (await get(`${PATH}?limit=100`)).at('kinds') as { kind: string; description: string }[];
    const said = kinds.map(({ description }) => description);
    expect(said.filter((text) => !/^[A-Z].*\.$/.test(text))).toEqual([]);
    expect(new Set(said).size).toBe(kinds.length);
  });

  it('keeps to a risk class', async () => {
    const page = await get(`${PATH}?risk_class=high_risk&limit=100`);
    const classes = (page.at('kinds') as { risk_class: string }[]).map(({ risk_class: its }) => its);
    expect(new Set(classes)).toEqual(new Set(['high_risk']));
    expect(kindsOf(page)).toContain('payment.charge');
  });

  it.each(['risk_class=harmless', 'deprecated=perhaps', 'limit=101', 'cursor=nonsense'])(
    'refuses %s, naming it',
    async (query) => {
      const refused = await get(`${PATH}?${query}`);
      expect([refused.refused, refused.at('details.field')]).toEqual([
        '400 INVALID_REQUEST',
        query.split('=')[0],
      ]);
    },
  );

  it('finds kinds by their exact names only', async () => {
    for (const kind of ['message.email', 'MESSAGE.EMAIL.SEND', 'custom.acme.op', 'k'.repeat(65)]) {
      expect((await get(`${PATH}/${kind}`)).refused).toBe('404 NOT_FOUND');
    }
  });

  it('answers 304 to whoever has it, whatever page, and never another’s', async () => {
    const all = await get();
    const etag = String(all.headers.get('etag'));
    const other = await get(`${PATH}?risk_class=read_only`);
    expect(other.headers.get('etag')).not.toBe(etag);
    for (const known of [etag, `W/${etag}`, `"x", ${etag}`]) {
      const same = await get(PATH, { 'if-none-match': known });
      expect([same.status, same.text, same.headers.get('etag')]).toEqual([304, '', etag]);
    }
    expect((await get(`${PATH}?risk_class=read_only`, { 'if-none-match': etag })).status).toBe(200);
    const one = await get(`${PATH}/db.query`);
    const tag = String(one.headers.get('etag'));
    expect((await get(`${PATH}/db.query`, { 'if-none-match': tag })).status).toBe(304);
    expect((await get(`${PATH}/db.none`, { 'if-none-match': '*' })).status).toBe(404);
  });

  it('may be asked 60 times a minute, and says when again; what is answered with 304 is not counted', async () => {
    await serving.stop();
    serving = await Serving.start();
    const etag = String((await get()).headers.get('etag'));
    for (let n = 0; n < 5; n++) await get(PATH, { 'if-none-match': etag });
    for (let n = 1; n < 60; n++) expect((await get(`${PATH}/db.query`)).status).toBe(200);
    for (const path of [PATH, `${PATH}/db.query`, `${PATH}/db.none`]) {
      const refused = await get(path);
      expect(refused.refused).toBe('429 LIMIT_EXCEEDED');
      const retryAfter = Number(refused.headers.get('retry-after'));
      expect(retryAfter).toBeGreaterThanOrEqual(1);
      expect(retryAfter).toBeLessThanOrEqual(60);
    }
    expect((await get(PATH, { 'if-none-match': etag })).status).toBe(304);
  });
});

describe('a custom kind', () => {
  const OWN = '/admin/action-kinds';
  let acme: TenantClient;
  let tenants = 0;
  beforeEach(async () => {
    tenants += 1;
    acme = await serving.tenant(`acme-${tenants}`);
    await acme.budget('', 100);
  });
  const declare = (kind: object = {}) =>
    serving.asAdmin('POST', OWN, {
      tenant_id: acme.tenantId,
      kind: 'custom.acme.erp.invoice.post',
      risk_class: 'high_risk',
      ...kind,
    });
  const action = { action: { kind: 'custom.acme.erp.invoice.post', name: 'post' } };

  it('is refused until it is declared', async () => {
    const before = await acme.reserve(1, action);
    expect([before.refused, before.at('details.field')]).toEqual(['400 INVALID_REQUEST', 'action.kind']);
    expect((await declare()).status).toBe(201);
    expect((await acme.reserve(1, action)).status).toBe(200);
  });

  it('is shown to operators as it was declared last', async () => {
    const full = {
      description: 'posts an invoice',
      policy_key_spec: { host: true, resource_type: 'ledger' },
      mcp_tool_prefixes: ['erp_'],
      deprecated: true,
      replacement_kind: 'payment.charge',
    };
    expect((await declare()).status).toBe(201);
    expect((await declare()).status).toBe(200);
    expect((await declare(full)).status).toBe(201);
    const listed = await serving.asAdmin('GET', `${OWN}?tenant_id=${acme.tenantId}`);
    const shown = { kind: 'custom.acme.erp.invoice.post', risk_class: 'high_risk', ...full };
    expect(listed.body).toEqual({ kinds: [shown] });
  });

  it('that is deprecated goes on working, and a header names what replaces it', async () => {
    await declare({ deprecated: true, replacement_kind: 'payment.charge' });
    for (const answer of [await acme.reserve(1, action), await acme.decide(1, action)]) {
      expect(answer.status).toBe(200);
      expect(answer.headers.get('x-cycles-deprecated-kind')).toBe('payment.charge');
    }
    expect((await acme.reserve(1)).headers.get('x-cycles-deprecated-kind')).toBeNull();
  });

  it('counts as the class that it was declared with', async () => {
    await declare();
    await serving.asAdmin('POST', '/v1/admin/policies', {
      tenant_id: acme.tenantId,
      name: 'one',
      scope_pattern: `tenant:${acme.tenantId}`,
      risk_class_quotas: [{ risk_class: 'high_risk', max_calls: 1, window: 'per_day_tumbling' }],
    });
    expect((await acme.reserve(1, action)).status).toBe(200);
    expect((await acme.reserve(1, action)).refused).toBe('409 ACTION_QUOTA_EXCEEDED');
    expect((await acme.reserve(1)).status).toBe(200);
  });

  it.each([
    ['kind', { kind: 'acme.op' }],
    ['kind', { kind: 'custom.acme' }],
    ['kind', { kind: 'custom.acme.' }],
    ['kind', { kind: 'custom.Acme.op' }],
    ['kind', { kind: `custom.acme.${'x'.repeat(53)}` }],
    ['risk_class', { risk_class: 'harmless' }],
    ['description', { description: 'd'.repeat(513) }],
    ['policy_key_spec.team', { policy_key_spec: { team: true } }],
    ['mcp_tool_prefixes.1', { mcp_tool_prefixes: ['erp_', 'CHAT_with'] }],
    ['replacement_kind', { replacement_kind: 'no.such' }],
    ['tenant_id', { tenant_id: undefined }],
    ['unheard_of', { unheard_of: 1 }],
  ])('with a wrong %s is refused, naming it: %j', async (field, kind) => {
    const refused = await declare(kind);
    expect([refused.refused, refused.at('details.field')]).toEqual(['400 INVALID_REQUEST', field]);
  });
});
