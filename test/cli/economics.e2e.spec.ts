/** `countersign economics` and `forecast`: what work costs and how long budgets last, in a terminal. */

import type { ChildProcess } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ended, Shell, said } from './program.js';

const PATIENCE_MS = 240_000;
const UNIT = 'USD_MICROCENTS';

describe('the commands of FinOps', () => {
  let shell: Shell;
  let server: ChildProcess;
  let url: string;
  let secret: string;
  let charges = 0;

  beforeAll(async () => {
    shell = new Shell();
    server = shell.start(['serve', '--port', '0', '--log-level', 'silent']);
    [, url = ''] = await said(server, 'stderr', /answers at (http:\S+)/);
    const admin = { 'x-admin-api-key': readFileSync(join(shell.dataDir, 'admin.key'), 'utf8').trim() };
    await post('/v1/admin/tenants', { tenant_id: 'acme', name: 'Acme' }, admin);
    const key = await post('/admin/api-keys', { tenant_id: 'acme', name: 'agents' }, admin);
    secret = String(key['key_secret']);
    for (const [scope, amount] of [
      ['tenant:acme', 10_000_000_000],
      ['tenant:acme/app:ide', 700_000_000],
      ['tenant:acme/app:web', 100_000_000],
    ] as const) {
      const budget = { tenant_id: 'acme', scope, unit: UNIT, allocated: { unit: UNIT, amount } };
      await post('/v1/admin/budgets', budget, admin);
    }
    await charge({ app: 'ide', workflow: 'run-1' }, 250_000_000);
    await charge({ app: 'ide', workflow: 'run-1' }, 50_000_000);
    await charge({ app: 'ide', workflow: 'run-2' }, 99_987_655);
    await charge({ app: 'ide' }, 1);
  }, PATIENCE_MS);
  afterAll(async () => {
    server.kill('SIGTERM');
    await ended(server);
    shell.remove();
  });

  async function post(path: string, body: object, headers: Record<string, string>) {
    const answer = await fetch(`${url}${path}`, {
      method: 'POST',
      headers: { ...headers, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    return (await answer.json()) as Record<string, unknown>;
  }
  function charge(subject: object, amount: number) {
    charges += 1;
    const body = {
      idempotency_key: `charge-${charges}`,
      subject,
      action: { kind: 'llm.completion', name: 'gpt' },
      actual: { unit: UNIT, amount },
    };
    return post('/v1/events', body, { 'x-cycles-api-key': secret });
  }
  const run = (...args: readonly string[]) => shell.run(args, { COUNTERSIGN_URL: url });
  /** A period that has today in it. */
  const today = (): string[] => {
    const tomorrow = new Date(Date.now() + 86_400_000).toISOString().slice(0, 10);
    const yesterday = new Date(Date.now() - 86_400_000).toISOString().slice(0, 10);
    return ['--tenant', 'acme', '--from', yesterday, '--to', tomorrow];
  };

  it('say what a session costs, in dollars that are exact', async () => {
    const { exitCode, stdout, stderr } = await run('economics', ...today());
    expect([exitCode, stderr]).toEqual([0, '']);
    expect(stdout).toMatch(/^cost by session, in USD\ntenant acme, /);
    expect(stdout).toMatch(/^all that was charged +3\.99987656/m);
    expect(stdout).toMatch(/^session +tenant +charges +charged +share +running$/m);
    expect(stdout).toMatch(/^run-1 +acme +2 +3\.00000000 +75\.00 % +75\.00 %$/m);
    expect(stdout).toMatch(/^unattributed +1 +0\.00000001 +0\.00 %$/m);
    expect(stdout).toMatch(/1 of them makes half of all that was charged$/m);
    expect(stdout).toMatch(/^ties to the ledger: difference 0$/m);
    const table = stdout.slice(stdout.indexOf('session  ')).split('\n');
    const points = table.slice(1, 6).map((line) => line.search(/\.\d{8}/));
    expect(new Set(points).size).toBe(1);
  });

  it('say it as JSON and as CSV', async () => {
    const json = await run('economics', ...today(), '--json', '--by', 'app');
    expect(JSON.parse(json.stdout)).toMatchObject({ by: 'app', work: { units: 1 }, difference: 0 });
    const csv = await run('economics', ...today(), '--csv', '--top', '1');
    expect(csv.stdout.split('\r\n').map((line) => line.split(',')[0])).toEqual([
      'record',
      'unit',
      'others',
      'work',
      'unattributed',
      'earlier_work',
      'total',
      '',
    ]);
  });

  it('say how long budgets last, those that end first at the top', async () => {
    const { exitCode, stdout } = await run('forecast', '--tenant', 'acme');
    const [heading = '', ...rows] = stdout.trimEnd().split('\n');
    expect(exitCode).toBe(0);
    expect(heading).toMatch(
      /^tenant +scope +unit +status +allocated +remaining +spent +a day +days left +until \(UTC\)$/,
    );
    expect(rows.map((row) => row.split(/ {2,}/)[1])).toEqual([
      'tenant:acme/app:ide',
      'tenant:acme',
      'tenant:acme/app:web',
    ]);
    expect(rows[0]).toMatch(
      / USD +ACTIVE +7\.00 +3\.00012344 +57\.14 % +0\.57141094 +5 +\d{4}-\d{2}-\d{2} \d{2}:\d{2}$/,
    );
    expect(rows[2]).toMatch(/ nothing is charged$/);
  });

  it('say that as JSON and as CSV', async () => {
    const json = await run('forecast', '--tenant', 'acme', '--level', 'tenant', '--json');
    expect(JSON.parse(json.stdout)).toMatchObject([{ scope: 'tenant:acme', days_left: 168 }]);
    const csv = await run('forecast', '--tenant', 'acme', '--csv');
    expect(csv.stdout.split('\r\n').map((line) => line.split(',')[1])).toEqual([
      'scope',
      'tenant:acme',
      'tenant:acme/app:ide',
      'tenant:acme/app:web',
      undefined,
    ]);
  });

  it.each([
    [['economics', '--by', 'day'], /by takes session/],
    [['economics', '--month', '2026-13'], /--month takes a month/],
    [['economics', '--from', '2026-11-01'], /--from and --to/],
    [['economics', '--top', '99'], /top must be a whole number from 1 to 20/],
    [['forecast', '--days', '0'], /days must be a whole number from 1 to 90/],
    [['forecast', '--unit', 'GOLD'], /unit must be one of/],
  ])('say what is wrong with %j', async (args, words) => {
    const { exitCode, stdout, stderr } = await run(...args);
    expect([exitCode, stdout]).toEqual([1, '']);
    expect(stderr).toMatch(words);
  });
});
