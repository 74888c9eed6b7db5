/** Tools from the command line against a real server: registered, tried, listed, removed. */

import type { ChildProcess } from 'node:child_process';
import { ended, Shell, said } from './program.js';

describe('tools', () => {
  const shell = new Shell();
  let server: ChildProcess;
  let as: Record<string, string>;

  beforeAll(async () => {
    server = shell.start(['serve', '--port', '0', '--log-level', 'error']);
    const [, url = ''] = await said(server, 'stderr', /answers at (http:\S+)/);
    as = { COUNTERSIGN_URL: url };
    await run('tenants open acme');
  }, 60_000);
  afterAll(async () => {
    server.kill('SIGTERM');
    await ended(server);
    shell.remove();
  });

  const run = (line: string, ...more: string[]) => shell.run([...line.split(' '), ...more], as);
  const CALL = '{"name":"refund_order","server":"billing","input":{"order":"7"}}';

  it('are registered, count in what a call is worth, and are removed by name', async () => {
    expect((await run('tools list acme')).stdout).toBe('No tool is registered in acme.\n');
    const set = await run(
      'tools set acme refund_* --server billing --toolset payments --kind payment.refund --points 30 --regulation 1.5 --hint statement=sql',
    );
    expect([set.exitCode, set.stdout]).toEqual([
      0,
      expect.stringMatching(/^refund_\* is registered in acme as tool_/),
    ]);
    expect((await run('tools list acme')).stdout).toMatch(
      /refund_\* +billing +payments +payment\.refund +30 +statement=sql/,
    );
    const tried = await run('tools test acme', CALL);
    expect(tried.stdout).toContain('45 points, tier 3  payment.refund');
    expect(tried.stdout).toContain('× 1.5 regulation');
    expect(JSON.parse((await run('tools test acme --json', CALL)).stdout)).toMatchObject({ risk_points: 45 });
    expect((await run('tools remove acme refund_*')).stdout).toBe(
      'refund_* is no longer registered in acme.\n',
    );
    expect((await run('tools remove acme refund_*')).stderr).toContain(
      'no tool refund_* is registered in acme',
    );
  });

  it('say what is wrong with a registration', async () => {
    const both = await run('tools set acme x --tier 1 --points 1');
    expect([both.exitCode, both.stderr]).toEqual([1, expect.stringContaining('exclude each other')]);
    expect((await run('tools set acme x --hint statement=prose')).stderr).toContain('argument=shell|sql');
    expect((await run('tools set acme x --points many')).stderr).toContain('whole number');
  });
});
