/** Verifies a ledger from its stored events alone: order, hash chain, fold, balances, holds, claims. */

import type { EventCodec } from '../ports/event-codec.port.js';
import { type EventReader, type StoredEvent, StoreFault } from '../ports/event-store.port.js';
import { type Check, type Finding, findingAt } from './finding.js';
import { StreamChain } from './stream-chain.js';
import { type ReadBalance, TenantAudit } from './tenant-audit.js';

export type { Check, Finding } from './finding.js';

/** Positions whose events could not be read at all: the file is damaged there. */
export interface Gap {
  readonly fromPosition: number;
  /** The last position of the gap; null when nothing after it could be read. */
  readonly toPosition: number | null;
  /** The last event before it; null when it is at the beginning. */
  readonly after: Pick<StoredEvent, 'stream' | 'revision' | 'position'> | null;
  readonly message: string;
}

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
  /** What could not be read, in order. A stream with an event in a gap also has a finding after it, if it goes on. */
  readonly gaps: readonly Gap[];
}

const PAGE_EVENTS = 512;
/** Positions tried one by one behind a gap; a page of the file holds fewer events. */
const GAP_TRIES_MAX = 10_000;
const TENANT_STREAM = 'tenant-';

/**
 * Reads the whole log up to its head at the start and checks every event. A stream is checked up to its first
 * finding, since nothing after that can be relied on; the other streams are checked to their end. Where the file
 * is damaged it goes on behind the damage. Needs memory for the folded state of all tenants and the keys of all
 * answered requests.
 */
export async function verifyLedger(
  reader: EventReader,
  codec: EventCodec,
  options: VerifyOptions = {},
): Promise<VerifyReport> {
  const verification = new Verification(codec);
  const head = await headOf(reader);
  let position = 0;
  while (head === null || position < head) {
    const page = await readPage(reader, position);
    if (page instanceof StoreFault) {
      const next = await behindGap(reader, position, head);
      verification.skip(position + 1, next, page.message);
      if (next === null) break;
      position = next - 1;
      continue;
    }
    const within = page.filter((event) => head === null || event.position <= head);
    for (const event of within) verification.take(event);
    const last = within.at(-1);
    if (last === undefined) break;
    position = last.position;
    options.onProgress?.({ position, head: head ?? position });
  }
  await verification.finish(options.readModels);
  return verification.report(head, options.readModels !== undefined);
}

/** Null when even that cannot be read; the log is then read to wherever it goes. */
async function headOf(reader: EventReader): Promise<number | null> {
  const head = await orFault(reader.headPosition());
  return head instanceof StoreFault ? null : head;
}

/** The next events that can be read together, or the fault of the very next one. */
async function readPage(reader: EventReader, position: number): Promise<StoredEvent[] | StoreFault> {
  for (let limit = PAGE_EVENTS; ; limit = Math.floor(limit / 2)) {
    const page = await orFault(reader.readAll({ position, limit }));
    if (!(page instanceof StoreFault) || limit === 1) return page;
  }
}

/** The first position behind an unreadable one whose event can be read; null when there is none. */
async function behindGap(reader: EventReader, position: number, head: number | null): Promise<number | null> {
  const end = Math.min(head ?? Number.POSITIVE_INFINITY, position + GAP_TRIES_MAX);
  for (let skipped = position + 1; skipped < end; skipped++) {
    const page = await orFault(reader.readAll({ position: skipped, limit: 1 }));
    if (!(page instanceof StoreFault)) return page[0]?.position ?? null;
  }
  return null;
}

const orFault = <T>(reading: Promise<T>): Promise<T | StoreFault> =>
  reading.catch((error: unknown) => {
    if (error instanceof StoreFault) return error;
    throw error;
  });

/** One stream on its way; without an audit where the stream is not a tenant's. */
interface StreamCheck {
  readonly chain: StreamChain;
  readonly audit: TenantAudit | null;
  last: StoredEvent;
  finding: Finding | null;
}

class Verification {
  private readonly streams = new Map<string, StreamCheck>();
  private readonly gaps: Gap[] = [];
  private events = 0;
  private last: StoredEvent | null = null;

  constructor(private readonly codec: EventCodec) {}

  take(event: StoredEvent): void {
    this.events += 1;
    const check = this.checkOf(event);
    if (check.finding === null) check.finding = this.examine(event, check);
    check.last = event;
    this.last = event;
  }

  /** @param next the first position that could be read again; null when there is none */
  skip(fromPosition: number, next: number | null, message: string): void {
    const { last } = this;
    const after = last && { stream: last.stream, revision: last.revision, position: last.position };
    this.gaps.push({ fromPosition, toPosition: next === null ? null : next - 1, after, message });
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

  report(head: number | null, readModelsCompared: boolean): VerifyReport {
    const checks = [...this.streams.values()];
    const findings = checks.flatMap(({ finding }) => finding ?? []).sort((a, b) => a.position - b.position);
    const sum = (count: (audit: TenantAudit) => number): number =>
      checks.reduce((total, { audit }) => total + (audit === null ? 0 : count(audit)), 0);
    return {
      isSound: findings.length === 0 && this.gaps.length === 0,
      events: this.events,
      streams: checks.length,
      budgets: sum((audit) => audit.budgets),
      activeReservations: sum((audit) => audit.activeReservations),
      head: head ?? this.last?.position ?? 0,
      readModelsCompared,
      findings,
      gaps: this.gaps,
    };
  }

  /** The bytes first, then what they say. */
  private examine(event: StoredEvent, { chain, audit }: StreamCheck): Finding | null {
    const misplaced = attempt(event, 'order', () => {
      if (event.position <= (this.last?.position ?? 0))
        throw new Error('its position is not after the one before it');
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
