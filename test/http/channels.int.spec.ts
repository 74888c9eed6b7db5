/** Channels: people are told about questions once each, by the next channel where one fails, and nobody delays another. */

import { answer } from './approvers.js';
import { about, Channelled, SECRET } from './channelled.js';
import { isSigned, MailServer } from './receivers.js';

const PATIENCE_MS = 120_000;

let on: Channelled;

beforeAll(async () => {
  on = await Channelled.start();
}, PATIENCE_MS);
afterAll(() => on.serving.stop());
afterEach(() => on.clear());

describe('a webhook', () => {
  it('hears, signed, of a question with its call, and of its end', async () => {
    const own = await on.receiver();
    await on.webhook('hears', own.url);
    const id = await on.asked('hears', 'npm publish \u202e --tag latest');
    const told = await own.next(about(id));
    expect(isSigned(told, SECRET)).toBe(true);
    expect(told.body).toMatchObject({
      data: {
        tenant_id: 'acme',
        status: 'PENDING',
        tool_call: { arguments: [{ name: 'command', text: 'npm publish \u202e --tag latest' }] },
        url: expect.stringContaining(`/approvals/${id}`),
      },
    });
    await answer(on.serving, id, 'approve', on.ada);
    const ended = await own.next(about(id, 'approval.ended'));
    expect(ended.body).toMatchObject({ data: { status: 'APPROVED' } });
    expect(ended.headers['webhook-id']).not.toBe(told.headers['webhook-id']);
    expect(own.received.filter(about(id))).toHaveLength(1);
  });

  it('gets the same message under the same id again until it takes it', async () => {
    let noes = 1;
    const own = await on.receiver(() => ({ status: noes-- > 0 ? 503 : 200 }));
    const added = await on.webhook('again', own.url);
    const id = await on.asked('again');
    await on.channelWhen(added, (shown) => shown.at('last_sent_at') !== undefined);
    const tries = own.received.filter(about(id));
    expect(tries).toHaveLength(2);
    expect(new Set(tries.map(({ headers }) => headers['webhook-id'])).size).toBe(1);
  });

  it('that refuses for good is given up for the next channel, and shows it', async () => {
    const broken = await on.receiver(() => ({ status: 410 }));
    const next = await on.receiver();
    const added = await on.webhook('broken', broken.url, { order: 1 });
    await on.webhook('next', next.url, { order: 2 });
    const id = await on.asked('broken');
    await next.next(about(id));
    const shown = await on.serving.asAdmin('GET', `/admin/channels/${added}`);
    expect(shown.at('last_failure.error')).toBe('the receiver answered with 410');
    expect(broken.received.filter(about(id))).toHaveLength(1);
  });

  it('is not followed to where it sends us on to', async () => {
    const own = await on.receiver(() => ({ status: 302 }));
    const added = await on.webhook('redirects', own.url);
    await on.asked('redirects');
    const shown = await on.channelWhen(added, (shown) => shown.at('last_failure') !== undefined);
    expect(shown.at('last_failure.error')).toContain('elsewhere');
    expect(own.received.map(({ path }) => path)).toEqual(['/']);
  });

  it('that does not answer delays nobody else', async () => {
    const slow = await on.receiver(() => 'silence');
    const fast = await on.receiver();
    await on.webhook('slow', slow.url);
    await on.webhook('fast', fast.url);
    const ids = [];
    for (let nth = 0; nth < 6; nth++) ids.push(await on.asked(`slow-${nth}`));
    for (const id of ids) await fast.next(about(id));
    expect(slow.received.length).toBeLessThanOrEqual(4);
  });

  it('that is away keeps no question from the next channel longer than it keeps one', async () => {
    const next = await on.receiver();
    const away = await on.receiver(() => ({ status: 503 }));
    await on.webhook('away', away.url, { order: 1 });
    await on.webhook('behind', next.url, { order: 2 });
    const ids: string[] = [];
    for (let nth = 0; nth < 6; nth++) ids.push(await on.asked(`away-${nth}`));
    // Each is tried at once, although each of those before it has its next attempt before it.
    for (const id of ids) await away.next(about(id));
    away.reaction = () => ({ status: 410 });
    for (const id of ids) await next.next(about(id));
  });

  it('hears only of its tenants and groups, and of questions to everybody', async () => {
    const other = await on.receiver();
    const own = await on.receiver();
    await on.webhook('other-tenant', other.url, { tenants: ['another'] });
    await on.webhook('group', own.url, { tenants: ['acme'], groups: ['dba'] });
    const id = await on.asked('groups');
    await own.next(about(id));
    expect(other.received).toEqual([]);
  });

  it('can be tried', async () => {
    const own = await on.receiver();
    const added = await on.webhook('tried', own.url);
    const path = `/admin/channels/${added}/test`;
    expect((await on.serving.asAdmin('POST', path)).body).toEqual({ delivered: true });
    expect((await on.serving.asAdmin('POST', path)).body).toEqual({ delivered: true });
    const ids = own.received.map(({ headers }) => headers['webhook-id']);
    expect(new Set(ids).size).toBe(2);
    own.reaction = () => ({ status: 500 });
    expect((await on.serving.asAdmin('POST', path)).body).toEqual({
      delivered: false,
      error: 'the receiver answered with 500',
    });
  });
});

describe('mail', () => {
  const email = (mail: MailServer, people: object = { ada: 'ada@example.com' }) => ({
    host: '127.0.0.1',
    port: mail.port,
    tls: 'none',
    from: 'gate@example.com',
    people,
  });

  it('shows the call and brings the page, which has no token where the rule takes no links', async () => {
    const mail = await MailServer.start();
    on.keep(mail);
    await on.channel({ name: 'mail', email: email(mail) });
    const id = await on.asked('mail', 'npm publish \u202e');
    const text = await mail.mailWith(id);
    expect(text).toContain('npm publish =E2=9F=A8U+202E=E2=9F=A9');
    expect(text).toContain(`/approvals/${id}`);
    expect(text).not.toContain('/link');
    expect(text).toMatch(/^Subject: ide asks to run /m);
  });

  it('is one to each person, and a server that refuses one is told in the channel', async () => {
    const mail = await MailServer.start((address) => (address.startsWith('bob') ? '550 no' : '250 ok'));
    on.keep(mail);
    await on.serving.asAdmin('POST', '/admin/operators', { name: 'bob', roles: ['approver'] });
    const people = { ada: 'ada@example.com', bob: 'bob@example.com' };
    const added = await on.channel({ name: 'mails', email: email(mail, people) });
    await on.asked('mails');
    await mail.mailTo('ada@example.com');
    const shown = await on.channelWhen(added, (shown) => shown.at('last_failure') !== undefined);
    expect(shown.at('last_failure.error')).toBe('the mail server answered with 550');
  });
});

describe('channels of administrators', () => {
  const url = 'http://127.0.0.1:9/';

  it('show no secret, and the one that the server made only once', async () => {
    const added = await on.serving.asAdmin('POST', '/admin/channels', { name: 'secret', webhook: { url } });
    expect(added.at('webhook_secret')).toMatch(/^whsec_/);
    const path = `/admin/channels/${added.at('channel_id')}`;
    const shown =
      (await on.serving.asAdmin('GET', path)).text +
      (await on.serving.asAdmin('GET', '/admin/channels')).text;
    expect(shown).not.toContain('whsec_');
    const changed = await on.serving.asAdmin('PATCH', path, { name: 'renamed', order: 3 });
    expect(changed.body).toMatchObject({ name: 'renamed', order: 3, webhook: { url } });
    expect((await on.serving.asAdmin('DELETE', path)).status).toBe(204);
    expect((await on.serving.asAdmin('GET', path)).refused).toBe('404 NOT_FOUND');
  });

  it.each([
    ['none of the kinds', { name: 'x' }, 'slack'],
    ['half of one', { name: 'x', email: {} }, 'email.host'],
    ['a URL of another kind', { name: 'x', webhook: { url: 'file:///etc/passwd' } }, 'webhook.url'],
    [
      'a URL with a port that there is not',
      { name: 'x', webhook: { url: 'http://a:99999/' } },
      'webhook.url',
    ],
    ['a URL with a password', { name: 'x', webhook: { url: 'http://u:p@host/' } }, 'webhook.url'],
    ['a secret that is none', { name: 'x', webhook: { url, secret: 'short' } }, 'webhook.secret'],
    ['a stranger', { name: 'x', webhook: { url, people: ['nobody'] } }, 'people'],
    ['no token', { name: 'x', slack: { conversation: 'C1', people: {} } }, 'slack.bot_token'],
    ['no tenant at all', { name: 'x', tenants: [], webhook: { url } }, 'tenants'],
    ['an order out of range', { name: 'x', order: 0, webhook: { url } }, 'order'],
    [
      'an address that ends a line',
      {
        name: 'x',
        email: { host: 'h', port: 25, tls: 'none', from: 'a@b.c', people: { ada: 'a@b.c\r\nBcc: d@e.f' } },
      },
      'email.people.ada',
    ],
    [
      'a password in the clear to another machine',
      {
        name: 'x',
        email: {
          host: 'mail.example.com',
          port: 25,
          tls: 'none',
          username: 'u',
          password: 'p',
          from: 'a@b.c',
          people: { ada: 'a@b.c' },
        },
      },
      'email.tls',
    ],
  ])('refuse %s, naming the field', async (_what, body, field) => {
    const refused = await on.serving.asAdmin('POST', '/admin/channels', body);
    expect([refused.status, refused.at('details.field')]).toEqual([400, field]);
  });

  it('never send a secret to another place because somebody changed the address', async () => {
    const webhook = await on.channel({ name: 'moved', webhook: { url }, tenants: ['acme'] });
    const changing = (id: string, body: object) => on.serving.asAdmin('PATCH', `/admin/channels/${id}`, body);
    const elsewhere = { webhook: { url: 'http://127.0.0.1:8/' } };
    const refused = await changing(webhook, elsewhere);
    expect([refused.status, refused.at('details.field')]).toEqual([400, 'webhook.secret']);
    const same = await changing(webhook, { webhook: { url, people: ['ada'] }, all_tenants: true });
    expect([same.at('webhook.people'), same.at('tenants')]).toEqual([['ada'], undefined]);
    const moved = await changing(webhook, { webhook: { ...elsewhere.webhook, secret: SECRET } });
    expect(moved.at('webhook.url')).toBe(elsewhere.webhook.url);
    const slack = { conversation: 'C1', people: {}, bot_token: 'xoxb-1234', signing_secret: '12345678' };
    const other = await on.channel({ name: 'moved slack', slack });
    const told = await changing(other, { slack: { conversation: 'C1', people: {}, api_url: url } });
    expect([told.status, told.at('details.field')]).toEqual([400, 'slack.bot_token']);
  });

  it('have a name once, and a kind for good', async () => {
    const added = await on.channel({ name: 'once', webhook: { url } });
    const again = await on.serving.asAdmin('POST', '/admin/channels', { name: 'once', webhook: { url } });
    expect(again.refused).toBe('409 DUPLICATE_RESOURCE');
    const slack = { conversation: 'C1', people: {}, bot_token: 'xoxb-1234', signing_secret: '12345678' };
    const changed = await on.serving.asAdmin('PATCH', `/admin/channels/${added}`, { slack });
    expect([changed.status, changed.at('details.field')]).toEqual([400, 'slack']);
  });
});
