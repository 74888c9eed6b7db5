/** kill -9 under load: every answered request is in the ledger once, and the balances are those of the answers. */

import type { ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { openSqliteEventReader } from '../../src/adapters/event-store-sqlite/reader.js';
import { ended, Shell, said } from '../cli/program.js';
import { type Answer, APPS, HARNESS_APPS, type Keys, Load, type Sent, send } from './kill-load.js';
import { TestRandom } from './test-random.js';

const SEED = 24_042_026;
const ROUNDS = 3;
const CONNECTIONS = 32;
/** How many requests are answered before a kill, at least and at most. */
const ANSWERS_MIN = 100;
const ANSWERS_MAX = 400;
const POINTS_OF_A_PUSH = 5;
const PATIENCE_MS = 180_000;

const ADMIN_KEY = 'the-admin-key-of-the-kill-test-0123456789';
const ALLOCATED = 1_000_000_000;

const shell = new Shell();
let child: ChildProcess;
afterAll(async () => {
  child.kill('SIGKILL');
  await ended(child);
  shell.remove();
});

async function serve(): Promise<string> {
  child = shell.start(['serve', '--port', '0', '--log-level', 'silent'], {
    COUNTERSIGN_ADMIN_KEY: ADMIN_KEY,
  });
  const [, url = ''] = await said(child, 'stderr', /answers at (http:\S+)/);
  return url;
}

async function asAdmin(url: string, method: string, path: string, body?: object): Promise<Answer['body']> {
  const answer = await fetch(url + path, {
    method,
    headers: { 'x-admin-api-key': ADMIN_KEY, ...(body && { 'content-type': 'application/json' }) },
    ...(body && { body: JSON.stringify(body) }),
  });
  if (!answer.ok) throw new Error(`${method} ${path}: ${await answer.text()}`);
  return (await answer.json()) as Answer['body'];
}

async function provision(url: string): Promise<Keys> {
  await asAdmin(url, 'POST', '/v1/admin/tenants', { tenant_id: 'acme', name: 'Acme' });
  for (const below of ['', ...APPS.map((app) => `/app:${app}`)]) {
    const [unit, amount] = ['TOKENS', ALLOCATED];
    const budget = { tenant_id: 'acme', scope: `tenant:acme${below}`, unit, allocated: { unit, amount } };
    await asAdmin(url, 'POST', '/v1/admin/budgets', budget);
  }
  await asAdmin(url, 'POST', '/admin/budget-templates', {
    tenant_id: 'acme',
    scope_pattern: 'tenant:acme/app:*/workflow:*',
    unit: 'RISK_POINTS',
    allocated: { unit: 'RISK_POINTS', amount: ALLOCATED },
  });
  const issue = async (key: object): Promise<string> => {
    const asked = { tenant_id: 'acme', name: 'key', ...key };
    return String((await asAdmin(url, 'POST', '/admin/api-keys', asked))['key_secret']);
  };
  const harnesses = new Map<string, string>();
  for (const app of HARNESS_APPS) {
    harnesses.set(app, await issue({ permissions: ['reservations:create'], fixed_subject: { app } }));
  }
  return { program: await issue({}), harnesses };
}

/** What must be the same whenever a request is answered: neither the time that is left, nor that of a signature. */
function meaningOf({ operation, answer }: Sent): unknown {
  const { remaining_ttl_ms: _left, ...body } = answer?.body ?? {};
  if (operation !== 'gate') return { status: answer?.status, body };
  const { tool_call_id, decision, assessment, reservations } = body;
  return { status: answer?.status, tool_call_id, decision, assessment, reservations };
}

/** Sends everything again: what was answered is answered the same, and what was cut off is answered now. */
async function repeatAll(url: string, sent: readonly Sent[]): Promise<void> {
  const queue = [...sent];
  const client = async (): Promise<void> => {
    for (let request = queue.shift(); request !== undefined; request = queue.shift()) {
      const answer = await send(url, request);
      if (request.answer !== null) expect(meaningOf({ ...request, answer })).toEqual(meaningOf(request));
      request.answer = answer;
    }
  };
  await Promise.all(Array.from({ length: CONNECTIONS }, client));
}

/** Event types by the idempotency key they were caused by, as they stand in the file. */
async function ledgerByKey(): Promise<Map<string, string[]>> {
  const reader = openSqliteEventReader(join(shell.dataDir, 'ledger.db'));
  const byKey = new Map<string, string[]>();
  for (let position = 0; ; ) {
    const page = await reader.readAll({ position, limit: 1_000 });
    for (const { type, metadata } of page) {
      const key = (JSON.parse(metadata) as { idempotencyKey: string | null }).idempotencyKey;
      if (key !== null) byKey.set(key, [...(byKey.get(key) ?? []), type]);
    }
    const last = page.at(-1);
    if (last === undefined) break;
    position = last.position;
  }
  reader.close();
  return byKey;
}

const EVENT_OF = {
  reserve: 'Reserved',
  commit: 'Committed',
  release: 'Released',
  decide: 'Decided',
} as const;

function expectStoredOnce(sent: readonly Sent[], stored: ReadonlyMap<string, readonly string[]>): void {
  for (const { operation, body, answer } of sent) {
    const types = (stored.get(body.idempotency_key) ?? []).filter((type) => type !== 'BudgetCreated');
    const whole = operation === 'gate' ? ['Decided', 'Reserved'] : [EVENT_OF[operation]];
    if (answer === null) expect([[], whole]).toContainEqual(types);
    else expect({ answer, types }).toEqual({ answer, types: whole });
  }
}

/** What the answers say was spent and is still held, at the tenant and in each app. */
function booksOf(sent: readonly Sent[]): Map<string, { spent: number; reserved: number }> {
  const books = new Map([undefined, ...APPS].map((app) => [scopeOf(app), { spent: 0, reserved: 0 }]));
  const held = new Map<unknown, number>();
  for (const { operation, answer, amount } of sent) {
    if (operation === 'reserve') held.set(answer?.body['reservation_id'], amount);
  }
  for (const { operation, place, amount, settles } of sent) {
    for (const scope of [scopeOf(undefined), scopeOf(place)]) {
      const book = books.get(scope);
      if (book === undefined) continue;
      if (operation === 'reserve') book.reserved += amount;
      if (settles !== null) book.reserved -= held.get(settles) ?? Number.NaN;
      if (operation === 'commit') book.spent += amount;
    }
  }
  return books;
}

const scopeOf = (app: string | undefined): string =>
  app === undefined ? 'tenant:acme' : `tenant:acme/app:${app}`;

async function expectBalances(url: string, sent: readonly Sent[]): Promise<void> {
  const { ledgers } = await asAdmin(url, 'GET', '/v1/admin/budgets?tenant_id=acme&limit=100');
  type Ledger = { scope: string } & Record<'spent' | 'reserved' | 'remaining', { amount: number }>;
  const shown = new Map(
    (ledgers as Ledger[]).map(({ scope, spent, reserved, remaining }) => [
      scope,
      { spent: spent.amount, reserved: reserved.amount, remaining: remaining.amount },
    ]),
  );
  for (const [scope, { spent, reserved }] of booksOf(sent)) {
    expect({ scope, ...shown.get(scope) }).toEqual({
      scope,
      spent,
      reserved,
      remaining: ALLOCATED - spent - reserved,
    });
  }
  for (const app of HARNESS_APPS) {
    const pushes = sent.filter(({ operation, place }) => operation === 'gate' && place === app).length;
    const session = shown.get(`tenant:acme/app:${app}/workflow:run`);
    expect(session?.reserved ?? 0).toBe(pushes * POINTS_OF_A_PUSH);
  }
}

it(
  'loses no answered request to kill -9, doubles none, and keeps the balances of the answers',
  async () => {
    const random = new TestRandom(SEED);
    let url = await serve();
    const load = new Load(await provision(url), random);
    for (let round = 0; round < ROUNDS; round++) {
      const before = load.sent.length;
      const target = ANSWERS_MIN + random.below(ANSWERS_MAX - ANSWERS_MIN);
      await load.press(url, CONNECTIONS, target, () => child.kill('SIGKILL'));
      await ended(child);
      for (const { answer } of load.sent) if (answer !== null) expect(answer.status).toBe(200);
      expectStoredOnce(load.sent, await ledgerByKey());
      url = await serve();
      await repeatAll(url, load.sent.slice(before));
      expectStoredOnce(load.sent, await ledgerByKey());
      await expectBalances(url, load.sent);
    }
    child.kill('SIGKILL');
    await ended(child);
    const verified = await shell.run(['verify']);
    expect(verified).toMatchObject({ exitCode: 0, stdout: expect.stringContaining('The ledger is sound.') });
  },
  PATIENCE_MS,
);
