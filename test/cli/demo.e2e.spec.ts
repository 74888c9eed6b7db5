/** The demo: the story comes out right, again on the same data, and it keeps serving until it is stopped. */

import { readdirSync } from 'node:fs';
import { ended, Shell, said } from './program.js';

describe('countersign demo', () => {
  let shell: Shell;
  beforeEach(() => {
    shell = new Shell();
  });
  afterEach(() => shell.remove());

  it('plays the story twice on the same data, and every claim holds', async () => {
    for (const _run of ['first', 'second']) {
      const { exitCode, stdout, stderr } = await shell.run(['demo', '--exit', '--data-dir', shell.dataDir]);
      expect(stderr).toBe('');
      expect(stdout).toContain('The story came out right');
      expect(stdout).toMatch(
        /postgres-production is gone[\s\S]*saw no request[\s\S]*postgres-production is there/,
      );
      expect(stdout).toMatch(/DENY {2}RADIUS_REFUSED[\s\S]*▔[\s\S]*tier 4, 500 points[\s\S]*ALLOW/);
      expect(stdout).not.toContain('\u001b');
      expect(stdout).not.toMatch(/rw_[0-9a-f]{10}/);
      expect(exitCode).toBe(0);
    }
  });

  it('keeps serving until it is stopped, and leaves nothing of its own behind', async () => {
    const demo = shell.start(['demo', '--port', '0'], { TMPDIR: shell.home });
    const [, url = ''] = await said(demo, 'stdout', /server {2}(http:\S+)[\s\S]*Ctrl-C/);
    expect((await fetch(`${url}/health/ready`)).status).toBe(200);
    demo.kill('SIGTERM');
    expect(await ended(demo)).toBe(0);
    expect(readdirSync(shell.home)).toEqual([]);
  });
});
