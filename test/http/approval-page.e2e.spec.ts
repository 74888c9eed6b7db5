/** The approver's pages in a real browser: sign in, read, answer; on a phone, and for everybody. */

import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Browser, Page } from 'puppeteer-core';
import { webAuthn } from '../../src/adapters/passkeys/passkeys.js';
import type { ApprovalGranted, PasskeyEvidence } from '../../src/domain/events.js';
import { approvalChallenge } from '../../src/http/pages/tickets.js';
import { describeInBrowser, openBrowser } from './browser.js';
import { Serving, type TenantClient } from './serving.js';

const PASSWORD = 'correct horse battery staple';
const PATIENCE_MS = 90_000;
const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
/** A right-to-left override that makes a deletion look like something else, and a tag that would be one. */
const COMMAND = 'psql -h db.prod.example.com -c "DROP TABLE users; -- \u202e<script>alert(1)</script>"';

describeInBrowser('The pages of approvals', () => {
  let serving: Serving;
  let acme: TenantClient;
  let browser: Browser;
  let page: Page;
  let count = 0;

  beforeAll(async () => {
    serving = await Serving.start();
    acme = await serving.tenant('acme', { permissions: ['reservations:create'] });
    await acme.budget('', 1_000, { unit: 'RISK_POINTS' });
    const ada = { name: 'ada', roles: ['approver'] };
    const added = await serving.asAdmin('POST', '/admin/operators', ada);
    const password = String(added.at('one_time_password'));
    const body = { name: 'ada', password, new_password: PASSWORD };
    await serving.ask('POST', '/auth/sign-in', { body });
    browser = await openBrowser();
    page = await browser.newPage();
    await page.setViewport({ width: 390, height: 844 });
  }, PATIENCE_MS);
  afterAll(async () => {
    await browser.close();
    await serving.stop();
  });

  const submit = (session: string, more: object = {}) => {
    count += 1;
    return acme.ask('POST', '/gate/tool-calls', {
      idempotency_key: `call-${count}`,
      harness: 'claude-code',
      session_id: session,
      subject: { app: 'ide', agent: 'claude' },
      tool: { name: 'Bash', input: { command: COMMAND, description: 'Clean up' } },
      cwd: '/repo',
      ...more,
    });
  };
  const open = (path: string) => page.goto(serving.server.url.replace('127.0.0.1', 'localhost') + path);
  const textOf = async (): Promise<string> => String(await page.evaluate('document.body.innerText'));
  const press = async (selector: string): Promise<void> => {
    await Promise.all([page.waitForNavigation(), page.click(selector)]);
  };
  /** What the ledger keeps of the passkey that approved. */
  const evidenceOf = async (approvalId: string): Promise<PasskeyEvidence> => {
    const ledger = await serving.openLedger();
    const events = await ledger.readStream('tenant-acme', { revision: 0, limit: 1_000 });
    await ledger.close();
    const granted = events
      .filter(({ type }) => type === 'ApprovalGranted')
      .map(({ data }) => JSON.parse(data) as ApprovalGranted['data'])
      .find((each) => each.approvalId === approvalId);
    if (!granted?.passkey) throw new Error('no passkey has approved');
    return granted.passkey;
  };
  const violations = async (): Promise<unknown> => {
    await page.evaluate(AXE);
    return await page.evaluate('axe.run().then((found) => found.violations.map(({ id }) => id))');
  };

  it(
    'lead a person from the address in the agent’s answer over signing in to the call, and the call runs once',
    async () => {
      const asked = await submit('s1');
      const id = String(asked.at('approval.approval_id'));
      await open(`/approvals/${id}`);
      expect(new URL(page.url()).pathname).toBe('/sign-in');
      expect(await violations()).toEqual([]);
      await page.type('#name', 'ada');
      await page.type('#password', 'wrong');
      await press('button[type=submit]');
      expect(await textOf()).toContain('The name or the password is not valid.');
      await page.type('#password', PASSWORD);
      await press('button[type=submit]');
      expect(new URL(page.url()).pathname).toBe(`/approvals/${id}`);

      const text = await textOf();
      expect(text).toContain('claude asks to run Bash');
      // What one cannot see is spelled out, and what looks like a tag is text.
      expect(text).toContain('⟨U+202E⟩<script>alert(1)</script>');
      expect(await page.$$eval('script', (found) => found.length)).toBe(0);
      expect(await page.$eval('mark', ({ textContent }) => textContent)).toContain('DROP TABLE users');
      expect(await violations()).toEqual([]);
      const isWide = 'document.documentElement.scrollWidth > document.documentElement.clientWidth';
      expect(await page.evaluate(isWide)).toBe(false);
      await shoot(page, 'approval');

      const held = submit('s1', { wait_ms: 60_000 });
      await press('button.yes');
      expect(await textOf()).toMatch(/approved/i);
      expect((await held).body).toMatchObject({ decision: 'ALLOW', approval: { approval_id: id } });
      await open(`/approvals/${id}`);
      expect(await textOf()).toContain('approved and used');
      expect(await page.$('form.answer')).toBeNull();
    },
    PATIENCE_MS,
  );

  it(
    'answer with a passkey where the rule wants one, and keep its evidence so that it can be checked later',
    async () => {
      const rule = { name: 'vault', when: { tools: ['Bash'] }, max_missing_points: 400, passkey: true };
      const made = await serving.asAdmin('POST', '/admin/policies', {
        tenant_id: 'acme',
        name: 'vault',
        scope_pattern: 'tenant:acme/app:vault/*',
        approval_rules: [rule],
      });
      expect(made.status).toBe(201);
      const asked = { subject: { app: 'vault', agent: 'claude' } };
      const id = String((await submit('s3', asked)).at('approval.approval_id'));
      await open(`/approvals/${id}`);
      expect(await textOf()).toContain('add one under your name first');
      await addDevice(page);
      await open('/passkeys');
      expect(await violations()).toEqual([]);
      await page.type('#name', 'my phone');
      await press('main form[data-passkey] button[type=submit]');
      expect(await textOf()).toContain('my phone');
      await shoot(page, 'passkeys');
      await open(`/approvals/${id}`);
      expect(await violations()).toEqual([]);
      // What was signed as a no is no yes, whoever changes the word on its way.
      const signNo =
        "const [no, yes] = ['no', 'yes'].map((each) => document.querySelector('button.' + each))";
      await page.evaluate(`${signNo}; yes.dataset.passkey = no.dataset.passkey`);
      await press('button.yes');
      expect(await textOf()).toContain('The passkey has not signed this call');
      await open(`/approvals/${id}`);
      await press('button.yes');
      expect(await textOf()).toContain('with a passkey');
      expect((await submit('s3', asked)).body).toMatchObject({
        decision: 'ALLOW',
        approval: { approval_id: id },
      });

      const passkey = await evidenceOf(id);
      const hash = String((await submit('s4', asked)).at('action_hash'));
      const origin = new URL(page.url()).origin;
      const proves = (actionHash: string, approvalId: string) =>
        webAuthn.verified(passkey, {
          challenge: approvalChallenge(actionHash, approvalId, passkey.nonce),
          origin,
        });
      const own = String((await submit('s3', asked)).at('action_hash'));
      expect(await proves(own, id)).toBe(true);
      expect(passkey.nonce).toMatch(/^approve\.[0-9a-f]{64}$/);
      expect([await proves(hash, id), await proves(own, 'apr_other')]).toEqual([false, false]);
    },
    PATIENCE_MS,
  );

  it(
    'show what waits, take a no with its reason, and let a person out again',
    async () => {
      const id = String((await submit('s2')).at('approval.approval_id'));
      await open('/approvals');
      expect(await textOf()).toMatch(/\d+ calls? waits? for an answer/);
      expect(await violations()).toEqual([]);
      await shoot(page, 'inbox');
      await press(`a[href="/approvals/${id}"]`);
      await page.type('#note', 'never on this database');
      await press('button.no');
      expect(await textOf()).toContain('never on this database');
      expect((await submit('s2')).body).toMatchObject({ decision: 'DENY', reason_code: 'APPROVAL_REJECTED' });
      await press('header button');
      expect(new URL(page.url()).pathname).toBe('/sign-in');
      await open(`/approvals/${id}`);
      expect(new URL(page.url()).pathname).toBe('/sign-in');
    },
    PATIENCE_MS,
  );
});

/** A device in the browser that holds passkeys and takes whoever sits there for its person. */
async function addDevice(page: Page): Promise<void> {
  const devtools = await page.createCDPSession();
  await devtools.send('WebAuthn.enable');
  await devtools.send('WebAuthn.addVirtualAuthenticator', {
    options: {
      protocol: 'ctap2',
      transport: 'internal',
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
      automaticPresenceSimulation: true,
    },
  });
}

/** For whoever wants to look: `COUNTERSIGN_TEST_PICTURES` names a folder. */
async function shoot(page: Page, name: string): Promise<void> {
  const folder = process.env['COUNTERSIGN_TEST_PICTURES'];
  if (folder !== undefined) await page.screenshot({ path: `${folder}/${name}.png`, fullPage: true });
}
