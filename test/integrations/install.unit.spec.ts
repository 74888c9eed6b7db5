/** Hooks go into a harness's own file beside what is there, and out of it without a trace. */

import {
  chmodSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { type ParseError, parse } from 'jsonc-parser';
import {
  UneditableFile,
  withEntries,
  withoutEntries,
  withSwitch,
} from '../../src/integrations/install/edit.js';
import { inspect } from '../../src/integrations/install/inspection.js';
import {
  carryOut,
  fileOf,
  InstallationRecord,
  NotInstallable,
  planOf,
} from '../../src/integrations/install/installation.js';
import { commandLine, startsHook } from '../../src/integrations/install/program-line.js';
import { type Scope, type Site, TARGETS, type Target } from '../../src/integrations/install/targets.js';

const PROGRAM = { node: '/usr/bin/node', script: '/opt/counter sign/countersign.js' };
const OTHER_HOOKS = `{
	// what the team agreed on
	"model": "best", /* for now */
	"hooks": {
		"PreToolUse": [ { "matcher": "Bash", "hooks": [{ "type": "command", "command": "./own.sh" }] }, ],
		"Stop": []
	},
}
`;

const claudeCode = TARGETS.find(({ name }) => name === 'claude-code') as Target;
const codex = TARGETS.find(({ name }) => name === 'codex') as Target;
const { run, block } = commandLine(PROGRAM, 'claude-code');
const entries = claudeCode.entries(run, block);
const isOurs = startsHook('claude-code');

describe('editing a file with other hooks in it', () => {
  const edited = withEntries(OTHER_HOOKS, entries, isOurs);

  it('keeps comments, layout and everything that is not ours', () => {
    expect(edited).toContain('// what the team agreed on');
    expect(edited).toContain('/* for now */');
    expect(edited).toContain('\n\t\t"PreToolUse"');
    expect(parse(edited)).toMatchObject({
      model: 'best',
      hooks: {
        PreToolUse: [{ matcher: 'Bash' }, { matcher: '*', hooks: [{ command: block, onFailure: 'block' }] }],
        PostToolUse: [{ hooks: [{ command: run }] }],
        Stop: [],
      },
    });
  });

  it('leaves what somebody put beside our hook in its entry', () => {
    const theirs = { type: 'command', command: './own.sh' };
    const { hooks } = parse(edited) as { hooks: Record<string, { hooks: object[] }[]> };
    hooks['PostToolUse']?.[0]?.hooks.unshift(theirs);
    const gone = withoutEntries(JSON.stringify({ hooks }), isOurs);
    expect(parse(gone)).toMatchObject({ hooks: { PostToolUse: [{ matcher: '*', hooks: [theirs] }] } });
    expect(isOurs(gone)).toBe(false);
  });

  it('takes our entries out of lists however they are laid out', () => {
    const ours = JSON.stringify(entries[0]?.entry);
    for (const list of [
      `1,${ours}`,
      `1, ${ours} `,
      `${ours},1`,
      `${ours},1,${ours}`,
      `1,${ours},`,
      `1\n,${ours}\n`,
    ]) {
      const gone = withoutEntries(`{"hooks":{"PreToolUse":[${list}],"Stop":[]}}`, isOurs);
      const errors: ParseError[] = [];
      const left: unknown = parse(gone, errors, { allowTrailingComma: true });
      expect({ list, errors, left }).toEqual({
        list,
        errors: [],
        left: { hooks: { PreToolUse: [1], Stop: [] } },
      });
    }
  });

  it('writes no comma too many where a list ends in one', () => {
    const own = JSON.stringify({ a: 1 });
    for (const list of ['[]', `[${own}]`, `[${own},]`, `[${own}, /* last */ ]`, `[\n${own},\n// none\n]`]) {
      const text = withEntries(`{"hooks":{"PreToolUse":${list},},}`, entries, isOurs);
      const errors: ParseError[] = [];
      const { hooks } = parse(text, errors, { allowTrailingComma: true }) as { hooks: object };
      expect({ text, errors, hooks }).toEqual({
        text,
        errors: [],
        hooks: expect.objectContaining({
          PreToolUse: [...(list === '[]' ? [] : [{ a: 1 }]), entries[0]?.entry],
        }),
      });
    }
  });

  it('changes nothing the second time, and replaces the hook of an earlier place', () => {
    expect(withEntries(edited, entries, isOurs)).toBe(edited);
    const older = edited.replaceAll('/opt/counter sign/', '/old/');
    expect(parse(withEntries(older, entries, isOurs))).toEqual(parse(edited));
  });

  it('takes out our entries and the lists that held nothing else', () => {
    expect(parse(withoutEntries(edited, isOurs))).toEqual(parse(OTHER_HOOKS));
    expect(withoutEntries(OTHER_HOOKS, isOurs)).toBe(OTHER_HOOKS);
  });

  it('keeps a byte order mark and Windows’ line ends', () => {
    const text = `\uFEFF{\r\n  "a": 1\r\n}\r\n`;
    const windows = withEntries(text, entries, isOurs);
    expect(windows.startsWith('\uFEFF{\r\n  "a": 1,\r\n')).toBe(true);
    expect(/[^\r]\n/.test(windows)).toBe(false);
  });

  it.each([
    ['half a file', '{"hooks": {'],
    ['a list', '[]'],
    ['nothing', ''],
    ['hooks that are a list', '{"hooks": []}'],
    ['an event that is no list', '{"hooks": {"PreToolUse": {}}}'],
  ])('refuses %s', (_what, text) => {
    expect(() => withEntries(text, entries, isOurs)).toThrow(UneditableFile);
  });
});

describe('the switch in a TOML file', () => {
  it.each([
    ['an empty file', '', '[features]\nhooks = true\n'],
    ['another table', 'model = "x"\n', 'model = "x"\n\n[features]\nhooks = true\n'],
    [
      'its own table',
      '[features] # all\nweb = true\n[b]\n',
      '[features] # all\nhooks = true\nweb = true\n[b]\n',
    ],
    ['the switch', '[features]\nhooks = true # yes\n', '[features]\nhooks = true # yes\n'],
    ['the switch without a table', 'features.hooks = true\n', 'features.hooks = true\n'],
    [
      'another table’s switch',
      '[other]\nhooks = false\n',
      '[other]\nhooks = false\n\n[features]\nhooks = true\n',
    ],
  ])('is on beside %s', (_what, text, wanted) => {
    expect(withSwitch(text, 'features', 'hooks = true')).toBe(wanted);
  });

  it('is not written where a table on one line has its place', () => {
    expect(withSwitch('features = { hooks = true }\n', 'features', 'hooks = true')).toBe(
      'features = { hooks = true }\n',
    );
    for (const text of ['features = { web = true }\n', 'model = "o"\nfeatures={hooks=false}']) {
      expect(() => withSwitch(text, 'features', 'hooks = true')).toThrow(UneditableFile);
    }
  });

  it('is not turned on against somebody’s will', () => {
    expect(() => withSwitch('[features]\nhooks = false\n', 'features', 'hooks = true')).toThrow(
      'set it to true',
    );
  });
});

describe('an installation', () => {
  let site: Site;
  let record: InstallationRecord;
  beforeEach(() => {
    const root = mkdtempSync(join(tmpdir(), 'countersign-install-'));
    site = { root, home: join(root, 'home'), platform: 'linux', project: join(root, 'project') };
    record = new InstallationRecord(join(root, 'settings'));
  });
  afterEach(() => rmSync(site.root, { recursive: true }));

  const all = (): string[] => readdirSync(site.root, { recursive: true }).map(String).sort();
  const places = TARGETS.flatMap((target) =>
    (Object.keys(target.files) as Scope[]).map((scope) => [target.name, scope, target] as const),
  );

  const install = (target: Target, scope: Scope): void => {
    const changes = planOf(target, scope, site, PROGRAM);
    carryOut(changes);
    record.keep(target.name, changes);
  };
  const uninstall = (target: Target, scope: Scope): void => {
    carryOut(record.planOfRemoval(target.name, target, fileOf(target, scope, site)));
    record.forget(target.name);
  };

  it.each(places)(
    'of %s for the %s leaves nothing behind where there was nothing',
    (_name, scope, target) => {
      install(target, scope);
      expect(planOf(target, scope, site, PROGRAM)).toEqual([]);
      expect(inspect(target, site, PROGRAM)).toMatchObject([
        { scope, line: expect.stringContaining('hook') },
      ]);
      uninstall(target, scope);
      expect(all()).toEqual([]);
    },
  );

  it.each(places)('of %s for the %s gives a file back to the byte', (name, scope, target) => {
    const path = fileOf(target, scope, site);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, OTHER_HOOKS);
    const before = all();
    install(target, scope);
    install(target, scope);
    expect(startsHook(name)(JSON.stringify(parse(readFileSync(path, 'utf8'))))).toBe(true);
    uninstall(target, scope);
    expect(readFileSync(path, 'utf8')).toBe(OTHER_HOOKS);
    expect(all()).toEqual(before);
  });

  it('keeps what somebody changed since, and loses our entries only', () => {
    install(claudeCode, 'user');
    const path = fileOf(claudeCode, 'user', site);
    const text = readFileSync(path, 'utf8').replace('{', '{\n  "model": "best",');
    writeFileSync(path, text);
    uninstall(claudeCode, 'user');
    expect(parse(readFileSync(path, 'utf8'))).toEqual({ model: 'best' });
  });

  it('writes through a symbolic link, and leaves the link where it is', () => {
    const path = fileOf(claudeCode, 'user', site);
    const target = join(site.root, 'dotfiles', 'claude.json');
    mkdirSync(dirname(path), { recursive: true });
    mkdirSync(dirname(target));
    symlinkSync(join('..', '..', 'dotfiles', 'claude.json'), path);
    for (const text of [OTHER_HOOKS, null]) {
      if (text === null) rmSync(target);
      else writeFileSync(target, text);
      const before = all();
      install(claudeCode, 'user');
      expect(lstatSync(path).isSymbolicLink()).toBe(true);
      expect(readFileSync(target, 'utf8')).toContain('hook claude-code');
      uninstall(claudeCode, 'user');
      expect(lstatSync(path).isSymbolicLink()).toBe(true);
      expect(all()).toEqual(before);
    }
  });

  it('keeps the mode of a file, whatever the mask of new ones', () => {
    const path = fileOf(claudeCode, 'user', site);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, OTHER_HOOKS);
    chmodSync(path, 0o666);
    install(claudeCode, 'user');
    expect(statSync(path).mode & 0o777).toBe(0o666);
    uninstall(claudeCode, 'user');
    expect(statSync(path).mode & 0o777).toBe(0o666);
  });

  it('begins a file that is empty, and empties it again', () => {
    const path = fileOf(claudeCode, 'user', site);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, '\n');
    install(claudeCode, 'user');
    expect(inspect(claudeCode, site, PROGRAM)).toHaveLength(1);
    uninstall(claudeCode, 'user');
    expect(readFileSync(path, 'utf8')).toBe('\n');
  });

  it('that was cut off is finished by the next one, and leaves no draft', () => {
    const path = fileOf(claudeCode, 'user', site);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, OTHER_HOOKS);
    const before = all();
    // Nobody has the highest number of a process: it stands for one that is gone.
    writeFileSync(`${path}.${2 ** 30}.countersign`, '{');
    record.keep(claudeCode.name, planOf(claudeCode, 'user', site, PROGRAM));
    install(claudeCode, 'user');
    uninstall(claudeCode, 'user');
    expect(readFileSync(path, 'utf8')).toBe(OTHER_HOOKS);
    expect(all()).toEqual(before);
  });

  it('that was only remembered has nothing to take back', () => {
    const path = fileOf(claudeCode, 'user', site);
    const asBefore = record.snapshot();
    record.keep(claudeCode.name, planOf(claudeCode, 'user', site, PROGRAM));
    expect(record.planOfRemoval(claudeCode.name, claudeCode, path)).toEqual([]);
    asBefore();
    expect(all()).toEqual([]);
  });

  it('changes no file when one of them cannot be written', () => {
    mkdirSync(join(site.home, '.codex', 'config.toml'), { recursive: true });
    expect(() => install(codex, 'user')).toThrow(NotInstallable);
    const changes = [
      ...planOf(claudeCode, 'user', site, PROGRAM),
      { path: join(site.home, '.codex', 'config.toml'), before: null, after: 'x', folder: null },
    ];
    const before = all();
    expect(() => carryOut(changes)).toThrow('nothing was changed');
    expect(all()).toEqual(before);
  });

  it('refuses a path that a shell reads as more than itself', () => {
    const odd = { ...PROGRAM, script: '/opt/$(id)/countersign.js' };
    expect(() => planOf(claudeCode, 'user', site, odd)).toThrow('install it elsewhere');
  });

  it('says that hooks are switched off, and what cannot be read', () => {
    install(codex, 'user');
    writeFileSync(join(site.home, '.codex', 'config.toml'), '[features]\nhooks = false\n');
    expect(inspect(codex, site, PROGRAM)[0]?.problems).toContainEqual(
      expect.stringContaining('sets features.hooks to false'),
    );
    install(claudeCode, 'user');
    const path = fileOf(claudeCode, 'user', site);
    writeFileSync(path, readFileSync(path, 'utf8').replace('{', '{ "disableAllHooks": true,'));
    expect(inspect(claudeCode, site, PROGRAM)[0]?.problems).toContainEqual(
      expect.stringContaining('disableAllHooks'),
    );
    writeFileSync(path, Buffer.from([0xff, 0xfe, 0]));
    expect(inspect(claudeCode, site, PROGRAM)).toMatchObject([
      { line: null, problems: [expect.stringContaining('no UTF-8 text')] },
    ]);
  });

  it('names what is wrong with it', () => {
    install(codex, 'user');
    rmSync(join(site.home, '.codex', 'config.toml'));
    const path = fileOf(codex, 'user', site);
    const { hooks } = parse(readFileSync(path, 'utf8')) as { hooks: Record<string, unknown[]> };
    writeFileSync(
      path,
      JSON.stringify({
        hooks: { PreToolUse: [...(hooks['PreToolUse'] ?? []), ...(hooks['PreToolUse'] ?? [])] },
      }),
    );
    expect(inspect(codex, site, PROGRAM)[0]?.problems).toEqual([
      '2 hooks for PreToolUse: a call counts as often',
      'no hook for PostToolUse',
      expect.stringContaining('config.toml does not switch hooks on'),
      '/opt/counter sign/countersign.js is not there',
    ]);
  });
});
