#!/usr/bin/env node
/** The `countersign` program. A hook is answered before anything else is loaded: an agent waits for it. */

import { existsSync } from 'node:fs';

const [command, ...words] = process.argv.slice(2);
const isHook = command === 'hook' && !words.some((word) => word === '--help' || word === '-h');

// Whoever reads the output may have enough of it, as `head` has: then nobody is left to write for.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
  process.exit(isHook ? 2 : (process.exitCode ?? 0));
});

try {
  if (isHook) await (await loadHook()).runHook(words);
  else await (await import('./program.js')).program.parseAsync();
} catch (error) {
  const isForPeople = isHook || (error as Error).name === 'Complaint';
  const text = isForPeople ? String((error as Error).message) : String((error as Error).stack);
  process.stderr.write(`countersign: ${text}\n`);
  // For a harness 2 blocks the call; any other code would let it run.
  process.exitCode = isHook ? 2 : 1;
}

/** The build also puts the hook and all that it imports into one file, which loads more than twice as fast. */
async function loadHook(): Promise<typeof import('./hook.js')> {
  const bundle = new URL('hook.bundle.js', import.meta.url);
  return existsSync(bundle) ? await import(bundle.href) : await import('./hook.js');
}
