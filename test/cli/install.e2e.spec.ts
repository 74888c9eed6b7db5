/** Installing a hook as a person does: shown, tried, and taken back to the byte. */

import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { GateServer } from '../gate/gate-server.js';
import { Shell } from './program.js';

const PATIENCE_MS = 180_000;
const OWN =
  '{\n  // mine\n  "hooks": { "PreToolUse": [{ "hooks": [{ "type": "command", "command": "true" }] }] }\n}\n';

describe('countersign install', () => {
  let server: GateServer;
  let shell: Shell;
  let environment: Record<string, string>;

  beforeAll(async () => {
    server = await GateServer.start();
  });
  afterAll(() => server.remove());
  beforeEach(async () => {
    shell = new Shell();
    environment = {
      HOME: shell.home,
      XDG_CONFIG_HOME: '',
      XDG_STATE_HOME: '',
      COUNTERSIGN_URL: server.url,
      COUNTERSIGN_API_KEY: await server.key(),
    };
  });
  afterEach(() => shell.remove());

  const files = (): string[] =>
    readdirSync(shell.home, { recursive: true })
      .map(String)
      .filter((name) => statSync(join(shell.home, name)).isFile())
      .sort();

  it(
    'shows the change, tries the hook, says how it stands, and gives everything back',
    async () => {
      await server.sessions('ide', 100);
      const settings = join(shell.home, '.claude', 'settings.json');
      mkdirSync(join(shell.home, '.claude'));
      writeFileSync(settings, OWN);
      const before = files();

      const dry = await shell.run(['install', 'claude-code', '--dry-run'], environment);
      expect(dry).toMatchObject({ exitCode: 0, stdout: expect.stringContaining('+') });
      expect(files()).toEqual(before);

      const unasked = await shell.run(['install', 'claude-code'], environment);
      expect(unasked).toMatchObject({ exitCode: 1, stderr: expect.stringContaining('--yes') });
      expect(files()).toEqual(before);

      const installed = await shell.run(['install', 'claude-code', '--yes'], environment);
      expect(installed.stdout).toMatch(/ok {4}git status +passes\n {2}ok {4}rm -rf \/ +is blocked/);
      expect(installed.stdout).not.toContain(environment['COUNTERSIGN_API_KEY']);
      expect(installed.exitCode).toBe(0);
      const kept = join(shell.home, '.config', 'countersign', 'hooks.json');
      expect(statSync(kept).mode & 0o777).toBe(0o600);
      expect(JSON.parse(readFileSync(kept, 'utf8'))).toMatchObject({
        url: server.url,
        public_key: expect.stringMatching(/^[\w-]{43}$/),
      });

      const unset = { ...environment, COUNTERSIGN_URL: '', COUNTERSIGN_API_KEY: '' };
      const doctor = JSON.parse((await shell.run(['doctor', '--json'], unset)).stdout) as object;
      expect(doctor).toMatchObject({
        well: true,
        hooks: [{ harness: 'claude-code', scope: 'user', blocks: true, problems: [] }],
      });

      const gone = await shell.run(['uninstall', 'claude-code', '--yes'], unset);
      expect(gone.exitCode).toBe(0);
      expect(readFileSync(settings, 'utf8')).toBe(OWN);
      expect(files()).toEqual(before);
    },
    PATIENCE_MS,
  );

  it(
    'finds its settings where XDG_CONFIG_HOME says, in a home of any name, and names what is wrong with them',
    async () => {
      const home = join(shell.home, 'Größe & Söhne');
      const settings = join(home, 'my config', 'countersign', 'hooks.json');
      const odd = { ...environment, HOME: home, XDG_CONFIG_HOME: join(home, 'my config') };
      const unset = { ...odd, COUNTERSIGN_URL: '', COUNTERSIGN_API_KEY: '' };
      const doctor = async (): Promise<unknown> =>
        JSON.parse((await shell.run(['doctor', '--json'], unset)).stdout);
      await server.sessions('ide', 100);

      expect(await shell.run(['install', 'codex', '--yes'], odd)).toMatchObject({ exitCode: 0, stderr: '' });
      expect(await doctor()).toMatchObject({ well: true, settings: [], hooks: [{ harness: 'codex' }] });

      const said = JSON.parse(readFileSync(settings, 'utf8')) as object;
      writeFileSync(settings, JSON.stringify({ ...said, deadline_ms: 300_000 }));
      expect(await doctor()).toMatchObject({
        well: false,
        settings: [expect.stringContaining('deadline_ms')],
      });

      writeFileSync(settings, `${JSON.stringify(said, null, 2)}\n`);
      expect(await shell.run(['uninstall', 'codex', '--yes'], unset)).toMatchObject({ exitCode: 0 });
      expect(files()).toEqual([]);
      expect(existsSync(home)).toBe(false);
    },
    PATIENCE_MS,
  );

  it(
    'leaves nothing when the hook does not pass its test, and says why',
    async () => {
      const key = `cyc_live_${'x'.repeat(32)}`;
      const run = await shell.run(['install', 'cursor', '--yes'], {
        ...environment,
        COUNTERSIGN_API_KEY: key,
      });
      expect(run).toMatchObject({
        exitCode: 1,
        stdout: expect.stringMatching(/FAIL {2}git status +is blocked\n.*API key/),
        stderr: expect.stringContaining('as it was before'),
      });
      expect(files()).toEqual([]);
    },
    PATIENCE_MS,
  );

  it.each([
    ['no key', ['cursor'], { COUNTERSIGN_API_KEY: '' }, 'keys issue'],
    ['no server', ['cursor'], { COUNTERSIGN_URL: 'http://127.0.0.1:9' }, 'No server answers'],
    ['an unknown harness', ['emacs'], {}, 'one of: claude-code'],
    ['a scope that it does not have', ['codex', '--machine'], {}, '--user or --project'],
    ['two scopes', ['codex', '--user', '--project'], {}, 'say one of'],
  ])('says in one line what to do about %s', async (_what, words, more, sentence) => {
    const run = await shell.run(['install', ...words, '--yes'], { ...environment, ...more });
    expect(run).toMatchObject({ exitCode: 1, stderr: expect.stringMatching(/^countersign: .*\n$/) });
    expect(run.stderr).toContain(sentence);
    expect(files()).toEqual([]);
  });
});
