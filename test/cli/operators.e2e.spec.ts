/** `countersign operators` and `sign-in`: a person is added, signs in, acts under their own name, and is disabled. */

import { statSync } from 'node:fs';
import { join } from 'node:path';
import { ended, Shell, said } from './program.js';

/** A server's start and several programs take their time on a busy machine, in ms. */
const PATIENCE_MS = 180_000;
const PASSWORD = 'correct horse battery staple';

describe('countersign operators', () => {
  let shell: Shell;
  beforeEach(() => {
    shell = new Shell();
  });
  afterEach(() => shell.remove());

  it(
    'adds a person who signs in, acts under their own name, and is turned away once disabled',
    async () => {
      const server = shell.start(['serve', '--port', '0', '--log-level', 'silent']);
      const [, url = ''] = await said(server, 'stderr', /answers at (http:\S+)/);
      const environment = { COUNTERSIGN_URL: url };
      const run = (args: readonly string[], input = '') => shell.run(args, environment, input);
      const add = ['operators', 'add', 'ada', '--role', 'auditor', '--json'];
      const { one_time_password: oneTime } = JSON.parse((await run(add)).stdout) as Record<string, string>;
      const signedIn = await run(['sign-in', 'ada'], `${oneTime}\n${PASSWORD}\n${PASSWORD}\n`);
      expect(signedIn).toMatchObject({ exitCode: 0, stdout: expect.stringContaining('as ada') });
      expect(signedIn.stdout + signedIn.stderr).not.toContain(PASSWORD);
      const kept = join(shell.home, '.local', 'state', 'countersign', 'session.json');
      expect(statSync(kept).mode & 0o777).toBe(0o600);

      const listed = await run(['operators', 'list']);
      expect(listed.stdout).toMatch(/name +status[\s\S]*ada +ACTIVE +auditor +all/);
      expect(await run(['operators', 'add', 'eve', '--role', 'admin'])).toMatchObject({
        exitCode: 1,
        stderr: expect.stringContaining('role admin'),
      });
      expect(await run(['operators', 'add', 'bob', '--role', 'king', '--url', url])).toMatchObject({
        exitCode: 1,
      });

      const adminKey = ['--data-dir', shell.dataDir];
      const asked = await run(['operators', 'disable', 'ada', ...adminKey]);
      expect(asked).toMatchObject({ exitCode: 1, stderr: expect.stringContaining('--yes') });
      const bootstrap = { ...environment, XDG_STATE_HOME: join(shell.home, 'elsewhere') };
      const disabled = await shell.run(['operators', 'disable', 'ada', '--yes', ...adminKey], bootstrap);
      expect(disabled).toMatchObject({ exitCode: 0, stdout: expect.stringContaining('disabled') });
      expect(await run(['operators', 'list'])).toMatchObject({
        exitCode: 1,
        stderr: expect.stringContaining('sign in again'),
      });
      server.kill('SIGTERM');
      await ended(server);
    },
    PATIENCE_MS,
  );
});
