/** The directory: tenants, their keys, and whose an id is. */

import { DirectoryQueries } from '../../src/projections/directory/directory.queries.js';
import { type Acme, APP, openAcme } from './acme.js';
import { onEveryDatabase } from './databases.js';
import { createBudget, issueKey, openTenant, START_MS } from './ledger.js';

onEveryDatabase(() => {
  describe('the directory', () => {
    let acme: Acme;

    beforeEach(async () => {
      acme = await openAcme();
    });
    afterEach(() => acme.models.close());

    const directory = () => new DirectoryQueries(acme.models.db, () => acme.models.caughtUp());

    it('leads from a secret to its key, at once', async () => {
      acme.ledger.run('acme', issueKey('key_1', 'aa'.repeat(32)));
      expect(await directory().ownerOfSecret('aa'.repeat(32))).toEqual({ tenantId: 'acme', keyId: 'key_1' });
      expect(await directory().ownerOfSecret('bb'.repeat(32))).toBeNull();
      expect(await directory().tenantOfKey('key_1')).toBe('acme');
    });

    it('never returns a secret’s hash', async () => {
      acme.ledger.run('acme', issueKey('key_1', 'aa'.repeat(32)));
      await acme.models.caughtUp();
      const page = await directory().keys({ tenantId: 'acme' }, { limit: 10 }, acme.ledger.nowMs);
      expect(page.items).toHaveLength(1);
      expect(page.items[0]).toMatchObject({ keyId: 'key_1', status: 'ACTIVE', fixedSubject: { app: 'ide' } });
      expect(JSON.stringify(page)).not.toContain('aaaa');
    });

    it('knows revoked and expired keys', async () => {
      for (const key of ['key_1', 'key_2', 'key_3']) acme.ledger.run('acme', issueKey(key, key));
      acme.ledger.run('acme', { type: 'RevokeApiKey', keyId: 'key_1' as never, reason: 'leaked' });
      await acme.models.caughtUp();
      expect(await directory().key('key_1', acme.ledger.nowMs)).toMatchObject({
        status: 'REVOKED',
        revokedAtMs: START_MS,
        revokedReason: 'leaked',
      });
      const later = acme.ledger.nowMs + 91 * 86_400_000;
      expect(await directory().key('key_2', later)).toMatchObject({ status: 'EXPIRED' });
      const ids = async (status: 'ACTIVE' | 'REVOKED' | 'EXPIRED', atMs: number) =>
        (await directory().keys({ status }, { limit: 10 }, atMs)).items.map(({ keyId }) => keyId);
      expect(await ids('ACTIVE', acme.ledger.nowMs)).toEqual(['key_2', 'key_3']);
      expect(await ids('REVOKED', acme.ledger.nowMs)).toEqual(['key_1']);
      expect(await ids('EXPIRED', later)).toEqual(['key_2', 'key_3']);
    });

    it('follows a tenant through suspension to its closing, which revokes its keys', async () => {
      acme.ledger.run('acme', issueKey('key_1', 'aa'));
      const status = async () => {
        await acme.models.caughtUp();
        return directory().tenant('acme');
      };
      expect(await status()).toMatchObject({
        status: 'ACTIVE',
        name: 'Tenant acme',
        metadata: { plan: 'team' },
      });
      acme.ledger.nowMs += 1;
      acme.ledger.run('acme', { type: 'ChangeTenantStatus', status: 'SUSPENDED', reason: null });
      expect(await status()).toMatchObject({ status: 'SUSPENDED', suspendedAtMs: START_MS + 1 });
      acme.ledger.run('acme', { type: 'ChangeTenantStatus', status: 'ACTIVE', reason: null });
      expect(await status()).toMatchObject({ status: 'ACTIVE', suspendedAtMs: null });
      acme.close();
      expect(await status()).toMatchObject({ status: 'CLOSED', closedAtMs: START_MS + 1 });
      expect(await directory().key('key_1', acme.ledger.nowMs)).toMatchObject({
        status: 'REVOKED',
        revokedReason: 'tenant_closed',
      });
    });

    it('lists tenants by status, page by page', async () => {
      for (const id of ['beta', 'zeta']) acme.ledger.run(id, openTenant(id));
      acme.ledger.run('beta', { type: 'ChangeTenantStatus', status: 'SUSPENDED', reason: null });
      await acme.models.caughtUp();
      const first = await directory().tenants({}, { limit: 2 });
      const second = await directory().tenants({}, { limit: 2, cursor: first.nextCursor });
      const ids = [...first.items, ...second.items].map(({ tenantId }) => tenantId);
      expect(ids).toEqual(['acme', 'beta', 'zeta']);
      const suspended = await directory().tenants({ status: 'SUSPENDED' }, { limit: 2 });
      expect(suspended.items.map(({ tenantId }) => tenantId)).toEqual(['beta']);
    });

    it('knows whose a reservation is', async () => {
      acme.ledger.run('acme', createBudget(APP, 100n));
      const { reservationId } = acme.reserve(1n);
      expect(await directory().tenantOfReservation(reservationId)).toBe('acme');
      expect(await directory().tenantOfReservation('rsv_none')).toBeNull();
    });
  });
});
