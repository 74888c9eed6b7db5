/** Who may be asked about a call: what the ledger of the operators says of people, for the decider of a tenant. */

import type { Approver } from '../domain/approval-rules.js';
import type { TenantId } from '../domain/ids.js';
import type { Operator } from '../domain/system/system.state.js';
import type { SystemWriter } from './writers.js';

/** How old what this process knows of people may be when a tool call is decided, in ms. */
const AGE_MAX_MS = 5_000;
const TENANTS_REMEMBERED_MAX = 1_024;

/** The people who answer approvals, by tenant. Only saves work: it is made anew whenever an operator changes. */
export class Approvers {
  private known = new Map<TenantId, readonly Approver[]>();
  private knownAt = -1;

  constructor(
    private readonly system: Pick<SystemWriter, 'current' | 'lastPosition' | 'ageMs' | 'refresh'>,
  ) {}

  /** Whether nobody can have changed them anywhere since: always so where no other process writes. */
  get areCurrent(): boolean {
    return this.system.ageMs === 0;
  }

  /** As this process knows them. */
  of(tenantId: TenantId): readonly Approver[] {
    const { current, lastPosition } = this.system;
    if (lastPosition !== this.knownAt || this.known.size > TENANTS_REMEMBERED_MAX) {
      this.known = new Map();
      this.knownAt = lastPosition;
    }
    const known = this.known.get(tenantId);
    if (known !== undefined) return known;
    const approvers = [...current.operators.values()].filter((operator) => mayAnswer(operator, tenantId));
    this.known.set(tenantId, approvers);
    return approvers;
  }

  /** As they are at this moment. @throws Unavailable when the ledger has to be asked and cannot be */
  async latest(tenantId: TenantId): Promise<readonly Approver[]> {
    await this.system.refresh();
    return this.of(tenantId);
  }

  /**
   * As they were a few seconds ago at the oldest, wherever they were changed.
   * @throws Unavailable when the ledger has to be asked and cannot be
   */
  async recent(tenantId: TenantId): Promise<readonly Approver[]> {
    if (this.system.ageMs > AGE_MAX_MS) await this.system.refresh();
    return this.of(tenantId);
  }
}

/** Whether a person answers approvals of a tenant at all; which of them, their groups say. */
export const mayAnswer = ({ roles, tenants, disabledAtMs }: Operator, tenantId: TenantId): boolean =>
  disabledAtMs === null &&
  (roles.includes('approver') || roles.includes('admin')) &&
  (tenants === null || tenants.includes(tenantId));
