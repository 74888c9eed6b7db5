/** The nine-second call in every variant, through every harness that sees shell commands: denied, and controls pass. */

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { HARNESSES } from '../../src/integrations/harnesses/harnesses.js';
import { GateServer } from '../gate/gate-server.js';
import { denied, Machine, SHELL_EVENTS, YES } from './hook-process.js';

const HOST = 'https://backboard.railway.app/graphql/v2';
const TOKEN = '-H "Authorization: Bearer 0a7be3a1"';
const MUTATION = 'mutation { volumeDelete(volumeId: \\"3d2c42fb\\") }';
const curl = (data: string, url = HOST): string => `curl -X POST ${url} ${TOKEN} ${data}`;

const INCIDENT = curl(`-d '{"query":"${MUTATION}"}'`);

const VARIANTS: readonly (readonly [string, string])[] = [
  ['as it was sent', INCIDENT],
  ['with its body in a file', curl('--data @body.json')],
  ['to the other host', curl(`-d '{"query":"${MUTATION}"}'`, 'https://backboard.railway.com/graphql/v2')],
  ['under an alias', curl(`-d '{"query":"mutation { tidy: volumeDelete(volumeId: \\"3d2c42fb\\") }"}'`)],
  [
    'with variables',
    curl(
      `-d '{"query":"mutation($id: String!) { volumeDelete(volumeId: $id) }","variables":{"id":"3d2c42fb"}}'`,
    ),
  ],
  [
    'with a newline in the query',
    curl(`-d '{"query":"mutation {\\n volumeDelete(volumeId: \\"3d2c42fb\\") }"}'`),
  ],
  [
    'with an escape in the query',
    curl(`-d '{"query":"mutation { v\\u006flumeDelete(volumeId: \\"3d2c42fb\\") }"}'`),
  ],
  ['to a host in a variable', `H=${HOST}; ${curl(`-d '{"query":"${MUTATION}"}'`, '"$H"')}`],
  ['to a host that nobody knows', curl(`-d '{"query":"${MUTATION}"}'`, '"$RAILWAY_URL"')],
  [
    'from Python',
    `python -c "import requests; requests.post('${HOST}', json={'query': 'mutation { volumeDelete(volumeId: 1) }'})"`,
  ],
];

const fail = (): never => {
  throw new Error('no event of this harness is known');
};

const CONTROLS: readonly (readonly [string, string])[] = [
  ['a query', curl(`-d '{"query":"query { me { name } }"}'`)],
  ['git status', 'git status'],
  ['npm test', 'npm test'],
];

describe.each(HARNESSES.map((harness) => [harness.name, harness] as const))('%s', (name, harness) => {
  const eventOf = SHELL_EVENTS[name] ?? fail;
  let server: GateServer;
  let machine: Machine;
  let repo: string;

  beforeAll(async () => {
    server = await GateServer.start();
    await server.sessions('ide', 100);
    machine = new Machine({ COUNTERSIGN_URL: server.url, COUNTERSIGN_API_KEY: await server.key() });
    repo = mkdtempSync(join(tmpdir(), 'countersign-repo-'));
    mkdirSync(join(repo, '.git'));
    writeFileSync(join(repo, 'body.json'), `{"query":"${MUTATION}"}`);
  });
  afterAll(async () => {
    machine.remove();
    rmSync(repo, { recursive: true });
    await server.remove();
  });

  it.each(VARIANTS)('is told no to the call %s', async (what, command) => {
    const session = `no-${VARIANTS.findIndex(([variant]) => variant === what)}`;
    const event = eventOf(command, session, repo);
    const run = await (command === INCIDENT ? machine.run(name, event) : machine.answer(harness, event));
    expect(denied(name, run)).toContain('risk points');
    expect(await server.actions(session)).toMatchObject([
      {
        proposed: { tool_call: { harness: name }, assessment: { tier: 4, risk_points: 500 } },
        decided: { decision: 'DENY' },
      },
    ]);
  });

  it.each(CONTROLS)('is told yes to %s', async (what, command) => {
    const session = `yes-${CONTROLS.findIndex(([control]) => control === what)}`;
    const run = await machine.answer(harness, eventOf(command, session, repo));
    expect(run).toMatchObject({ stdout: YES[name], stderr: '', exitCode: 0 });
    expect(await server.actions(session)).toMatchObject([{ decided: { decision: 'ALLOW' } }]);
  });

  it('is told no once the server was killed', async () => {
    const gone = { COUNTERSIGN_URL: 'http://127.0.0.1:9' };
    const run = await machine.run(name, eventOf('git status', 'gone', repo), gone);
    expect(denied(name, run)).toContain('so the call is denied');
  });

  it.each([
    ['nothing', ''],
    ['half an event', '{"session_id":"s","tool_'],
    ['a list', '[]'],
  ])('is told no when it sends %s', async (_what, input) => {
    const run = await machine.run(name, input);
    expect(denied(name, run)).toMatch(/denied/);
  });
});
