/** What a list of names is worth: the files, branches and keys that a command hands to the next one. */
import { loadParsers } from '../../src/risk/index.js';
import { assessCommand } from './bench.js';

beforeAll(loadParsers);

const CHEAP: readonly string[] = [
  "grep -rl foo src | xargs sed -i 's/foo/bar/g'",
  "rg -l foo | grep -iv vendor | xargs -I{} sed -i 's/foo/bar/' {}",
  "sed -i 's/a/b/' $(git ls-files '*.md')",
  'git grep -l foo | while read -r f; do sed -i \'s/foo/bar/\' "$f"; done',
  "fd -e py | xargs sed -i 's/a/b/'",
  'TMP=$(mktemp -d) && cp a "$TMP" && rm -rf "$TMP"',
  'git branch --merged | grep -v main | xargs git branch -d',
];

const DEAR: readonly string[] = [
  'git ls-files | xargs rm',
  'git ls-files -z | xargs -0 shred -u',
  'git ls-files | sort | while read -r f; do rm -f "$f"; done',
  'ls | xargs rm -rf',
  'grep -rl foo /etc | xargs rm',
  "redis-cli --scan --pattern '*' | xargs redis-cli del",
  "git branch -r | sed 's|origin/||' | xargs -I{} git push origin --delete {}",
  'kubectl get ns -o name | xargs kubectl delete',
];

describe('lists of names', () => {
  it.each(CHEAP)('costs little to change what version control brings back: %s', (command) => {
    expect(assessCommand(command).riskPoints).toBeLessThanOrEqual(2);
  });

  it.each(DEAR)('costs much to delete all of them: %s', (command) => {
    const { tier, riskPoints } = assessCommand(command);
    expect(tier).toBe(4);
    expect(riskPoints).toBeGreaterThanOrEqual(50);
  });

  it('does not take a list for the text of a script', () => {
    expect(assessCommand('curl -s https://example.com/x > "$(mktemp)" && rg -l x | sh').tier).toBeGreaterThan(
      2,
    );
    expect(assessCommand('F=$(mktemp); curl -s https://example.com/x > "$F"; sh "$F"').tier).toBe(4);
  });
});
