/** `countersign hook <harness>`: answers one event of a harness on standard output, whatever happens. */

import { claudeCode } from '../integrations/hooks/claude-code.js';
import { cursor } from '../integrations/hooks/cursor.js';
import type { Harness } from '../integrations/hooks/harness.js';
import { answerHook } from '../integrations/hooks/hook.js';

const HARNESSES: Readonly<Record<string, Harness>> = { cursor, 'claude-code': claudeCode };

const INPUT_BYTES_MAX = 3 * 1024 * 1024;
const INPUT_DEADLINE_MS = 10_000;

/** Prints the harness's answer and ends with code 0; an unknown harness ends with 2, which blocks where it can. */
export async function runHook(name: string): Promise<void> {
  const harness = Object.hasOwn(HARNESSES, name) ? HARNESSES[name] : undefined;
  if (harness === undefined) {
    process.stderr.write(`countersign: no harness "${name}"; one of: ${Object.keys(HARNESSES).join(', ')}\n`);
    process.exitCode = 2;
    return;
  }
  const answer = await answerTo(harness);
  await new Promise<void>((resolve) => {
    process.stdout.write(`${JSON.stringify(answer)}\n`, () => resolve());
  });
  // A socket or an unread rest of the input must not keep the harness waiting.
  process.exit(0);
}

async function answerTo(harness: Harness): Promise<object> {
  const text = await readInput();
  if (text === null)
    return harness.deny('The hook’s input is too long or never ended, so the call is denied.');
  return answerHook(harness, text, { environment: process.env, nowMs: Date.now });
}

/** Standard input as text; null when it is too long or does not end in time. */
function readInput(): Promise<string | null> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    let bytes = 0;
    const timer = setTimeout(() => resolve(null), INPUT_DEADLINE_MS);
    const done = (text: string | null): void => {
      clearTimeout(timer);
      resolve(text);
    };
    process.stdin.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
      if (bytes > INPUT_BYTES_MAX) done(null);
      else chunks.push(chunk);
    });
    process.stdin.on('end', () => done(Buffer.concat(chunks).toString('utf8')));
    process.stdin.on('error', () => done(null));
  });
}
