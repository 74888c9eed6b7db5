/** Who may do what: nothing without a declaration, nothing without a key, nothing beyond its permissions. */

import { Controller, Get, Module, RequestMethod } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FASTIFY_ROUTE_CONFIG_METADATA } from '@nestjs/platform-fastify/constants.js';
import { RouterAdapter } from '../../src/http/adapter.js';
import { AdminModule } from '../../src/http/admin/admin.module.js';
import { AuditModule } from '../../src/http/audit/audit.module.js';
import { GateModule } from '../../src/http/gate/gate.module.js';
import { HealthModule } from '../../src/http/health/health.module.js';
import type { RouteDeclaration } from '../../src/http/route.js';
import { RuntimeModule } from '../../src/http/runtime/runtime.module.js';
import { createServer } from '../../src/http/server.js';
import { CALLERS } from './callers.js';
import { send } from './operations.js';
import { Serving, type TenantClient } from './serving.js';

let serving: Serving;
let acme: TenantClient;

beforeAll(async () => {
  serving = await Serving.start();
  acme = await serving.tenant('acme');
  await acme.budget('', 1_000);
});
afterAll(() => serving.stop());

describe('a route without a declaration', () => {
  @Controller('undeclared')
  class UndeclaredController {
    @Get()
    get(): string {
      return 'anyone may have this';
    }
  }

  @Module({ controllers: [UndeclaredController] })
  class UndeclaredModule {}

  it('keeps the server from starting', async () => {
    const server = createServer({
      authentication: null as never,
      authorizeRead: () => Promise.resolve(true),
      hosts: null,
      onAnswered: () => undefined,
    });
    const options = { logger: false as const, abortOnError: false, bodyParser: false };
    const app = await NestFactory.create(UndeclaredModule, new RouterAdapter(server), options);
    await expect(app.init()).rejects.toThrow('GET /undeclared declares no access');
  });
});

/** Every route that a tenant's key may change something with, and what the key needs for it. */
const MUTATIONS: readonly [path: string, permission: string][] = [
  ['/v1/decide', 'reservations:create'],
  ['/v1/reservations', 'reservations:create'],
  ['/v1/reservations/rsv_1/commit', 'reservations:commit'],
  ['/v1/reservations/rsv_1/release', 'reservations:release'],
  ['/v1/reservations/rsv_1/extend', 'reservations:extend'],
  ['/v1/events', 'reservations:create'],
  ['/v1/admin/budgets', 'budgets:write'],
  ['/v1/admin/budgets/fund?scope=tenant:acme&unit=TOKENS', 'budgets:write'],
  ['/gate/tool-calls', 'reservations:create'],
  ['/gate/tool-calls/dec_1/outcome', 'reservations:create'],
  ['/gate/assessments', 'reservations:create'],
];

describe('a malformed request', () => {
  const BODIES = ['{', '{"unknown":1}', '[]', '', `{"fill":"${'x'.repeat(300_000)}"}`];

  it.each(MUTATIONS)('to %s hears of a missing %s before anything else', async (path, permission) => {
    const may = await serving.client('acme', { permissions: [permission] });
    const mayNot = await serving.client('acme', { permissions: ['policies:read'] });
    for (const body of BODIES) {
      const refused = await mayNot.ask('POST', path, body);
      expect(refused.status).toBe(403);
      expect(refused.at('details.permission')).toBe(permission);
      expect((await may.ask('POST', path, body)).refused).toBe('400 INVALID_REQUEST');
    }
    const compressed = await mayNot.ask('POST', path, '{}', { 'content-encoding': 'gzip' });
    expect(compressed.status).toBe(403);
  });

  it('hears of a revoked key before anything else', async () => {
    const revoked = await serving.client('acme');
    await serving.asAdmin('DELETE', `/v1/admin/api-keys/${revoked.keyId}`);
    for (const [path] of MUTATIONS) expect((await revoked.ask('POST', path, '{')).status).toBe(401);
    expect((await revoked.ask('GET', '/v1/balances?tenant=*')).status).toBe(401);
  });

  it('to read something hears of a missing permission before anything else', async () => {
    const mayNot = await serving.client('acme', { permissions: ['policies:read'] });
    expect((await mayNot.ask('GET', '/v1/balances?tenant=a%20b')).status).toBe(403);
  });
});

describe('every route', () => {
  const wrongKeys: readonly Record<string, string>[] = [
    {},
    { 'x-cycles-api-key': 'nonsense' },
    { 'x-cycles-api-key': `cyc_live_${'a'.repeat(32)}` },
    { 'x-admin-api-key': 'nonsense' },
    { authorization: 'Bearer nonsense' },
  ];

  it.each(CALLERS)('%s %s takes %s and nobody else', async (method, path, by) => {
    for (const headers of wrongKeys) {
      const { status } = await serving.ask(method, path, { headers });
      expect({ path, isTurnedAway: status === 401 }).toEqual({ path, isTurnedAway: by !== 'anyone' });
    }
    if (by === 'operator') {
      const asTenant = await acme.ask(method, path);
      expect(asTenant.refused).toBe('401 UNAUTHORIZED');
    }
    if (by === 'key') expect((await serving.asAdmin(method, path)).refused).toBe('401 UNAUTHORIZED');
  });

  it('of the application declares its access and is in this list', () => {
    const listed = CALLERS.map(([method, path]) => `${method} ${path}`);
    for (const { method, path, declaration } of declaredRoutes()) {
      expect(declaration?.access.by).toMatch(/^(anyone|api_key|operator|either|person)$/);
      const pattern = new RegExp(`^${method} ${path.replace(/[.]/g, '\\.').replace(/:[^/]+/g, '[^/]+')}$`);
      expect({ path, listed: listed.some((entry) => pattern.test(entry)) }).toEqual({ path, listed: true });
    }
  });
});

describe('an overload', () => {
  it('is no final no to what settles or prolongs a hold', () => {
    const settling = declaredRoutes().filter(({ declaration }) => declaration?.settles);
    expect(settling.map(({ path }) => path).sort()).toEqual([
      '/gate/tool-calls/:id/outcome',
      '/v1/reservations/:reservation_id/commit',
      '/v1/reservations/:reservation_id/extend',
      '/v1/reservations/:reservation_id/release',
    ]);
  });
});

interface DeclaredRoute {
  readonly method: string;
  readonly path: string;
  readonly declaration: RouteDeclaration | undefined;
}

/** Every route of every controller, read from what the decorators left on them. */
function declaredRoutes(): DeclaredRoute[] {
  const modules = [RuntimeModule, AdminModule, GateModule, AuditModule, HealthModule];
  const controllers = modules.flatMap(
    (module): (abstract new () => object)[] => Reflect.getMetadata('controllers', module) ?? [],
  );
  return controllers.flatMap((controller) =>
    Object.entries(Object.getOwnPropertyDescriptors(controller.prototype)).flatMap(([name, { value }]) =>
      name === 'constructor' ? [] : routesOf(controller, value),
    ),
  );
}

function routesOf(controller: object, handler: object): DeclaredRoute[] {
  const paths = [Reflect.getMetadata('path', handler) ?? []].flat() as string[];
  const base: string = Reflect.getMetadata('path', controller) ?? '';
  const config: { declaration?: RouteDeclaration } | undefined = Reflect.getMetadata(
    FASTIFY_ROUTE_CONFIG_METADATA,
    handler,
  );
  return paths.map((path) => ({
    method: RequestMethod[Number(Reflect.getMetadata('method', handler))] ?? '',
    path: `/${[base, path]
      .map((part) => part.replace(/^\/|\/$/g, ''))
      .filter(Boolean)
      .join('/')}`,
    declaration: config?.declaration,
  }));
}

describe('permissions', () => {
  const holdersOf = async (permissions: string[]): Promise<TenantClient> =>
    serving.client('acme', { permissions });

  it.each([
    ['decide', 'reservations:create', 200],
    ['reserve', 'reservations:create', 200],
    ['commit', 'reservations:commit', 404],
    ['release', 'reservations:release', 404],
    ['extend', 'reservations:extend', 404],
    ['charge', 'reservations:create', 201],
    ['read a reservation', 'reservations:list', 404],
    ['list reservations', 'reservations:list', 200],
    ['read balances', 'balances:read', 200],
    ['list budgets', 'budgets:read', 200],
    ['fund', 'budgets:write', 200],
  ])('to %s is %s', async (operation, permission, expected) => {
    const ask = (client: TenantClient) => {
      const credit = { operation: 'CREDIT', amount: { unit: 'TOKENS', amount: 1 } };
      const asked: Record<string, () => Promise<{ status: number }>> = {
        decide: () => client.decide(1),
        reserve: () => client.reserve(1),
        commit: () => client.commit('rsv_1', 1),
        release: () => client.release('rsv_1'),
        extend: () => send('extendReservation', client, { id: 'rsv_1' }),
        charge: () => send('createEvent', client),
        'list reservations': () => client.ask('GET', '/v1/reservations'),
        'read a reservation': () => client.ask('GET', '/v1/reservations/rsv_1'),
        'read balances': () => client.ask('GET', '/v1/balances?tenant=acme'),
        'list budgets': () => client.ask('GET', '/v1/admin/budgets'),
        fund: () => client.ask('POST', '/v1/admin/budgets/fund?scope=tenant:acme&unit=TOKENS', credit),
      };
      return (asked[operation] ?? asked['decide'] ?? (() => client.decide(1)))();
    };
    expect((await ask(await holdersOf([permission]))).status).toBe(expected);
    const others = ['webhooks:write', 'policies:read', 'policies:write', 'webhooks:read', 'events:read'];
    expect((await ask(await holdersOf(others))).status).toBe(403);
    const wildcard = permission.endsWith(':read') ? 'admin:read' : 'admin:write';
    const across = wildcard === 'admin:read' ? 'admin:write' : 'admin:read';
    if (/:(read|write)$/.test(permission)) {
      expect((await ask(await holdersOf([wildcard]))).status).toBe(expected);
      expect((await ask(await holdersOf([across]))).status).toBe(403);
    }
  });

  it('of a revoked or expired key are gone at once, on reads and writes alike', async () => {
    const revoked = await serving.client('acme');
    expect((await revoked.reserve(1)).status).toBe(200);
    await serving.asAdmin('DELETE', `/v1/admin/api-keys/${revoked.keyId}`);
    expect((await revoked.reserve(1)).refused).toBe('401 UNAUTHORIZED');
    expect((await revoked.ask('GET', '/v1/balances?tenant=acme')).refused).toBe('401 UNAUTHORIZED');
    const budgets = await revoked.ask('GET', '/v1/admin/budgets');
    expect(budgets.refused).toBe('401 KEY_REVOKED');
  });

  it('are checked with the scope filter on writes and reads', async () => {
    const limited = await serving.client('acme', { scope_filter: ['app:ide'] });
    await acme.budget('/app:ide', 100);
    const inside = { subject: { tenant: 'acme', app: 'ide' } };
    expect((await limited.reserve(1)).refused).toBe('403 FORBIDDEN');
    expect((await limited.reserve(1, { subject: { app: 'other' } })).refused).toBe('403 FORBIDDEN');
    const id = await limited.held(1, inside);
    expect((await limited.ask('GET', `/v1/reservations/${id}`)).status).toBe(200);
    const outside = await acme.held(1);
    expect((await limited.ask('GET', `/v1/reservations/${outside}`)).refused).toBe('403 FORBIDDEN');
    expect((await limited.commit(outside, 1)).refused).toBe('403 FORBIDDEN');
    expect((await limited.ask('GET', '/v1/balances?tenant=acme')).refused).toBe('403 FORBIDDEN');
    expect((await limited.ask('GET', '/v1/balances?app=ide')).status).toBe(200);
    expect((await limited.ask('GET', '/v1/balances?unit=TOKENS')).refused).toBe('403 FORBIDDEN');
    expect((await limited.ask('GET', '/v1/admin/budgets')).refused).toBe('403 FORBIDDEN');
  });

  it('never let a tenant’s key write RISK_POINTS', async () => {
    const any = await serving.client('acme', { permissions: ['budgets:write', 'admin:write'] });
    const body = { scope: 'tenant:acme', unit: 'RISK_POINTS', allocated: { unit: 'RISK_POINTS', amount: 1 } };
    expect((await any.ask('POST', '/v1/admin/budgets', body)).refused).toBe('403 INSUFFICIENT_PERMISSIONS');
    await acme.budget('', 10, { unit: 'RISK_POINTS' });
    const credit = { operation: 'CREDIT', amount: { unit: 'RISK_POINTS', amount: 1 } };
    const path = '/v1/admin/budgets/fund?scope=tenant:acme&unit=RISK_POINTS';
    expect((await any.ask('POST', path, credit)).refused).toBe('403 INSUFFICIENT_PERMISSIONS');
  });
});

describe('correlation', () => {
  const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736';

  it('is on every answer, and names the tenant of a key', async () => {
    for (const path of ['/health/live', '/nowhere', '/v1/balances?tenant=acme']) {
      const { headers } = await acme.ask('GET', path);
      expect(headers.get('x-request-id')).toMatch(/^req_/);
      expect(headers.get('x-cycles-trace-id')).toMatch(/^[0-9a-f]{32}$/);
    }
    expect((await acme.reserve(1)).headers.get('x-cycles-tenant')).toBe('acme');
    expect((await acme.reserve(-1)).headers.get('x-cycles-tenant')).toBe('acme');
  });

  it.each([
    ['traceparent', { traceparent: `00-${TRACE}-00f067aa0ba902b7-00` }, TRACE],
    ['the flat header', { 'x-cycles-trace-id': TRACE }, TRACE],
    [
      'traceparent over the flat header',
      { traceparent: `00-${TRACE}-00f067aa0ba902b7-01`, 'x-cycles-trace-id': 'a'.repeat(32) },
      TRACE,
    ],
    [
      'the flat header when traceparent is malformed',
      { traceparent: '00-zz', 'x-cycles-trace-id': TRACE },
      TRACE,
    ],
    [
      'a new one when all are malformed',
      { traceparent: `00-${'0'.repeat(32)}-00f067aa0ba902b7-01`, 'x-cycles-trace-id': 'XYZ' },
      null,
    ],
  ])('takes %s', async (_what, headers, expected) => {
    const answer = await serving.ask('GET', '/health/live', { headers });
    const traceId = answer.headers.get('x-cycles-trace-id');
    if (expected === null) expect(traceId).not.toMatch(/^0+$|XYZ/);
    else expect(traceId).toBe(expected);
  });

  it('is in the body of an error', async () => {
    const refused = await acme.ask('GET', '/v1/reservations/rsv_1', undefined, {
      'x-cycles-trace-id': TRACE,
    });
    expect(refused.at('trace_id')).toBe(TRACE);
    expect(refused.at('request_id')).toBe(refused.headers.get('x-request-id'));
  });
});

describe('the Host header', () => {
  it('must be a name of this machine, so that no page reaches the server under its own', async () => {
    const { hostname, port } = new URL(serving.server.url);
    const { request } = await import('node:http');
    const statusFor = (host: string): Promise<number | undefined> =>
      new Promise((resolve, reject) => {
        const asked = request({ hostname, port, path: '/health/live', headers: { host } }, (answer) => {
          answer.resume();
          resolve(answer.statusCode);
        });
        asked.on('error', reject);
        asked.end();
      });
    expect(await statusFor(`localhost:${port}`)).toBe(200);
    expect(await statusFor(`127.0.0.1:${port}`)).toBe(200);
    expect(await statusFor('evil.example')).toBe(403);
    expect(await statusFor(`localhost.evil.example:${port}`)).toBe(403);
  });
});
