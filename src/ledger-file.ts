/** A third composition root: the ledger of a data directory, opened for reading beside a server or without one. */

import { existsSync } from 'node:fs';
import { createEventCodec } from './adapters/event-codec/codec.js';
import { openSqliteEventReader } from './adapters/event-store-sqlite/reader.js';
import { ledgerPath } from './config.js';
import type { EventCodec } from './ports/event-codec.port.js';
import type { EventReader } from './ports/event-store.port.js';

export interface LedgerFile {
  readonly reader: EventReader;
  readonly codec: EventCodec;
  close(): void;
}

/**
 * Opens without the lock: readers see whole transactions, so a running server is neither waited for nor disturbed.
 * @returns null when the directory holds no ledger
 * @throws StoreOpenError when it holds one that cannot be read
 */
export function openLedgerFile(dataDir: string): LedgerFile | null {
  const path = ledgerPath(dataDir);
  if (!existsSync(path)) return null;
  const reader = openSqliteEventReader(path);
  return { reader, codec: createEventCodec(), close: () => reader.close() };
}
