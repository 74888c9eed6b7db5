/** An operator runs tenants, budgets and templates from the command line, against a real server. */

import type { ChildProcess } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ended, Shell, said } from './program.js';

describe('the commands of an operator', () => {
  const shell = new Shell();
  let server: ChildProcess;
  let as: Record<string, string>;

  beforeAll(async () => {
    server = shell.start(['serve', '--port', '0', '--log-level', 'error']);
    const [, url = ''] = await said(server, 'stderr', /answers at (http:\S+)/);
    as = { COUNTERSIGN_URL: url };
  }, 60_000);
  afterAll(async () => {
    server.kill('SIGTERM');
    await ended(server);
    shell.remove();
  });

  const run = (line: string) => shell.run(line.split(' '), as);

  it('open, change and list tenants, and close one only when asked to twice', async () => {
    expect((await run('tenants open acme --name Acme --max-ttl 60000')).stdout).toMatch(
      /^tenant +acme\nname +Acme\nstatus +ACTIVE/,
    );
    expect((await run('tenants change acme --overage-policy REJECT')).stdout).toContain('REJECT');
    expect((await run('tenants suspend acme')).stdout).toContain('SUSPENDED');
    expect((await run('tenants reactivate acme')).stdout).toContain('ACTIVE');
    await run('tenants open doomed');
    expect(await run('tenants close doomed')).toMatchObject({
      exitCode: 1,
      stderr: expect.stringMatching(/^countersign: To close doomed is final.*say --yes.*\n$/),
    });
    expect((await run('tenants close doomed --yes')).stdout).toContain('CLOSED');
    const listed = (await run('tenants list')).stdout.split('\n');
    expect(listed[0]).toMatch(/^tenant +status +name +created$/);
    expect(
      listed
        .slice(1)
        .map((line) => line.split(/ +/).slice(0, 2).join(' '))
        .sort(),
    ).toEqual(expect.arrayContaining(['acme ACTIVE', 'doomed CLOSED']));
    expect(await run('tenants show nobody')).toMatchObject({
      exitCode: 1,
      stderr: 'countersign: The tenant nobody does not exist.\n',
    });
  }, 60_000);

  it('show names that would move the cursor as what they are', async () => {
    const name = '\u001b[2J\u202egnihton\nsecond line\u0007';
    await shell.run(['tenants', 'open', 'sly', '--name', name], as);
    const { stdout } = await run('tenants list');
    expect(stdout).toMatch(/^sly +ACTIVE +\\u001b\[2J\\u202egnihton\\u000asecond line\\u0007 +2/m);
  }, 60_000);

  it('list every key of a tenant, however many there are', async () => {
    await run('tenants open keyed');
    const admin = readFileSync(join(shell.dataDir, 'admin.key'), 'utf8').trim();
    const headers = { 'x-admin-api-key': admin, 'content-type': 'application/json' };
    for (let count = 0; count < 101; count++) {
      const body = JSON.stringify({ tenant_id: 'keyed', name: `key ${count}` });
      const made = await fetch(`${as['COUNTERSIGN_URL']}/v1/admin/api-keys`, {
        method: 'POST',
        headers,
        body,
      });
      expect(made.status).toBe(201);
    }
    const listed = await run('keys list --tenant keyed');
    expect(listed.stdout.match(/^key_/gm)).toHaveLength(101);
    const { keys } = JSON.parse((await run('keys list --tenant keyed --json')).stdout) as { keys: object[] };
    expect(keys).toHaveLength(101);
  }, 60_000);

  it('end quietly when nobody reads on', async () => {
    const child = shell.start(['tenants', 'list'], as);
    child.stdout?.destroy();
    let complaint = '';
    child.stderr?.on('data', (chunk) => {
      complaint += String(chunk);
    });
    expect([await ended(child), complaint]).toEqual([0, '']);
  }, 60_000);

  it('create, fund and freeze budgets to the last digit', async () => {
    await run('tenants open bank');
    const at = 'tenant:bank/app:vault --unit TOKENS';
    const made = await run(`budgets create ${at} --amount 9007199254740993 --overdraft 5`);
    expect(made.stdout).toMatch(/allocated +9007199254740993\n/);
    const funded = await run(`budgets fund ${at} --operation credit --amount 2 --idempotency-key once`);
    expect(funded.stdout).toMatch(/^allocated +9007199254740993 +→ +9007199254740995\n/);
    await run(`budgets fund ${at} --operation credit --amount 2 --idempotency-key once`);
    expect((await run(`budgets freeze ${at} --reason audit`)).stdout).toContain('FROZEN');
    const listed = await run('budgets list --tenant bank');
    expect(listed.stdout).toMatch(
      /tenant:bank\/app:vault +TOKENS +FROZEN +9007199254740995 +0 +0 +0 +9007199254740995\n$/,
    );
    expect((await run(`budgets create ${at} --amount 1.5`)).stderr).toBe(
      'countersign: --amount takes a whole number of TOKENS, not "1.5"\n',
    );
    expect((await run('budgets create app:vault --unit TOKENS --amount 1')).stderr).toContain(
      'a scope begins with its tenant',
    );
  }, 60_000);

  it('correct a budget only when asked to twice', async () => {
    await run('tenants open mint');
    await run('budgets create tenant:mint --unit TOKENS --amount 100');
    const line = 'budgets correct tenant:mint --unit TOKENS --allocated 90 --spent 7 --reason import';
    expect(await run(line)).toMatchObject({ exitCode: 1, stdout: '' });
    const listed = await run('budgets list --tenant mint');
    expect(listed.stdout).toMatch(/tenant:mint +TOKENS +ACTIVE +100 +0 +0 +0 +100\n$/);
    expect((await run(`${line} --yes`)).stdout).toMatch(/allocated +90\n +spent +7\n/);
  }, 60_000);

  it('define, list and retire templates', async () => {
    await run('tenants open shop');
    const pattern = 'tenant:shop/app:ide/workflow:*';
    const defined = await run(`templates define ${pattern} --unit RISK_POINTS --amount 100 --json`);
    const { template_id: id } = JSON.parse(defined.stdout) as { template_id: string };
    expect((await run('templates list --tenant shop')).stdout).toContain(pattern);
    expect((await run(`templates retire ${id} --tenant shop`)).exitCode).toBe(1);
    expect((await run(`templates retire ${id} --tenant shop --yes`)).stdout).toContain('is retired');
    expect((await run('templates list --tenant shop')).stdout).not.toContain(id);
  }, 60_000);
});
