/** Prints one digest over every assessment of the corpus: a process that is asked again prints the same. */
import { createHash } from 'node:crypto';
import { loadParsers } from '../../../src/risk/index.js';
import { CORPUS } from './corpus.js';
import { judge } from './measures.js';

await loadParsers();
const hash = createHash('sha256');
for (const { assessment } of judge(CORPUS)) hash.update(JSON.stringify(assessment));
process.stdout.write(hash.digest('hex'));
