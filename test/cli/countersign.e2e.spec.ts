/** The `countersign` program: what it says, how it ends, and that it can be used by scripts. */

import { closeSync, openSync, readFileSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { Connection } from '../../src/adapters/event-store-sqlite/connection.js';
import { ended, Shell, said } from './program.js';

/** A server's start and a dozen programs take their time on a busy machine, in ms. */
const PATIENCE_MS = 180_000;

describe('countersign', () => {
  let shell: Shell;
  beforeEach(() => {
    shell = new Shell();
  });
  afterEach(() => shell.remove());

  it('shows what there is, and points there after a mistake', async () => {
    expect(await shell.run(['--help'])).toMatchObject({
      exitCode: 0,
      stdout: expect.stringMatching(
        /hook[\s\S]*serve[\s\S]*demo[\s\S]*assess[\s\S]*verify[\s\S]*rebuild[\s\S]*keys/,
      ),
    });
    expect(await shell.run(['bogus'])).toMatchObject({
      exitCode: 1,
      stderr: expect.stringContaining('--help'),
    });
  });

  describe('assess', () => {
    it('says what a command costs, without colour where no terminal is', async () => {
      const { exitCode, stdout } = await shell.run(['assess', 'terraform destroy -auto-approve']);
      expect(exitCode).toBe(0);
      expect(stdout).toMatch(/^500 points, tier 4/);
      expect(stdout).not.toContain('\u001b');
    });

    it('reads JSON, or a command on standard input, and prints JSON for scripts', async () => {
      const call = JSON.stringify({ name: 'volumeDelete', server: 'railway', input: { volumeId: 'v' } });
      const mcp = JSON.parse((await shell.run(['assess', '--json', call])).stdout) as {
        assessment: { tier: number };
      };
      expect(mcp.assessment.tier).toBe(4);
      const piped = await shell.run(['assess', '--json'], {}, 'git status');
      expect(JSON.parse(piped.stdout)).toMatchObject({ assessment: { riskPoints: 0 } });
    });

    it('keeps secrets out of what it prints', async () => {
      const command = 'curl -H "Authorization: Bearer abcdef0123456789" https://api.example.com';
      expect((await shell.run(['assess', '--json', command])).stdout).not.toContain('abcdef0123456789');
    });

    it('underlines what it found where it stands', async () => {
      const { stdout } = await shell.run(['assess', 'git status && rm -rf /']);
      expect(stdout).toMatch(/\n {6}git status && rm -rf \/\n {6} {21}\^\n/);
    });

    it('takes a tool call, production and the files that a command names', async () => {
      const points = async (...args: string[]): Promise<number> => {
        const { stdout } = await shell.run(['assess', '--json', ...args]);
        return (JSON.parse(stdout) as { assessment: { riskPoints: number } }).assessment.riskPoints;
      };
      const update = 'psql -c "UPDATE users SET name = \'x\' WHERE id = 7"';
      expect([await points(update), await points('--production', update)]).toEqual([20, 60]);
      expect(await points('--tool', JSON.stringify({ name: 'Bash', input: { command: update } }))).toBe(20);
      const script = join(shell.home, 'drop.sql');
      writeFileSync(script, 'DROP DATABASE shop;');
      expect(await points('psql -f drop.sql', '--cwd', shell.home, '--file', script)).toBe(500);
      expect((await shell.run(['assess', '--tool', 'ls'])).stderr).toContain('--tool takes a tool call');
      expect((await shell.run(['assess', 'ls', '--file', 'none.sql'])).stderr).toContain(
        'cannot read none.sql',
      );
    });

    it('asks for something to assess', async () => {
      expect(await shell.run(['assess'])).toMatchObject({
        exitCode: 1,
        stderr: expect.stringMatching(/^countersign: .*\n$/),
      });
    });
  });

  describe('without a server', () => {
    it.each([
      ['keys', 'list', '--tenant', 'acme'],
      ['rebuild', ''],
    ])('%s says how to start one', async (...args) => {
      const { exitCode, stderr } = await shell.run(
        args.filter((arg) => arg !== ''),
        {
          COUNTERSIGN_URL: 'http://127.0.0.1:9',
          COUNTERSIGN_ADMIN_KEY: 'k'.repeat(32),
        },
      );
      expect(exitCode).toBe(1);
      expect(stderr).toBe(
        'countersign: no server answers at http://127.0.0.1:9: start it with "countersign serve", or name it with --url\n',
      );
    });

    it('says where an admin key would be, and where a ledger would be', async () => {
      expect((await shell.run(['rebuild'])).stderr).toContain('no admin key in');
      expect(await shell.run(['verify'])).toMatchObject({
        exitCode: 1,
        stderr: expect.stringContaining('no ledger in'),
      });
    });
  });

  describe('with a server', () => {
    it(
      'serves, issues and revokes keys, rebuilds, verifies beside it, and stops cleanly',
      async () => {
        const server = shell.start(['serve', '--port', '0', '--log-level', 'error']);
        const [, url = ''] = await said(server, 'stderr', /answers at (http:\S+)/);
        const as = { COUNTERSIGN_URL: url };

        const issued = await shell.run(
          ['keys', 'issue', '--tenant', 'acme', '--app', 'ide', '--session-template', '100', '--json'],
          as,
        );
        const { key_id: keyId, key_secret: secret } = JSON.parse(issued.stdout) as Record<string, string>;
        expect(secret).toMatch(/^cyc_live_/);
        const listed = await shell.run(['keys', 'list', '--tenant', 'acme'], as);
        expect(listed.stdout).toContain(`${keyId}  ACTIVE`);
        expect(listed.stdout).not.toContain(secret);

        expect(await shell.run(['rebuild'], as)).toMatchObject({
          exitCode: 0,
          stdout: expect.stringContaining('rebuilt'),
        });
        const unknown = await shell.run(['rebuild', 'nothing'], as);
        expect(unknown).toMatchObject({
          exitCode: 1,
          stderr: expect.stringContaining('There is no read model nothing'),
        });

        expect((await shell.run(['keys', 'revoke', keyId ?? '', '--yes'], as)).stdout).toContain(
          'is revoked',
        );
        const wrong = await shell.run(['keys', 'list', '--tenant', 'acme'], {
          ...as,
          COUNTERSIGN_ADMIN_KEY: 'x'.repeat(32),
        });
        expect(wrong.stderr).toContain('does not accept this admin key');

        const report = await shell.run(['verify', '--json']);
        expect(JSON.parse(report.stdout)).toMatchObject({ isSound: true, streams: 2 });

        server.kill('SIGTERM');
        expect(await ended(server)).toBe(0);
        expect(await shell.run(['verify'])).toMatchObject({
          exitCode: 0,
          stdout: expect.stringContaining('is sound'),
        });
      },
      PATIENCE_MS,
    );

    it(
      'says in one line why it cannot start',
      async () => {
        const first = shell.start(['serve', '--port', '0', '--log-level', 'error']);
        const [, url = ''] = await said(first, 'stderr', /answers at (http:\S+)/);
        const locked = await shell.run(['serve', '--port', '0']);
        expect(locked).toMatchObject({
          exitCode: 1,
          stderr: expect.stringMatching(/^countersign: .*in use by another process\n$/),
        });
        const other = new Shell();
        const taken = await other.run(['serve', '--port', new URL(url).port]);
        expect(taken).toMatchObject({
          exitCode: 1,
          stderr: expect.stringMatching(/^countersign: .*in use by another program\n$/),
        });
        const invalid = await other.run(['serve', '--port', 'abc', '--log-level', 'loud']);
        expect(invalid.stderr.trim().split('\n')).toHaveLength(2);
        expect(invalid.exitCode).toBe(1);
        other.remove();
        first.kill('SIGTERM');
        expect(await ended(first)).toBe(0);
      },
      PATIENCE_MS,
    );
  });

  it(
    'names the first bad record of a ledger that somebody has changed',
    async () => {
      const server = shell.start(['serve', '--port', '0', '--log-level', 'error']);
      const [, url = ''] = await said(server, 'stderr', /answers at (http:\S+)/);
      await shell.run(['keys', 'issue', '--tenant', 'acme', '--app', 'ide'], { COUNTERSIGN_URL: url });
      server.kill('SIGTERM');
      await ended(server);

      const ledger = Connection.writable(join(shell.dataDir, 'ledger.db'));
      ledger.execute(`UPDATE events SET data = replace(data, '"acme"', '"evil"') WHERE revision = 0`);
      ledger.close();
      const { exitCode, stdout } = await shell.run(['verify']);
      expect(exitCode).toBe(1);
      expect(stdout).toContain('not sound');
      expect(stdout).toMatch(/bad record\s+tenant-acme revision 0, position 1, TenantOpened/);
    },
    PATIENCE_MS,
  );

  it(
    'says where a ledger is damaged, and what to do about it',
    async () => {
      const server = shell.start(['serve', '--port', '0', '--log-level', 'error']);
      const [, url = ''] = await said(server, 'stderr', /answers at (http:\S+)/);
      await shell.run(['keys', 'issue', '--tenant', 'acme', '--app', 'ide'], { COUNTERSIGN_URL: url });
      server.kill('SIGTERM');
      await ended(server);

      const path = join(shell.dataDir, 'ledger.db');
      const bytes = readFileSync(path);
      bytes[bytes.indexOf('"tenantId":"acme"') + 13] = 0xff;
      writeFileSync(path, bytes);
      const { exitCode, stdout, stderr } = await shell.run(['verify']);
      expect({ exitCode, stderr }).toEqual({ exitCode: 1, stderr: '' });
      expect(stdout).toContain('its file cannot be read throughout');
      expect(stdout).toMatch(/unreadable\s+positions 1 to 1\n/);
      expect(stdout).toContain(`${path} could not be read`);
      expect(stdout).toContain('restore it from a backup');

      const again = shell.start(['serve', '--port', '0', '--log-level', 'error']);
      const [, there = ''] = await said(again, 'stderr', /answers at (http:\S+)/);
      const logged = said(again, 'stdout', /the ledger (\S+) is damaged: .*restore it from a backup/);
      await shell.run(['keys', 'list', '--tenant', 'acme'], { COUNTERSIGN_URL: there });
      await shell.run(['keys', 'issue', '--tenant', 'acme'], { COUNTERSIGN_URL: there });
      expect((await fetch(`${there}/health/ready`)).status).toBe(503);
      again.kill('SIGTERM');
      expect((await logged)[1]).toBe(path);
      await ended(again);
    },
    PATIENCE_MS,
  );

  it(
    'says that a file which is no ledger cannot be opened',
    async () => {
      const server = shell.start(['serve', '--port', '0', '--log-level', 'error']);
      await said(server, 'stderr', /answers at/);
      server.kill('SIGTERM');
      await ended(server);
      const file = openSync(join(shell.dataDir, 'ledger.db'), 'r+');
      writeSync(file, 'this is no database at all', 0);
      closeSync(file);
      const { exitCode, stderr } = await shell.run(['verify']);
      expect(exitCode).toBe(1);
      expect(stderr).toMatch(/^countersign: the ledger in .* cannot be opened: .*\n$/);
    },
    PATIENCE_MS,
  );
});
