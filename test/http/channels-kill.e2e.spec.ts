/** kill -9 while messages about questions are under way: the next start sends what nobody has taken. */

import type { ChildProcess } from 'node:child_process';
import { ended, Shell, said } from '../cli/program.js';
import { about } from './channelled.js';
import { Receiver } from './receivers.js';

const PATIENCE_MS = 120_000;
const ADMIN = { 'x-admin-api-key': 'the-admin-key-of-the-kill-test-0123456789' };

const shell = new Shell();
let child: ChildProcess;
let url = '';
let receiver: Receiver;

async function serve(): Promise<void> {
  child = shell.start(['serve', '--port', '0', '--log-level', 'silent'], {
    COUNTERSIGN_ADMIN_KEY: ADMIN['x-admin-api-key'],
  });
  [, url = ''] = await said(child, 'stderr', /answers at (http:\S+)/);
}

async function kill(): Promise<void> {
  child.kill('SIGKILL');
  await ended(child);
}

async function send(path: string, body: object, headers: Readonly<Record<string, string>> = ADMIN) {
  const answer = await fetch(url + path, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  });
  if (!answer.ok) throw new Error(`POST ${path}: ${await answer.text()}`);
  return (await answer.json()) as Readonly<Record<string, unknown>>;
}

beforeAll(async () => {
  receiver = await Receiver.start(() => 'silence');
  await serve();
}, PATIENCE_MS);
afterAll(async () => {
  await kill();
  await receiver.stop();
  shell.remove();
});

it(
  'loses no message to a crash, and sends those that arrived no second time',
  async () => {
    const points = { unit: 'RISK_POINTS', amount: 1_000 };
    await send('/v1/admin/tenants', { tenant_id: 'acme', name: 'Acme' });
    await send('/v1/admin/budgets', {
      tenant_id: 'acme',
      scope: 'tenant:acme',
      unit: points.unit,
      allocated: points,
    });
    await send('/admin/operators', { name: 'ada', roles: ['approver'] });
    await send('/admin/channels', { name: 'bot', webhook: { url: receiver.url } });
    const key = { tenant_id: 'acme', name: 'agent', permissions: ['reservations:create'] };
    const agent = { 'x-cycles-api-key': String((await send('/admin/api-keys', key))['key_secret']) };
    const ask = async (session: string): Promise<string> => {
      const submitted = await send(
        '/gate/tool-calls',
        {
          idempotency_key: session,
          harness: 'test',
          session_id: session,
          subject: { app: 'ide' },
          tool: { name: 'Shell', input: { command: 'npm publish' } },
        },
        agent,
      );
      return (submitted['approval'] as { approval_id: string }).approval_id;
    };

    const lost = await ask('lost');
    const first = await receiver.next(about(lost));
    await kill();
    receiver.received.length = 0;
    receiver.reaction = () => ({ status: 200 });
    await serve();
    const again = await receiver.next(about(lost));
    expect(again.headers['webhook-id']).toBe(first.headers['webhook-id']);

    const arrived = await ask('arrived');
    await receiver.next(about(arrived));
    const channels = async () => (await fetch(`${url}/admin/channels`, { headers: ADMIN })).text();
    while (!/"waiting":0/.test(await channels()));
    await kill();
    receiver.received.length = 0;
    await serve();
    const last = await ask('last');
    await receiver.next(about(last));
    expect(receiver.received.filter((received) => !about(last)(received))).toEqual([]);
  },
  PATIENCE_MS,
);
