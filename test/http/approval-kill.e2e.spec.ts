/** kill -9 between and within the steps of approved calls: nothing that was granted is lost, nothing runs twice. */

import type { ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { openSqliteEventReader } from '../../src/adapters/event-store-sqlite/reader.js';
import { ended, Shell, said } from '../cli/program.js';
import { TestRandom } from './test-random.js';

const SEED = 23_112_026;
const SESSIONS = 12;
const STEPS = ['ask', 'approve', 'run', 'settle'] as const;
/** How many steps are answered before a kill at most. */
const ANSWERS_MAX = 16;
const PATIENCE_MS = 240_000;
const PASSWORD = 'correct horse battery staple';
const ADMIN_KEY = 'the-admin-key-of-the-kill-test-0123456789';

type Body = Readonly<Record<string, unknown>>;
type Headers = Readonly<Record<string, string>>;

const shell = new Shell();
let child: ChildProcess;
let url = '';
let agent: Headers;
let ada: Headers;

beforeAll(async () => {
  await serve();
  const admin = { 'x-admin-api-key': ADMIN_KEY };
  const budget = { unit: 'RISK_POINTS', amount: 100_000 };
  await done('/v1/admin/tenants', { tenant_id: 'acme', name: 'Acme' }, admin);
  await done(
    '/v1/admin/budgets',
    { tenant_id: 'acme', scope: 'tenant:acme', unit: budget.unit, allocated: budget },
    admin,
  );
  const key = { tenant_id: 'acme', name: 'agent', permissions: ['reservations:create'] };
  agent = { 'x-cycles-api-key': String((await done('/v1/admin/api-keys', key, admin))['key_secret']) };
  const added = await done('/admin/operators', { name: 'ada', roles: ['approver'] }, admin);
  const signIn = { name: 'ada', password: added['one_time_password'], new_password: PASSWORD };
  ada = { authorization: `Bearer ${String((await done('/auth/sign-in', signIn, {}))['token'])}` };
}, PATIENCE_MS);
afterAll(async () => {
  await kill();
  shell.remove();
});

async function serve(): Promise<void> {
  child = shell.start(['serve', '--port', '0', '--log-level', 'silent'], {
    COUNTERSIGN_ADMIN_KEY: ADMIN_KEY,
  });
  [, url = ''] = await said(child, 'stderr', /answers at (http:\S+)/);
}

async function kill(): Promise<void> {
  child.kill('SIGKILL');
  await ended(child);
}

/** @throws when the connection breaks, or the server does not do it */
async function done(path: string, body: object, headers: Headers): Promise<Body> {
  const answer = await fetch(url + path, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`POST ${path}: ${answer.status} ${text}`);
  return JSON.parse(text) as Body;
}

/** One call of an agent's session on its way from the question to its outcome. */
class Life {
  private step = 0;
  private approvalId = '';
  private toolCallId = '';

  constructor(readonly session: string) {}

  get isOver(): boolean {
    return this.step === STEPS.length;
  }

  /** Takes the next step, or again the one that nobody knows the end of. @throws when the connection breaks */
  async go(): Promise<void> {
    switch (STEPS[this.step]) {
      case 'ask': {
        const asked = await this.submit('ask');
        expect(asked['decision']).toBe('PENDING');
        this.approvalId = (asked['approval'] as { approval_id: string }).approval_id;
        break;
      }
      case 'approve': {
        const path = `/admin/approvals/${this.approvalId}/answer`;
        expect(await done(path, { answer: 'approve' }, ada)).toMatchObject({ status: 'APPROVED', votes: 1 });
        break;
      }
      case 'run': {
        const run = await this.submit('run');
        expect(run).toMatchObject({ decision: 'ALLOW', approval: { approval_id: this.approvalId } });
        this.toolCallId = String(run['tool_call_id']);
        break;
      }
      default:
        await this.settle();
    }
    this.step += 1;
  }

  /** The same call under another key. */
  submit(key: string): Promise<Body> {
    const call = {
      idempotency_key: `${this.session}-${key}`,
      harness: 'test',
      session_id: this.session,
      subject: { app: 'ide' },
      tool: { name: 'Shell', input: { command: 'npm publish' } },
      cwd: '/repo',
    };
    return done('/gate/tool-calls', call, agent);
  }

  private async settle(): Promise<void> {
    const headers = { ...agent, 'x-idempotency-key': `${this.session}-settle` };
    await done(`/gate/tool-calls/${this.toolCallId}/outcome`, { status: 'succeeded' }, headers);
  }
}

/** Event types of each session in their order, as they stand in the file; a `Decided` with what it decided. */
async function ledgerOf(): Promise<Map<string, string[]>> {
  const reader = openSqliteEventReader(join(shell.dataDir, 'ledger.db'));
  const told = new Map<string, string[]>();
  const sessionOf = new Map<unknown, string>();
  for (let position = 0; ; ) {
    const page = await reader.readAll({ position, limit: 1_000 });
    for (const event of page) {
      const data = JSON.parse(event.data) as Body;
      const session =
        (data['gate'] as { sessionId?: string } | null | undefined)?.sessionId ??
        (data['subject'] as { workflow?: string } | undefined)?.workflow ??
        sessionOf.get(data['approvalId'] ?? data['toolCallId']);
      if (session === undefined) continue;
      for (const id of ['approvalId', 'toolCallId', 'decisionId']) sessionOf.set(data[id], session);
      const type = event.type === 'Decided' ? String(data['decision']) : event.type;
      told.set(session, [...(told.get(session) ?? []), type]);
    }
    const last = page.at(-1);
    if (last === undefined) break;
    position = last.position;
  }
  reader.close();
  return told;
}

const WHOLE = [
  'ApprovalRequested',
  'PENDING',
  'ApprovalGranted',
  'ApprovalConsumed',
  'ALLOW',
  'Reserved',
  'OutcomeRecorded',
];

/** What stands of a life that was cut off somewhere: its beginning, where the question may have been asked again. */
function expectBeginning(told: readonly string[]): void {
  const steps = told.filter((type, nth) => type !== 'PENDING' || told[nth - 1] !== 'PENDING');
  const known = steps.filter((type) => WHOLE.includes(type));
  expect(known).toEqual(WHOLE.slice(0, known.length));
  // What belongs together is there together.
  expect(known.includes('ApprovalConsumed')).toBe(known.includes('Reserved'));
  expect(known.includes('ApprovalRequested')).toBe(known.includes('PENDING'));
}

it(
  'between two steps, the next goes on where the one before ended',
  async () => {
    const life = new Life('steps');
    while (!life.isOver) {
      await life.go();
      await kill();
      await serve();
    }
    await expect(life.submit('run')).rejects.toThrow('409');
    expect((await life.submit('again'))['decision']).toBe('PENDING');
  },
  PATIENCE_MS,
);

it(
  'anywhere under load, nothing that was granted is lost and nothing runs twice',
  async () => {
    const random = new TestRandom(SEED);
    const lives = Array.from({ length: SESSIONS }, (_none, nth) => new Life(`load-${nth}`));
    for (let kills = 0; lives.some(({ isOver }) => !isOver); kills++) {
      let left = 1 + random.below(ANSWERS_MAX);
      const live = async (life: Life): Promise<void> => {
        while (!life.isOver) {
          await life.go();
          left -= 1;
          if (left === 0) child.kill('SIGKILL');
        }
      };
      const ends = await Promise.allSettled(lives.map(live));
      const broken = ends.flatMap((end) => (end.status === 'rejected' ? [String(end.reason)] : []));
      expect(broken.filter((reason) => !/fetch failed|terminated/.test(reason))).toEqual([]);
      await kill();
      for (const [session, told] of await ledgerOf()) if (session !== 'steps') expectBeginning(told);
      await serve();
      expect(kills).toBeLessThan(SESSIONS * STEPS.length);
    }
    for (const life of lives) expect((await life.submit('again'))['decision']).toBe('PENDING');
    await kill();
    const verified = await shell.run(['verify']);
    expect(verified).toMatchObject({ exitCode: 0, stdout: expect.stringContaining('The ledger is sound.') });
  },
  PATIENCE_MS,
);
