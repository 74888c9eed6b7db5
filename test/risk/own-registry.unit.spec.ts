/** What operators registered of a tenant's tools, programs, hosts and names, and what it changes in a score. */

import type { Assessment, Proposal } from '../../src/domain/assessment.js';
import type { OwnRule, OwnTool } from '../../src/risk/catalogue/own.js';
import { assess, defaultRegistry, loadParsers, plainProfile, registryWith } from '../../src/risk/index.js';

beforeAll(() => loadParsers());

const NOTHING_AT_STAKE = { audience: 2, sensitivity: 2, regulation: 2, reputation: 2 };

const tool = (changes: Partial<OwnTool>): OwnTool => ({
  name: 'acme_*',
  server: null,
  toolset: null,
  actionKind: null,
  tier: null,
  points: null,
  profile: NOTHING_AT_STAKE,
  argumentHints: {},
  requiresApproval: false,
  ...changes,
});

const rule = (changes: Partial<OwnRule>): OwnRule => ({
  name: 'ours',
  match: { kind: 'program', program: 'acmectl', words: [], flags: [] },
  tier: null,
  points: null,
  radius: null,
  actionKind: null,
  reason: 'It is so.',
  lowers: false,
  ...changes,
});

interface Own {
  readonly tools?: readonly OwnTool[];
  readonly rules?: readonly OwnRule[];
  readonly environments?: readonly { kind: 'host' | 'name'; value: string; environment: string }[];
}

function judged(
  called: Partial<Proposal['tool']>,
  own: Own,
  context: Record<string, string> = {},
): Assessment {
  const registry = registryWith(defaultRegistry(), { tools: [], rules: [], environments: [], ...own });
  const proposal: Proposal = {
    tool: { name: 'acme_do', server: null, annotations: null, input: {}, ...called },
    cwd: '/repo',
    context,
    files: [],
  };
  return assess(proposal, registry, plainProfile());
}

const ran = (command: string, own: Own, context: Record<string, string> = {}): Assessment =>
  judged({ name: 'Shell', input: { command } }, own, context);

const score = ({ tier, riskPoints }: Assessment): [number, number] => [tier, riskPoints];
const rulings = ({ factors }: Assessment): string[] =>
  factors.filter(({ name }) => name === 'rule').map(({ reason }) => reason);

describe('a registered tool', () => {
  it('counts as its tier says when its arguments say nothing worse', () => {
    expect(score(judged({}, {}))).toEqual([2, 5]);
    expect(score(judged({}, { tools: [tool({ tier: 0 })] }))).toEqual([0, 0]);
    expect(score(judged({}, { tools: [tool({ tier: 3 })] }))).toEqual([3, 20]);
    expect(score(judged({}, { tools: [tool({ points: 35 })] }))).toEqual([3, 35]);
    expect(judged({}, { tools: [tool({ tier: 3, actionKind: 'payment.refund' })] }).actionKind).toBe(
      'payment.refund',
    );
  });

  it('is never worth less than what its arguments would do', () => {
    const input = { command: 'rm -rf /' };
    expect(score(judged({ input }, { tools: [tool({ tier: 0 })] }))).toEqual([4, 500]);
    const url = 'https://api.example.com/projects/7';
    const deletes = { url, method: 'DELETE' };
    expect(judged({ input: deletes }, { tools: [tool({ tier: 0 })] }).tier).toBe(4);
  });

  it.each([
    ['shell', 'rm -rf /', 4],
    ['sql', 'DROP DATABASE shop', 4],
    ['graphql', 'mutation { volumeDelete(volumeId: "1") }', 4],
    ['code', "import shutil; shutil.rmtree('/')", 4],
    ['path', '/etc/passwd', 3],
  ] as const)('reads an argument as %s where it is hinted', (hint, text, tier) => {
    const input = { what: text };
    const tools = [tool({ tier: 1, argumentHints: { what: hint } })];
    expect(judged({ input }, { tools }).tier).toBeGreaterThanOrEqual(tier);
    expect(judged({ input }, { tools }).effects[0]?.span?.source).toMatch(/^input/);
  });

  it('multiplies by the largest of its factors, halves exactly', () => {
    const profile = { ...NOTHING_AT_STAKE, audience: 3, regulation: 4 };
    const refund = judged({}, { tools: [tool({ points: 5, profile })] });
    expect(score(refund)).toEqual([2, 10]);
    const half = judged({}, { tools: [tool({ points: 5, profile: { ...NOTHING_AT_STAKE, audience: 3 } })] });
    expect(half.riskPoints).toBe(8);
    expect(half.factors).toEqual([expect.objectContaining({ name: 'audience', value: 1.5 })]);
  });

  it('is found by its server first, then by the pattern that says more', () => {
    const tools = [
      tool({ name: '*', tier: 4 }),
      tool({ name: 'acme_d*', tier: 3 }),
      tool({ name: 'acme_do', tier: 1 }),
      tool({ name: '*', server: 'billing', tier: 0 }),
    ];
    expect(judged({}, { tools }).tier).toBe(1);
    expect(judged({ name: 'ACME_due' }, { tools }).tier).toBe(3);
    expect(judged({ name: 'other' }, { tools }).tier).toBe(4);
    expect(judged({ name: 'other', server: 'billing' }, { tools }).tier).toBe(0);
  });

  it('keeps what ships for a tool of the same name', () => {
    const tools = [tool({ name: 'Bash', toolset: 'builds' })];
    const call = (command: string) => score(judged({ name: 'Bash', input: { command } }, { tools }));
    expect(call('git status')).toEqual([0, 0]);
    expect(call('rm -rf /')).toEqual([4, 500]);
  });
});

describe('an operator’s rule for a program', () => {
  it('raises what the catalogue says, and shows that it did', () => {
    const match = { kind: 'program', program: 'acmectl', words: ['reset'], flags: [] } as const;
    const rules = [rule({ match, tier: 4, radius: 'system', reason: 'It resets every shop.' })];
    expect(score(ran('acmectl status', { rules }))).toEqual(score(ran('acmectl status', {})));
    for (const command of ['acmectl reset', 'sudo acmectl -v reset', "bash -c 'acmectl --now reset'"]) {
      const raised = ran(command, { rules });
      expect(score(raised)).toEqual([4, 500]);
      expect(rulings(raised)).toEqual([expect.stringContaining('It resets every shop.')]);
    }
  });

  it('never lowers unless it says so', () => {
    const rules = [rule({ match: { kind: 'program', program: 'rm', words: [], flags: [] }, tier: 0 })];
    expect(score(ran('rm -rf /', { rules }))).toEqual([4, 500]);
    expect(rulings(ran('rm -rf /', { rules }))).toEqual([]);
  });

  const preview = { kind: 'program', program: 'terraform', words: ['destroy'], flags: ['-var=env'] } as const;
  const lowering = [
    rule({ match: preview, tier: 1, radius: 'object', lowers: true, reason: 'A throw-away stack.' }),
  ];

  it('lowers exactly what it names, visibly', () => {
    const lowered = ran('terraform destroy -var=env', { rules: lowering });
    expect(score(lowered)).toEqual([1, 1]);
    expect(rulings(lowered)).toEqual([
      'The operators’ rule “ours” lowered this from tier 4 to 1: A throw-away stack.',
    ]);
  });

  it.each([
    'terraform -chdir=/prod destroy -var=env',
    'terraform apply destroy -var=env',
    'terraform destroy',
    'terraform destroy -var=env $MORE',
    './terraform destroy -var=env',
    'PATH=/tmp:$PATH terraform destroy -var=env',
    'ssh host terraform destroy -var=env',
    'terraform destroy -var=env; terraform destroy',
    'terraform destroy -var=env && rm -rf /',
    'terraform destroy -var=env "$(rm -rf /)"',
  ])('does not lower %s', (command) => {
    expect(score(ran(command, { rules: lowering }))[0]).toBeGreaterThanOrEqual(
      command.startsWith('./') || command.includes('apply') ? 2 : 4,
    );
  });

  it.each(['sudo rm -rf /', 'xargs rm -rf /', "bash -c 'rm -rf /'"])(
    'lowers a command and not what it runs: %s',
    (command) => {
      const [program = '', word = ''] = command.split(' ');
      const match = { kind: 'program', program, words: [word], flags: [] } as const;
      const rules = [rule({ match, tier: 0, radius: 'object', lowers: true })];
      expect(score(ran(command, { rules }))).toEqual(score(ran(command, {})));
    },
  );

  it('gives way to one that raises', () => {
    const match = { kind: 'program', program: 'terraform', words: ['destroy'], flags: [] } as const;
    const rules = [...lowering, rule({ name: 'no', match, tier: 4, radius: 'system' })];
    expect(score(ran('terraform destroy -var=env', { rules }))).toEqual([4, 500]);
  });

  it('never touches what protects the gate', () => {
    const match = {
      kind: 'program',
      program: 'cat',
      words: ['/var/lib/countersign/admin.key'],
      flags: [],
    } as const;
    const rules = [rule({ match, tier: 0, lowers: true })];
    const reads = ran('cat /var/lib/countersign/admin.key', { rules });
    expect(reads).toEqual(ran('cat /var/lib/countersign/admin.key', {}));
    expect(reads.selfProtection).toBe(true);
  });
});

describe('an operator’s rule for requests', () => {
  const request = {
    kind: 'request',
    host: 'api.acme.example',
    method: null,
    path: null,
    operation: null,
  } as const;

  it('raises what a host, a method and a path say', () => {
    const match = { ...request, method: 'POST', path: '/v1/things/*/move' };
    const rules = [rule({ match, tier: 4, reason: 'It ships goods.' })];
    const ship = (path: string, method = 'POST') =>
      ran(`curl -X ${method} https://api.acme.example${path}`, { rules }).tier;
    expect([ship('/v1/things/7/move'), ship('/v1/things/7'), ship('/v1/things/7/move', 'GET')]).toEqual([
      4, 3, 0,
    ]);
  });

  it('raises one operation of a document', () => {
    const rules = [rule({ match: { ...request, operation: 'move*' }, points: 80 })];
    const send = (field: string) =>
      ran(`curl https://api.acme.example/graphql -d '{"query":"mutation { ${field} }"}'`, { rules })
        .riskPoints;
    expect([send('moveThing'), send('turnThing')]).toEqual([80, 20]);
  });

  it('lowers one operation and no other of the same call', () => {
    const rules = [rule({ match: { ...request, operation: 'packOrder' }, tier: 1, lowers: true })];
    const send = (fields: string) =>
      ran(`curl https://api.acme.example/graphql -d '{"query":"mutation { ${fields} }"}'`, { rules });
    expect(score(send('packOrder'))).toEqual([1, 1]);
    expect(rulings(send('packOrder'))).toHaveLength(1);
    expect(score(send('packOrder databaseDelete'))[0]).toBe(4);
  });
});

describe('a registered environment', () => {
  const environments = [
    { kind: 'host', value: '*.acme.example', environment: 'production' },
    { kind: 'host', value: 'prod-copy.acme.example', environment: 'staging' },
    { kind: 'name', value: 'prod-copy', environment: 'staging' },
    { kind: 'name', value: 'db7', environment: 'production' },
  ] as const;

  it('raises and lowers by host, the one host before all below a name', () => {
    const post = (host: string) => ran(`curl -d a=1 https://${host}/items`, { environments }).riskPoints;
    expect([post('api.acme.example'), post('prod-copy.acme.example'), post('api.other.example')]).toEqual([
      60, 20, 20,
    ]);
  });

  it('raises and lowers by name, whatever the harness says', () => {
    const update = (database: string, context = {}) =>
      ran(`psql -d ${database} -c "UPDATE users SET name = 'x' WHERE id = 7"`, { environments }, context)
        .riskPoints;
    expect([update('db7'), update('prod-copy'), update('other')]).toEqual([60, 20, 20]);
    expect(update('prod-copy', { environment: 'production' })).toBe(20);
    expect(update('other', { environment: 'production' })).toBe(60);
  });

  it('is production when any part of the call is', () => {
    expect(
      ran('curl -d a=1 https://prod-copy.acme.example/items -H "x-database: db7" --resolve db7', {
        environments,
      }).riskPoints,
    ).toBeGreaterThanOrEqual(20);
    const both = ran(`psql -h prod-copy -d db7 -c "UPDATE users SET name = 'x' WHERE id = 7"`, {
      environments,
    });
    expect(both.riskPoints).toBe(60);
  });

  it('does not make a local service one of another machine', () => {
    const local = [{ kind: 'host', value: 'localhost:3000', environment: 'development' }] as const;
    expect(ran("curl -d 'a=1' http://localhost:3000/items", { environments: local }).riskPoints).toBe(5);
  });
});
