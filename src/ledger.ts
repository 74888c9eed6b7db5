/** The ledger that the configuration names, a file or a cluster, for the process and for each of its threads. */

import { existsSync } from 'node:fs';
import type { Logger } from 'pino';
import { createEventCodec } from './adapters/event-codec/codec.js';
import { openSqliteEventReader } from './adapters/event-store-sqlite/reader.js';
import { openSqliteEventStore } from './adapters/event-store-sqlite/store.js';
import { type Config, type EventStoreAddress, ledgerPath } from './config.js';
import type { Reading } from './http/reading.js';
import type { EventCodec } from './ports/event-codec.port.js';
import type { EventReader, EventStore } from './ports/event-store.port.js';
import type { Ledger, LedgerReader } from './ports/ledger.port.js';
import { ReadStoreFault } from './ports/read-store.port.js';
import { eventAt, type LedgerSource } from './replay/stream.js';

export type { LedgerReader } from './ports/ledger.port.js';

/** Where the ledger is: the path of its file, or the address of its cluster. Goes to worker threads as it is. */
export type LedgerPlace = string | EventStoreAddress;

export const placeOf = ({ dataDir, eventStore }: Config): LedgerPlace => eventStore ?? ledgerPath(dataDir);

/**
 * Opens the ledger to write it, and waits for one that cannot be reached. The data directory is this process's
 * alone from then on, until the ledger is closed.
 * @param onAway told once, with the first reason, when it cannot be reached
 * @throws StoreOpenError, and ConfigError when the cluster's other nodes have other keys
 */
export async function openLedger(
  config: Config,
  log: Logger,
  onAway: (reason: string) => Promise<void>,
): Promise<Ledger> {
  const path = ledgerPath(config.dataDir);
  if (config.eventStore === null) {
    const store = await openSqliteEventStore({ path, log: (message) => log.fatal(message) });
    return { store, problem: () => null, close: () => store.close() };
  }
  if (existsSync(path))
    log.warn({ path }, 'the embedded ledger in the data directory is not used: the ledger is in the cluster');
  // The client of a cluster takes long to load, and every thread would load its own.
  const { openClusterLedger } = await import('./cluster-ledger.js');
  return openClusterLedger({ ...config, eventStore: config.eventStore }, log, onAway);
}

/**
 * Opens the ledger for reading, beside whoever writes it.
 * @param onTrouble told of a subscription to a cluster that is lost, and of its return
 * @throws StoreOpenError when its file cannot be read
 */
export async function openLedgerReader(
  place: LedgerPlace,
  onTrouble: (message: string) => void = () => undefined,
): Promise<LedgerReader> {
  if (typeof place === 'string') {
    const reader = openSqliteEventReader(place);
    return { ...reader, close: async () => reader.close() };
  }
  const { openClusterReader } = await import('./cluster-ledger.js');
  return openClusterReader(place, onTrouble);
}

/** A ledger to be checked, with what reads its events. */
export interface LedgerFile {
  readonly reader: EventReader;
  readonly codec: EventCodec;
  close(): Promise<void>;
}

/**
 * Opens a ledger for reading, without its lock: a reader sees whole transactions, so a running server is neither
 * waited for nor disturbed.
 * @returns null when there is no file
 * @throws StoreOpenError when there is one that cannot be read
 */
export async function openLedgerFile(place: LedgerPlace): Promise<LedgerFile | null> {
  if (typeof place === 'string' && !existsSync(place)) return null;
  const reader = await openLedgerReader(place);
  return { reader, codec: createEventCodec(), close: () => reader.close() };
}

/** A ledger that cannot be read now is a fault of what reads are answered from. */
export const sourceOver = (store: EventStore): LedgerSource => ({
  codec: createEventCodec(),
  reader: {
    readStream: (stream, from) =>
      store.readStream(stream, from).catch((cause) => {
        throw new ReadStoreFault('the ledger cannot be read', 'fault', { cause });
      }),
  },
});

export const eventAtIn =
  (source: LedgerSource): Reading['eventAt'] =>
  (tenantId, revision) =>
    eventAt(source, tenantId, revision);
