/** How files are named, opened and kept short, and what must not stand in any of them. */

import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { LINES_MAX, ROLES, TOP_LEVEL } from './rules.js';
import { ROOT, type Source, sourcesIn } from './sources.js';

const SOURCES = [...sourcesIn('src'), ...sourcesIn('test')];
const failing = (isWrong: (source: Source) => boolean): string[] =>
  SOURCES.filter(isWrong).map(({ path }) => path);

const KEBAB = /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/;
const SPEEDS = ['unit', 'int', 'e2e'];

/** `subject.role.ts` in kebab-case, `subject.speed.spec.ts` for a test, or one noun or verb. */
function isWellNamed(path: string): boolean {
  const [subject = '', ...rest] = basename(path).split('.').slice(0, -1);
  if (!KEBAB.test(subject)) return false;
  if (rest.at(-1) === 'spec') return rest.length === 2 && SPEEDS.includes(rest[0] ?? '');
  return rest.length === 0 || (rest.length === 1 && ROLES.includes(rest[0] ?? ''));
}

/** The first line that is neither blank nor the line that makes a program of a script. */
const firstLineOf = ({ text }: Source): string =>
  text.split('\n').find((line) => line.trim() !== '' && !line.startsWith('#!')) ?? '';

describe('Every source file', () => {
  it('is named subject.role.ts, with a role of the closed list, or by one noun or verb', () => {
    expect(failing(({ path }) => !isWellNamed(path))).toEqual([]);
  });

  it('opens with a line that says what it is for', () => {
    expect(failing((source) => !/^\/\*\*? \S|^\/\*\*$/.test(firstLineOf(source)))).toEqual([]);
  });

  it(`has at most ${LINES_MAX} lines: split it by its nouns`, () => {
    expect(failing(({ text }) => text.trimEnd().split('\n').length > LINES_MAX)).toEqual([]);
  });

  it('leaves nothing for later: do it, or say it outside the code', () => {
    const words = [
      ['TO', 'DO'],
      ['FIX', 'ME'],
    ].map((halves) => halves.join(''));
    const later = new RegExp(`(//|/\\*|^\\s*\\*).*\\b(${words.join('|')})\\b`, 'm');
    expect(failing(({ text }) => later.test(text))).toEqual([]);
  });

  it('names its types, or says unknown', () => {
    const lines = SOURCES.flatMap(({ path, anyLines }) => anyLines.map((line) => `${path}:${line}`));
    expect(lines).toEqual([]);
  });
});

/** The files that are part of the repository; none when this is not a checkout. */
function trackedFiles(): string[] {
  if (!existsSync(join(ROOT, '.git'))) return [];
  const listed = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], {
    cwd: ROOT,
  });
  return listed
    .toString('utf8')
    .split('\0')
    .filter((path) => path !== '' && existsSync(join(ROOT, path)));
}

describe('The repository', () => {
  const tracked = trackedFiles();

  it('keeps its top level small', () => {
    const top = new Set(tracked.map((path) => path.split('/')[0] ?? ''));
    expect([...top].filter((name) => !name.startsWith('.') && !TOP_LEVEL.includes(name))).toEqual([]);
  });

  it('knows no package registry and no path of the machine it was written on', () => {
    const machine = ['', 'work', '(main|shared|\\.library)'].join('/');
    const registry = `(registry|npm)[.-][a-z0-9.-]*\\.[a-z]{2,}/|"resolved"\\s*:`;
    const forbidden = new RegExp(`${machine}\\b|https?://[^\\s"']*${registry}`);
    expect(tracked.filter((path) => forbidden.test(readFileSync(join(ROOT, path), 'utf8')))).toEqual([]);
  });
});

describe('The check of names', () => {
  it.each([
    'amount.ts',
    'hash-chain.ts',
    'gate.decider.ts',
    'decider.unit.spec.ts',
    'app.module.ts',
    'store.contract.ts',
  ])('accepts %s', (name) => expect(isWellNamed(name)).toBe(true));

  it.each([
    'Amount.ts',
    'hash_chain.ts',
    'gate.service.ts',
    'decider.spec.ts',
    'gate.decider.port.ts',
    'decider.slow.spec.ts',
  ])('refuses %s', (name) => expect(isWellNamed(name)).toBe(false));
});
