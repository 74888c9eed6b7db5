/** The same call gets the same assessment, byte for byte, in whatever process and in whatever order. */
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { loadParsers } from '../../../src/risk/index.js';
import { CORPUS } from './corpus.js';
import { judge } from './measures.js';

const DIGEST = fileURLToPath(new URL('./digest.js', import.meta.url));

beforeAll(loadParsers);

const textsOf = (calls: typeof CORPUS): string[] =>
  judge(calls).map(({ assessment }) => JSON.stringify(assessment));

describe('every call of the corpus', () => {
  it('is judged alike by another process', async () => {
    const { stdout } = await promisify(execFile)(process.execPath, ['--no-warnings', DIGEST]);
    const hash = createHash('sha256');
    for (const text of textsOf(CORPUS)) hash.update(text);
    expect(stdout).toBe(hash.digest('hex'));
  });

  it('is judged alike whatever was judged before it', () => {
    expect(textsOf([...CORPUS].reverse()).reverse()).toEqual(textsOf(CORPUS));
  });
});
