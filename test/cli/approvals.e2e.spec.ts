/** `countersign approvals`: a person signs in and answers; keys of any kind answer nothing. */

import { type Credentials, pendingOf, person } from '../http/approvers.js';
import { Serving, type TenantClient } from '../http/serving.js';
import { ended, Shell, said } from './program.js';

/** Several programs and a password's hash take their time on a busy machine, in ms. */
const PATIENCE_MS = 180_000;
const PASSWORD = 'correct horse battery staple';
const BIDI = '\u202e';

describe('countersign approvals', () => {
  const shell = new Shell();
  let serving: Serving;
  let acme: TenantClient;
  let bea: Credentials;
  beforeAll(async () => {
    serving = await Serving.start();
    acme = await serving.tenant('acme', {
      permissions: ['reservations:create'],
      fixed_subject: { app: 'ide' },
    });
    await acme.budget('', 1_000, { unit: 'RISK_POINTS' });
    const roles = ['approver'];
    const added = await serving.asAdmin('POST', '/admin/operators', { name: 'ada', roles });
    const oneTime = String(added.at('one_time_password'));
    await run(['sign-in', 'ada'], `${oneTime}\n${PASSWORD}\n${PASSWORD}\n`);
    bea = await person(serving, 'bea');
  }, PATIENCE_MS);
  afterAll(async () => {
    await serving.stop();
    shell.remove();
  });

  const run = (args: readonly string[], input = '', more: Readonly<Record<string, string>> = {}) =>
    shell.run(args, { COUNTERSIGN_URL: serving.server.url, ...more }, input);
  const submit = (session: string, command = 'npm publish') =>
    acme.ask('POST', '/gate/tool-calls', {
      idempotency_key: acme.nextKey(),
      harness: 'test',
      session_id: session,
      tool: { name: 'Shell', input: { command } },
      cwd: '/repo',
    });
  const asked = async (session: string, command?: string): Promise<string> => {
    await submit(session, command);
    return pendingOf(serving, session, bea);
  };

  it(
    'lists, shows and approves under the name of who has signed in',
    async () => {
      const id = await asked('one', `npm publish # ${BIDI}`);
      const listed = await run(['approvals', 'list']);
      expect(listed.stdout).toMatch(new RegExp(`PENDING +4 .*acme +one +${id}`));
      const shown = await run(['approvals', 'show', id]);
      expect(shown.stdout).toContain('npm publish # \\u202e');
      expect(shown.stdout).toMatch(/tier 4/);
      expect(shown.stdout).not.toContain(BIDI);

      expect(await run(['approvals', 'approve', id])).toMatchObject({
        exitCode: 1,
        stderr: expect.stringMatching(/npm publish[\s\S]*Nothing was done: say --yes/),
      });
      const approved = await run(['approvals', 'approve', id, '--yes', '--note', 'go on', '--json']);
      expect(JSON.parse(approved.stdout)).toMatchObject({
        status: 'APPROVED',
        answers: [{ answer: 'approve', note: 'go on' }],
      });
      expect((await submit('one', `npm publish # ${BIDI}`)).at('decision')).toBe('ALLOW');
    },
    PATIENCE_MS,
  );

  it(
    'rejects with a reason, which the agent is told',
    async () => {
      const id = await asked('two');
      const rejected = await run(['approvals', 'reject', id, '--reason', 'not on a Friday']);
      expect(rejected.stdout).toBe(`${id} is rejected, for the rest of its session.\n`);
      expect((await acme.ask('GET', `/gate/approvals/${id}`)).at('reason')).toBe('not on a Friday');
      expect(await run(['approvals', 'approve', id, '--yes'])).toMatchObject({
        exitCode: 1,
        stderr: expect.stringMatching(/^countersign: [^\n]*REJECTED[^\n]*\n$/),
      });
    },
    PATIENCE_MS,
  );

  it(
    'watches for questions as they come',
    async () => {
      const environment = { COUNTERSIGN_URL: serving.server.url };
      const watcher = shell.start(['approvals', 'watch', '--json'], environment);
      const printed = said(watcher, 'stdout', /"approval_id":"(apr_\w+)"[^\n]*"session_id":"three"/);
      const id = await asked('three');
      expect((await printed)[1]).toBe(id);
      watcher.kill('SIGTERM');
      await ended(watcher);
    },
    PATIENCE_MS,
  );

  it(
    'takes no key of any kind',
    async () => {
      const id = await asked('four');
      const nobody = { HOME: `${shell.home}/nobody`, COUNTERSIGN_API_KEY: acme.secret };
      const admin = { COUNTERSIGN_ADMIN_KEY: serving.server.adminKey };
      const tries: [readonly string[], Readonly<Record<string, string>>][] = [
        [['approvals', 'approve', id, '--yes'], nobody],
        [['approvals', 'approve', id, '--yes'], { ...nobody, ...admin }],
        [['approvals', 'approve', id, '--yes', '--admin-key', serving.server.adminKey], {}],
        [['approvals', 'list'], nobody],
      ];
      for (const [args, environment] of tries) {
        expect(await run(args, '', environment)).toEqual({
          exitCode: 1,
          stdout: '',
          stderr:
            'countersign: approvals are for people, not for keys of any kind: sign in with "countersign sign-in <name>"\n',
        });
      }
      const shown = await serving.ask('GET', `/admin/approvals/${id}`, { headers: bea });
      expect(shown.at('status')).toBe('PENDING');
    },
    PATIENCE_MS,
  );
});
