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

  const POLICY = { name: 'p', scope_pattern: 'tenant:filed' };
  /** What differs between a rule in a file and the same as the server has it. */
  const changesBetween = (inFile: object, onServer: object): readonly unknown[] => {
    const file = join(folder, 'rules.yaml');
    const policies = [{ ...POLICY, approval_rules: [inFile] }];
    writeFileSync(file, JSON.stringify({ tenant: 'filed', policies }));
    const there = { action_kinds: [], budgets: [], budget_templates: [] };
    const onIt = [{ ...POLICY, approval_rules: [onServer] }];
    return compare(loadWanted(file), { ...there, policies: onIt }).changes;
  };
  const FULL = {
    name: 'ask',
    when: {},
    max_missing_points: 0,
    quorum: 1,
    answer_within_ms: 3_600_000,
    use_within_ms: 900_000,
    passkey: false,
    links: false,
  };

  it.each<[string, object, object]>([
    ['all of it', { name: 'ask' }, {}],
    ['conditions that fit everything', { name: 'ask', when: { tools: [], budget_exceeded: false } }, {}],
    [
      'the points of a rule for exceeded budgets',
      { name: 'ask', when: { budget_exceeded: true } },
      { when: { budget_exceeded: true }, max_missing_points: 400 },
    ],
    [
      'everything but that nothing lapses',
      { name: 'ask', answer_within_ms: null },
      { answer_within_ms: null },
    ],
  ])('that leaves out %s of an approval rule means what the server does', (_what, inFile, onServer) => {
    expect(changesBetween(inFile, { ...FULL, ...onServer })).toEqual([]);
  });

  it('that says something else in an approval rule is a change', () => {
    for (const other of [{ quorum: 2 }, { passkey: true }, { use_within_ms: null }, { group: 'ops' }]) {
      expect(changesBetween({ name: 'ask', ...other }, FULL)).toHaveLength(1);
    }
  });

  it.each([
    ['min_tier', '{ name: x, when: { min_tier: 5 } }'],
    ['quorum', '{ name: x, quorum: 11 }'],
    ['answer_within_ms', '{ name: x, answer_within_ms: 10 }'],
    ['escalation', '{ name: x, escalation: { after_ms: 1000 } }'],
    ['whom', '{ name: x, whom: y }'],
    ['name', '{ quorum: 1 }'],
  ])('with a wrong %s in an approval rule is complained of by that name', (field, rule) => {
    const head = 'tenant: filed\npolicies:\n  - name: x\n    scope_pattern: tenant:filed\n';
    const told = complaintOn(`${head}    approval_rules:\n      - ${rule}\n`);
    expect(told).toMatch(new RegExp(`wanted\\.yaml:6: .*${field}`));
  });
});
