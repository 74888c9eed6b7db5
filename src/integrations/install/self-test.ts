/** Runs an installed hook as its harness would, to see that it lets pass what it should and blocks what it must. */

import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Harness } from '../harnesses/harness.js';
import { isRecord, parseJson } from '../json.js';
import { DESTRUCTIVE, HARMLESS, PROBES } from './probes.js';

const PATIENCE_MS = 60_000;
const OUTPUT_CHARACTERS_MAX = 100_000;

export interface ProbeResult {
  readonly command: string;
  readonly wanted: 'pass' | 'block';
  readonly got: 'pass' | 'block' | 'nothing';
  /** What the hook said, in one sentence where it said one. */
  readonly said: string;
}

/**
 * Asks the hook about a harmless and a destructive command, in a session of its own. Nothing of them runs; the gate
 * records both.
 * @param line the command line that stands in the harness's file
 */
export async function selfTest(harness: Harness, line: string, session: string): Promise<ProbeResult[]> {
  const results: ProbeResult[] = [];
  // What a hook remembers for the event after a call has nobody to take it: these calls never run.
  const memory = mkdtempSync(join(tmpdir(), 'countersign-self-test-'));
  for (const [command, wanted] of [
    [HARMLESS, 'pass'],
    [DESTRUCTIVE, 'block'],
  ] as const) {
    const event = PROBES[harness.name]?.(command, session, process.cwd()) ?? {};
    const ran = await run(line, JSON.stringify(event), { ...process.env, XDG_STATE_HOME: memory });
    results.push({ command, wanted, ...readAnswer(harness, ran) });
  }
  rmSync(memory, { recursive: true, force: true });
  return results;
}

interface Ran {
  readonly stdout: string;
  readonly stderr: string;
  readonly exitCode: number | null;
}

function readAnswer(harness: Harness, { stdout, stderr, exitCode }: Ran): Pick<ProbeResult, 'got' | 'said'> {
  const yes = [harness.allow({ explicit: false }), harness.allow({ explicit: true })];
  if (exitCode === 0 && yes.some(({ output }) => output === stdout)) return { got: 'pass', said: '' };
  if (exitCode === 2) return { got: 'block', said: stderr.trim() };
  const said = sentenceIn(parseJson(stdout));
  // A no is a no only in the words that this harness reads.
  const isNo = exitCode === 0 && said !== null && harness.deny(said).output === stdout;
  return isNo ? { got: 'block', said } : { got: 'nothing', said: (stderr || stdout).trim().slice(0, 500) };
}

function sentenceIn(answer: unknown): string | null {
  if (!isRecord(answer)) return null;
  const nested = isRecord(answer['hookSpecificOutput']) ? answer['hookSpecificOutput'] : answer;
  const said = nested['permissionDecisionReason'] ?? nested['user_message'] ?? nested['reason'];
  return typeof said === 'string' ? said : null;
}

/** By a shell, as harnesses do. */
function run(line: string, input: string, env: NodeJS.ProcessEnv): Promise<Ran> {
  const child = spawn(line, { shell: true, stdio: 'pipe', env, timeout: PATIENCE_MS, killSignal: 'SIGKILL' });
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (chunk) => {
    if (stdout.length < OUTPUT_CHARACTERS_MAX) stdout += String(chunk);
  });
  child.stderr.on('data', (chunk) => {
    if (stderr.length < OUTPUT_CHARACTERS_MAX) stderr += String(chunk);
  });
  child.stdin.on('error', () => undefined);
  child.stdin.end(input);
  return new Promise((resolve) => {
    child.on('error', (error) => resolve({ stdout, stderr: error.message, exitCode: null }));
    child.on('close', (exitCode) => resolve({ stdout, stderr, exitCode }));
  });
}
