/** Sessions of people in a browser: what the cookie opens, what it never does, and what other pages cannot make of it. */

import { describedRoutes, ROUTES } from './routes.js';
import { type Ask, type Reply, Serving } from './serving.js';

/** Hashing passwords takes its time on a busy machine, in ms. */
const PATIENCE_MS = 60_000;
const PASSWORD = 'correct horse battery staple';

interface Browser {
  readonly serving: Serving;
  readonly cookie: string;
  readonly csrf: string;
  readonly origin: string;
}

const COOKIE = /^((?:__Host-)?countersign)=(cso_[A-Za-z0-9_-]{43})(; .+)$/;

const cookieOf = (reply: Reply): { name: string; pair: string; token: string; attributes: string } => {
  const [, name = '', token = '', attributes = ''] = COOKIE.exec(reply.headers.get('set-cookie') ?? '') ?? [];
  return { name, pair: `${name}=${token}`, token, attributes };
};

async function hire(serving: Serving, name: string, roles: readonly string[] = ['admin']): Promise<void> {
  const added = await serving.asAdmin('POST', '/admin/operators', { name, roles });
  const body = { name, password: String(added.at('one_time_password')), new_password: PASSWORD };
  const signedIn = await serving.ask('POST', '/auth/sign-in', { body });
  if (signedIn.status !== 200) throw new Error(`not hired: ${signedIn.text}`);
}

const signIn = (serving: Serving, name: string, { body, headers }: Ask = {}): Promise<Reply> =>
  serving.ask('POST', '/auth/session', {
    body: body ?? { name, password: PASSWORD },
    headers: { origin: serving.server.url, ...headers },
  });

async function browse(serving: Serving, name: string): Promise<Browser> {
  const answer = await signIn(serving, name);
  expect(answer.status).toBe(200);
  return {
    serving,
    cookie: cookieOf(answer).pair,
    csrf: String(answer.at('csrf_token')),
    origin: serving.server.url,
  };
}

/** Sends what a page of the server itself would; headers that are undefined are left out. */
function asPage(
  { serving, cookie, csrf, origin }: Browser,
  method: string,
  path: string,
  { body, headers = {} }: { body?: unknown; headers?: Readonly<Record<string, string | undefined>> } = {},
): Promise<Reply> {
  const own = { cookie, 'x-csrf-token': csrf, origin, 'sec-fetch-site': 'same-origin', ...headers };
  const given = Object.entries(own).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]]));
  return serving.ask(method, path, { body, headers: Object.fromEntries(given) });
}

let serving: Serving;
let dana: Browser;
let tenants = 0;
const opening = () => {
  tenants += 1;
  return { tenant_id: `opened-${tenants}`, name: 'Opened' };
};
const isOpen = async () =>
  (await serving.asAdmin('GET', `/v1/admin/tenants/opened-${tenants}`)).status === 200;

beforeAll(async () => {
  serving = await Serving.start();
  await (await serving.tenant('acme')).budget('', 1_000);
  await hire(serving, 'dana');
  dana = await browse(serving, 'dana');
}, PATIENCE_MS);
afterAll(() => serving.stop());

describe('signing in to a browser', () => {
  it('puts the token in a cookie that no script and no other site gets, and nowhere else', async () => {
    const answer = await signIn(serving, 'dana');
    const { name, token, attributes } = cookieOf(answer);
    expect(name).toBe('countersign');
    expect(attributes).toMatch(/^; Path=\/; Max-Age=(43200|43199); HttpOnly; SameSite=Strict$/);
    expect(answer.text).not.toContain(token);
    expect(answer.body).toMatchObject({ name: 'dana', roles: ['admin'] });
    expect(answer.headers.get('cache-control')).toBe('no-store');
  });

  it('takes a form, and goes on to a page of the server alone', async () => {
    const form = (fields: Record<string, string>) =>
      fetch(`${serving.server.url}/auth/session`, {
        method: 'POST',
        redirect: 'manual',
        headers: { origin: 'null', 'sec-fetch-site': 'same-origin' },
        body: new URLSearchParams({ name: 'dana', password: PASSWORD, new_password: '', ...fields }),
      });
    const answer = await form({ return_to: '/approve/apr_1?x=1' });
    expect(answer.status).toBe(303);
    expect(answer.headers.get('location')).toBe('/approve/apr_1?x=1');
    expect(answer.headers.get('set-cookie')).toMatch(COOKIE);
    for (const elsewhere of [
      '//evil.example',
      '/\\evil.example',
      '/\t/evil.example',
      'https://evil.example',
    ]) {
      const refused = await form({ return_to: elsewhere });
      expect({ elsewhere, status: refused.status }).toEqual({ elsewhere, status: 400 });
      expect(refused.headers.get('set-cookie')).toBeNull();
    }
  });

  it('takes no form anywhere else', async () => {
    const headers = { 'content-type': 'application/x-www-form-urlencoded' };
    const body = `name=dana&password=${encodeURIComponent(PASSWORD)}`;
    const refused = await serving.ask('POST', '/auth/sign-in', { body, headers });
    expect(refused.refused).toBe('415 INVALID_REQUEST');
    const twice = await signIn(serving, 'dana', { body: `${body}&name=ada`, headers });
    expect(twice.refused).toBe('400 INVALID_REQUEST');
  });

  it.each<[string, Readonly<Record<string, string>>]>([
    ['another origin', { origin: 'http://evil.example' }],
    ['another port of the same host', { origin: 'http://127.0.0.1:1', 'sec-fetch-site': 'same-site' }],
    ['an origin that hides', { origin: 'null' }],
    ['another site', { 'sec-fetch-site': 'cross-site' }],
    ['https, where there is none', { origin: 'https://127.0.0.1' }],
  ])('is refused when it comes from %s', async (_from, headers) => {
    const refused = await signIn(serving, 'dana', { headers });
    expect(refused.refused).toBe('403 FORBIDDEN');
    expect(refused.headers.get('set-cookie')).toBeNull();
  });

  it('is refused when nothing says where it comes from', async () => {
    const body = { name: 'dana', password: PASSWORD };
    const refused = await serving.ask('POST', '/auth/session', { body });
    expect(refused.refused).toBe('403 FORBIDDEN');
  });

  it(
    'gives no cookie for a wrong password, and counts it as any other',
    async () => {
      await hire(serving, 'guessed');
      const body = { name: 'guessed', password: 'not the password' };
      const answers: number[] = [];
      for (let i = 0; i < 6; i++) {
        const { status, headers } = await (i % 2
          ? signIn(serving, 'guessed', { body })
          : serving.ask('POST', '/auth/sign-in', { body }));
        expect(headers.get('set-cookie')).toBeNull();
        answers.push(status);
      }
      expect(answers).toEqual([401, 401, 401, 401, 401, 429]);
    },
    PATIENCE_MS,
  );
});

describe('a request under a cookie', () => {
  it('reads without more, and finds its CSRF token', async () => {
    const headers = { 'x-csrf-token': undefined, origin: undefined };
    const session = await asPage(dana, 'GET', '/auth/me', { headers });
    expect(session.body).toMatchObject({ name: 'dana', csrf_token: dana.csrf });
    expect((await asPage(dana, 'GET', '/v1/admin/tenants', { headers })).status).toBe(200);
    const typed = { ...headers, 'sec-fetch-site': 'none' };
    expect((await asPage(dana, 'GET', '/auth/me', { headers: typed })).at('name')).toBe('dana');
  });

  it('changes something with its CSRF token, as the person it stands for', async () => {
    const opened = await asPage(dana, 'POST', '/v1/admin/tenants', { body: opening() });
    expect(opened.status).toBe(201);
    const log = await serving.asAdmin('GET', '/v1/admin/audit/logs?operation=createTenant&limit=1');
    const me = await asPage(dana, 'GET', '/auth/me');
    expect(log.at('logs.0.metadata.operator_id')).toBe(me.at('operator_id'));
  });

  it('changes something where browsers say nothing of sites, by its origin', async () => {
    const headers = { 'sec-fetch-site': undefined };
    expect((await asPage(dana, 'POST', '/v1/admin/tenants', { body: opening(), headers })).status).toBe(201);
  });

  it.each<[string, Readonly<Record<string, string | undefined>>]>([
    ['without its CSRF token', { 'x-csrf-token': undefined }],
    ['with an empty one', { 'x-csrf-token': '' }],
    ['with a wrong one of the same length', { 'x-csrf-token': '0'.repeat(64) }],
    ['with a longer one', { 'x-csrf-token': '0'.repeat(65) }],
    ['from another origin', { origin: 'http://evil.example', 'sec-fetch-site': undefined }],
    ['from another origin, whatever its site', { origin: 'http://evil.example' }],
    ['from another port', { origin: 'http://127.0.0.1:1', 'sec-fetch-site': 'same-site' }],
    ['from another site that hides', { origin: 'null', 'sec-fetch-site': 'cross-site' }],
    ['from an origin that hides', { origin: 'null', 'sec-fetch-site': undefined }],
    ['from the address bar', { origin: undefined, 'sec-fetch-site': 'none' }],
    ['from nowhere', { origin: undefined, 'sec-fetch-site': undefined }],
  ])('changes nothing %s', async (_how, headers) => {
    const refused = await asPage(dana, 'POST', '/v1/admin/tenants', { body: opening(), headers });
    expect(refused.refused).toBe('403 FORBIDDEN');
    expect(await isOpen()).toBe(false);
  });

  it('changes nothing with the CSRF token of another session of the same person', async () => {
    const other = await browse(serving, 'dana');
    expect(other.csrf).not.toBe(dana.csrf);
    const headers = { 'x-csrf-token': other.csrf };
    const refused = await asPage(dana, 'POST', '/v1/admin/tenants', { body: opening(), headers });
    expect(refused.refused).toBe('403 FORBIDDEN');
  });

  it.each(['cross-site', 'same-site'])('reads nothing for a %s page', async (site) => {
    const refused = await asPage(dana, 'GET', '/v1/admin/tenants', { headers: { 'sec-fetch-site': site } });
    expect(refused.refused).toBe('403 FORBIDDEN');
  });

  it('is refused beside a bearer token, and when there are two cookies', async () => {
    const token = dana.cookie.split('=')[1] ?? '';
    const both = await asPage(dana, 'GET', '/auth/me', { headers: { authorization: `Bearer ${token}` } });
    expect(both.refused).toBe('400 INVALID_REQUEST');
    expect(both.at('details.field')).toBe('authorization');
    const two = await asPage(dana, 'GET', '/auth/me', {
      headers: { cookie: `${dana.cookie}; ${dana.cookie}` },
    });
    expect(two.at('details.field')).toBe('cookie');
    const beside = `theme=dark; ${dana.cookie}; xcountersign=1`;
    expect((await asPage(dana, 'GET', '/auth/me', { headers: { cookie: beside } })).status).toBe(200);
  });

  it(
    'does what the roles of its person allow',
    async () => {
      await hire(serving, 'vera', ['viewer']);
      const vera = await browse(serving, 'vera');
      expect((await asPage(vera, 'GET', '/v1/admin/tenants')).status).toBe(200);
      const refused = await asPage(vera, 'POST', '/v1/admin/tenants', { body: opening() });
      expect(refused.refused).toBe('403 FORBIDDEN');
    },
    PATIENCE_MS,
  );
});

describe('routes', () => {
  it('of agents and of the gate know no cookie, and those of people all do', async () => {
    const stage = { serving, acme: await serving.client('acme'), fresh: () => `fresh-${++tenants}` };
    const routes = (await describedRoutes(serving)).filter((route) => !ROUTES[route]?.isPublic);
    expect(routes.length).toBeGreaterThan(40);
    for (const route of routes.filter((named) => named !== 'POST /auth/sign-out')) {
      const [method = '', path = ''] = route.split(' ');
      const rule = ROUTES[route];
      const asked = await rule?.ask(stage, 'operator');
      const { status } = await asPage(dana, method, asked?.path ?? '', asked ?? {});
      const isOfAgents = /^\/(gate|v1(?!\/admin))\//.test(path);
      expect({ route, isKnown: status !== 401 }).toEqual({ route, isKnown: !isOfAgents });
    }
  });

  it('under a key ask for nothing that a cookie needs', async () => {
    const acme = await serving.client('acme');
    const headers = { cookie: dana.cookie, origin: 'http://evil.example' };
    expect((await acme.ask('POST', '/v1/reservations', acme.proposal(1), headers)).status).toBe(200);
  });
});

describe('signing out', () => {
  it('needs the CSRF token, takes the cookie away, and ends the session for bearers too', async () => {
    const browser = await browse(serving, 'dana');
    const authorization = `Bearer ${browser.cookie.split('=')[1]}`;
    const forged = await asPage(browser, 'POST', '/auth/sign-out', {
      headers: { 'x-csrf-token': undefined },
    });
    expect(forged.refused).toBe('403 FORBIDDEN');
    expect((await serving.ask('GET', '/auth/me', { headers: { authorization } })).status).toBe(200);
    const left = await asPage(browser, 'POST', '/auth/sign-out');
    expect(left.status).toBe(204);
    const cleared = 'countersign=; Path=/; Max-Age=0; HttpOnly; SameSite=Strict';
    expect(left.headers.get('set-cookie')).toBe(cleared);
    expect((await serving.ask('GET', '/auth/me', { headers: { authorization } })).status).toBe(401);
    const after = await asPage(browser, 'GET', '/auth/me');
    expect(after.refused).toBe('401 UNAUTHORIZED');
    expect(after.headers.get('set-cookie')).toBe(cleared);
  });
});

describe('behind https', () => {
  let secured: Serving;
  afterEach(() => secured.stop());

  it(
    'the cookie is secure and bound to the host, and only the published origin counts',
    async () => {
      const published = 'https://countersign.example';
      secured = await Serving.start({ COUNTERSIGN_PUBLIC_URL: `${published}/` });
      await hire(secured, 'dana');
      expect((await signIn(secured, 'dana')).refused).toBe('403 FORBIDDEN');
      const answer = await signIn(secured, 'dana', { headers: { origin: published } });
      const { name, pair, attributes } = cookieOf(answer);
      expect(name).toBe('__Host-countersign');
      expect(attributes).toMatch(/; Path=\/; .*; HttpOnly; SameSite=Strict; Secure$/);
      const csrf = String(answer.at('csrf_token'));
      const page = { serving: secured, cookie: pair, csrf, origin: published };
      expect((await asPage(page, 'POST', '/v1/admin/tenants', { body: opening() })).status).toBe(201);
      const downgraded = { ...page, cookie: pair.replace('__Host-', '') };
      expect((await asPage(downgraded, 'GET', '/auth/me')).status).toBe(401);
      const byHttp = { ...page, origin: secured.server.url };
      const refused = await asPage(byHttp, 'POST', '/v1/admin/tenants', { body: opening() });
      expect(refused.refused).toBe('403 FORBIDDEN');
    },
    PATIENCE_MS,
  );
});
