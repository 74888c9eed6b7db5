/** Runs the hook as harnesses do: a process that gets JSON on standard input and prints an answer. */

import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const PROGRAM = fileURLToPath(new URL('../../src/cli/countersign.js', import.meta.url));

export interface HookRun {
  readonly exitCode: number | null;
  /** Everything printed, parsed. */
  readonly answer: unknown;
  readonly stderr: string;
}

/** A machine with no hook settings but those given, and nothing remembered. */
export class Machine {
  readonly home = mkdtempSync(join(tmpdir(), 'countersign-hook-'));

  constructor(private readonly environment: Readonly<Record<string, string>>) {}

  run(
    harness: string,
    input: string | object,
    more: Readonly<Record<string, string>> = {},
  ): Promise<HookRun> {
    const environment = {
      PATH: process.env['PATH'],
      HOME: this.home,
      XDG_CONFIG_HOME: join(this.home, 'config'),
      XDG_STATE_HOME: join(this.home, 'state'),
      ...this.environment,
      ...more,
    };
    const child = spawn(process.execPath, [PROGRAM, 'hook', harness], { env: environment });
    let stdout = '';
    let stderr = '';
    child.stdout.on('data', (chunk) => {
      stdout += String(chunk);
    });
    child.stderr.on('data', (chunk) => {
      stderr += String(chunk);
    });
    // A hook that has seen enough may close its end before everything is written.
    child.stdin.on('error', () => undefined);
    child.stdin.end(typeof input === 'string' ? input : JSON.stringify(input));
    return new Promise((resolve, reject) => {
      child.on('error', reject);
      child.on('close', (exitCode) => {
        resolve({ exitCode, stderr, answer: stdout.trim() === '' ? null : JSON.parse(stdout) });
      });
    });
  }

  remove(): void {
    rmSync(this.home, { recursive: true, force: true });
  }
}

export const beforeShell = (command: string, cwd = tmpdir()): object => ({
  conversation_id: 'conversation-1',
  generation_id: 'generation-1',
  model: 'm',
  hook_event_name: 'beforeShellExecution',
  cursor_version: '3.2.0',
  workspace_roots: [cwd],
  user_email: null,
  transcript_path: null,
  command,
  cwd,
  sandbox: false,
});

export const preToolUse = (command: string, toolUseId = 'toolu_1'): object => ({
  session_id: 'session-1',
  transcript_path: '/tmp/t.jsonl',
  cwd: tmpdir(),
  hook_event_name: 'PreToolUse',
  tool_name: 'Bash',
  tool_input: { command },
  tool_use_id: toolUseId,
});
