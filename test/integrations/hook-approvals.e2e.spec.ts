/** Hooks while people are asked: they hold within their harness's patience, and the retry uses the approval. */

import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { harnessNamed } from '../../src/integrations/harnesses/harnesses.js';
import { answer, type Credentials, pendingOf, person } from '../http/approvers.js';
import { Serving, type TenantClient } from '../http/serving.js';
import { denied, type HookRun, Machine, preToolUse, SHELL_EVENTS, YES } from './hook-process.js';

const PATIENCE_MS = 60_000;
const PUBLISH = 'npm publish';

let serving: Serving;
let acme: TenantClient;
let ada: Credentials;
let machine: Machine;

beforeAll(async () => {
  serving = await Serving.start();
  acme = await serving.tenant('acme', {
    permissions: ['reservations:create'],
    fixed_subject: { app: 'ide' },
  });
  await acme.budget('', 10_000, { unit: 'RISK_POINTS' });
  ada = await person(serving, 'ada');
}, PATIENCE_MS);
afterAll(() => serving.stop());
beforeEach(async () => {
  const { body } = await serving.ask('GET', '/v1/.well-known/cycles-jwks.json');
  machine = new Machine({
    COUNTERSIGN_URL: serving.server.url,
    COUNTERSIGN_API_KEY: acme.secret,
    COUNTERSIGN_PUBLIC_KEY: (body as { keys: { x: string }[] }).keys[0]?.x ?? '',
  });
});
afterEach(() => machine.remove());

/** What `install` leaves in the person's settings file, with that wait. */
function waitingFor(waitMs: unknown): void {
  const folder = join(machine.home, 'config', 'countersign');
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'hooks.json'), JSON.stringify({ wait_ms: waitMs }));
}

/** The hook as that harness runs it, without a process of its own. */
function hookOf(name: string, event: object): Promise<HookRun> {
  const harness = harnessNamed(name);
  if (harness === null) throw new Error(`no harness ${name}`);
  return machine.answer(harness, event);
}

it(
  'From hook to approval to execution to ledger',
  async () => {
    const before = { ...preToolUse(PUBLISH, 'toolu_held'), session_id: 'held' };
    const held = machine.run('claude-code', before);
    const id = await pendingOf(serving, 'held', ada);
    expect((await answer(serving, id, 'approve', ada)).at('status')).toBe('APPROVED');
    expect(await held).toMatchObject({ exitCode: 0, answer: {} });
    await machine.run('claude-code', {
      ...before,
      hook_event_name: 'PostToolUse',
      tool_response: { stdout: 'published' },
    });

    const ledger = await serving.openLedger();
    const events = await ledger.readStream('tenant-acme', { revision: 0, limit: 1_000 });
    await ledger.close();
    // A hook that begins to hold asks once more, unless people were faster.
    const told = events.map(({ type }) => type).filter((type, at, all) => type !== all[at - 1]);
    expect(told.slice(told.indexOf('ApprovalRequested'))).toEqual([
      'ApprovalRequested',
      'Decided',
      'ApprovalGranted',
      'ApprovalConsumed',
      'Decided',
      'Reserved',
      'OutcomeRecorded',
      'Committed',
    ]);
    const [action] = (await serving.asAdmin('GET', '/audit/actions?tenant_id=acme&session_id=held')).at(
      'actions',
    ) as object[];
    expect(action).toMatchObject({ decided: { decision: 'ALLOW' }, outcome: { status: 'succeeded' } });
    const shown = await serving.ask('GET', `/admin/approvals/${id}`, { headers: ada });
    expect(shown.at('status')).toBe('CONSUMED');
  },
  PATIENCE_MS,
);

it(
  'A hook that dies while it holds has let nothing run: the yes stays for the next time, and is used once',
  async () => {
    const event = { ...preToolUse(PUBLISH, 'toolu_dies'), session_id: 'dies' };
    const hook = machine.start('claude-code');
    let printed = '';
    hook.stdout.on('data', (part) => {
      printed += String(part);
    });
    hook.stdin.end(JSON.stringify(event));
    const id = await pendingOf(serving, 'dies', ada);
    hook.kill('SIGKILL');
    await once(hook, 'close');
    expect(printed).toBe('');
    await answer(serving, id, 'approve', ada);
    const statusOf = async () =>
      (await serving.ask('GET', `/admin/approvals/${id}`, { headers: ada })).at('status');
    expect(await statusOf()).toBe('APPROVED');
    const again = { ...event, tool_use_id: 'toolu_again' };
    expect(await hookOf('claude-code', again)).toMatchObject({ exitCode: 0, answer: {} });
    expect(await statusOf()).toBe('CONSUMED');
  },
  PATIENCE_MS,
);

describe.each(Object.entries(SHELL_EVENTS))('The hook of %s', (name, eventOf) => {
  it('denies with the page for people once it has waited, and lets the same call run after their yes', async () => {
    waitingFor(100);
    const event = eventOf(PUBLISH, `late-${name}`);
    const sentence = denied(name, await hookOf(name, event));
    const id = await pendingOf(serving, `late-${name}`, ada);
    expect(sentence).toMatch(new RegExp(`http://localhost:\\d+/approvals/${id}\\. .*may be tried again`));
    await answer(serving, id, 'approve', ada);
    expect((await hookOf(name, eventOf(PUBLISH, `late-${name}`))).stdout).toBe(YES[name]);
  });
});

it('A hook denies what people have rejected while it held, and says so', async () => {
  const event = { ...preToolUse(PUBLISH, 'toolu_no'), session_id: 'rejected' };
  const held = hookOf('claude-code', event);
  await answer(serving, await pendingOf(serving, 'rejected', ada), 'reject', ada);
  expect(denied('claude-code', await held)).toContain('rejected');
});

it('A hook whose harness cannot be told how long to wait does not hold', async () => {
  const windsurf = SHELL_EVENTS['windsurf']?.(PUBLISH, 'hasty') ?? {};
  expect(denied('windsurf', await hookOf('windsurf', windsurf))).toContain('/approvals/apr_');
});

it('A retry that words its remark otherwise is the same call; one that runs something else is not', async () => {
  waitingFor(0);
  const event = (id: string, input: object): object => ({
    ...preToolUse('', id),
    session_id: 'remarks',
    tool_input: input,
  });
  const first = event('toolu_a', { command: PUBLISH, description: 'Publish the package' });
  const other = event('toolu_b', { command: `${PUBLISH} --tag next`, description: 'Publish the package' });
  const again = event('toolu_c', { command: PUBLISH, description: 'Publish it now' });
  expect(denied('claude-code', await hookOf('claude-code', first))).toContain('/approvals/');
  await answer(serving, await pendingOf(serving, 'remarks', ada), 'approve', ada);
  expect(denied('claude-code', await hookOf('claude-code', other))).toContain('/approvals/');
  expect((await hookOf('claude-code', again)).stdout).toBe(YES['claude-code']);
});

it.each([-1, 1.5, '5', 600_000, null])('A hook whose settings say wait_ms %j is not set up', async (wait) => {
  waitingFor(wait);
  const event = { ...preToolUse('ls'), session_id: 'unset' };
  expect(denied('claude-code', await hookOf('claude-code', event))).toContain('wait_ms in ');
});

it('Claude Code’s HTTP hook holds as well', async () => {
  const event = { ...preToolUse(PUBLISH, 'toolu_http'), session_id: 'http' };
  const held = acme.ask('POST', '/gate/hooks/claude-code', event);
  await answer(serving, await pendingOf(serving, 'http', ada), 'approve', ada);
  expect((await held).body).toEqual({});
});
