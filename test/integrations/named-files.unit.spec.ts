/** The files that a command names are sent along, and nothing else is. */

import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { namedFiles } from '../../src/integrations/named-files.js';

describe('the files a command names', () => {
  let base: string;
  let cwd: string;

  beforeEach(() => {
    base = mkdtempSync(join(tmpdir(), 'countersign-files-'));
    cwd = join(base, 'repo');
    mkdirSync(join(cwd, 'scripts'), { recursive: true });
    writeFileSync(join(base, 'outside.sql'), 'DROP TABLE a');
    writeFileSync(join(cwd, 'body.json'), '{"query":"{ me }"}');
    writeFileSync(join(cwd, 'payload'), 'x=1');
    writeFileSync(join(cwd, 'scripts', 'wipe.sh'), 'rm -rf /');
    writeFileSync(join(cwd, 'down.sql'), 'DROP TABLE users');
    writeFileSync(join(cwd, 'README'), 'text');
  });
  afterEach(() => rmSync(base, { recursive: true }));

  const paths = (command: string): string[] => namedFiles(command, cwd).map(({ path }) => path);

  it.each([
    ['curl -d @body.json https://x.test', ['body.json']],
    ['curl --data-binary=@payload https://x.test', ['payload']],
    ['curl -F "f=@payload" https://x.test', ['payload']],
    ['bash scripts/wipe.sh && echo done', ['scripts/wipe.sh']],
    ['./scripts/wipe.sh', ['./scripts/wipe.sh']],
    ['psql -f down.sql', ['down.sql']],
    ['psql --file=down.sql', ['down.sql']],
    ['mysql < down.sql', ['down.sql']],
    ['mysql <down.sql', ['down.sql']],
    ['source payload', ['payload']],
    ['cat README', []],
    ['psql -f missing.sql', []],
  ])('%s: %j', (command, expected) => {
    expect(paths(command)).toEqual(expected);
  });

  it('come along where a program reads them without being told', () => {
    for (const name of ['package.json', 'Makefile', 'justfile', 'scripts/package.json']) {
      writeFileSync(join(cwd, name), 'x');
    }
    expect(paths('npm test')).toEqual(['package.json']);
    expect(paths('cd scripts && yarn nuke')).toEqual(['package.json', 'scripts/package.json']);
    expect(paths('npm --prefix scripts run x')).toEqual(['scripts/package.json']);
    expect(paths('make -C scripts all')).toEqual([]);
    expect(paths('/usr/bin/make all && just x')).toEqual(['Makefile', 'justfile']);
  });

  it.each([
    ['cd scripts && ./wipe.sh', ['scripts/wipe.sh']],
    ['cd scripts; cd inner && psql -f up.sql', ['scripts/inner/up.sql']],
    ['cd scripts/inner && cd .. && bash wipe.sh', ['scripts/wipe.sh']],
    ['(cd "scripts" && ls); curl -d @body.json https://x.test', ['body.json']],
    ['cd $DIR && ./wipe.sh', []],
    ['cd ../elsewhere && bash x.sh', []],
  ])('are looked for where the command goes: %s: %j', (command, expected) => {
    mkdirSync(join(cwd, 'scripts', 'inner'));
    writeFileSync(join(cwd, 'scripts', 'inner', 'up.sql'), 'SELECT 1');
    mkdirSync(join(base, 'elsewhere'));
    writeFileSync(join(base, 'elsewhere', 'x.sh'), 'ls');
    expect(paths(command)).toEqual(expected);
  });

  it('are found by a folder named from the root, too', () => {
    expect(paths(`cd ${cwd}/scripts && ./wipe.sh`)).toEqual([join(cwd, 'scripts', 'wipe.sh')]);
  });

  it('come with the digest of their content', () => {
    expect(namedFiles('psql -f down.sql', cwd)).toEqual([
      {
        path: 'down.sql',
        sha256: '6c84380b12b4e53a6f33452893817f9bd0565abf08500cb2d5bdb82200938253',
        content: 'DROP TABLE users',
      },
    ]);
  });

  it('are not sent from outside the directory, not through a link either', () => {
    symlinkSync(join(base, 'outside.sql'), join(cwd, 'link.sql'));
    expect(paths('psql -f ../outside.sql -f link.sql')).toEqual([]);
    expect(paths(`psql -f ${join(base, 'outside.sql')}`)).toEqual([]);
  });

  it('are not sent when they are too big, no text, or no files', () => {
    writeFileSync(join(cwd, 'big.sql'), 'x'.repeat(256 * 1024 + 1));
    writeFileSync(join(cwd, 'binary.sql'), Buffer.from([0xff, 0xfe, 0x00]));
    mkdirSync(join(cwd, 'folder.sql'));
    expect(paths('psql -f big.sql -f binary.sql -f folder.sql')).toEqual([]);
  });

  it('are at most sixteen', () => {
    const names = Array.from({ length: 20 }, (_, index) => `n${index}.sql`);
    for (const name of names) writeFileSync(join(cwd, name), 'SELECT 1');
    expect(paths(`cat ${names.join(' ')} | psql`)).toHaveLength(16);
  });

  it('are none without a directory', () => {
    expect(namedFiles('psql -f down.sql', null)).toEqual([]);
  });
});
