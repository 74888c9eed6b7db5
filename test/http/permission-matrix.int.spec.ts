/** Every permission and every role on every route that the running server describes: default deny, and no more. */

import { PERMISSIONS } from '../../src/domain/access.js';
import {
  describedRoutes,
  methodOf,
  PEOPLE,
  ROUTES,
  type Role,
  ruleOf,
  type Stage,
  setStage,
} from './routes.js';
import { Serving, type TenantClient } from './serving.js';

/** Hashing passwords takes its time on a busy machine, in ms. */
const PATIENCE_MS = 60_000;
const PASSWORD = 'correct horse battery staple';
const ALL = Object.keys(ROUTES);

let serving: Serving;
let stage: Stage;

beforeAll(async () => {
  serving = await Serving.start();
  stage = await setStage(serving);
}, PATIENCE_MS);
afterAll(() => serving.stop());

type Headers = Readonly<Record<string, string>>;
type Verdict = 'admitted' | '401' | '403' | `unexpected ${string}`;

/** What became of a route's well-formed request under a credential. */
async function verdictOf(route: string, headers: Headers): Promise<Verdict> {
  const { path, body } = await ruleOf(route).ask(stage, 'x-cycles-api-key' in headers ? 'key' : 'operator');
  const { status, text } = await serving.ask(methodOf(route), path, { body, headers });
  if (status === 401 || status === 403) return `${status}`;
  const isFine = status < 300 || status === 404 || ruleOf(route).isPublic === true;
  return isFine ? 'admitted' : `unexpected ${status} ${text}`;
}

/** Verdicts of every route, to be compared as a whole: a difference names its route. */
async function verdicts(headers: Headers, routes = ALL): Promise<Record<string, Verdict>> {
  const found: Record<string, Verdict> = {};
  for (const route of routes) found[route] = await verdictOf(route, headers);
  return found;
}

const expected = (wanted: (route: string) => Verdict, routes = ALL): Record<string, Verdict> =>
  Object.fromEntries(routes.map((route) => [route, wanted(route)]));

/** What the protocol says of wildcards, written down a second time. */
function satisfies(held: string, needed: string): boolean {
  if (held === needed || needed === 'any') return true;
  return (
    (held === 'admin:read' && needed.endsWith(':read')) ||
    (held === 'admin:write' && needed.endsWith(':write'))
  );
}

function wantedOfKey(route: string, held: string): Verdict {
  const { isPublic, key, formerKey, refusesKeys } = ruleOf(route);
  if (isPublic) return 'admitted';
  if (refusesKeys) return '403';
  if (key === undefined) return '401';
  return satisfies(held, key) || held === formerKey ? 'admitted' : '403';
}

function wantedOfRole(route: string, role: Role): Verdict {
  const { isPublic, isPersonal, roles } = ruleOf(route);
  if (isPublic || (isPersonal && roles === undefined)) return 'admitted';
  if (roles === undefined) return '401';
  return roles.includes(role) ? 'admitted' : '403';
}

it('says of every route that the server describes who may call it', async () => {
  expect((await describedRoutes(serving)).sort()).toEqual([...ALL].sort());
});

it.each(PERMISSIONS)('a key that has %s alone may do that and nothing else', async (held) => {
  const { secret } = await serving.client('acme', { permissions: [held] });
  const found = await verdicts({ 'x-cycles-api-key': secret });
  expect(found).toEqual(expected((route) => wantedOfKey(route, held)));
});

it('the admin key opens what operators may do, and nothing that is a tenant’s or a person’s own', async () => {
  const found = await verdicts({ 'x-admin-api-key': serving.server.adminKey });
  const wanted = (route: string): Verdict => {
    const { isPublic, isPersonal, roles } = ruleOf(route);
    return isPublic || (roles !== undefined && !isPersonal) ? 'admitted' : '401';
  };
  expect(found).toEqual(expected(wanted));
});

it.each<[what: string, headers: Headers]>([
  ['no credential', {}],
  ['an empty key', { 'x-cycles-api-key': '' }],
  ['an unknown key', { 'x-cycles-api-key': `cyc_live_${'a'.repeat(32)}` }],
  ['a wrong admin key', { 'x-admin-api-key': 'nonsense' }],
  ['an unknown token', { authorization: `Bearer cso_${'a'.repeat(43)}` }],
])('%s opens what is public, and nothing else', async (_what, headers) => {
  const found = await verdicts(headers);
  expect(found).toEqual(expected((route) => (ruleOf(route).isPublic ? 'admitted' : '401')));
});

describe('a key of another tenant', () => {
  let stranger: TenantClient;
  beforeAll(async () => {
    stranger = await serving.tenant('globex', { permissions: PERMISSIONS });
    await stranger.budget('', 1_000);
  });

  const ABOUT_TENANTS = ALL.filter((route) => {
    const { key, isAboutNobody } = ruleOf(route);
    return key !== undefined && !isAboutNobody;
  });

  it.each(ABOUT_TENANTS)('gets nothing of a tenant’s by %s', async (route) => {
    const { path, body } = await ruleOf(route).ask(stage, 'key');
    const refused = await stranger.ask(methodOf(route), path, body);
    expect([400, 403, 404]).toContain(refused.status);
    expect((await stage.acme.ask(methodOf(route), path, body)).status).toBeLessThan(300);
  });
});

describe('roles', () => {
  const signIn = async (role: Role): Promise<Headers> => {
    const added = await serving.asAdmin('POST', '/admin/operators', { name: role, roles: [role] });
    const password = String(added.at('one_time_password'));
    const body = { name: role, password, new_password: PASSWORD };
    const signedIn = await serving.ask('POST', '/auth/sign-in', { body });
    return { authorization: `Bearer ${String(signedIn.at('token'))}` };
  };
  // Whoever has signed out may do nothing more.
  const inOrder = [...ALL.filter((route) => route !== 'POST /auth/sign-out'), 'POST /auth/sign-out'];

  it.each(PEOPLE)(
    'a person who is %s may do what the role may, and nothing else',
    async (role) => {
      const token = await signIn(role);
      expect(await verdicts(token, inOrder)).toEqual(expected((route) => wantedOfRole(route, role)));
      const gone = await verdicts(token);
      expect(gone).toEqual(expected((route) => (ruleOf(route).isPublic ? 'admitted' : '401')));
    },
    PATIENCE_MS,
  );
});
