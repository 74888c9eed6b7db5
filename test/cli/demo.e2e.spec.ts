/** The demo: the story comes out right, again on the same data, and it keeps serving until it is stopped. */

import { readdirSync } from 'node:fs';
import { ended, Shell, said } from './program.js';

/** Two servers, two stories and twelve hooks take their time on a busy machine, in ms. */
const PATIENCE_MS = 180_000;

describe('countersign demo', () => {
  let shell: Shell;
  beforeEach(() => {
    shell = new Shell();
  });
  afterEach(() => shell.remove());

  it(
    'plays the story twice on the same data, and every claim holds',
    async () => {
      for (const _run of ['first', 'second']) {
        const { exitCode, stdout, stderr } = await shell.run(['demo', '--exit', '--data-dir', shell.dataDir]);
        expect(stderr).toBe('');
        expect(stdout).toContain('The story came out right');
        expect(stdout).toMatch(
          /postgres-production is gone[\s\S]*saw no request[\s\S]*postgres-production is there/,
        );
        expect(stdout).toMatch(
          /held while people are asked[\s\S]*approves it as ada-[\s\S]*DROP TABLE\n[\s\S]*ran once/,
        );
        expect(stdout).toMatch(/DENY {2}RADIUS_REFUSED[\s\S]*▔[\s\S]*tier 4, 500 points[\s\S]*ALLOW/);
        expect(stdout).not.toContain('\u001b');
        expect(stdout).not.toMatch(/rw_[0-9a-f]{10}/);
        expect(exitCode).toBe(0);
      }
    },
    PATIENCE_MS,
  );

  it(
    'keeps serving until it is stopped, and leaves nothing of its own behind',
    async () => {
      const demo = shell.start(['demo', '--port', '0'], { TMPDIR: shell.home });
      const replaying = said(demo, 'stdout', /countersign replay (.*)\n/);
      const [, url = ''] = await said(demo, 'stdout', /server {2}(http:\S+)[\s\S]*Ctrl-C/);
      expect((await fetch(`${url}/health/ready`)).status).toBe(200);
      const [, words = ''] = await replaying;
      const told = await shell.run(['replay', ...words.split(' ')]);
      expect(told.stdout).toMatch(
        /1 allowed, 1 denied[\s\S]*DENY {2}RADIUS_REFUSED[\s\S]*volumeDelete[\s\S]*500 points[\s\S]*ALLOW[\s\S]*it ran/,
      );
      demo.kill('SIGTERM');
      expect(await ended(demo)).toBe(0);
      expect(readdirSync(shell.home)).toEqual([]);
    },
    PATIENCE_MS,
  );

  it('says in one line why it cannot start, and ends', async () => {
    const run = await shell.run(['demo', '--exit', '--port', 'none'], { TMPDIR: shell.home });
    expect(run).toMatchObject({
      exitCode: 1,
      stdout: '',
      stderr: expect.stringMatching(/^countersign: .*PORT.*\n$/),
    });
    expect(readdirSync(shell.home)).toEqual([]);
  });
});
