/** What Codex CLI, Gemini CLI, Copilot CLI and Windsurf send is understood, and answered as each of them reads it. */

import { claudeCode } from '../../src/integrations/harnesses/claude-code.js';
import { codex } from '../../src/integrations/harnesses/codex.js';
import { copilot } from '../../src/integrations/harnesses/copilot.js';
import { gemini } from '../../src/integrations/harnesses/gemini.js';
import {
  blocking,
  type HookEvent,
  type PendingCall,
  printing,
  SILENCE,
} from '../../src/integrations/harnesses/harness.js';
import { HARNESSES } from '../../src/integrations/harnesses/harnesses.js';
import { windsurf } from '../../src/integrations/harnesses/windsurf.js';
import { SHELL_EVENTS } from './hook-process.js';

const pending = (event: HookEvent): PendingCall => {
  if (event.kind !== 'before') throw new Error(`expected a pending call, got ${event.kind}`);
  return event.call;
};
const memoOf = (event: HookEvent): string | null => (event.kind === 'notice' ? null : event.call.memo);
type Fields = Record<string, unknown>;

describe.each(HARNESSES.map((harness) => [harness.name, harness] as const))('%s', (name, harness) => {
  const event = (): Fields => SHELL_EVENTS[name]?.('make clean', 's-1', '/repo') as Fields;

  it('asks before a shell command, in its session and folder', () => {
    expect(pending(harness.read(event()))).toMatchObject({
      sessionId: 's-1',
      tool: { server: null, input: expect.objectContaining({ command: 'make clean' }) },
      cwd: '/repo',
      command: 'make clean',
    });
  });

  it('understands fields that nobody told of', () => {
    const more = { ...event(), novelty: 7, nested: { text: 'x' } };
    expect(pending(harness.read(more)).command).toBe('make clean');
  });

  it('lets nothing pass whose event it cannot tell', () => {
    const nameless = {
      ...event(),
      [harness.eventField]: undefined,
      toolName: undefined,
      tool_name: undefined,
    };
    const stranger = {
      session_id: 's',
      [harness.eventField]: 'PreEverything',
      tool_calls: [{ command: 'ls' }],
    };
    for (const payload of [nameless, stranger]) expect(() => harness.read(payload)).toThrow('’s event');
  });

  it('judges a tool’s whole input as the command that it may be, and takes nothing that is no input', () => {
    const field = ['tool_input', 'toolArgs'].find((each) => each in event());
    if (field === undefined) return;
    const withInput = (input: unknown): Fields => ({ ...event(), [field]: input });
    expect(pending(harness.read(withInput(['make', 'clean'])))).toMatchObject({
      tool: { input: { command: ['make', 'clean'] } },
      command: 'make clean',
    });
    expect(pending(harness.read(withInput(null)))).toMatchObject({ tool: { input: {} }, command: null });
    for (const odd of [5, true, [{ command: 'ls' }]]) {
      expect(() => harness.read(withInput(odd))).toThrow('no input of a tool');
    }
  });

  it('has nothing to say about what runs no tool', () => {
    const end = { session_id: 's', conversation_id: 's', [harness.eventField]: 'stop', text: 'done' };
    expect(harness.read(end)).toEqual({ kind: 'notice' });
  });
});

it.each([claudeCode, codex, gemini])(
  'a text in place of a tool’s input is the command that it may be',
  (harness) => {
    const event = {
      ...(SHELL_EVENTS[harness.name]?.('ls', 's-1', '/repo') as Fields),
      tool_input: 'make clean',
    };
    expect(pending(harness.read(event))).toMatchObject({
      tool: { input: { command: 'make clean' } },
      command: 'make clean',
    });
  },
);

describe('Codex CLI', () => {
  const bash = SHELL_EVENTS['codex']?.('npm test', 's-1') as Fields;

  it('reads a command that comes as a list of words', () => {
    const listed = { ...bash, tool_input: { command: ['bash', '-lc', './run.sh'] } };
    expect(pending(codex.read(listed)).command).toBe('bash -lc ./run.sh');
  });

  it('goes on when nothing is printed, and takes a no in one form only', () => {
    expect(codex.allow({ explicit: true })).toEqual(SILENCE);
    expect(JSON.parse(codex.deny('No.', 'PreToolUse').output)).toEqual({
      hookSpecificOutput: {
        hookEventName: 'PreToolUse',
        permissionDecision: 'deny',
        permissionDecisionReason: 'No.',
      },
    });
    expect(codex.deny('No.', 'PermissionRequest')).toEqual(blocking('No.'));
  });

  it('is recognised again after the call by its id', () => {
    const after = { ...bash, hook_event_name: 'PostToolUse', tool_response: { exit_code: 3 } };
    expect(memoOf(codex.read(after))).toBe(memoOf(codex.read(bash)));
    expect(codex.read(after)).toMatchObject({ kind: 'after', call: { status: 'failed', exitCode: 3 } });
  });
});

describe('Gemini CLI', () => {
  const base = { session_id: 's-1', cwd: '/repo', hook_event_name: 'BeforeTool', timestamp: '2026-11-23' };

  it('names an MCP tool as its server does', () => {
    const call = {
      ...base,
      tool_name: 'mcp_railway_volumeDelete',
      tool_input: { volumeId: 'v' },
      mcp_context: { server_name: 'railway', tool_name: 'volumeDelete', command: 'npx', args: ['x'] },
    };
    expect(pending(gemini.read(call)).tool).toEqual({
      name: 'volumeDelete',
      server: 'railway',
      input: { volumeId: 'v' },
    });
  });

  it('is recognised again after the call by its session and the call', () => {
    const call = { ...base, tool_name: 'run_shell_command', tool_input: { command: 'ls' } };
    const after = { ...call, hook_event_name: 'AfterTool', tool_response: { llmContent: 'a' } };
    expect(memoOf(gemini.read(after))).toBe(memoOf(gemini.read(call)));
    expect(gemini.read(after)).toMatchObject({ call: { status: 'succeeded' } });
    const failed = { ...after, tool_response: { llmContent: 'a', error: { message: 'no' } } };
    expect(gemini.read(failed)).toMatchObject({ call: { status: 'failed', error: '{"message":"no"}' } });
  });

  it('reads a decision as "no", and none as "go on"', () => {
    expect(gemini.allow({ explicit: false })).toEqual(printing({}));
    expect(gemini.allow({ explicit: true })).toEqual(printing({ decision: 'allow' }));
    expect(gemini.deny('No.')).toEqual(printing({ decision: 'deny', reason: 'No.' }));
  });
});

describe('Copilot CLI', () => {
  const call = { timestamp: 1_780_000_000_000, cwd: '/repo', toolName: 'bash', toolArgs: { command: 'ls' } };

  it('takes arguments as an object or as a JSON text, and refuses a text that is none', () => {
    const text = { ...call, toolArgs: '{"command":"ls"}' };
    expect(pending(copilot.read(text)).tool).toEqual(pending(copilot.read(call)).tool);
    expect(() => copilot.read({ ...call, toolArgs: '{"command":' })).toThrow('no JSON');
  });

  it('has the folder and the day for a session where it names none', () => {
    const session = pending(copilot.read(call)).sessionId;
    expect(session).toMatch(/^copilot-[0-9a-f]{16}-2026-05-28$/);
    expect(pending(copilot.read({ ...call, cwd: '/other' })).sessionId).not.toBe(session);
    expect(pending(copilot.read({ ...call, timestamp: 1_780_100_000_000 })).sessionId).not.toBe(session);
    expect(() => copilot.read({ ...call, cwd: undefined })).toThrow('neither a session nor a folder');
  });

  it('tells by its result that a call has run', () => {
    const after = { ...call, toolResult: { resultType: 'success', textResultForLlm: 'a' } };
    expect(memoOf(copilot.read(after))).toBe(memoOf(copilot.read(call)));
    expect(copilot.read(after)).toMatchObject({ kind: 'after', call: { status: 'succeeded', output: 'a' } });
    const failed = { ...call, toolResult: { resultType: 'failure', textResultForLlm: 'no' } };
    expect(copilot.read(failed)).toMatchObject({ call: { status: 'failed', error: 'no' } });
  });

  it('reads a decision as "no"', () => {
    const no = { permissionDecision: 'deny', permissionDecisionReason: 'No.' };
    expect(copilot.deny('No.')).toEqual(printing(no));
  });
});

describe('Windsurf', () => {
  const event = (name: string, info: object): Fields => ({
    agent_action_name: name,
    trajectory_id: 't-1',
    execution_id: 'x-1',
    tool_info: info,
  });

  it.each([
    [
      'an MCP call',
      'mcp_tool_use',
      { mcp_server_name: 'railway', mcp_tool_name: 'volumeDelete', mcp_tool_arguments: { volumeId: 'v' } },
      { name: 'volumeDelete', server: 'railway', input: { volumeId: 'v' } },
    ],
    [
      'an edit',
      'write_code',
      { file_path: '/repo/a.ts', edits: [{ old_string: 'a', new_string: 'b' }] },
      {
        name: 'Edit',
        server: null,
        input: { file_path: '/repo/a.ts', edits: [{ old_string: 'a', new_string: 'b' }] },
      },
    ],
    [
      'a read',
      'read_code',
      { file_path: '/repo/a.ts' },
      { name: 'Read', server: null, input: { file_path: '/repo/a.ts' } },
    ],
  ])('asks before %s and knows it again afterwards', (_what, name, info, tool) => {
    const call = pending(windsurf.read(event(`pre_${name}`, info)));
    expect(call).toMatchObject({ sessionId: 't-1', tool });
    const after = windsurf.read(event(`post_${name}`, { ...info, mcp_result: { isError: true } }));
    expect(after).toMatchObject({ kind: 'after', call: { memo: call.memo, status: 'failed' } });
  });

  it('says yes by silence and no by its exit code, and nothing else', () => {
    expect(windsurf.allow({ explicit: true })).toEqual(SILENCE);
    expect(windsurf.deny('No.')).toEqual({ output: '', complaint: 'No.\n', exitCode: 2 });
  });

  it.each([
    ['no tool info', { ...event('pre_run_command', {}), tool_info: null }],
    ['no command', event('pre_run_command', { cwd: '/' })],
    ['no trajectory', { ...event('pre_run_command', { command_line: 'ls' }), trajectory_id: 7 }],
    ['an unknown event before something', event('pre_flight', {})],
  ])('is not understood with %s', (_what, payload) => {
    expect(() => windsurf.read(payload)).toThrow('Windsurf’s');
  });
});
