/** Runs the `countersign` program as a person would, on a machine without settings of its own. */

import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const PROGRAM = fileURLToPath(new URL('../../src/cli/countersign.js', import.meta.url));

export interface ProgramRun {
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export class Shell {
  readonly home = mkdtempSync(join(tmpdir(), 'countersign-cli-'));
  readonly dataDir = join(this.home, 'data');

  /** Starts the program; `input` is its whole standard input. */
  start(
    args: readonly string[],
    environment: Readonly<Record<string, string>> = {},
    input = '',
  ): ChildProcess {
    const env = {
      PATH: process.env['PATH'],
      HOME: this.home,
      COUNTERSIGN_DATA_DIR: this.dataDir,
      ...environment,
    };
    const child = spawn(process.execPath, [PROGRAM, ...args], { env });
    child.stdin?.on('error', () => undefined);
    child.stdin?.end(input);
    return child;
  }

  run(
    args: readonly string[],
    environment: Readonly<Record<string, string>> = {},
    input = '',
  ): Promise<ProgramRun> {
    const child = this.start(args, environment, input);
    let stdout = '';
    let stderr = '';
    child.stdout?.on('data', (chunk) => {
      stdout += String(chunk);
    });
    child.stderr?.on('data', (chunk) => {
      stderr += String(chunk);
    });
    return new Promise((resolve, reject) => {
      child.on('error', reject);
      child.on('close', (exitCode) => resolve({ exitCode, stdout, stderr }));
    });
  }

  remove(): void {
    rmSync(this.home, { recursive: true, force: true });
  }
}

/** Resolves with the first match in what a stream of the child says; rejects when the child ends without it. */
export function said(
  child: ChildProcess,
  where: 'stdout' | 'stderr',
  pattern: RegExp,
): Promise<RegExpExecArray> {
  return new Promise((resolve, reject) => {
    let text = '';
    child[where]?.on('data', (chunk) => {
      text += String(chunk);
      const match = pattern.exec(text);
      if (match !== null) resolve(match);
    });
    child.on('close', () => reject(new Error(`ended without saying ${pattern}: ${text}`)));
  });
}

export const ended = (child: ChildProcess): Promise<number | null> =>
  new Promise((resolve) => {
    if (child.exitCode !== null || child.signalCode !== null) resolve(child.exitCode);
    else child.on('close', (code) => resolve(code));
  });
