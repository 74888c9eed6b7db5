/** Receivers that behave badly: what they answer, and how slowly, neither holds anybody up nor is believed. */

import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { type AddressInfo, createServer as createNetServer, type Socket } from 'node:net';
import { emailNotifier } from '../../src/adapters/email/email.js';
import { slackNotifier } from '../../src/adapters/slack/slack.js';
import type { ChannelId } from '../../src/domain/ids.js';
import type { ChannelSettings } from '../../src/domain/system/channel.events.js';
import type { Message, OpenChannel } from '../../src/ports/notifier.port.js';
import { MailServer } from '../http/receivers.js';

const channel = (settings: ChannelSettings): OpenChannel => ({
  channelId: 'chn_1' as ChannelId,
  name: 'a channel',
  tenants: null,
  groups: [],
  order: 1,
  settings,
  sealedSecrets: '',
  secrets: { botToken: 'xoxb-12345678' },
});

const message = (id: string): Message => ({
  id,
  about: 'asked',
  question: { needsPasskey: false, call: null, approvalId: 'apr_1' } as unknown as Message['question'],
  words: { title: 'ide asks to run npm', facts: [], call: null, outcome: null },
  pageUrl: 'http://localhost/approvals/apr_1',
  linkFor: () => null,
  reference: null,
});

const never = new AbortController().signal;

describe('Slack', () => {
  let server: Server;

  async function answering(answer: string, isWhole = true): Promise<OpenChannel> {
    server = createServer((_request, response) => {
      response.writeHead(200, { 'content-type': 'application/json' });
      response.write(answer);
      if (isWhole) response.end();
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const apiUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    return channel({ kind: 'slack', conversation: 'C1', people: {}, apiUrl });
  }

  afterEach(() => {
    server.closeAllConnections();
    server.close();
  });

  it.each([
    ['no JSON', '<html>'],
    ['half of it', '{"ok":tr'],
    ['nothing', ''],
    ['null', 'null'],
    ['ten megabytes', JSON.stringify({ ok: true, channel: 'C1', ts: 'x'.repeat(10_000_000) })],
  ])('that answers with %s is tried again', async (_what, answer) => {
    const sent = slackNotifier.send(await answering(answer), message('m'), never);
    await expect(sent).rejects.toMatchObject({ name: 'DeliveryFault', isFinal: false });
  });

  it('that never ends its answer is tried again, at its deadline', async () => {
    const sent = slackNotifier.send(await answering('{"ok":', false), message('m'), AbortSignal.timeout(100));
    await expect(sent).rejects.toMatchObject({ name: 'DeliveryFault', isFinal: false });
  });

  it.each([
    ['a long one', { channel: 'C1', ts: 'x'.repeat(100_000) }],
    ['one of another type', { channel: {}, ts: 17 }],
    ['none', {}],
  ])('that says where the message stands with %s is asked to change nothing', async (_what, place) => {
    const own = await answering(JSON.stringify({ ok: true, ...place }));
    expect(await slackNotifier.send(own, message('m'), never)).toBeNull();
  });
});

describe('a mail server', () => {
  const mailTo = (port: number, people: Record<string, string>): OpenChannel =>
    channel({
      kind: 'email',
      host: '127.0.0.1',
      port,
      tls: 'none',
      username: null,
      from: 'gate@example.com',
      people,
    });

  it('that says something now and then but never takes the mail is left at the deadline', async () => {
    const sockets: Socket[] = [];
    const server = createNetServer((socket) => {
      sockets.push(socket);
      socket.on('error', () => undefined);
      socket.write('220-wait\r\n');
      const talking = setInterval(() => socket.write('220-wait\r\n'), 20);
      socket.on('close', () => clearInterval(talking));
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const own = mailTo((server.address() as AddressInfo).port, { ada: 'ada@example.com' });
    const sent = emailNotifier.send(own, message('slow'), AbortSignal.timeout(200));
    await expect(sent).rejects.toMatchObject({
      message: 'the mail server has not answered in time',
      isFinal: false,
    });
    await Promise.all(sockets.filter(({ closed }) => !closed).map((socket) => once(socket, 'close')));
    server.close();
    await once(server, 'close');
  });

  it('that refuses one address takes the mails to the others', async () => {
    const mail = await MailServer.start((address) => (address.startsWith('ada') ? '550 no' : '250 ok'));
    const own = mailTo(mail.port, { ada: 'ada@x.y', bob: 'bob@x.y', cleo: 'cleo@x.y' });
    const sent = emailNotifier.send(own, message('refused'), never);
    await expect(sent).rejects.toMatchObject({ isFinal: true, message: expect.stringContaining('550') });
    expect(mail.mails.map(({ to }) => to).sort()).toEqual(['bob@x.y', 'cleo@x.y']);
    await mail.stop();
  });

  it('that takes one of two mails gets only the other one again', async () => {
    let isReady = false;
    const mail = await MailServer.start((address) =>
      address.startsWith('bob') && !isReady ? '451 later' : '250 ok',
    );
    const own = mailTo(mail.port, { ada: 'ada@x.y', bob: 'bob@x.y' });
    await expect(emailNotifier.send(own, message('later'), never)).rejects.toMatchObject({ isFinal: false });
    isReady = true;
    expect(await emailNotifier.send(own, message('later'), never)).toBeNull();
    expect(mail.mails.map(({ to }) => to)).toEqual(['ada@x.y', 'bob@x.y']);
    await mail.stop();
  });
});
