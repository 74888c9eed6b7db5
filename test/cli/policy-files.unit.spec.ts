/** Policy files that are not what they should be, and what is compared with them. */

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { compare } from '../../src/cli/policies/diff.js';
import { loadWanted } from '../../src/cli/policies/load.js';

describe('A policy file', () => {
  const folder = mkdtempSync(join(tmpdir(), 'countersign-files-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  const complaintOn = (text: string): string => {
    const file = join(folder, 'wanted.yaml');
    writeFileSync(file, text);
    try {
      loadWanted(file);
      return 'none';
    } catch (error) {
      return String(error);
    }
  };

  it.each([
    [
      'multiplies by aliases',
      `a: &a [x, x, x, x, x, x, x, x, x]\n${'bcdefghi'
        .split('')
        .map((name, at) => `${name}: &${name} [${`*${'abcdefgh'[at]}, `.repeat(9)}]`)
        .join('\n')}\n`,
    ],
    ['names an alias that is nowhere', 'tenant: *nobody\n'],
    ['contains itself', 'tenant: filed\npolicies: &all\n  - *all\n'],
    ['is no text', '\u0000\u0001\u0002'],
    ['is a list', '- tenant: filed\n'],
    ['has a key twice', 'tenant: filed\ntenant: other\n'],
    ['has a prototype for a field', 'tenant: filed\n__proto__: {}\n'],
    ['is deeper than anybody writes', `tenant: filed\npolicies: ${'['.repeat(5_000)}\n`],
  ])('that %s is complained of in one line', (_what, text) => {
    expect(complaintOn(text)).toMatch(/^Complaint: \S+wanted\.yaml[^\n]*$/);
  });

  it('leaves alone, and counts, only what somebody made and is still in use', () => {
    const others = [
      { scope: 'tenant:filed', unit: 'TOKENS', allocated: 1 },
      { scope: 'tenant:filed/app:a', unit: 'TOKENS', allocated: 1, status: 'CLOSED' },
      { scope: 'tenant:filed/app:b', unit: 'TOKENS', allocated: 1, template: 'tpl_1' },
      { scope: 'tenant:filed/app:c', unit: 'TOKENS', allocated: 1, shipped: true },
    ];
    const there = { action_kinds: [], budgets: others, budget_templates: [], policies: [] };
    expect(compare([], there).others).toEqual([{ section: 'budgets', name: 'tenant:filed TOKENS' }]);
  });
});
