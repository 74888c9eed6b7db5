/** Runs the hook as harnesses do: a process that gets JSON on standard input and prints an answer. */

import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Harness } from '../../src/integrations/harnesses/harness.js';
import { answerHook } from '../../src/integrations/hooks/hook.js';

const PROGRAM = fileURLToPath(new URL('../../src/cli/countersign.js', import.meta.url));

export interface HookRun {
  readonly exitCode: number | null;
  /** Everything printed, as it is and parsed; null for nothing. */
  readonly stdout: string;
  readonly answer: unknown;
  readonly stderr: string;
}

/** A machine with no hook settings but those given, and nothing remembered. */
export class Machine {
  readonly home = mkdtempSync(join(tmpdir(), 'countersign-hook-'));

  constructor(private readonly environment: Readonly<Record<string, string>>) {}

  /** The hook as it waits for its input on this machine. */
  start(harness: string, more: Readonly<Record<string, string>> = {}): ChildProcessWithoutNullStreams {
    return spawn(process.execPath, [PROGRAM, 'hook', harness], { env: this.environmentWith(more) });
  }

  /** The hook as it runs on this machine. */
  run(
    harness: string,
    input: string | Buffer | object,
    more: Readonly<Record<string, string>> = {},
  ): Promise<HookRun> {
    const child = this.start(harness, more);
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
    const isRaw = typeof input === 'string' || Buffer.isBuffer(input);
    child.stdin.end(isRaw ? input : JSON.stringify(input));
    return new Promise((resolve, reject) => {
      child.on('error', reject);
      child.on('close', (exitCode) => {
        resolve({ exitCode, stdout, stderr, answer: stdout.trim() === '' ? null : JSON.parse(stdout) });
      });
    });
  }

  /** The same without a process of its own, where its start is not what is tested. */
  async answer(harness: Harness, input: object): Promise<HookRun> {
    const around = { environment: this.environmentWith({}), nowMs: Date.now };
    const { output, complaint, exitCode } = await answerHook(harness, JSON.stringify(input), around);
    return { exitCode, stdout: output, stderr: complaint, answer: output === '' ? null : JSON.parse(output) };
  }

  private environmentWith(more: Readonly<Record<string, string>>): Record<string, string | undefined> {
    return {
      PATH: process.env['PATH'],
      HOME: this.home,
      XDG_CONFIG_HOME: join(this.home, 'config'),
      XDG_STATE_HOME: join(this.home, 'state'),
      ...this.environment,
      ...more,
    };
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

/** A shell command as each harness that sees them sends it, in a session. */
export const SHELL_EVENTS: Readonly<
  Record<string, (command: string, session: string, cwd?: string) => object>
> = {
  'claude-code': (command, session, cwd = tmpdir()) => ({
    ...preToolUse(command, `toolu_${session}`),
    session_id: session,
    cwd,
  }),
  codex: (command, session, cwd = tmpdir()) => ({
    session_id: session,
    turn_id: 'turn-1',
    transcript_path: null,
    cwd,
    hook_event_name: 'PreToolUse',
    model: 'm',
    permission_mode: 'default',
    tool_name: 'Bash',
    tool_input: { command },
    tool_use_id: `call_${session}`,
  }),
  copilot: (command, session, cwd = tmpdir()) => ({
    sessionId: session,
    timestamp: 1_780_000_000_000,
    cwd,
    toolName: 'bash',
    toolArgs: JSON.stringify({ command, description: 'runs it' }),
  }),
  cursor: (command, session, cwd = tmpdir()) => ({
    ...beforeShell(command, cwd),
    conversation_id: session,
    generation_id: session,
  }),
  gemini: (command, session, cwd = tmpdir()) => ({
    session_id: session,
    transcript_path: '/tmp/t.json',
    cwd,
    hook_event_name: 'BeforeTool',
    timestamp: '2026-11-23T00:00:00Z',
    tool_name: 'run_shell_command',
    tool_input: { command, description: 'runs it' },
  }),
  windsurf: (command, session, cwd = tmpdir()) => ({
    agent_action_name: 'pre_run_command',
    trajectory_id: session,
    execution_id: `x-${session}`,
    timestamp: '2026-11-23T00:00:00Z',
    tool_info: { command_line: command, cwd },
  }),
};

/** What each harness has to get for a no, to the byte, but for the sentence. */
export const denied = (harness: string, { stdout, stderr, exitCode }: HookRun): string | null => {
  const sentence = sentenceIn(harness, stdout, stderr);
  const expected = NO[harness]?.(sentence);
  const isNo =
    sentence !== '' &&
    expected !== undefined &&
    stdout === expected.stdout &&
    stderr === expected.stderr &&
    exitCode === expected.exitCode;
  return isNo ? sentence : null;
};

/** What each harness has to get for a yes, to the byte. */
export const YES: Readonly<Record<string, string>> = {
  'claude-code': '{}\n',
  codex: '',
  copilot: '{}\n',
  cursor: '{"permission":"allow"}\n',
  gemini: '{}\n',
  windsurf: '',
};

type Printed = Pick<HookRun, 'stdout' | 'stderr' | 'exitCode'>;
const json = (answer: object): Printed => ({
  stdout: `${JSON.stringify(answer)}\n`,
  stderr: '',
  exitCode: 0,
});
const permissionDenied = (reason: string): Printed =>
  json({
    hookSpecificOutput: {
      hookEventName: 'PreToolUse',
      permissionDecision: 'deny',
      permissionDecisionReason: reason,
    },
  });

const NO: Readonly<Record<string, (sentence: string) => Printed>> = {
  'claude-code': permissionDenied,
  codex: permissionDenied,
  copilot: (reason) => json({ permissionDecision: 'deny', permissionDecisionReason: reason }),
  cursor: (sentence) => json({ permission: 'deny', user_message: sentence, agent_message: sentence }),
  gemini: (reason) => json({ decision: 'deny', reason }),
  windsurf: (sentence) => ({ stdout: '', stderr: `${sentence}\n`, exitCode: 2 }),
};

function sentenceIn(harness: string, stdout: string, stderr: string): string {
  if (harness === 'windsurf') return stderr.trimEnd();
  const said = /"(?:permissionDecisionReason|user_message|reason)":("(?:[^"\\]|\\.)*")/.exec(stdout)?.[1];
  return said === undefined ? '' : (JSON.parse(said) as string);
}
