/** Named scripts and targets of the workspace are judged by what they run, where their file came along. */
import { loadParsers } from '../../src/risk/index.js';
import { assessCommand } from './bench.js';

beforeAll(loadParsers);

const scripts = (given: Record<string, string>): Record<string, string> => ({
  'package.json': JSON.stringify({ name: 'x', scripts: given }),
});
const MAKEFILE = [
  'D = /etc',
  '.PHONY: all',
  'all: build',
  'build: dep',
  '\tgo build ./...',
  'dep:',
  '\tgo mod download',
  'nuke: build',
  '\t@rm -rf $(D)',
  'prune:',
  '\trm -rf $$(ls -d /srv/*)',
  '',
].join('\n');

const points = (command: string, files: Record<string, string> = {}): number =>
  assessCommand(command, { files }).riskPoints;

describe('a script of package.json', () => {
  const files = scripts({
    test: 'jest --ci',
    build: 'tsc && vite build',
    lint: 'eslint . && npm run lint:css',
    'lint:css': 'stylelint src',
    nuke: 'rm -rf /etc',
    pretidy: 'rm -rf /etc',
    tidy: 'prettier -w .',
    loop: 'npm run loop',
    ship: 'railway volume delete -v 1',
  });

  it.each(['npm test', 'npm t', 'npm run build', 'npm run lint', 'npm run loop', 'npm ci', 'yarn build'])(
    'costs nothing when it only builds: %s',
    (command) => {
      expect(assessCommand(command, { files })).toMatchObject({ tier: 1, riskPoints: 0 });
    },
  );

  it.each([
    'npm run nuke',
    'npm run-script nuke',
    'yarn nuke',
    'pnpm nuke',
    'bun run nuke',
    'npm run tidy',
    'npm run ship',
  ])('costs what it runs: %s', (command) => {
    expect(points(command, files)).toBeGreaterThanOrEqual(500);
  });

  it('is taken from the folder that the command means', () => {
    const below = { 'web/package.json': files['package.json'] ?? '' };
    for (const command of [
      'npm --prefix web run nuke',
      'npm --prefix=web run nuke',
      'cd web && npm run nuke',
    ]) {
      expect(points(command, below)).toBeGreaterThanOrEqual(500);
    }
    expect(points('npm run nuke', below)).toBe(0);
  });

  it('is what the call itself wrote', () => {
    expect(points(`echo '{"scripts":{"x":"rm -rf /etc"}}' > package.json; npm run x`)).toBeGreaterThanOrEqual(
      500,
    );
    expect(points('npm pkg set scripts.x="rm -rf /etc"; npm run x')).toBeGreaterThanOrEqual(500);
  });

  it('is nothing where the file is no package', () => {
    for (const text of ['', '[]', '{"scripts":[]}', '{"scripts":{"x":7}}', '{"scripts":']) {
      expect(points('npm run x', { 'package.json': text })).toBe(0);
    }
  });
});

describe('a target of a Makefile', () => {
  it.each(['make', 'make build', 'make -j4 all'])('costs nothing when it only builds: %s', (command) => {
    expect(points(command, { Makefile: MAKEFILE })).toBe(0);
  });

  it.each([
    ['make nuke', 'Makefile'],
    ['make prune', 'Makefile'],
    ['make -C sub nuke', 'sub/Makefile'],
    ['cd sub && make nuke', 'sub/Makefile'],
    ['make -f ops.mk nuke', 'ops.mk'],
  ])('costs what it runs: %s', (command, path) => {
    expect(points(command, { [path]: MAKEFILE })).toBeGreaterThanOrEqual(150);
  });

  it('costs what it runs in a justfile and in composer.json, too', () => {
    expect(points('just wreck now', { justfile: 'wreck when="x":\n  rm -rf /etc\n' })).toBe(500);
    const composer = JSON.stringify({ scripts: { wreck: ['@php a.php', 'rm -rf /etc'] } });
    expect(points('composer run wreck', { 'composer.json': composer })).toBeGreaterThanOrEqual(500);
  });
});
