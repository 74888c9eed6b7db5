/** A ledger in a cluster of EventStoreDB or KurrentDB, which several nodes write. */

import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { Logger } from 'pino';
import { ClockWatch } from './adapters/event-store-eventstoredb/clock.js';
import { type Agreement, compareKeys } from './adapters/event-store-eventstoredb/keys.js';
import { openEventStoreDbReader } from './adapters/event-store-eventstoredb/reader.js';
import { openEventStoreDb } from './adapters/event-store-eventstoredb/store.js';
import { Listeners } from './adapters/event-store-sqlite/listeners.js';
import { takeLock } from './adapters/event-store-sqlite/lock.js';
import { openKeyring } from './adapters/signing/keyring.js';
import { type Config, ConfigError, type EventStoreAddress, ledgerPath } from './config.js';
import type { SealedEvent } from './domain/hash-chain.js';
import { type AppendResult, type EventStore, StoreFault } from './ports/event-store.port.js';
import type { Ledger, LedgerReader } from './ports/ledger.port.js';

/** A node whose clock is further off the cluster's than this writes nothing, in ms. */
const CLOCK_OFF_MAX_MS = 5_000;

/** A read of a cluster gets so long; nobody waits for one longer, so that a node which is cut off says so soon. */
const READ_TIMEOUT_MS = 3_000;

type ClusterConfig = Config & { readonly eventStore: EventStoreAddress };

/**
 * Opens it to write it, and waits while it cannot be reached.
 * @param onAway told once, with the first reason, when it cannot be reached
 * @throws StoreOpenError, and ConfigError when the cluster's other nodes have other keys
 */
export async function openClusterLedger(
  config: ClusterConfig,
  log: Logger,
  onAway: (reason: string) => Promise<void>,
): Promise<Ledger> {
  const opened: (() => void | Promise<void>)[] = [takeLock(`${ledgerPath(config.dataDir)}.lock`)];
  const close = async (): Promise<void> => {
    for (const letGo of opened.reverse()) await letGo();
  };
  try {
    const ledger = await openWatched(config.eventStore, join(config.dataDir, 'claims.db'), log);
    opened.push(ledger.close);
    await answered(async () => {
      await ledger.store.headPosition();
      await agreeOnKeys(config, log);
    }, onAway);
    await ledger.watch();
    return { ...ledger, close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** What a node says whose keys are not those that the cluster's nodes started with before. */
const DISAGREEMENTS: Readonly<Partial<Record<Agreement, string>>> = {
  other_master_key:
    'COUNTERSIGN_MASTER_KEY is not the one that this ledger is written with: no API key and no session would be recognised',
  other_admin_key:
    'COUNTERSIGN_ADMIN_KEY is not the one of the other nodes: give every node the same, or set COUNTERSIGN_CHANGE_ADMIN_KEY=1 to make this the one of all',
};

/** @throws StoreFault, ConfigError */
async function agreeOnKeys(
  { eventStore, masterKey, adminKey, mayChangeAdminKey }: Config,
  log: Logger,
): Promise<void> {
  // With a cluster both are configured.
  if (eventStore === null || masterKey === null || adminKey === null) return;
  const { digest } = openKeyring(masterKey);
  const checks = { masterKey: digest('master key of all nodes'), adminKey: digest(`admin key ${adminKey}`) };
  const connection = connectionOf(eventStore, (message) => log.error(message));
  const agreement = await compareKeys({ ...connection, checks, mayChangeAdminKey });
  const disagreement = DISAGREEMENTS[agreement];
  if (disagreement !== undefined) throw new ConfigError([disagreement]);
  if (agreement === 'admin_key_changed')
    log.warn('COUNTERSIGN_ADMIN_KEY is another than before, and that of all nodes from now on');
  if (agreement === 'not_ours_to_know')
    log.warn(
      'whether all nodes have the same keys is not known: keys-of-countersign is not ours to read and write',
    );
}

/** Several nodes write it, so their clocks have to agree: expiries and periods are theirs to tell. */
async function openWatched(address: EventStoreAddress, indexPath: string, log: Logger) {
  const connection = connectionOf(address, (message) => log.error(message));
  const store = await openEventStoreDb({ ...connection, indexPath, log: (message) => log.warn(message) });
  const clock = new ClockWatch(connection, CLOCK_OFF_MAX_MS);
  const problem = (): string | null => problemOf(clock.aheadMs);
  return {
    store: new WatchedStore(store, clock, problem),
    problem,
    watch: () => clock.start(),
    close: () => {
      clock.close();
      return store.close();
    },
  };
}

function problemOf(aheadMs: number): string | null {
  if (Math.abs(aheadMs) <= CLOCK_OFF_MAX_MS) return null;
  const seconds = Math.round(Math.abs(aheadMs) / 1000);
  return `this node’s clock is ${seconds} s ${aheadMs > 0 ? 'ahead of' : 'behind'} the event store’s: nothing is written until it is right`;
}

/**
 * A store that several nodes write. While there is a problem nothing is appended, which is certainly not written then.
 * After a fault it is failing until it takes an append again, be it only that of the clock's watch: a node that is
 * not ready gets no requests that could show it.
 */
class WatchedStore implements EventStore {
  private failedAtMs = Number.NEGATIVE_INFINITY;

  constructor(
    private readonly store: EventStore,
    private readonly clock: ClockWatch,
    private readonly problem: () => string | null,
  ) {}

  async append(
    stream: string,
    expectedRevision: number,
    events: readonly SealedEvent[],
  ): Promise<AppendResult> {
    const reason = this.problem();
    if (reason !== null) throw new StoreFault(reason, 'not_written');
    try {
      return await this.store.append(stream, expectedRevision, events);
    } catch (error) {
      this.failedAtMs = performance.now();
      this.clock.lookSoon();
      throw error;
    }
  }

  stats(): Readonly<Record<string, number>> {
    const stats = this.store.stats();
    const isFailing = stats['failing'] === 1 && this.clock.lookedAtMs < this.failedAtMs;
    return { ...stats, failing: Number(isFailing), clockAheadMs: this.clock.aheadMs };
  }

  readonly readStream: EventStore['readStream'] = (stream, from) => this.store.readStream(stream, from);
  readonly readAll: EventStore['readAll'] = (after) => this.store.readAll(after);
  readonly headPosition: EventStore['headPosition'] = () => this.store.headPosition();
  readonly onAppended: EventStore['onAppended'] = (listener) => this.store.onAppended(listener);
  readonly findClaim: EventStore['findClaim'] = (stream, claim) => this.store.findClaim(stream, claim);
  readonly close: EventStore['close'] = () => this.store.close();
}

/** Opens it for reading, beside whoever writes it. */
export function openClusterReader(
  place: EventStoreAddress,
  onTrouble: (message: string) => void,
): LedgerReader {
  const reader = openEventStoreDbReader({ ...connectionOf(place, () => undefined), log: onTrouble });
  // What this node appends is heard of before the cluster says so.
  const listeners = new Listeners(0);
  return {
    readStream: (stream, from) => reader.readStream(stream, from),
    readAll: (after) => reader.readAll(after),
    headPosition: () => reader.headPosition(),
    onAppended: (listener) => {
      const ends = [reader.onAppended(listener), listeners.add(listener)];
      return () => {
        for (const end of ends) end();
      };
    },
    notify: (position) => listeners.tell(position),
    close: () => reader.close(),
  };
}

const connectionOf = (
  { connectionString, isInsecureAllowed }: EventStoreAddress,
  onTruncated: (message: string) => void,
) => ({
  connectionString,
  insecureAllowed: isInsecureAllowed,
  readTimeoutMs: READ_TIMEOUT_MS,
  onTruncated: (stream: string, firstRevision: number | null): void => {
    const left = firstRevision === null ? 'nothing is left' : `it begins at revision ${firstRevision}`;
    onTruncated(`the stream ${stream} was truncated or deleted (${left}): nothing of it is used any more`);
  },
});

const RETRY_MS_MIN = 250;
const RETRY_MS_MAX = 5_000;

/** Waits until a store answers. */
async function answered(
  ask: () => Promise<unknown>,
  onAway: (reason: string) => Promise<void>,
): Promise<void> {
  for (let attempt = 0; ; attempt++) {
    try {
      await ask();
      return;
    } catch (error) {
      if (!(error instanceof StoreFault)) throw error;
      if (attempt === 0) await onAway(error.message);
    }
    await pause(Math.min(RETRY_MS_MAX, RETRY_MS_MIN * 2 ** attempt) * (0.5 + Math.random() / 2));
  }
}
