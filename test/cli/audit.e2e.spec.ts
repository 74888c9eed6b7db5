/** `countersign sessions`, `actions`, `replay` and `export`: what an auditor reads in a terminal and takes along. */

import type { ChildProcess } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { ended, Shell, said } from './program.js';

/** A server's start and a dozen programs take their time on a busy machine, in ms. */
const PATIENCE_MS = 240_000;
const KEY = /cyc_live_[A-Za-z0-9_-]+/;

describe('the audit commands', () => {
  let shell: Shell;
  let server: ChildProcess;
  let url: string;
  let secret: string;

  beforeAll(async () => {
    shell = new Shell();
    server = shell.start(['serve', '--port', '0', '--log-level', 'silent']);
    [, url = ''] = await said(server, 'stderr', /answers at (http:\S+)/);
    const issued = await run(
      'keys',
      'issue',
      '--tenant',
      'acme',
      '--app',
      'ide',
      '--session-template',
      '100',
    );
    [secret = ''] = KEY.exec(issued.stdout) ?? [];
    const allowed = await call('git push origin feature');
    await fetch(`${url}/gate/tool-calls/${allowed['tool_call_id']}/outcome`, {
      method: 'POST',
      headers: { 'x-cycles-api-key': secret, 'content-type': 'application/json' },
      body: JSON.stringify({ status: 'succeeded', exit_code: 0 }),
    });
    await call('railway volume delete --volume \u001b[31m3d2c42fb');
  }, PATIENCE_MS);
  afterAll(async () => {
    server.kill('SIGTERM');
    await ended(server);
    shell.remove();
  });

  const run = (...args: readonly string[]) => shell.run(args, { COUNTERSIGN_URL: url });
  let calls = 0;
  async function call(command: string): Promise<Record<string, unknown>> {
    calls += 1;
    const answer = await fetch(`${url}/gate/tool-calls`, {
      method: 'POST',
      headers: { 'x-cycles-api-key': secret, 'content-type': 'application/json' },
      body: JSON.stringify({
        idempotency_key: `call-${calls}`,
        harness: 'cursor',
        session_id: 'Run-1',
        subject: { app: 'ide' },
        tool: { name: 'Shell', input: { command } },
        cwd: '/repo',
      }),
    });
    return (await answer.json()) as Record<string, unknown>;
  }

  it(
    'list sessions and actions for people and for programs',
    async () => {
      const sessions = await run('sessions', '--tenant', 'acme');
      expect(sessions.stdout).toMatch(
        /began.*session.*used[\s\S]*acme +run-1 +cursor +2 +1 +4 +5 RISK_POINTS/,
      );
      const asCsv = await run('sessions', '--csv');
      expect(asCsv.stdout.split('\n')[0]).toBe(
        'began (UTC),last (UTC),tenant,session,harness,proposals,denied,tier,used,asked',
      );
      const actions = await run('actions', '--session', 'RUN-1');
      expect(actions.stdout).toMatch(/DENY +RADIUS_REFUSED +4 +500 +Shell railway[\s\S]*ALLOW .*succeeded/);
      expect(actions.stdout).not.toContain('\u001b');
      const denied = JSON.parse((await run('actions', '--decision', 'DENY', '--json')).stdout) as object[];
      expect(denied).toMatchObject([{ decided: { reason_code: 'RADIUS_REFUSED' } }]);
      expect((await run('actions', '--tool', 'None')).stdout).toBe('There are no such actions.\n');
      expect(await run('actions', '--tier', '9')).toMatchObject({
        exitCode: 1,
        stderr: expect.stringMatching(/tier/),
      });
      expect(await run('actions', '--limit', 'x')).toMatchObject({ exitCode: 1 });
    },
    PATIENCE_MS,
  );

  it(
    'tell a session as a story, wherever it was, up to any place',
    async () => {
      const { stdout } = await run('replay', 'run-1');
      expect(stdout).not.toContain('\u001b');
      const told = [
        /Session run-1 of acme/,
        /2 proposals: 1 allowed, 1 denied, highest tier 4/,
        /budget opened/,
        /ALLOW\n +Shell git push origin feature/,
        /holds 5 RISK_POINTS\n[\s\S]*?workflow:run-1 +RISK_POINTS +reserved 0 → 5, remaining 100 → 95/,
        /it ran: succeeded {2}exit 0/,
        /hold committed \(outcome\): 5 RISK_POINTS charged, 0 RISK_POINTS released/,
        /DENY {2}RADIUS_REFUSED\n +Shell railway volume delete --volume \\u001b\[31m3d2c42fb/,
        /tier 4, 500 points/,
      ];
      let from = 0;
      for (const part of told) {
        const at = stdout.slice(from).search(part);
        expect([part.source, at]).not.toEqual([part.source, -1]);
        from += at;
      }
      const story = JSON.parse((await run('replay', 'Run-1', '--tenant', 'acme', '--json')).stdout) as {
        steps: { revision: number }[];
      };
      const revision = String(story.steps[2]?.revision);
      const part = JSON.parse(
        (await run('replay', 'run-1', '--at', revision, '--json')).stdout,
      ) as typeof story;
      expect(part.steps).toEqual(story.steps.slice(0, 3));
      expect(await run('replay', 'nobody')).toMatchObject({
        exitCode: 1,
        stderr: expect.stringContaining('no session nobody'),
      });
    },
    PATIENCE_MS,
  );

  it(
    'follow what arrives',
    async () => {
      const following = shell.start(['actions', '--tool', 'Shell', '--follow', '--json'], {
        COUNTERSIGN_URL: url,
      });
      const arrived = said(following, 'stdout', /"command":"echo later"/);
      await said(following, 'stdout', /railway/);
      await call('echo later');
      await arrived;
      following.kill('SIGTERM');
      await ended(following);
    },
    PATIENCE_MS,
  );

  it(
    'write an export that is whole, and keep none that is not',
    async () => {
      const out = join(shell.home, 'actions.csv');
      const written = await run('export', '--tenant', 'acme', '--format', 'csv', '--out', out);
      expect(written).toMatchObject({
        exitCode: 0,
        stderr: expect.stringMatching(/\d actions written .* is whole/),
      });
      expect(readFileSync(out, 'utf8')).toMatch(/^record,action_id[\s\S]*\r\ncomplete,\d+,[0-9a-f]{64},/);
      const { stdout } = await run('export', '--decision', 'DENY');
      expect(JSON.parse(stdout.trim().split('\n').at(-1) ?? '')).toMatchObject({ complete: true, rows: 1 });

      writeFileSync(out, 'kept');
      for (const [body, cut] of [
        ['{"a":1}\n', false],
        ['{"a":1}\n{"complete":true,"rows":1,"sha256":"00"}\n', false],
        ['{"a":1}\n', true],
      ] as const) {
        const broken = await answering(body, cut);
        const { port } = broken.address() as AddressInfo;
        const failed = await shell.run(['export', '--out', out, '--url', `http://127.0.0.1:${port}`]);
        expect(failed).toMatchObject({ exitCode: 1, stderr: expect.stringContaining('not whole') });
        expect([readFileSync(out, 'utf8'), existsSync(`${out}.partial`)]).toEqual(['kept', false]);
        broken.close();
      }
    },
    PATIENCE_MS,
  );

  it(
    'say what a draft would have changed, and that one which says nothing changes nothing',
    async () => {
      const file = join(shell.home, 'draft.yaml');
      const period = ['--from', '2020-01-01', '--to', '2100-01-01'];
      const draft = (more: string): void =>
        writeFileSync(
          file,
          `tenant: acme\npolicies:\n  - name: draft\n    scope_pattern: tenant:acme\n${more}`,
        );
      draft('');
      const nothing = await run('what-if', file, ...period);
      expect(nothing).toMatchObject({ exitCode: 0, stderr: '' });
      expect(nothing.stdout).toMatch(/No decision would have been different[\s\S]*decisions looked at +3\b/);

      const [kind] = JSON.parse((await run('actions', '--decision', 'ALLOW', '--json')).stdout) as {
        proposed: { action: { kind: string } };
      }[];
      draft(`    denied_action_kinds: [${kind?.proposed.action.kind}]\n`);
      const denied = await run('what-if', file, ...period);
      expect(denied.stdout).toMatch(
        /run-1 +\S+ +Shell +\d+ +ALLOW +DENY ACTION_KIND_DENIED[\s\S]*ran, and would have been refused +[12]\b/i,
      );
      const json = JSON.parse((await run('what-if', file, ...period, '--json')).stdout) as { total: object };
      expect(json.total).toMatchObject({
        decisions: 3,
        different: 1,
        refused_that_ran: 1,
        not_reproduced: 0,
      });
      const asCsv = (await run('what-if', file, ...period, '--csv')).stdout.trimEnd().split('\n');
      expect(asCsv[0]).toBe('at (UTC),session,action,name,points,was,would be,because');

      const tool = join(shell.home, 'tool.json');
      writeFileSync(tool, JSON.stringify({ name: 'Shell', points: 90 }));
      const dearer = await run('what-if', '--tenant', 'acme', '--tool', tool, ...period);
      expect(dearer.stdout).toMatch(/Shell +5 → 95 +ALLOW +DENY APPROVAL_UNAVAILABLE/);

      for (const [words, complaint] of [
        [[], /give a file of policies/],
        [[join(shell.home, 'none.yaml')], /cannot be read/],
        [[file, '--tenant', 'beta'], /of one tenant, not of beta and acme/],
        [[file, '--from', '2026-01-01'], /two ends/],
        [['--tool', file, '--tenant', 'acme'], /holds no JSON object/],
      ] as const) {
        const turned = await run('what-if', ...words);
        expect([turned.exitCode, turned.stdout]).toEqual([1, '']);
        expect(turned.stderr).toMatch(complaint);
      }
    },
    PATIENCE_MS,
  );
});

/** A server that sends the same to everybody, and may break off in the middle. */
async function answering(body: string, isCut: boolean): Promise<Server> {
  const server = createServer((_request, response) => {
    response.write(body, () => {
      if (isCut) response.destroy();
      else response.end();
    });
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', () => resolve());
  });
  return server;
}
