/** Bad input: always a clean 4xx that names the field, never a 5xx, and nothing is changed. */

import { type IncomingHttpHeaders, type IncomingMessage, request } from 'node:http';
import fc from 'fast-check';
import { Serving, type TenantClient } from './serving.js';

let serving: Serving;
let acme: TenantClient;
let held: string;

beforeAll(async () => {
  serving = await Serving.start();
  acme = await serving.tenant('acme');
  await acme.budget('', 1_000);
  held = await acme.held(100, { ttl_ms: 86_400_000 });
});
afterAll(() => serving.stop());

const UNCHANGED = { allocated: 1_000, remaining: 900, reserved: 100, spent: 0, debt: 0 };
afterEach(async () => {
  expect(await acme.balance()).toEqual(UNCHANGED);
});

/** A body with one member changed; a path leads to it. */
function withMember(path: string, value: unknown): Record<string, unknown> {
  const body = acme.proposal(1);
  const steps = path.split('.');
  let target: Record<string, unknown> = body;
  for (const step of steps.slice(0, -1)) target = target[step] as Record<string, unknown>;
  target[steps.at(-1) ?? ''] = value;
  return body;
}

describe('a reserve with a wrong member', () => {
  it.each<[string, unknown]>([
    ['estimate.amount', -1],
    ['estimate.amount', 1.5],
    ['estimate.amount', 1e19],
    ['estimate.amount', '1'],
    ['estimate.amount', null],
    ['estimate.unit', 'DOLLARS'],
    ['estimate.extra', 1],
    ['subject.agent', 'a b'],
    ['subject.agent', 'a/b'],
    ['subject.agent', ''],
    ['subject.agent', 'ünïcode'],
    ['subject.agent', 'x'.repeat(129)],
    ['subject.agent', ['a']],
    ['subject.planet', 'mars'],
    ['subject.dimensions', { a: 1 }],
    ['action.kind', 'k'.repeat(65)],
    ['action.name', 7],
    ['action.tags', Array.from({ length: 11 }, () => 't')],
    ['action', null],
    ['ttl_ms', 999],
    ['ttl_ms', 86_400_001],
    ['ttl_ms', 1_000.5],
    ['grace_period_ms', -1],
    ['grace_period_ms', 60_001],
    ['overage_policy', 'MAYBE'],
    ['dry_run', 'true'],
    ['observe_mode', 'SOMETIMES'],
    ['metadata', 'text'],
    ['idempotency_key', ''],
    ['idempotency_key', 'k'.repeat(257)],
    ['tenant_id', 'acme'],
  ])('%s is refused by its name', async (path, value) => {
    const refused = await acme.ask('POST', '/v1/reservations', withMember(path, value));
    expect(refused.refused).toBe('400 INVALID_REQUEST');
    expect(String(refused.at('details.field'))).toMatch(new RegExp(`^${path}`));
    expect(refused.at('message')).toContain(String(refused.at('details.field')));
  });

  it('names what is missing', async () => {
    for (const field of ['idempotency_key', 'subject', 'action', 'estimate']) {
      const { [field]: _left, ...body } = acme.proposal(1);
      const refused = await acme.ask('POST', '/v1/reservations', body);
      expect(refused.at('details.field')).toBe(field);
    }
  });

  it('needs one level of the subject at least', async () => {
    const refused = await acme.reserve(1, { subject: { dimensions: { team: 'a' } } });
    expect(refused.at('details.field')).toBe('subject');
  });
});

describe('a body that is no body', () => {
  const deep = (levels: number): string => `${'['.repeat(levels)}${']'.repeat(levels)}`;
  const proposalWith = (metadata: string): string =>
    JSON.stringify(acme.proposal(1, { metadata: {}, dry_run: true })).replace(
      '"metadata":{}',
      `"metadata":${metadata}`,
    );

  it.each([
    ['empty', ''],
    ['cut off', '{"idempotency_key":"a"'],
    ['no JSON', 'hello'],
    ['single quotes', "{'a':1}"],
    ['a trailing comma', '{"a":1,}'],
    ['a list', '[]'],
    ['a text', '"text"'],
    ['null', 'null'],
    ['NaN', '{"a":NaN}'],
    ['two values', '{} {}'],
    ['deep nesting', deep(33)],
    ['very deep nesting', deep(100_000)],
    ['deep nesting of objects', `${'{"a":'.repeat(40)}1${'}'.repeat(40)}`],
  ])('is refused: %s', async (_what, body) => {
    const refused = await acme.ask('POST', '/v1/reservations', body);
    expect(refused.refused).toBe('400 INVALID_REQUEST');
  });

  it.each([
    ['a prototype key', '{"__proto__":{"admin":true}}'],
    ['an escaped prototype key', '{"\\u005f_proto__":{"admin":true}}'],
    ['a constructor with a prototype', '{"constructor":{"prototype":{"admin":true}}}'],
    ['an integer beyond 2^53', '{"n":9007199254740993}'],
    ['an infinite number', '{"n":1e999}'],
  ])('is refused for %s, even deep in free-form members', async (_what, metadata) => {
    const refused = await acme.ask('POST', '/v1/reservations', proposalWith(metadata));
    expect(refused.refused).toBe('400 INVALID_REQUEST');
    expect(String(refused.at('details.field'))).toMatch(/^metadata/);
  });

  it('is taken when it is only unusual', async () => {
    for (const metadata of [
      '{"a\\u0000b":"\\ud83d\\ude00"}',
      '{"x":1.5e300}',
      '{"x":"12345678901234567890"}',
      '{"constructor":"c"}',
    ]) {
      expect((await acme.ask('POST', '/v1/reservations', proposalWith(metadata))).status).toBe(200);
    }
  });

  it('is refused when it is too large, and taken to 256 KiB', async () => {
    const filled = (length: number): string => proposalWith(`{"fill":"${'x'.repeat(length)}"}`);
    const tooLarge = await acme.ask('POST', '/v1/reservations', filled(256 * 1024));
    expect(tooLarge.refused).toBe('400 INVALID_REQUEST');
    expect(tooLarge.at('details.field')).toBe('body');
    expect(tooLarge.at('message')).toContain('262144 bytes');
    expect((await acme.ask('POST', '/v1/reservations', filled(255 * 1024))).status).toBe(200);
  });

  it.each([
    ['with its length', '/v1/reservations', 'content-length'],
    ['in chunks', '/v1/reservations', 'transfer-encoding'],
    ['to the gate', '/gate/tool-calls', 'content-length'],
  ])('is refused when it is far too large, %s, and its sender can read that', async (_how, path, header) => {
    const body = Buffer.alloc(12 * 1024 * 1024, ' ');
    const { status, headers, text } = await sendSlowly(path, body, header);
    expect(status).toBe(400);
    expect(JSON.parse(text)).toMatchObject({ error: 'INVALID_REQUEST', details: { field: 'body' } });
    expect(headers.connection).toBe('close');
  });

  it('is refused compressed, or in another character set than UTF-8', async () => {
    const body = JSON.stringify(acme.proposal(1, { dry_run: true }));
    const sent = async (headers: Record<string, string>) => {
      const { status, refused } = await acme.ask('POST', '/v1/reservations', body, headers);
      return status === 200 ? '200' : refused;
    };
    for (const encoding of ['gzip', 'br', 'x-unknown']) {
      expect(await sent({ 'content-encoding': encoding })).toBe('415 INVALID_REQUEST');
    }
    for (const charset of ['utf-16', 'iso-8859-1', '"latin1"', 'nonsense']) {
      const type = `application/json; charset=${charset}`;
      expect(await sent({ 'content-type': type })).toBe('415 INVALID_REQUEST');
    }
    for (const type of [
      'application/json',
      'application/json; charset=utf-8',
      'application/json;charset="UTF-8"',
    ]) {
      expect(await sent({ 'content-type': type, 'content-encoding': 'identity' })).toBe('200');
    }
  });

  it('is refused in another media type', async () => {
    for (const type of ['text/plain', 'application/xml', 'application/x-www-form-urlencoded']) {
      const refused = await acme.ask('POST', '/v1/reservations', '{}', { 'content-type': type });
      expect(refused.refused).toBe('415 INVALID_REQUEST');
    }
  });
});

/** Writes a whole body before it looks for an answer, as simple clients do; rejects when the connection breaks. */
function sendSlowly(
  path: string,
  body: Buffer,
  header: string,
): Promise<{ status: number | undefined; headers: IncomingHttpHeaders; text: string }> {
  return new Promise((resolve, reject) => {
    const headers = {
      'content-type': 'application/json',
      'x-cycles-api-key': acme.secret,
      ...(header === 'content-length' && { 'content-length': body.length }),
    };
    const asked = request(`${serving.server.url}${path}`, { method: 'POST', headers });
    asked.on('error', reject);
    const answered = new Promise<IncomingMessage>((arrived) => asked.on('response', arrived));
    asked.end(body, async () => {
      const answer = await answered;
      let text = '';
      for await (const chunk of answer.setEncoding('utf8')) text += String(chunk);
      resolve({ status: answer.statusCode, headers: answer.headers, text });
    });
  });
}

describe('a path or method that is none', () => {
  it('answers in the same shape', async () => {
    expect((await acme.ask('GET', '/v2/reservations')).refused).toBe('404 NOT_FOUND');
    expect((await acme.ask('GET', '/v1/reservations/%zz')).refused).toBe('400 INVALID_REQUEST');
    const wrongMethod = await acme.ask('DELETE', `/v1/reservations/${held}`);
    expect(wrongMethod.refused).toBe('405 INVALID_REQUEST');
    expect(wrongMethod.headers.get('allow')).toBe('GET');
    expect((await acme.ask('GET', `/v1/reservations/${'x'.repeat(400)}`)).status).toBe(404);
  });

  it('answers what is no HTTP at all', async () => {
    const { connect } = await import('node:net');
    const { hostname, port } = new URL(serving.server.url);
    const answer = await new Promise<string>((resolve, reject) => {
      const socket = connect(Number(port), hostname, () => socket.write('hello\r\n\r\n'));
      let text = '';
      socket.on('data', (chunk) => {
        text += String(chunk);
      });
      socket.on('end', () => resolve(text));
      socket.on('error', reject);
    });
    const [head = '', body = ''] = answer.split('\r\n\r\n');
    const { request_id, trace_id, ...said } = JSON.parse(body) as Record<string, unknown>;
    expect(said).toEqual({
      error: 'INVALID_REQUEST',
      message: 'The request is no valid HTTP request.',
    });
    expect(head).toMatch(/^HTTP\/1\.1 400 /);
    expect(head).toContain(`X-Request-Id: ${String(request_id)}`);
    expect(head).toContain(`X-Cycles-Trace-Id: ${String(trace_id)}`);
    expect(trace_id).toMatch(/^[0-9a-f]{32}$/);
  });
});

describe('generated garbage', () => {
  const PATHS = [
    '/v1/decide',
    '/v1/reservations',
    '/v1/reservations/ID/commit',
    '/v1/reservations/ID/release',
    '/gate/tool-calls',
    '/gate/tool-calls/ID/outcome',
    '/gate/assessments',
  ];
  const ADMIN_PATHS = [
    '/v1/admin/tenants',
    '/v1/admin/api-keys',
    '/v1/admin/budgets',
    '/v1/admin/budgets/fund?tenant_id=acme&scope=tenant:acme&unit=CREDITS',
    '/v1/admin/budgets/freeze?scope=tenant:acme&unit=CREDITS',
    '/admin/api-keys',
    '/admin/budget-templates',
  ];

  const expectClean = async (ask: Promise<{ status: number; text: string }>): Promise<void> => {
    const { status, text } = await ask;
    if (status < 400 || status > 499) throw new Error(`${status}: ${text}`);
    expect(JSON.parse(text)).toMatchObject({ error: expect.any(String), request_id: expect.any(String) });
  };

  it('as a body is always a clean 4xx', async () => {
    const anything = fc.oneof(
      fc.json({ maxDepth: 4 }),
      fc.string({ unit: 'binary' }),
      fc.object({ maxDepth: 3 }).map((value) => JSON.stringify(value) ?? 'null'),
    );
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...PATHS), anything, async (path, body) => {
        await expectClean(acme.ask('POST', path.replace('ID', 'rsv_garbage'), body));
      }),
      { numRuns: 150 },
    );
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...ADMIN_PATHS), anything, async (path, body) => {
        await expectClean(serving.asAdmin('POST', path, body));
      }),
      { numRuns: 100 },
    );
  }, 60_000);

  it('in place of any member is a 4xx or is harmless, and never a 5xx', async () => {
    const member = fc.constantFrom(
      'idempotency_key',
      'subject',
      'action',
      'estimate',
      'ttl_ms',
      'metadata',
      'dry_run',
    );
    const value = fc.oneof(fc.jsonValue({ maxDepth: 3 }), fc.constantFrom(null, '', 0, -1, [], {}));
    await fc.assert(
      fc.asyncProperty(member, value, async (field, garbage) => {
        const body = {
          ...acme.proposal(1),
          [field]: garbage,
          dry_run: field === 'dry_run' ? 'garbage' : true,
        };
        const { status } = await acme.ask('POST', '/v1/reservations', body);
        expect(status).toBeLessThan(500);
      }),
      { numRuns: 150 },
    );
  }, 60_000);

  it('in a query or a path is never a 5xx', async () => {
    const text = fc.string({ unit: 'binary', maxLength: 40 });
    await fc.assert(
      fc.asyncProperty(text, text, text, async (a, b, c) => {
        const [x, y, z] = [a, b, c].map((raw) => encodeURIComponent(Buffer.from(raw).toString()));
        const paths = [
          `/v1/balances?tenant=${x}&limit=${y}&cursor=${z}`,
          `/v1/balances?scope_prefix=${x}&unit=${y}&cursor=${z}`,
          `/v1/reservations/${x}`,
        ];
        for (const path of paths) expect((await acme.ask('GET', path)).status).toBeLessThan(500);
        const operators = [
          `/v1/admin/tenants?status=${x}&limit=${y}&cursor=${z}`,
          `/v1/admin/tenants/${x}`,
          `/v1/admin/budgets?tenant_id=${x}&scope_prefix=${y}&cursor=${z}`,
          `/v1/admin/api-keys?tenant_id=${x}&cursor=${y}`,
          `/admin/budget-templates?tenant_id=${x}`,
        ];
        for (const path of operators) expect((await serving.asAdmin('GET', path)).status).toBeLessThan(500);
      }),
      { numRuns: 60 },
    );
  }, 60_000);
});
