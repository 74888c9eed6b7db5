/** Answers that come back: a signature says who sent one, the channel whose it is, and the ledger whether it counts. */

import { createHmac } from 'node:crypto';
import { Webhook } from 'standardwebhooks';
import { answer } from './approvers.js';
import { Channelled, SECRET } from './channelled.js';
import { MailServer, type Receiver } from './receivers.js';
import type { Reply } from './serving.js';

const PATIENCE_MS = 120_000;
const SIGNING = 'a-signing-secret-of-slack';
const TOKEN = 'xoxb-a-token-of-the-bot';

let on: Channelled;

beforeAll(async () => {
  on = await Channelled.start();
}, PATIENCE_MS);
afterAll(() => on.serving.stop());
afterEach(() => on.clear());

describe('a click in Slack', () => {
  let slack: Receiver;
  let channel: string;

  beforeEach(async () => {
    let nth = 0;
    slack = await on.receiver(({ headers, body }) => {
      if (headers['authorization'] !== `Bearer ${TOKEN}`)
        return { status: 200, body: { ok: false, error: 'invalid_auth' } };
      nth += 1;
      return { status: 200, body: { ok: true, channel: body['channel'], ts: `17.${nth}` } };
    });
    channel = await on.channel({
      name: `slack-${Math.random()}`,
      slack: {
        conversation: 'C0APPROVE',
        people: { U0ADA: 'ada' },
        bot_token: TOKEN,
        signing_secret: SIGNING,
        api_url: `${slack.url}/api`,
      },
    });
  });

  const posted = (id: string) =>
    slack.next(({ path, text }) => path === '/api/chat.postMessage' && text.includes(id));

  function clicked(
    id: string,
    { user = 'U0ADA', action = 'approve', atMs = Date.now(), secret = SIGNING, edited = '' } = {},
  ): Promise<Reply> {
    const payload = {
      type: 'block_actions',
      user: { id: user },
      actions: [{ action_id: action, value: id }],
    };
    const body = new URLSearchParams({ payload: JSON.stringify(payload) }).toString();
    const timestamp = String(Math.floor(atMs / 1000));
    const mac = createHmac('sha256', secret).update(`v0:${timestamp}:${body}`).digest('hex');
    return on.serving.ask('POST', `/approvals/slack/${channel}`, {
      body: body + edited,
      headers: {
        'content-type': 'application/x-www-form-urlencoded',
        'x-slack-request-timestamp': timestamp,
        'x-slack-signature': `v0=${mac}`,
      },
    });
  }

  it('approves the call that the message shows, and the message says so', async () => {
    const id = await on.asked('slack');
    const { text } = await posted(id);
    expect(text).toContain('npm publish');
    expect((await clicked(id)).status).toBe(200);
    expect(await on.statusOf(id)).toBe('APPROVED');
    const updated = await slack.next(({ path }) => path === '/api/chat.update');
    expect(updated.body).toMatchObject({ channel: 'C0APPROVE', text: expect.stringContaining('Approved') });
    expect(updated.text).not.toContain('"action_id":"approve"');
    const shown = await on.serving.ask('GET', `/admin/approvals/${id}`, { headers: on.ada });
    expect(shown.at('answers')).toMatchObject([{ channel: 'slack', answer: 'approve' }]);
  });

  it.each([
    ['forged', { secret: 'another' }],
    ['old', { atMs: Date.now() - 301_000 }],
    ['from the future', { atMs: Date.now() + 360_000 }],
    ['edited', { edited: '&more=x' }],
  ])('that is %s counts for nothing', async (what, how) => {
    const id = await on.asked(`slack ${what}`);
    expect((await clicked(id, how)).refused).toBe('401 UNAUTHORIZED');
    expect(await on.statusOf(id)).toBe('PENDING');
    await answer(on.serving, id, 'reject', on.ada);
  });

  it('of somebody whom the channel does not know is answered to them alone', async () => {
    const id = await on.asked('slack stranger');
    expect((await clicked(id, { user: 'U0EVE' })).status).toBe(200);
    const told = await slack.next(({ path }) => path === '/api/chat.postEphemeral');
    expect(told.body).toMatchObject({ user: 'U0EVE', text: expect.stringContaining('does not count') });
    expect(await on.statusOf(id)).toBe('PENDING');
  });

  it('is impossible where not all of the call is shown, and hides nothing as markup', async () => {
    const long = await on.asked('slack long', `npm publish ${'x'.repeat(3_000)}`);
    const { text } = await posted(long);
    expect(text).toContain('This is not all of the call');
    expect(text).not.toContain('"action_id":"approve"');
    const odd = await on.asked('slack odd', 'npm publish *bold* ```<https://x|y>\u202e');
    const message = await posted(odd);
    const texts = JSON.stringify(message.body).match(/"type":"(mrkdwn|plain_text|rich_text_preformatted)"/g);
    expect(texts).not.toContain('"type":"mrkdwn"');
    expect(message.text).toContain('⟨U+202E⟩');
  });
});

describe('an answer by webhook', () => {
  let channel: string;

  beforeEach(async () => {
    const receiver = await on.receiver();
    channel = await on.webhook(`webhook-${Math.random()}`, receiver.url, { tenants: ['acme'] }, ['ada']);
  });

  function sent(
    body: object,
    {
      secret = SECRET,
      at = new Date(),
      messageId = `msg_${Math.random()}`,
      edit = (text: string) => text,
    } = {},
  ): Promise<Reply> {
    const text = JSON.stringify(body);
    return on.serving.ask('POST', `/approvals/webhook/${channel}`, {
      body: edit(text),
      headers: {
        'webhook-id': messageId,
        'webhook-timestamp': String(Math.floor(at.getTime() / 1000)),
        'webhook-signature': new Webhook(secret).sign(messageId, at, text),
      },
    });
  }

  it('counts for a person whom the channel answers for', async () => {
    const id = await on.asked('webhook');
    const answered = await sent({ approval_id: id, answer: 'approve', operator: 'ada', note: 'by the bot' });
    expect(answered.status).toBe(200);
    expect(await on.statusOf(id)).toBe('APPROVED');
  });

  it.each([
    ['forged', { secret: `whsec_${Buffer.alloc(32, 8).toString('base64')}` }, '401 UNAUTHORIZED'],
    ['old', { at: new Date(Date.now() - 301_000) }, '401 UNAUTHORIZED'],
    ['edited', { edit: (text: string) => text.replace('reject', 'approve') }, '401 UNAUTHORIZED'],
  ])('that is %s counts for nothing', async (what, how, refused) => {
    const id = await on.asked(`webhook ${what}`);
    expect((await sent({ approval_id: id, answer: 'reject', operator: 'ada' }, how)).refused).toBe(refused);
    expect(await on.statusOf(id)).toBe('PENDING');
  });

  it('is refused when it comes again, for others, and about other tenants’ questions', async () => {
    const id = await on.asked('webhook again');
    const body = { approval_id: id, answer: 'approve', operator: 'ada' };
    expect((await sent(body, { messageId: 'the-same' })).status).toBe(200);
    expect((await sent(body, { messageId: 'the-same' })).status).toBe(409);
    const other = await on.asked('webhook other');
    expect((await sent({ ...body, approval_id: other, operator: 'bob' })).refused).toBe('403 FORBIDDEN');
    await on.serving.asAdmin('PATCH', `/admin/channels/${channel}`, { tenants: ['another'] });
    expect((await sent({ ...body, approval_id: other })).status).toBe(404);
    expect(await on.statusOf(other)).toBe('PENDING');
  });
});

describe('a link', () => {
  let mail: MailServer;

  beforeAll(async () => {
    const rule = { name: 'by link', when: { min_tier: 2 }, links: true };
    const policy = {
      tenant_id: 'acme',
      name: 'links',
      scope_pattern: 'tenant:acme/*',
      approval_rules: [rule],
    };
    const made = await on.serving.asAdmin('POST', '/admin/policies', policy);
    if (made.status !== 201) throw new Error(made.text);
  });

  beforeEach(async () => {
    mail = on.keep(await MailServer.start());
    const email = { host: '127.0.0.1', port: mail.port, tls: 'none', from: 'gate@example.com' };
    await on.channel({
      name: `mail-${Math.random()}`,
      email: { ...email, people: { ada: 'ada@example.com' } },
    });
  });

  /** A question that takes links, and the link that was mailed. */
  async function mailed(
    session: string,
  ): Promise<{ readonly id: string; readonly path: string; readonly token: string }> {
    const id = await on.asked(session, 'git push --force origin feature');
    const text = (await mail.mailWith(id)).replace(/=\n/g, '').replace(/=3D/g, '=');
    const [, path = '', token = ''] = /(\/approvals\/[^/\s]+\/link)\?token=(\S+)/.exec(text) ?? [];
    return { id, path, token };
  }

  const form = (fields: Record<string, string>, headers: Record<string, string> = {}) => ({
    body: new URLSearchParams(fields).toString(),
    headers: { 'content-type': 'application/x-www-form-urlencoded', ...headers },
  });

  it('shows the call when it is opened, and decides only when its form is sent', async () => {
    const { id, path, token } = await mailed('link');
    const page = await on.serving.ask('GET', `${path}?token=${token}`);
    expect(page.text).toContain('git push');
    expect(page.headers.get('referrer-policy')).toBe('no-referrer');
    expect(await on.statusOf(id)).toBe('PENDING');
    const sent = await on.serving.ask('POST', path, form({ token, answer: 'approve' }));
    expect([sent.status, sent.text]).toEqual([200, expect.stringContaining('under the name of ada')]);
    expect(await on.statusOf(id)).toBe('APPROVED');
    expect((await on.serving.ask('GET', `${path}?token=${token}`)).status).toBe(410);
    expect((await on.serving.ask('POST', path, form({ token, answer: 'reject' }))).status).toBe(410);
  });

  it('is good for nobody else, no other question, and no agent', async () => {
    const first = await mailed('link first');
    const { id, path, token } = await mailed('link second');
    const bob = await on.serving.asAdmin('POST', '/admin/operators', { name: 'bob', roles: ['approver'] });
    const [, mac] = token.split('.');
    for (const wrong of [first.token, `${bob.at('operator_id')}.${mac}`, `${token.slice(0, -1)}0`, 'x', '']) {
      const refused = await on.serving.ask('POST', path, form({ token: wrong, answer: 'approve' }));
      expect(refused.status).toBe(wrong === '' ? 400 : 403);
    }
    const agent = form({ token, answer: 'approve' }, { 'x-cycles-api-key': on.acme.secret });
    expect((await on.serving.ask('POST', path, agent)).status).toBe(403);
    expect(await on.statusOf(id)).toBe('PENDING');
  });

  it('is not sent for a call of tier 4', async () => {
    const id = await on.asked('link tier 4', 'npm publish');
    expect(await mail.mailWith(id)).not.toContain('/link');
  });

  it('shows nothing to a person who answers for the tenant no more', async () => {
    const { path, token } = await mailed('link role');
    const listed = await on.serving.asAdmin('GET', '/admin/operators');
    const ada = (listed.at('operators') as { name: string; operator_id: string }[]).find(
      ({ name }) => name === 'ada',
    );
    const own = `/admin/operators/${ada?.operator_id}`;
    const before = (await on.serving.asAdmin('GET', own)).at('roles');
    expect((await on.serving.asAdmin('PATCH', own, { roles: ['auditor'] })).status).toBe(200);
    expect((await on.serving.ask('GET', `${path}?token=${token}`)).status).toBe(403);
    expect((await on.serving.asAdmin('PATCH', own, { roles: before })).status).toBe(200);
    expect((await on.serving.ask('GET', `${path}?token=${token}`)).status).toBe(200);
  });

  it('is dead with its person', async () => {
    const { id, path, token } = await mailed('link disabled');
    const listed = await on.serving.asAdmin('GET', '/admin/operators');
    const ada = (listed.at('operators') as { name: string; operator_id: string }[]).find(
      ({ name }) => name === 'ada',
    );
    await on.serving.asAdmin('DELETE', `/admin/operators/${ada?.operator_id}`);
    expect((await on.serving.ask('POST', path, form({ token, answer: 'approve' }))).status).toBe(403);
    const shown = await on.serving.asAdmin('GET', `/admin/approvals/${id}`);
    expect(shown.at('status')).toBe('PENDING');
  });
});
