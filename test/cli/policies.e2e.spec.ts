/** Policies as files, and how a request would be decided, from the command line against a real server. */

import type { ChildProcess } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ended, Shell, said } from './program.js';

const WANTED = `tenant: filed
action_kinds:
  - kind: custom.acme.invoice.post
    risk_class: external_side_effect
budgets:
  - scope: tenant:filed/app:support
    unit: TOKENS
    allocated: "9007199254740993"
budget_templates:
  - scope_pattern: tenant:filed/**/workflow:*
    unit: RISK_POINTS
    allocated: 100
policies:
  - name: support agents
    scope_pattern: tenant:filed/app:support/*
    caps: { max_tokens: 100 }
    denied_action_kinds: [payment.charge]
    action_quotas:
      - { action_kind: message.email.send, max_calls: 5, window: per_run }
    approval_rules:
      - { name: spend, when: { budget_exceeded: true }, group: lead, answer_within_ms: null }
`;

describe('policies as files', () => {
  const shell = new Shell();
  const folder = mkdtempSync(join(tmpdir(), 'countersign-policies-'));
  let server: ChildProcess;
  let as: Record<string, string>;

  beforeAll(async () => {
    server = shell.start(['serve', '--port', '0', '--log-level', 'error']);
    const [, url = ''] = await said(server, 'stderr', /answers at (http:\S+)/);
    as = { COUNTERSIGN_URL: url };
    await run('tenants open filed');
  }, 60_000);
  afterAll(async () => {
    server.kill('SIGTERM');
    await ended(server);
    shell.remove();
    rmSync(folder, { recursive: true, force: true });
  });

  const run = (line: string) => shell.run(line.split(' '), as);
  const fileWith = (text: string, name = 'wanted.yaml'): string => {
    const file = join(folder, name);
    writeFileSync(file, text);
    return file;
  };

  it('are applied once: a second time, and after an export, there is nothing to change', async () => {
    const file = fileWith(WANTED);
    const dry = await run(`policies apply ${file} --dry-run`);
    expect(dry.stdout).toContain('A dry run: 4 to create, 0 to change, 0 as they were.');
    expect((await run(`policies apply ${file}`)).stdout).toContain('4 created, 0 changed, 0 as they were.');
    expect((await run(`policies apply ${file}`)).stdout).toBe('0 created, 0 changed, 4 as they were.\n');
    const exported = join(folder, 'exported');
    await run(`policies export filed ${exported}`);
    expect(readFileSync(join(exported, 'filed.yaml'), 'utf8')).toContain('9007199254740993');
    expect((await run(`policies apply ${exported}`)).stdout).toBe('0 created, 0 changed, 4 as they were.\n');
  }, 60_000);

  it('change what a line says otherwise, and what a line no longer says', async () => {
    const other = WANTED.replace('max_calls: 5', 'max_calls: 6').replace(
      '    caps: { max_tokens: 100 }\n',
      '',
    );
    const { stdout } = await run(`policies apply ${fileWith(other)}`);
    expect(stdout).toMatch(/~ policy support agents/);
    expect(stdout).toMatch(/caps: {"max_tokens":100} → nothing/);
    expect(stdout).toContain('0 created, 1 changed, 3 as they were.');
    const again = JSON.parse((await run(`policies apply ${fileWith(other)} --json`)).stdout);
    expect(again).toEqual({ applied: true, unchanged: 4, changes: [] });
  }, 60_000);

  it.each([
    ['an unknown field', WANTED.replace('caps:', 'cap:'), /:16: policies has no field cap\n/],
    [
      'a word that is none',
      WANTED.replace('per_run', 'per_week'),
      /:19: policies\.action_quotas\.window must be/,
    ],
    [
      'what is no moment',
      WANTED.replace('    caps:', '    effective_from: soon\n    caps:'),
      /:16: policies\.effective_from must match/,
    ],
    ['what is no YAML', 'tenant: filed\npolicies:\n  - name: [x\n', /:4: /],
    [
      'the same name twice',
      `${WANTED}  - name: support agents\n    scope_pattern: tenant:filed\n`,
      /:22: support agents stands at .*:14 too\n/,
    ],
    [
      'another pattern',
      WANTED.replace('app:support/*', 'app:other/*'),
      /:14: the scope_pattern of a policy does not change: give the new one another name\n/,
    ],
    [
      'what the server refuses',
      'tenant: filed\npolicies:\n  - name: x\n    scope_pattern: tenant:other\n',
      /:3: scope_pattern names another tenant/,
    ],
  ])(
    'tell %s by its line',
    async (_what, text, said) => {
      const told = await run(`policies apply ${fileWith(text, 'bad.yaml')}`);
      expect([told.exitCode, told.stderr]).toEqual([1, expect.stringMatching(said)]);
      expect(told.stderr).toMatch(/^countersign: [^\n]*bad\.yaml[^\n]*\n$/);
    },
    60_000,
  );

  it('are carried out up to what the server refuses, and say how far that is', async () => {
    const wanted = (pattern: string): string =>
      `tenant: filed\npolicies:\n  - name: one\n    scope_pattern: tenant:filed\n  - name: two\n    scope_pattern: ${pattern}\n`;
    const refused = await run(`policies apply ${fileWith(wanted('tenant:other'), 'midway.yaml')}`);
    expect(refused.exitCode).toBe(1);
    expect(refused.stderr).toMatch(
      /midway\.yaml:5: scope_pattern names another .*\(1 of 2 changes were made before; applied again, it goes on from there\)\n$/,
    );
    const { stdout } = await run(`policies apply ${fileWith(wanted('tenant:filed/*'), 'midway.yaml')}`);
    expect(stdout).toContain('1 created, 0 changed, 1 as they were.');
  }, 60_000);

  it('change a template without the tenant ever lacking one, even where the change is refused', async () => {
    const template = (more: string): string =>
      `tenant: filed\nbudget_templates:\n  - scope_pattern: tenant:filed/**/workflow:*\n    unit: RISK_POINTS\n    allocated: ${more}\n`;
    const changed = await run(`policies apply ${fileWith(template('90'), 'template.yaml')}`);
    expect(changed.stdout).toMatch(/allocated: "100" → "90"/);
    const refused = await run(
      `policies apply ${fileWith(template('"9223372036854775808"'), 'template.yaml')}`,
    );
    expect(refused.exitCode).toBe(1);
    expect(refused.stderr).toContain('(nothing was changed)');
    const again = await run(`policies apply ${fileWith(template('90'), 'template.yaml')}`);
    expect(again.stdout).toContain('0 created, 0 changed, 1 as they were.');
  }, 60_000);

  it('are taken from several files of a directory, and exported over one only by force', async () => {
    const several = join(folder, 'several');
    mkdirSync(join(several, 'below'), { recursive: true });
    writeFileSync(
      join(several, 'a.yaml'),
      'tenant: filed\npolicies:\n  - name: of a\n    scope_pattern: agent:a\n---\ntenant: filed\npolicies:\n  - name: of a, too\n    scope_pattern: agent:aa\n',
    );
    writeFileSync(
      join(several, 'below', 'b.yml'),
      'tenant: filed\npolicies:\n  - name: of b\n    scope_pattern: agent:b\n',
    );
    writeFileSync(join(several, 'notes.txt'), 'no: [yaml');
    expect((await run(`policies apply ${several}`)).stdout).toContain(
      '3 created, 0 changed, 0 as they were.',
    );
    expect((await run(`policies apply ${several}`)).stdout).toContain(
      '0 created, 0 changed, 3 as they were.',
    );
    const into = join(folder, 'again');
    expect((await run(`policies export filed ${into}`)).exitCode).toBe(0);
    const kept = await run(`policies export filed ${into}`);
    expect([kept.exitCode, kept.stderr]).toEqual([1, expect.stringContaining('say --force')]);
    writeFileSync(join(into, 'filed.yaml'), 'tenant: filed\n');
    expect((await run(`policies export filed ${into} --force`)).exitCode).toBe(0);
    expect(readFileSync(join(into, 'filed.yaml'), 'utf8')).toContain('of a, too');
  }, 60_000);

  it('are taken apart by evaluate, and counted by the shadow report', async () => {
    const where = '--at app:support/agent:bot';
    const denied = await run(`evaluate filed --kind payment.charge --amount 5 --unit TOKENS ${where}`);
    expect(denied.stdout).toMatch(/^DENY {2}ACTION_KIND_DENIED\n/);
    expect(denied.stdout).toMatch(/✗ action kinds +The policy pol_\w+ denies payment\.charge\./);
    expect(denied.stdout).toMatch(/support agents +tenant:filed\/app:support\/\* +0 +applies/);
    const call = await shell.run(['evaluate', 'filed', 'ls -la', '--at', 'app:support'], as);
    expect(call.stdout).toMatch(/^ALLOW\n/);
    expect((await run('shadow-report filed')).stdout).toContain('0 of 0 observed requests');
  }, 60_000);

  it('are judged by the shadow report from what was observed', async () => {
    const send = async (path: string, header: Record<string, string>, body: object) => {
      const response = await fetch(`${as['COUNTERSIGN_URL']}${path}`, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json', ...header },
        body: JSON.stringify(body),
      });
      expect([path, response.ok]).toEqual([path, true]);
      return (await response.json()) as Record<string, string>;
    };
    const admin = { 'X-Admin-API-Key': readFileSync(join(shell.dataDir, 'admin.key'), 'utf8').trim() };
    const key = await send('/v1/admin/api-keys', admin, { tenant_id: 'filed', name: 'bot' });
    const asBot = { 'X-Cycles-API-Key': String(key['key_secret']) };
    for (const [nth, kind] of ['payment.charge', 'llm.completion', 'llm.completion'].entries()) {
      await send('/v1/reservations', asBot, {
        idempotency_key: `observed-${nth}`,
        subject: { tenant: 'filed', app: 'support', agent: 'bot' },
        action: { kind, name: 'any' },
        estimate: { unit: 'TOKENS', amount: 5 },
        observe_mode: 'OBSERVE',
      });
    }
    const { stdout } = await run('shadow-report filed');
    expect(stdout).toContain('1 of 3 observed requests');
    expect(stdout).toMatch(/ACTION_KIND_DENIED +1 +1/);
    expect(stdout).toMatch(/payment\.charge +1 +1/);
    expect(stdout).toMatch(/llm\.completion +0 +2/);
    expect(stdout).toMatch(/bot +1 +3/);
  }, 60_000);
});
