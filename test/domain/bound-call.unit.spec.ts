/** What a call is bound by: everything that would run, and nothing that is only said about it. */

import { type BoundCall, boundTextOf } from '../../src/domain/bound-call.js';

const CALL: BoundCall = {
  tenant: 'acme',
  session: 's1',
  tool: { name: 'Bash', server: null, input: { command: 'npm publish', timeout: 5 } },
  cwd: '/repo',
  files: [{ path: 'a.sh', sha256: '00' }],
};
const withTool = (tool: Partial<BoundCall['tool']>): BoundCall => ({
  ...CALL,
  tool: { ...CALL.tool, ...tool },
});
const withInput = (input: unknown): BoundCall => withTool({ input });
const isBoundAs = (a: BoundCall, b: BoundCall): boolean => boundTextOf(a) === boundTextOf(b);

describe('The text that a call is bound by', () => {
  it('is canonical JSON of what would run', () => {
    expect(boundTextOf(CALL)).toBe(
      '{"cwd":"/repo","files":[{"path":"a.sh","sha256":"00"}],"input":{"command":"npm publish","timeout":5},' +
        '"server":null,"session":"s1","tenant":"acme","tool":"Bash"}',
    );
  });

  it.each<[string, BoundCall]>([
    ['tenant', { ...CALL, tenant: 'globex' }],
    ['session', { ...CALL, session: 's2' }],
    ['directory', { ...CALL, cwd: '/other' }],
    ['script', { ...CALL, files: [{ path: 'a.sh', sha256: '01' }] }],
    ['tool', withTool({ name: 'Shell' })],
    ['server', withTool({ server: 'npm' })],
    ['command', withInput({ command: 'npm publish --tag x', timeout: 5 })],
    ['argument', withInput({ command: 'npm publish', timeout: 6 })],
    ['argument of a name it does not know', withInput({ ...(CALL.tool.input as object), shell: 'zsh' })],
  ])('differs with another %s', (_what, other) => {
    expect(isBoundAs(other, CALL)).toBe(false);
  });

  it.each(['description', 'explanation', 'justification', 'timestamp'])(
    'is the same whatever the %s of a shell command says',
    (field) => {
      expect(isBoundAs(withInput({ ...(CALL.tool.input as object), [field]: 'ships it' }), CALL)).toBe(true);
    },
  );

  it.each<[string, Partial<BoundCall['tool']>]>([
    ['a server’s tool', { server: 'jira', input: { command: 'create', description: 'x' } }],
    ['a tool that is no shell', { name: 'ticket', input: { command: 'create', description: 'x' } }],
    ['a tool without a command', { input: { description: 'x' } }],
    ['a remark below the top', { input: { command: 'a', env: { description: 'x' } } }],
    ['a remark with parts of its own', { input: { command: 'a', description: ['x'] } }],
    ['an input that is a list', { input: [{ command: 'a', description: 'x' }] }],
  ])('holds every word of %s', (_what, tool) => {
    const other = JSON.parse(JSON.stringify(tool).replace('"x"', '"y"')) as typeof tool;
    expect(isBoundAs(withTool(tool), withTool(other))).toBe(false);
  });
});
