/** `countersign hook <harness>`: answers one event of a harness on standard output, whatever happens. */

import { isUtf8 } from 'node:buffer';
import type { Harness, HookAnswer } from '../integrations/harnesses/harness.js';
import { HARNESS_NAMES, harnessNamed } from '../integrations/harnesses/harnesses.js';
import { answerHook } from '../integrations/hooks/hook.js';

/** After-events carry all that a tool has printed; what may run is held to far less. */
const INPUT_BYTES_MAX = 64 * 1024 * 1024;
const INPUT_DEADLINE_MS = 10_000;

/**
 * Answers as the harness needs it. What is set up wrong ends with 2, which blocks wherever an exit code can.
 * @param words what follows `countersign hook`: the name of a harness
 */
export async function runHook(words: readonly string[]): Promise<void> {
  const [name, ...rest] = words;
  const harness = name === undefined || rest.length > 0 ? null : harnessNamed(name);
  if (harness === null) {
    const given = words.length === 0 ? 'no harness is named' : `no harness "${words.join(' ')}"`;
    process.stderr.write(`countersign: ${given}; one of: ${HARNESS_NAMES.join(', ')}\n`);
    process.exitCode = 2;
    return;
  }
  const { output, complaint, exitCode } = await answerTo(harness);
  await written(process.stderr, complaint);
  await written(process.stdout, output);
  // A socket or an unread rest of the input must not keep the harness waiting.
  process.exit(exitCode);
}

async function written(stream: NodeJS.WriteStream, text: string): Promise<void> {
  if (text !== '') await new Promise<void>((resolve) => stream.write(text, () => resolve()));
}

async function answerTo(harness: Harness): Promise<HookAnswer> {
  const text = await readInput();
  if (text === null) {
    return harness.deny('The hook’s input is no text, too long or never ended, so the call is denied.');
  }
  return answerHook(harness, text, { environment: process.env, nowMs: Date.now });
}

/** Bytes that are no text are not guessed at: what is asked about must be what would run. */
const textOf = (bytes: Buffer): string | null => (isUtf8(bytes) ? bytes.toString('utf8') : null);

/** Standard input as text; null when it is none, too long or does not end in time. */
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
    process.stdin.on('end', () => done(textOf(Buffer.concat(chunks))));
    process.stdin.on('error', () => done(null));
  });
}
