/** What the gate stands on: its hooks under any spelling, its program, and the text that files are given. */
import { defaultRegistry, loadParsers } from '../../src/risk/index.js';
import { assessCall, assessCommand, toolCall } from './bench.js';

beforeAll(loadParsers);
const registry = defaultRegistry();

const protects = (command: string): boolean => assessCommand(command, { registry }).selfProtection;

describe('the hooks', () => {
  it.each([
    '/repo/.CURSOR/hooks.json',
    '/repo/.Claude/Settings.json',
    'C:\\Users\\d\\.cursor\\hooks.json',
    '.\\.cursor\\hooks.json',
    'C:\\ProgramData\\ClaudeCode\\managed-settings.json',
    '/etc/gemini-cli/settings.json',
    '~/.codeium/windsurf/hooks.json',
    '/Library/Application Support/Windsurf/hooks.json',
  ])('are theirs at %s', (path) => {
    const call = toolCall('Write', { file_path: path, content: '{}' });
    expect(assessCall(call, { registry }).selfProtection).toBe(true);
  });

  it.each([
    'rm .CURSOR/hooks.json',
    'rm -rf .Claude',
    'mv .cursoR x',
    'mount --bind /tmp ~/.cursor',
    'umount ~/.cursor',
    '7z x a.zip -o.cursor',
    'cpio -iD .cursor < a',
    'unzip a.zip -d .claude',
    'tar xf a.tar -C .cursor',
    `python -c "import os; os.rename('.cursor','x')"`,
    `python3 -c "import shutil; shutil.move('.claude','x')"`,
    `python3 -c "open('.cursor/hooks.json','w').write('{}')"`,
    `perl -e "unlink q(.cursor/hooks.json)"`,
    `ruby -e 'File.delete(%q(.cursor/hooks.json))'`,
    `node -e "require('fs').unlinkSync(require('path').join('.cursor','hooks.json'))"`,
    `node -e "require('fs').renameSync('.cursor','x')"`,
  ])('are not taken away by %s', (command) => {
    expect(protects(command)).toBe(true);
  });

  it.each([
    'claude --settings "{}" -p x',
    'CLAUDE_CONFIG_DIR=/tmp claude -p x',
    'HOME=/tmp claude -p x',
    'CODEX_HOME=/tmp codex exec x',
  ])('are not left behind by %s', (command) => {
    expect(protects(command)).toBe(true);
  });

  it.each([
    'cat .cursor/hooks.json',
    'grep hooks .claude/settings.json',
    'ls .claude',
    'git diff .cursor',
    'git add .claude/commands/x.md',
    'tar xzf dist.tgz -C ~',
    'umount /mnt/usb',
    'claude -p "fix the tests"',
    `python3 -c "print(open('.cursor/hooks.json').read())"`,
    `python3 -c "import shutil; shutil.rmtree('dist')"`,
  ])('may be looked at, and lived beside: %s', (command) => {
    expect(protects(command)).toBe(false);
  });

  it('are not rules and prompts, which are files like others', () => {
    for (const file_path of ['/repo/.cursor/rules/x.mdc', '/repo/CLAUDE.md', '/repo/.claude/commands/x.md']) {
      const call = toolCall('Write', { file_path, content: 'x' });
      expect(assessCall(call, { registry })).toMatchObject({ selfProtection: false, riskPoints: 0 });
    }
  });
});

describe('the program of the gate', () => {
  it.each([
    'rm $(which countersign)',
    'ln -sf /bin/true $(which countersign)',
    'ln -sf /bin/true "$(command -v countersign)"',
    'chmod -x /usr/local/bin/countersign',
    'rm node_modules/.bin/countersign',
    'npm i -g countersign@evil',
    'npm uninstall -g countersign',
    'npm rm countersign',
    'npx countersign uninstall cursor',
    'countersign uninstall cursor --yes',
  ])('is not changed by %s', (command) => {
    expect(protects(command)).toBe(true);
  });

  it.each([
    'which countersign',
    'countersign doctor',
    'countersign install cursor --dry-run',
    'npm install countersign',
    'npm install -g typescript',
    'rm -rf node_modules',
  ])('may be used: %s', (command) => {
    expect(protects(command)).toBe(false);
  });
});

describe('a text that is left in a file', () => {
  it.each([
    'tee x.sh <<< "rm -rf /etc"; bash x.sh',
    'tee x.sh <<< "rm -rf /etc"; ./x.sh',
    'tee x.sh <<E\nrm -rf /etc\nE\n. ./x.sh',
    'echo "rm -rf /etc" | tee x.sh > /dev/null; sh x.sh',
    'tee -a x.sh <<< "rm -rf /etc"; bash x.sh',
    'dd of=x.sh <<< "rm -rf /etc"; bash x.sh',
    'cp /dev/stdin x.sh <<< "rm -rf /etc"; bash x.sh',
    'install -m 755 /dev/stdin x.sh <<< "rm -rf /etc"; ./x.sh',
    'echo "rm -rf /etc" | sponge x.sh; sh x.sh',
  ])('is what runs: %s', (command) => {
    expect(assessCommand(command)).toMatchObject({ tier: 4 });
    expect(assessCommand(command).riskPoints).toBeGreaterThanOrEqual(500);
  });

  it('costs what it says', () => {
    expect(assessCommand('echo hi | tee out.txt; cat out.txt')).toMatchObject({ riskPoints: 0 });
    expect(assessCommand('tee x.sh <<< "git status"; bash x.sh')).toMatchObject({ riskPoints: 0 });
  });
});

it('changes that show later cost more than an edit', () => {
  const cost = (file_path: string): number =>
    assessCall(toolCall('Write', { file_path, content: '{}' })).riskPoints;
  expect(['/repo/.mcp.json', '/repo/.cursor/mcp.json', '/root/.gitconfig'].map(cost)).toEqual([20, 20, 20]);
  expect(['/repo/.envrc', '/repo/.vscode/tasks.json'].map(cost)).toEqual([5, 5]);
  expect(['/repo/.vscode/settings.json', '/repo/mcp.ts'].map(cost)).toEqual([0, 0]);
});
