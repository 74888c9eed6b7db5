/** Queries of the directory: tenants, keys, and which tenant an id without one belongs to. */

import { sql } from 'kysely';
import type { Unit } from '../../domain/amount.js';
import type { SettledCharge } from '../../domain/commands.js';
import type {
  FixedSubject,
  JsonObject,
  ObserveMode,
  OveragePolicy,
  TenantSettings,
} from '../../domain/events.js';
import type { KeyId, ReservationId, ScopePath, TenantId } from '../../domain/ids.js';
import type { ApiKey, Tenant, TenantStatus } from '../../domain/state.js';
import type { ReadDatabase } from '../database.js';
import {
  directionOf,
  integerKey,
  orderedBy,
  type SortDirection,
  type SortKey,
  textKey,
} from '../ordering.js';
import { type Page, type PageRequest, pageOf, questionOf } from '../page.js';
import { numberOrNull, parse } from '../read.js';
import { anyContains } from '../search.js';
import type { Row } from '../table.js';
import type { apiKeysTable, tenantsTable } from './directory.table.js';

export type { SortDirection };
export type KeyStatus = 'ACTIVE' | 'REVOKED' | 'EXPIRED';

/** A key without its secret's hash, which no query returns. */
export interface ApiKeyView extends Omit<ApiKey, 'secretHash'> {
  readonly tenantId: TenantId;
  readonly status: KeyStatus;
}

export interface KeyOwner {
  readonly tenantId: TenantId;
  readonly keyId: KeyId;
}

/** A charge that is over: as a reservation's settlement made it, or the revision of the event that is one itself. */
export type ChargeRecord =
  | { readonly tenantId: TenantId; readonly charge: SettledCharge }
  | { readonly tenantId: TenantId; readonly revision: number };

export interface TenantFilter {
  readonly status?: TenantStatus | undefined;
  readonly parentTenantId?: string | undefined;
  readonly observeMode?: ObserveMode | undefined;
  /** A part of its id or name. */
  readonly search?: string | undefined;
}
export interface KeyFilter {
  readonly tenantId?: string | undefined;
  readonly status?: KeyStatus | undefined;
  /** A part of its id or name. */
  readonly search?: string | undefined;
}

/** The sort keys of the protocol (cycles-governance-admin-v0.1.25, listTenants and listApiKeys). */
export const TENANT_SORTS = ['tenant_id', 'name', 'status', 'created_at'] as const;
export type TenantSort = (typeof TENANT_SORTS)[number];
export const KEY_SORTS = ['key_id', 'name', 'tenant_id', 'status', 'created_at', 'expires_at'] as const;
export type KeySort = (typeof KEY_SORTS)[number];

/** In order of ids unless asked otherwise; sorted descending unless asked otherwise. */
export interface OrderOf<Sort extends string> {
  readonly sortBy?: Sort | undefined;
  readonly direction?: SortDirection | undefined;
}

type TenantRow = Row<typeof tenantsTable>;
type KeyRow = Omit<Row<typeof apiKeysTable>, 'secret_hash'>;

/** All columns but the secret's hash. */
const KEY_COLUMNS = [
  'key_id',
  'tenant_id',
  'prefix',
  'name',
  'description',
  'permissions',
  'scope_filter',
  'fixed_subject',
  'trusted',
  'owner_operator_id',
  'metadata',
  'created_at_ms',
  'expires_at_ms',
  'revoked',
  'revoked_at_ms',
  'revoked_reason',
] as const satisfies readonly (keyof Row<typeof apiKeysTable>)[];

export class DirectoryQueries {
  /** @param catchUp waits until the read models have what this process has appended */
  constructor(
    private readonly db: ReadDatabase,
    private readonly catchUp: () => Promise<void>,
  ) {}

  /** Whose key a secret is, by its hash, whatever the key's status; looks again after one catch-up. */
  async ownerOfSecret(secretHash: string): Promise<KeyOwner | null> {
    return this.twice(async () => {
      const row = await this.db
        .selectFrom('api_keys')
        .select(['tenant_id', 'key_id'])
        .where('secret_hash', '=', secretHash)
        .executeTakeFirst();
      return row && { tenantId: row.tenant_id as TenantId, keyId: row.key_id as KeyId };
    });
  }

  /** The tenant of a key id; looks again after one catch-up. */
  async tenantOfKey(keyId: string): Promise<TenantId | null> {
    return this.twice(async () => {
      const select = this.db.selectFrom('api_keys').select('tenant_id').where('key_id', '=', keyId);
      return (await select.executeTakeFirst())?.tenant_id as TenantId | undefined;
    });
  }

  /** The tenant of a policy, also of one that is deleted; looks again after one catch-up. */
  async tenantOfPolicy(policyId: string): Promise<TenantId | null> {
    return this.twice(async () => {
      const select = this.db.selectFrom('policies').select('tenant_id').where('policy_id', '=', policyId);
      return (await select.executeTakeFirst())?.tenant_id as TenantId | undefined;
    });
  }

  /** The tenant of a reservation; looks again after one catch-up. */
  async tenantOfReservation(reservationId: string): Promise<TenantId | null> {
    return this.twice(async () => {
      const select = this.db.selectFrom('reservations').select('tenant_id');
      const row = await select.where('reservation_id', '=', reservationId).executeTakeFirst();
      return row?.tenant_id as TenantId | undefined;
    });
  }

  /** The tenant of a tool call or another decision; looks again after one catch-up. */
  async tenantOfAction(actionId: string): Promise<TenantId | null> {
    return this.twice(async () => {
      const select = this.db.selectFrom('actions').select('tenant_id').where('action_id', '=', actionId);
      return (await select.executeTakeFirst())?.tenant_id as TenantId | undefined;
    });
  }

  /** What a committed reservation charged, or where a charge without one stands; looks again after one catch-up. */
  async charge(chargeId: string): Promise<ChargeRecord | null> {
    return this.twice(async () => (await this.committed(chargeId)) ?? (await this.debited(chargeId)));
  }

  private async committed(reservationId: string): Promise<ChargeRecord | undefined> {
    const row = await this.db
      .selectFrom('reservations')
      .select(['tenant_id', 'unit', 'committed', 'held_scopes'])
      .where('reservation_id', '=', reservationId)
      .executeTakeFirst();
    if (row === undefined || row.committed === null) return undefined;
    const charge = {
      chargeId: reservationId as ReservationId,
      unit: row.unit as Unit,
      charged: row.committed,
      scopes: parse<ScopePath[]>(row.held_scopes),
    };
    return { tenantId: row.tenant_id as TenantId, charge };
  }

  private async debited(debitId: string): Promise<ChargeRecord | undefined> {
    const row = await this.db
      .selectFrom('actions')
      .select(['tenant_id', 'revision'])
      .where('action_id', '=', debitId)
      .where('operation', '=', 'debit')
      .executeTakeFirst();
    return row && { tenantId: row.tenant_id as TenantId, revision: Number(row.revision) };
  }

  async tenant(tenantId: string): Promise<Tenant | null> {
    const select = this.db.selectFrom('tenants').selectAll().where('tenant_id', '=', tenantId);
    const row = await select.executeTakeFirst();
    return row === undefined ? null : tenantOf(row);
  }

  /**
   * Tenants as asked for.
   * @param page limit 1 to 100; its cursor is good for the same filter and order only
   * @throws InvalidCursor
   */
  async tenants(
    filter: TenantFilter,
    page: PageRequest,
    { sortBy, direction }: OrderOf<TenantSort> = {},
  ): Promise<Page<Tenant>> {
    let select = this.db.selectFrom('tenants').selectAll();
    if (filter.status !== undefined) select = select.where('status', '=', filter.status);
    if (filter.parentTenantId !== undefined) {
      select = select.where('parent_tenant_id', '=', filter.parentTenantId);
    }
    if (filter.observeMode !== undefined) select = select.where('observe_mode', '=', filter.observeMode);
    if (filter.search !== undefined) select = select.where(anyContains(['tenant_id', 'name'], filter.search));
    const question = questionOf({ list: 'tenants', ...filter, sortBy, direction });
    const keys = [...(sortBy === undefined ? [] : [TENANT_SORTINGS[sortBy]]), TENANT_SORTINGS.tenant_id];
    const ordering = orderedBy(question, keys, directionOf(sortBy, direction));
    const rows = await ordering
      .applyTo(select, page)
      .limit(page.limit + 1)
      .execute();
    return pageOf(rows, page.limit, { keyOf: ordering.keyOf, toItem: tenantOf });
  }

  async key(keyId: string, nowMs: number): Promise<ApiKeyView | null> {
    const select = this.db.selectFrom('api_keys').select(KEY_COLUMNS).where('key_id', '=', keyId);
    const row = await select.executeTakeFirst();
    return row === undefined ? null : keyOf(row, nowMs);
  }

  /**
   * Keys as asked for; the order of their ids is that of their making.
   * @param page limit 1 to 100; its cursor is good for the same filter and order only
   * @throws InvalidCursor
   */
  async keys(
    filter: KeyFilter,
    page: PageRequest,
    nowMs: number,
    { sortBy, direction }: OrderOf<KeySort> = {},
  ): Promise<Page<ApiKeyView>> {
    let select = this.db.selectFrom('api_keys').select(KEY_COLUMNS);
    if (filter.tenantId !== undefined) select = select.where('tenant_id', '=', filter.tenantId);
    if (filter.status === 'REVOKED') select = select.where('revoked', '=', 1n);
    else if (filter.status !== undefined) {
      const comparison = filter.status === 'ACTIVE' ? '>' : '<=';
      select = select.where('revoked', '=', 0n).where('expires_at_ms', comparison, BigInt(nowMs));
    }
    if (filter.search !== undefined) select = select.where(anyContains(['key_id', 'name'], filter.search));
    const question = questionOf({ list: 'keys', ...filter, sortBy, direction });
    const sorted = sortBy === undefined ? [] : [KEY_SORTINGS[sortBy](nowMs)];
    const keys = [...sorted, KEY_SORTINGS.key_id(nowMs)];
    const ordering = orderedBy(question, keys, directionOf(sortBy, direction));
    const rows = await ordering
      .applyTo(select, page)
      .limit(page.limit + 1)
      .execute();
    return pageOf(rows, page.limit, { keyOf: ordering.keyOf, toItem: (row) => keyOf(row, nowMs) });
  }

  /** What is found need not be fresh, since an id never changes its tenant; what is not found must be. */
  private async twice<T>(look: () => Promise<T | undefined>): Promise<T | null> {
    const found = await look();
    if (found !== undefined) return found;
    await this.catchUp();
    return (await look()) ?? null;
  }
}

const TENANT_SORTINGS: Readonly<Record<TenantSort, SortKey<TenantRow>>> = {
  tenant_id: textKey('tenant_id'),
  name: textKey('name'),
  status: textKey('status'),
  created_at: integerKey('created_at_ms'),
};

const KEY_SORTINGS: Readonly<Record<KeySort, (nowMs: number) => SortKey<KeyRow>>> = {
  key_id: () => textKey('key_id'),
  name: () => textKey('name'),
  tenant_id: () => textKey('tenant_id'),
  created_at: () => integerKey('created_at_ms'),
  expires_at: () => integerKey('expires_at_ms'),
  status: (nowMs) => ({
    by: sql`case when revoked = 1 then 'REVOKED' when expires_at_ms <= ${BigInt(nowMs)} then 'EXPIRED' else 'ACTIVE' end`,
    valueOf: (row) => statusOf(row, nowMs),
    parse: (text) => text,
  }),
};

function statusOf(row: KeyRow, nowMs: number): KeyStatus {
  if (row.revoked === 1n) return 'REVOKED';
  return row.expires_at_ms <= BigInt(nowMs) ? 'EXPIRED' : 'ACTIVE';
}

const tenantOf = (row: TenantRow): Tenant => ({
  tenantId: row.tenant_id as TenantId,
  name: row.name,
  parentTenantId: row.parent_tenant_id,
  status: row.status as TenantStatus,
  settings: {
    overagePolicy: row.overage_policy as OveragePolicy,
    defaultTtlMs: Number(row.default_ttl_ms),
    maxTtlMs: Number(row.max_ttl_ms),
    maxExtensions: Number(row.max_extensions),
    expiryPolicy: row.expiry_policy as TenantSettings['expiryPolicy'],
    observeMode: row.observe_mode as ObserveMode,
  },
  metadata: parse<Record<string, string>>(row.metadata),
  createdAtMs: Number(row.created_at_ms),
  updatedAtMs: Number(row.updated_at_ms),
  suspendedAtMs: numberOrNull(row.suspended_at_ms),
  closedAtMs: numberOrNull(row.closed_at_ms),
});

const keyOf = (row: KeyRow, nowMs: number): ApiKeyView => ({
  keyId: row.key_id as KeyId,
  tenantId: row.tenant_id as TenantId,
  status: statusOf(row, nowMs),
  prefix: row.prefix,
  name: row.name,
  description: row.description,
  permissions: parse<string[]>(row.permissions),
  scopeFilter: parse<string[]>(row.scope_filter),
  fixedSubject: parse<FixedSubject>(row.fixed_subject),
  trusted: row.trusted === 1n,
  ownerOperatorId: row.owner_operator_id,
  createdAtMs: Number(row.created_at_ms),
  expiresAtMs: Number(row.expires_at_ms),
  revokedAtMs: numberOrNull(row.revoked_at_ms),
  revokedReason: row.revoked_reason,
  metadata: parse<JsonObject>(row.metadata),
});
