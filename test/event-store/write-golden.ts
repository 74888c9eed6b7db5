/** Writes the golden files that are missing, for event types that are new. It never changes one that is there. */

import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { EVERY_EVENT } from './every-event.js';
import { goldenOf, goldenPath } from './golden-file.js';

for (const event of EVERY_EVENT) {
  const path = goldenPath(event.type);
  if (existsSync(path)) continue;
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, `${JSON.stringify(goldenOf(event), null, 2)}\n`);
  console.log(`wrote ${path}`);
}
