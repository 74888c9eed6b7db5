/** Commands inside expansions, which run whatever becomes of the value. */

import { loadParsers } from '../../src/risk/index.js';
import { assessCommand } from './bench.js';

beforeAll(loadParsers);

const DELETION_POINTS = 500;

// biome-ignore-start lint/suspicious/noTemplateCurlyInString: they are the shell's
describe('a command inside an expansion', () => {
  it.each([
    'echo ${x/$(rm -rf /)/}',
    'echo "${x/$(rm -rf /)/}"',
    'echo ${x/a/$(rm -rf /)}',
    'x=abc; echo ${x/b/$(rm -rf /)}',
    'echo ${x#$(rm -rf /)}',
    'echo ${x^^$(rm -rf /)}',
    'echo ${!x[$(rm -rf /)]}',
    'echo ${#a[$(rm -rf /)]}',
    'cat <<< ${x/$(rm -rf /)/}',
    '[[ ${x/$(rm -rf /)/} ]]',
    'echo {a,$(rm -rf /)}',
    'echo {a,`rm -rf /`}',
    'echo ${x:-$(rm -rf /)}',
    'echo $((a[$(rm -rf /)]))',
  ])('%s is judged, and once', (command) => {
    expect(assessCommand(command).riskPoints).toBe(DELETION_POINTS);
  });

  it.each(['x=a/b; echo ${x/b/c}', 'echo ${x//$(pwd)/}', 'echo {a,b} ${x%%.*}', 'echo ${x/$(date)/}'])(
    '%s harms nothing',
    (command) => {
      expect(assessCommand(command).riskPoints).toBe(0);
    },
  );
});
// biome-ignore-end lint/suspicious/noTemplateCurlyInString: they are the shell's
