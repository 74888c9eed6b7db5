/**
 * Three server processes on one log under random load, while servers are killed and the log hangs, loses answers and
 * goes away: no budget is oversubscribed, nothing answered is lost or there twice, and the books are those of the answers.
 */

import { type ChildProcess, fork } from 'node:child_process';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { ended, Shell, said } from '../cli/program.js';
import { eventually } from '../event-store/eventually.js';
import { type Answer, type Sent, send } from './kill-load.js';
import { settingsOn } from './nodes.js';
import { TestRandom } from './test-random.js';

const SEED = 22_112_026;
const NODES = 3;
const CLIENTS = 12;
/** Requests that are sent before the faults end. */
const ANSWERS = 350;
/** Little enough that the clients run into its end all the time. */
const ALLOCATED = 4_000;
const AMOUNT_MAX = 200;
const PATIENCE_MS = 180_000;

const DOUBLE = fileURLToPath(new URL('../esdb-double/main.js', import.meta.url));
const shell = new Shell();
const random = new TestRandom(SEED);
const children: ChildProcess[] = [];
let double: ChildProcess;
let settings: Record<string, string> = {};

afterAll(async () => {
  for (const child of [...children, double]) child.kill('SIGKILL');
  await Promise.all([...children, double].map(ended));
  shell.remove();
});

const order = (what: object): boolean => double.send(what);

/** A server that is started again whenever it was killed, on the data directory it had. */
class Node {
  private child: ChildProcess | null = null;
  url = '';

  constructor(private readonly index: number) {}

  async start(): Promise<void> {
    const environment = { ...settings, COUNTERSIGN_DATA_DIR: join(shell.home, `node-${this.index}`) };
    const child = shell.start(['serve', '--port', '0', '--log-level', 'silent'], environment);
    this.child = child;
    children.push(child);
    child.stdout?.resume();
    const [, url = ''] = await said(child, 'stderr', /answers at (http:\S+)/);
    this.url = url;
  }

  async killAndStart(): Promise<void> {
    const { child } = this;
    if (child === null) return;
    child.kill('SIGKILL');
    await ended(child);
    await this.start();
  }
}

const nodes = Array.from({ length: NODES }, (_, index) => new Node(index));

async function asAdmin(method: string, path: string, body?: object): Promise<Answer['body']> {
  const answer = await fetch((nodes[0]?.url ?? '') + path, {
    method,
    headers: {
      'x-admin-api-key': settings['COUNTERSIGN_ADMIN_KEY'] ?? '',
      ...(body && { 'content-type': 'application/json' }),
    },
    ...(body && { body: JSON.stringify(body) }),
  });
  if (!answer.ok) throw new Error(`${method} ${path}: ${await answer.text()}`);
  return (await answer.json()) as Answer['body'];
}

async function provision(): Promise<string> {
  await asAdmin('POST', '/v1/admin/tenants', { tenant_id: 'acme', name: 'Acme' });
  const allocated = { unit: 'TOKENS', amount: ALLOCATED };
  await asAdmin('POST', '/v1/admin/budgets', {
    tenant_id: 'acme',
    scope: 'tenant:acme',
    unit: 'TOKENS',
    allocated,
  });
  const issued = await asAdmin('POST', '/admin/api-keys', { tenant_id: 'acme', name: 'program' });
  return String(issued['key_secret']);
}

/** Sends a request to whichever node, until one of them says yes or no. */
async function settle(request: Sent): Promise<Answer> {
  for (;;) {
    const url = random.pick(nodes).url;
    const answer = await send(url, request).catch(() => null);
    if (answer !== null && answer.status < 500 && answer.status !== 429) {
      request.answer = answer;
      return answer;
    }
    await pause(20);
  }
}

class Client {
  readonly sent: Sent[] = [];
  private readonly held: { readonly id: string; readonly amount: number }[] = [];

  constructor(private readonly key: string) {}

  async step(): Promise<void> {
    const hold = random.below(2) === 0 ? this.held.pop() : undefined;
    const request = hold === undefined ? this.reservation() : this.settlement(hold);
    this.sent.push(request);
    const { body } = await settle(request);
    const id = body['reservation_id'];
    if (request.operation === 'reserve' && typeof id === 'string') {
      this.held.push({ id, amount: request.amount });
    }
  }

  private reservation(): Sent {
    const amount = 1 + random.below(AMOUNT_MAX);
    const body = {
      idempotency_key: random.key(),
      subject: { tenant: 'acme' },
      action: { kind: 'llm.completion', name: 'model' },
      estimate: { unit: 'TOKENS', amount },
      ttl_ms: 3_600_000,
    };
    const path = '/v1/reservations';
    const { key } = this;
    return { operation: 'reserve', path, key, body, amount, place: '', settles: null, answer: null };
  }

  private settlement(hold: { readonly id: string; readonly amount: number }): Sent {
    const operation = random.pick<'commit' | 'release'>(['commit', 'release', 'release']);
    const amount = operation === 'commit' ? random.below(hold.amount + 1) : 0;
    const actual = { actual: { unit: 'TOKENS', amount } };
    const body = { idempotency_key: random.key(), ...(operation === 'commit' && actual) };
    const path = `/v1/reservations/${hold.id}/${operation}`;
    return { operation, path, key: this.key, body, amount, place: '', settles: hold.id, answer: null };
  }
}

/** One bad moment after another, until there have been requests enough. */
async function disturb(sentSoFar: () => number): Promise<void> {
  const moments = [
    () => random.pick(nodes).killAndStart(),
    async () => order({ set: { answersLost: 1 } }),
    async () => order({ set: { dropsAfterCommit: 1 } }),
    async () => order({ run: 'killSubscriptions' }),
    async () => {
      order({ set: { isNotReady: true } });
      await pause(200);
      order({ set: { isNotReady: false } });
    },
    async () => {
      order({ run: 'freeze' });
      await pause(300);
      order({ run: 'thaw' });
    },
    async () => {
      order({ run: 'kill' });
      await pause(300);
      order({ run: 'restart' });
    },
  ];
  for (let i = 0; sentSoFar() < ANSWERS || i < moments.length; i++) {
    const before = sentSoFar();
    await moments[i % moments.length]?.();
    // The next one comes when this one has been lived through.
    await eventually(() => expect(sentSoFar()).toBeGreaterThanOrEqual(Math.min(before + 40, ANSWERS)));
  }
}

function booksOf(sent: readonly Sent[]): { spent: number; reserved: number } {
  const books = { spent: 0, reserved: 0 };
  const held = new Map<unknown, number>();
  for (const { operation, answer, amount } of sent) {
    const id = answer?.body['reservation_id'];
    if (operation === 'reserve' && answer?.status === 200) held.set(id, amount);
  }
  for (const amount of held.values()) books.reserved += amount;
  for (const { operation, settles, answer, amount } of sent) {
    if (settles === null) continue;
    expect(answer?.status).toBe(200);
    books.reserved -= held.get(settles) ?? Number.NaN;
    if (operation === 'commit') books.spent += amount;
  }
  return books;
}

it(
  'keeps the books of three nodes through kills, freezes and lost answers',
  async () => {
    double = fork(DOUBLE, { stdio: ['ignore', 'pipe', 'inherit', 'ipc'] });
    const [address] = await said(double, 'stdout', /esdb:\S+/);
    settings = settingsOn(address);
    await Promise.all(nodes.map((node) => node.start()));
    const key = await provision();
    const clients = Array.from({ length: CLIENTS }, () => new Client(key));
    const sentSoFar = () => clients.reduce((sum, { sent }) => sum + sent.length, 0);
    let isOver = false;
    const working = Promise.all(
      clients.map(async (client) => {
        while (!isOver) await client.step();
      }),
    );
    await disturb(sentSoFar);
    isOver = true;
    await working;

    const sent = clients.flatMap((client) => client.sent);
    const refused = sent.filter(({ answer }) => answer?.status !== 200);
    expect(new Set(refused.map(({ answer }) => answer?.body['error']))).toEqual(new Set(['BUDGET_EXCEEDED']));
    const { spent, reserved } = booksOf(sent);
    expect(spent + reserved).toBeLessThanOrEqual(ALLOCATED);
    for (const { url } of nodes) {
      await eventually(async () => {
        const asked = await fetch(`${url}/v1/balances?tenant=acme`, { headers: { 'x-cycles-api-key': key } });
        const { balances } = (await asked.json()) as { balances: Record<string, { amount: number }>[] };
        expect(balances[0]).toMatchObject({
          spent: { amount: spent },
          reserved: { amount: reserved },
          remaining: { amount: ALLOCATED - spent - reserved },
        });
      });
    }
    const again = await Promise.all(
      sent.slice(0, 200).map(async (request) => [request, request.answer, await settle(request)] as const),
    );
    for (const [request, first, second] of again) {
      if (first?.status !== 200) continue;
      expect({ path: request.path, id: second.body['reservation_id'], status: second.status }).toEqual({
        path: request.path,
        id: first.body['reservation_id'],
        status: 200,
      });
    }
    const verified = await shell.run(['verify'], settings);
    expect(verified).toMatchObject({ exitCode: 0, stdout: expect.stringContaining('The ledger is sound.') });
  },
  PATIENCE_MS,
);
