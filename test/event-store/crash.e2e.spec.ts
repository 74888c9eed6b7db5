/** kill -9 in the middle of group commits: what was acknowledged is there, and nothing is torn. */

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { Claim } from '../../src/domain/ids.js';
import { expectChain } from '../contract/chain.js';
import { type Acknowledgement, BATCH_LENGTH, STREAMS } from './acknowledgement.js';
import { type TemporaryDirectory, temporaryDirectory } from './temporary-directory.js';

const program = fileURLToPath(new URL('./appender.js', import.meta.url));

/** Runs the appender until it has acknowledged enough, kills it, and returns everything it said. */
async function runUntilKilled(path: string, acknowledgements: number): Promise<Acknowledgement[]> {
  const child = spawn(process.execPath, [program, path], { stdio: ['ignore', 'pipe', 'inherit'] });
  const said: Acknowledgement[] = [];
  const lines = createInterface({ input: child.stdout });
  lines.on('line', (line) => {
    // A line that the kill cut in two was never read whole by anybody.
    if (line.endsWith('}')) said.push(JSON.parse(line));
    if (said.length === acknowledgements) child.kill('SIGKILL');
  });
  const [[, signal]] = await Promise.all([once(child, 'exit'), once(lines, 'close')]);
  expect(signal).toBe('SIGKILL');
  return said;
}

describe('kill -9 under load', () => {
  let directory: TemporaryDirectory;
  beforeEach(async () => {
    directory = await temporaryDirectory();
  });
  afterEach(() => directory.remove());

  it('loses no acknowledged append and tears no batch, however often it happens', async () => {
    const path = join(directory.path, 'events.db');
    const acknowledged: Acknowledgement[] = [];
    for (const count of [1, 60, 333, 700]) {
      acknowledged.push(...(await runUntilKilled(path, count)));
      const store = await directory.openStore({ path });
      for (const stream of STREAMS) {
        const events = await store.readStream(stream, { revision: 0, limit: 100_000 });
        expect(events.length % BATCH_LENGTH).toBe(0);
        expectChain(events);
        const stored = events.map(({ id }) => id);
        const said = acknowledged.filter((line) => line.stream === stream);
        for (const { revision, ids } of said) {
          expect(stored.slice(revision - BATCH_LENGTH + 1, revision + 1)).toEqual(ids);
        }
        const last = said.at(-1);
        if (last === undefined) continue;
        const first = last.revision - BATCH_LENGTH + 1;
        expect(await store.findClaim(stream, last.claim as Claim)).toBe(first);
      }
      await store.close();
    }
    expect(acknowledged.length).toBeGreaterThanOrEqual(1 + 60 + 333 + 700);
  });
});
