/** Snapshots of folded state: a disposable cache in a database of its own, each row under a MAC. */

import { createHmac, timingSafeEqual } from 'node:crypto';
import type { Kysely } from 'kysely';
import type { Snapshot, SnapshotArchive } from '../ports/snapshot-store.port.js';
import type { AnyTables, Row, TableDefinition } from './table.js';

/** Kept for each tenant, so that one bad row does not cost a full fold. */
const KEPT_PER_TENANT = 2;

const snapshotsTable = {
  name: 'snapshots',
  columns: {
    tenant_id: 'text',
    state_version: 'integer',
    revision: 'integer',
    chain_hash: 'text',
    state: 'text',
    mac: 'text',
  },
  primaryKey: ['tenant_id', 'state_version', 'revision'],
  indexes: [],
} as const satisfies TableDefinition;

export class Snapshots implements SnapshotArchive {
  /** @param macKey the key of the MACs; whoever lacks it cannot make a row that is used */
  constructor(
    private readonly db: Kysely<AnyTables>,
    private readonly macKey: Uint8Array,
  ) {}

  async createSchema(): Promise<void> {
    await this.db.schema
      .createTable(snapshotsTable.name)
      .ifNotExists()
      .addColumn('tenant_id', 'text', (col) => col.notNull())
      .addColumn('state_version', 'bigint', (col) => col.notNull())
      .addColumn('revision', 'bigint', (col) => col.notNull())
      .addColumn('chain_hash', 'text', (col) => col.notNull())
      .addColumn('state', 'text', (col) => col.notNull())
      .addColumn('mac', 'text', (col) => col.notNull())
      .addPrimaryKeyConstraint('snapshots_key', ['tenant_id', 'state_version', 'revision'])
      .execute();
  }

  async latest(tenantId: string, stateVersion: number): Promise<Snapshot | null> {
    for (const revision of await this.revisions(tenantId, stateVersion)) {
      const row = (await this.db
        .selectFrom(snapshotsTable.name)
        .selectAll()
        .where('tenant_id', '=', tenantId)
        .where('state_version', '=', BigInt(stateVersion))
        .where('revision', '=', revision)
        .executeTakeFirst()) as unknown as Row<typeof snapshotsTable> | undefined;
      if (row === undefined) continue;
      const state = new TextEncoder().encode(row.state);
      const chainHash = row.chain_hash;
      const snapshot: Snapshot = { tenantId, stateVersion, revision: Number(revision), chainHash, state };
      if (this.isGenuine(snapshot, row.mac)) return snapshot;
    }
    return null;
  }

  /** Keeps the newest few of this state version, and none of another. */
  async save(snapshot: Snapshot): Promise<void> {
    const { tenantId, stateVersion, revision, chainHash, state } = snapshot;
    const row = {
      tenant_id: tenantId,
      state_version: stateVersion,
      revision,
      chain_hash: chainHash,
      state: new TextDecoder().decode(state),
      mac: this.macOf(snapshot),
    };
    await this.db.transaction().execute(async (trx) => {
      await trx
        .insertInto(snapshotsTable.name)
        .values(row)
        .onConflict((conflict) =>
          conflict.columns(['tenant_id', 'state_version', 'revision']).doUpdateSet(row),
        )
        .execute();
      const kept = (await this.revisions(tenantId, stateVersion, trx)).slice(0, KEPT_PER_TENANT);
      const oldest = kept.at(-1) ?? 0n;
      await trx
        .deleteFrom(snapshotsTable.name)
        .where('tenant_id', '=', tenantId)
        .where((where) =>
          where.or([where('state_version', '!=', BigInt(stateVersion)), where('revision', '<', oldest)]),
        )
        .execute();
    });
  }

  /** Revisions of a tenant's snapshots, the newest first. */
  private async revisions(tenantId: string, stateVersion: number, db = this.db): Promise<bigint[]> {
    const rows = await db
      .selectFrom(snapshotsTable.name)
      .select('revision')
      .where('tenant_id', '=', tenantId)
      .where('state_version', '=', BigInt(stateVersion))
      .orderBy('revision', 'desc')
      .execute();
    return rows.map((row) => row['revision'] as bigint);
  }

  /** HMAC-SHA256 over every field, the lengths of the texts included, so that no field can run into another. */
  private macOf({ tenantId, stateVersion, revision, chainHash, state }: Snapshot): string {
    const head = JSON.stringify([tenantId, stateVersion, revision, chainHash, state.length]);
    return createHmac('sha256', this.macKey).update(head).update('\n').update(state).digest('hex');
  }

  private isGenuine(snapshot: Snapshot, mac: string): boolean {
    const expected = Buffer.from(this.macOf(snapshot), 'hex');
    const given = Buffer.from(mac, 'hex');
    return given.length === expected.length && timingSafeEqual(given, expected);
  }
}
