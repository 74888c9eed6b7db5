/** Passkeys over HTTP: what a device has signed is good for one answer of one person to one question, on any node. */

import { Device, type Oddity } from './device.js';
import { Nodes } from './nodes.js';
import { Serving, type TenantClient } from './serving.js';

const PASSWORD = 'correct horse battery staple';
/** Hashing passwords, and starting nodes, takes its time on a busy machine, in ms. */
const PATIENCE_MS = 120_000;
const REFUSED = 403;

/** A person in a browser. */
interface Visitor {
  readonly cookie: string;
  readonly csrf: string;
  readonly device: Device;
}
type Fields = Readonly<Record<string, string>>;
interface Ceremony {
  readonly ticket: string;
  readonly options: Readonly<Record<'approve' | 'reject', object & { readonly challenge: string }>>;
}

const unescaped = (text: string): string => text.replaceAll('&quot;', '"');
const originOf = ({ server }: Serving): string => server.url.replace('127.0.0.1', 'localhost');

const form = (serving: Serving, path: string, fields: Fields, cookie = ''): Promise<Response> =>
  fetch(`${serving.server.url}${path}`, {
    method: 'POST',
    redirect: 'manual',
    headers: {
      origin: serving.server.url,
      'content-type': 'application/x-www-form-urlencoded',
      ...(cookie !== '' && { cookie }),
    },
    body: new URLSearchParams(fields).toString(),
  });

const pageOf = async (serving: Serving, path: string, cookie: string): Promise<string> =>
  (await fetch(`${serving.server.url}${path}`, { headers: { cookie }, redirect: 'manual' })).text();

const fieldIn = (page: string, name: string): string =>
  new RegExp(`name="${name}" value="([^"]+)"`).exec(page)?.[1] ?? '';

/** Adds an approver, signs them in by the form, and registers a passkey of theirs. */
async function visitor(serving: Serving, name: string): Promise<Visitor> {
  const added = await serving.asAdmin('POST', '/admin/operators', { name, roles: ['approver'] });
  const once = String(added.at('one_time_password'));
  await serving.ask('POST', '/auth/sign-in', { body: { name, password: once, new_password: PASSWORD } });
  const entered = await form(serving, '/sign-in', { name, password: PASSWORD, return_to: '/passkeys' });
  const cookie = entered.headers.get('set-cookie')?.split(';')[0] ?? '';
  const page = await pageOf(serving, '/passkeys', cookie);
  const device = new Device(originOf(serving));
  const options = /data-ceremony="register" data-passkey="([^"]+)"/.exec(page)?.[1] ?? '';
  const csrf = fieldIn(page, 'csrf_token');
  const passkey = device.register(JSON.parse(unescaped(options)));
  const fields = { csrf_token: csrf, ticket: fieldIn(page, 'ticket'), name: 'a phone', passkey };
  expect((await form(serving, '/passkeys', fields, cookie)).status).toBe(303);
  return { cookie, csrf, device };
}

/** What the page of a question asks a device to sign. */
async function ceremonyOf(serving: Serving, id: string, { cookie }: Visitor): Promise<Ceremony> {
  const page = await pageOf(serving, `/approvals/${id}`, cookie);
  const optionsFor = (word: string) =>
    JSON.parse(
      unescaped(new RegExp(`value="${word}" data-passkey="([^"]+)"`).exec(page)?.[1] ?? '{}'),
    ) as Ceremony['options']['approve'];
  const options = { approve: optionsFor('approve'), reject: optionsFor('reject') };
  return { ticket: fieldIn(page, 'ticket'), options };
}

const send = async (
  serving: Serving,
  id: string,
  { cookie, csrf }: Visitor,
  fields: Fields,
): Promise<number> => {
  const answer = { csrf_token: csrf, answer: 'approve', ...fields };
  return (await form(serving, `/approvals/${id}/answer`, answer, cookie)).status;
};

/** A question whose answer wants a passkey. */
async function question(acme: TenantClient, serving: Serving, session: string): Promise<string> {
  const asked = await acme.at(serving).ask('POST', '/gate/tool-calls', {
    idempotency_key: session,
    harness: 'test',
    session_id: session,
    subject: { app: 'ide' },
    tool: { name: 'Shell', input: { command: 'npm publish' } },
    cwd: '/repo',
  });
  return String(asked.at('approval.approval_id'));
}

async function tenantOf(serving: Serving): Promise<TenantClient> {
  const acme = await serving.tenant('acme', { permissions: ['reservations:create'] });
  await acme.budget('', 10_000, { unit: 'RISK_POINTS' });
  const rule = { name: 'vault', when: { min_tier: 4 }, passkey: true };
  const policy = { tenant_id: 'acme', name: 'vault', scope_pattern: 'tenant:acme/*' };
  const made = await serving.asAdmin('POST', '/admin/policies', { ...policy, approval_rules: [rule] });
  expect(made.status).toBe(201);
  return acme;
}

const statusOf = async (acme: TenantClient, serving: Serving, id: string) =>
  (await acme.at(serving).ask('GET', `/gate/approvals/${id}`)).at('status');

describe('a passkey of one node', () => {
  it(
    'answers on another, and nowhere any more once it was removed on one',
    async () => {
      const nodes = await Nodes.start(2);
      try {
        const [here, there] = [nodes.at(0), nodes.at(1)];
        const acme = await tenantOf(here);
        const ada = await visitor(here, 'ada');
        const device = ada.device.at(originOf(there));
        const answerThere = async (session: string): Promise<[string, Ceremony]> => {
          const id = await question(acme, here, session);
          return [id, await ceremonyOf(there, id, ada)];
        };
        expect(await pageOf(there, '/passkeys', ada.cookie)).toContain('a phone');
        const [first, asked] = await answerThere('first');
        const passkey = device.sign(asked.options.approve);
        expect(await send(there, first, ada, { ticket: asked.ticket, passkey })).toBe(303);
        expect(await statusOf(acme, there, first)).toBe('APPROVED');

        const [second, later] = await answerThere('second');
        const removal = { csrf_token: ada.csrf, credential_id: device.credentialId };
        expect((await form(here, '/passkeys/remove', removal, ada.cookie)).status).toBe(303);
        const late = device.sign(later.options.approve);
        expect(await send(there, second, ada, { ticket: later.ticket, passkey: late })).toBe(REFUSED);
        expect(await pageOf(there, '/passkeys', ada.cookie)).not.toContain('a phone');
        expect(await statusOf(acme, there, second)).toBe('PENDING');
      } finally {
        await nodes.stop();
      }
    },
    PATIENCE_MS,
  );
});

describe('an answer that wants a passkey', () => {
  let serving: Serving;
  let acme: TenantClient;
  let ada: Visitor;
  let bea: Visitor;
  let count = 0;
  beforeAll(async () => {
    serving = await Serving.start();
    acme = await tenantOf(serving);
    ada = await visitor(serving, 'ada');
    bea = await visitor(serving, 'bea');
  }, PATIENCE_MS);
  afterAll(() => serving.stop());

  const asked = async (): Promise<{ readonly id: string; readonly ceremony: Ceremony }> => {
    count += 1;
    const id = await question(acme, serving, `asked-${count}`);
    return { id, ceremony: await ceremonyOf(serving, id, ada) };
  };

  it('is taken as it was signed', async () => {
    const { id, ceremony } = await asked();
    const passkey = ada.device.sign(ceremony.options.reject);
    const { ticket } = ceremony;
    expect(await send(serving, id, ada, { answer: 'reject', ticket, passkey })).toBe(303);
    expect(await statusOf(acme, serving, id)).toBe('REJECTED');
  });

  const signed = ({ ticket, options }: Ceremony, device: Device, odd?: Oddity): Fields => ({
    ticket,
    passkey: device.sign(options.approve, odd),
  });
  it.each<[string, (ceremony: Ceremony, other: Ceremony) => Fields | Promise<Fields>]>([
    ['is not signed at all', () => ({})],
    ['is signed by nobody', ({ ticket }) => ({ ticket, passkey: '{}' })],
    ['is signed as a no', ({ ticket, options }) => ({ ticket, passkey: ada.device.sign(options.reject) })],
    ['was signed for another question', (_own, other) => signed(other, ada.device)],
    [
      'was signed for another question and has a ticket of this one',
      (own, other) => ({ ...signed(other, ada.device), ticket: own.ticket }),
    ],
    ['is signed by somebody else', (own) => signed(own, bea.device)],
    ['is signed by a device that nobody has registered', (own) => signed(own, new Device(originOf(serving)))],
    [
      'is signed by a device that has not checked its person',
      (own) => signed(own, ada.device, { isUnverified: true }),
    ],
    ['was signed on another site', (own) => signed(own, ada.device, { origin: 'http://evil.example' })],
    ['was signed for another site', (own) => signed(own, ada.device, { rpId: 'evil.example' })],
    ['has no ticket', (own) => ({ passkey: signed(own, ada.device)['passkey'] ?? '' })],
    [
      'has another signature',
      (own) => {
        const { ticket, passkey = '' } = signed(own, ada.device);
        const parsed = JSON.parse(passkey) as { response: { signature: string } };
        parsed.response.signature = 'MEUCIQ';
        return { ticket: String(ticket), passkey: JSON.stringify(parsed) };
      },
    ],
  ])('is refused when it %s', async (_how, made) => {
    const [{ id, ceremony }, other] = [await asked(), await asked()];
    const fields = await made(ceremony, other.ceremony);
    expect(await send(serving, id, ada, fields)).toBe(REFUSED);
    expect(await statusOf(acme, serving, id)).toBe('PENDING');
  });

  it('is refused by the API, where nothing is signed', async () => {
    const { id } = await asked();
    const refused = await serving.ask('POST', `/admin/approvals/${id}/answer`, {
      body: { answer: 'approve' },
      headers: { cookie: ada.cookie, origin: serving.server.url, 'x-csrf-token': ada.csrf },
    });
    expect(refused.status).toBe(REFUSED);
    expect(await statusOf(acme, serving, id)).toBe('PENDING');
  });
});
