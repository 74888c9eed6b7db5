/** The golden files: the bytes of one stored event each, as they were first written and must stay. */

import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { LedgerEvent } from '../../src/domain/events.js';
import { GENESIS_HASH, type SealedEvent, seal } from '../../src/domain/hash-chain.js';
import { EXAMPLE_METADATA } from './every-event.js';

export interface Golden {
  readonly stream: string;
  readonly id: string;
  readonly type: string;
  readonly data: string;
  readonly metadata: string;
  readonly hash: string;
}

const STREAM = 'tenant-acme';
const ID = '6f0f4bd2-65a4-4a7e-9d0f-0b1f1f5a3c11';

/** Where the golden file of an event type is, whatever folder this was compiled to. */
export function goldenPath(type: string): string {
  let root = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(root, 'package.json'))) root = dirname(root);
  return join(root, 'test', 'event-store', 'golden', `${type}.json`);
}

export const readGolden = (type: string): Golden => JSON.parse(readFileSync(goldenPath(type), 'utf8'));

export const sealExample = (event: LedgerEvent): SealedEvent =>
  seal({ id: ID, event, metadata: EXAMPLE_METADATA, claim: null }, STREAM, GENESIS_HASH);

export function goldenOf(event: LedgerEvent): Golden {
  const { dataJson, metadataJson, metadata } = sealExample(event);
  const { type } = event;
  return { stream: STREAM, id: ID, type, data: dataJson, metadata: metadataJson, hash: metadata.hash };
}
