/** Verifies a ledger from its stored events alone: order, hash chain, fold, balances, holds, claims. */

import type { EventCodec } from '../ports/event-codec.port.js';
import type { EventReader, StoredEvent } from '../ports/event-store.port.js';
import { type Check, type Finding, findingAt } from './finding.js';
import { StreamChain } from './stream-chain.js';
import { type ReadBalance, TenantAudit } from './tenant-audit.js';

export type { Check, Finding } from './finding.js';

/** What `verifyLedger` asks of a balances read model that has caught up with the log. */
export interface BalanceReader {
  /** All budgets of a tenant, closed ones included. */
  ofTenant(tenantId: string): Promise<readonly ReadBalance[]>;
}

export interface VerifyOptions {
  readonly readModels?: BalanceReader;
  /** Called after every page. */
  readonly onProgress?: (progress: { readonly position: number; readonly head: number }) => void;
}

export interface VerifyReport {
  readonly isSound: boolean;
  /** Events read; those after a stream's first finding are counted, but no longer checked. */
  readonly events: number;
  readonly streams: number;
  readonly budgets: number;
  readonly activeReservations: number;
  /** Position up to which the ledger was verified. */
  readonly head: number;
  /** Whether the balances read model was compared. */
  readonly readModelsCompared: boolean;
  /** The first thing wrong of each stream, in order of position. */
  readonly findings: readonly Finding[];
}

const PAGE_EVENTS = 512;
const TENANT_STREAM = 'tenant-';

/**
 * Reads the whole log up to its head at the start and checks every event. A stream is checked up to its first
 * finding, since nothing after that can be relied on; the other streams are checked to their end. Needs memory
 * for the folded state of all tenants and the keys of all answered requests.
 * @throws StoreFault when the log cannot be read
 */
export async function verifyLedger(
  reader: EventReader,
  codec: EventCodec,
  options: VerifyOptions = {},
): Promise<VerifyReport> {
  const verification = new Verification(codec);
  const head = await reader.headPosition();
  let position = 0;
  while (position < head) {
    const page = await reader.readAll({ position, limit: PAGE_EVENTS });
    const within = page.filter((event) => event.position <= head);
    for (const event of within) verification.take(event);
    const last = within.at(-1);
    if (last === undefined) break;
    position = last.position;
    options.onProgress?.({ position, head });
  }
  await verification.finish(options.readModels);
  return verification.report(head, options.readModels !== undefined);
}

/** One stream on its way; without an audit where the stream is not a tenant's. */
interface StreamCheck {
  readonly chain: StreamChain;
  readonly audit: TenantAudit | null;
  last: StoredEvent;
  finding: Finding | null;
}

class Verification {
  private readonly streams = new Map<string, StreamCheck>();
  private events = 0;
  private lastPosition = 0;

  constructor(private readonly codec: EventCodec) {}

  take(event: StoredEvent): void {
    this.events += 1;
    const check = this.checkOf(event);
    if (check.finding === null) check.finding = this.examine(event, check);
    check.last = event;
    this.lastPosition = event.position;
  }

  /** What only the end can tell: full sums, and the read model. */
  async finish(readModels: BalanceReader | undefined): Promise<void> {
    for (const [stream, check] of this.streams) {
      if (check.finding !== null || check.audit === null) continue;
      const { audit } = check;
      check.finding = attempt(check.last, 'holds', () => audit.checkAll());
      if (check.finding !== null || readModels === undefined) continue;
      const rows = await readModels.ofTenant(stream.slice(TENANT_STREAM.length));
      check.finding = attempt(check.last, 'read_model', () => audit.checkReadModel(rows));
    }
  }

  report(head: number, readModelsCompared: boolean): VerifyReport {
    const checks = [...this.streams.values()];
    const findings = checks.flatMap(({ finding }) => finding ?? []).sort((a, b) => a.position - b.position);
    const sum = (count: (audit: TenantAudit) => number): number =>
      checks.reduce((total, { audit }) => total + (audit === null ? 0 : count(audit)), 0);
    return {
      isSound: findings.length === 0,
      events: this.events,
      streams: checks.length,
      budgets: sum((audit) => audit.budgets),
      activeReservations: sum((audit) => audit.activeReservations),
      head,
      readModelsCompared,
      findings,
    };
  }

  /** The bytes first, then what they say. */
  private examine(event: StoredEvent, { chain, audit }: StreamCheck): Finding | null {
    const misplaced = attempt(event, 'order', () => {
      if (event.position <= this.lastPosition) throw new Error('its position is not after the one before it');
      chain.check(event);
    });
    if (misplaced !== null) return misplaced;
    try {
      const decoded = this.codec.decode(event);
      return attempt(event, 'fold', () => audit?.apply(decoded));
    } catch (error) {
      return findingAt(event, error, 'decode');
    }
  }

  private checkOf(event: StoredEvent): StreamCheck {
    const known = this.streams.get(event.stream);
    if (known !== undefined) return known;
    const isTenant = event.stream.startsWith(TENANT_STREAM);
    const audit = isTenant ? new TenantAudit(event.stream.slice(TENANT_STREAM.length)) : null;
    const check: StreamCheck = { chain: new StreamChain(), audit, last: event, finding: null };
    this.streams.set(event.stream, check);
    return check;
  }
}

function attempt(event: StoredEvent, otherwise: Check, examine: () => void): Finding | null {
  try {
    examine();
    return null;
  } catch (error) {
    return findingAt(event, error, otherwise);
  }
}
