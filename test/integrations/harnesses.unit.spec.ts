/** What each harness sends is understood, and what it is answered is exactly what it reads. */

import { claudeCode } from '../../src/integrations/harnesses/claude-code.js';
import { cursor } from '../../src/integrations/harnesses/cursor.js';
import { type HookEvent, type PendingCall, printing } from '../../src/integrations/harnesses/harness.js';

const pending = (event: HookEvent): PendingCall => {
  if (event.kind !== 'before') throw new Error(`expected a pending call, got ${event.kind}`);
  return event.call;
};
const memoOf = (event: HookEvent): string | null => (event.kind === 'notice' ? null : event.call.memo);

describe('Cursor', () => {
  const common = { conversation_id: 'c-1', generation_id: 'g-1', model: 'm', workspace_roots: ['/repo'] };

  it('asks before a shell command, with the command and its directory', () => {
    const event = cursor.read({
      ...common,
      hook_event_name: 'beforeShellExecution',
      command: 'ls',
      cwd: '/repo/a',
    });
    expect(pending(event)).toMatchObject({
      sessionId: 'c-1',
      tool: { name: 'Shell', server: null, input: { command: 'ls' } },
      cwd: '/repo/a',
      command: 'ls',
      callId: null,
    });
  });

  it('runs in the first workspace root when it names no directory', () => {
    const event = cursor.read({ ...common, hook_event_name: 'beforeShellExecution', command: 'ls', cwd: '' });
    expect(pending(event).cwd).toBe('/repo');
  });

  it('sends MCP arguments as a JSON text, and the server as a host or a package', () => {
    const call = { ...common, hook_event_name: 'beforeMCPExecution', tool_name: 'volumeDelete' };
    const remote = pending(
      cursor.read({ ...call, tool_input: '{"id":"v"}', url: 'https://mcp.railway.com/sse' }),
    );
    expect(remote.tool).toEqual({ name: 'volumeDelete', server: 'mcp.railway.com', input: { id: 'v' } });
    const local = pending(cursor.read({ ...call, tool_input: '{}', command: 'npx -y @railway/mcp-server' }));
    expect(local.tool.server).toBe('@railway/mcp-server');
  });

  it('names the tool and the call in preToolUse', () => {
    const event = cursor.read({
      ...common,
      hook_event_name: 'preToolUse',
      tool_name: 'Shell',
      tool_input: { command: 'ls' },
      tool_use_id: 'use-1',
      cwd: '/repo',
    });
    expect(pending(event)).toMatchObject({ callId: 'use-1', command: 'ls', tool: { name: 'Shell' } });
  });

  it('is recognised again after the command by its generation and the command itself', () => {
    const before = cursor.read({
      ...common,
      hook_event_name: 'beforeShellExecution',
      command: 'ls',
      cwd: '/repo',
    });
    const after = {
      ...common,
      hook_event_name: 'afterShellExecution',
      command: 'ls',
      output: 'a',
      duration: 3,
    };
    expect(memoOf(cursor.read(after))).toBe(memoOf(before));
    expect(memoOf(cursor.read({ ...after, generation_id: 'g-2' }))).not.toBe(memoOf(before));
  });

  it('does not say how a shell command ended, so that stays unknown', () => {
    const after = { ...common, hook_event_name: 'afterShellExecution', command: 'ls', output: 'a' };
    expect(cursor.read(after)).toMatchObject({ call: { status: 'unknown', output: 'a' } });
    expect(cursor.read({ ...after, exit_code: 2 })).toMatchObject({
      call: { status: 'failed', exitCode: 2 },
    });
    const failed = {
      ...common,
      hook_event_name: 'postToolUseFailure',
      error_message: 'no',
      tool_use_id: 'u',
    };
    expect(cursor.read(failed)).toMatchObject({ call: { status: 'failed', error: 'no' } });
  });

  it.each([
    ['no event', { ...common }],
    ['an unknown event before something', { ...common, hook_event_name: 'beforeFlight' }],
    ['no command', { ...common, hook_event_name: 'beforeShellExecution' }],
    ['no conversation', { hook_event_name: 'beforeShellExecution', command: 'ls' }],
    [
      'arguments that are no JSON',
      { ...common, hook_event_name: 'beforeMCPExecution', tool_name: 't', tool_input: '{' },
    ],
  ])('is not understood with %s', (_what, payload) => {
    expect(() => cursor.read(payload)).toThrow('Cursor’s');
  });

  it('asks about a call in an event that it does not know', () => {
    const shell = { ...common, hook_event_name: 'duringShellExecution', command: 'ls', cwd: '/repo' };
    expect(pending(cursor.read(shell)).tool).toEqual({
      name: 'Shell',
      server: null,
      input: { command: 'ls' },
    });
    const tool = { ...common, hook_event_name: 'PreToolUse', tool_name: 'MCP:drop', tool_input: '{"id":1}' };
    expect(pending(cursor.read(tool)).tool).toMatchObject({ name: 'drop', input: { id: 1 } });
  });

  it.each([
    ['a command beside a tool', { command: 'ls', tool_name: 'Read', tool_input: {} }],
    ['a command in a list', { commands: ['ls'] }],
    ['a command that is no text', { command: { text: 'ls' } }],
    ['a call below', { request: { toolCall: { name: 'x' } } }],
    ['a tool without its input', { tool_name: 'Shell' }],
    ['arguments under another name', { tool_name: 'Shell', tool_input: {}, tool_args: { command: 'ls' } }],
  ])('does not let pass an unknown event with %s', (_what, fields) => {
    expect(() => cursor.read({ ...common, hook_event_name: 'afterwards', ...fields })).toThrow('Cursor’s');
  });

  it('has nothing to ask in an event without a call', () => {
    for (const event of ['stop', 'sessionStart', 'afterFileEdit', 'afterAgentResponse']) {
      const payload = { ...common, hook_event_name: event, text: 'done', file_path: 'a', tool_call_id: 'c' };
      expect(cursor.read(payload)).toEqual({ kind: 'notice' });
    }
  });

  it('reads a flat permission', () => {
    expect(cursor.allow({ explicit: false })).toEqual(printing({ permission: 'allow' }));
    const no = { permission: 'deny', user_message: 'No.', agent_message: 'No.' };
    expect(cursor.deny('No.')).toEqual(printing(no));
  });
});

describe('Claude Code', () => {
  const bash = {
    session_id: 's-1',
    cwd: '/repo',
    hook_event_name: 'PreToolUse',
    tool_name: 'Bash',
    tool_input: { command: 'npm test' },
    tool_use_id: 'toolu_1',
  };

  it('asks before a tool, with the id of the call', () => {
    expect(pending(claudeCode.read(bash))).toMatchObject({
      sessionId: 's-1',
      tool: { name: 'Bash', server: null, input: { command: 'npm test' } },
      command: 'npm test',
      callId: 'toolu_1',
    });
  });

  it('writes an MCP tool as server and tool in one name', () => {
    const call = pending(claudeCode.read({ ...bash, tool_name: 'mcp__railway__volume__delete' }));
    expect(call.tool).toMatchObject({ server: 'railway', name: 'volume__delete' });
  });

  it('tells after a tool whether it succeeded', () => {
    const after = { ...bash, hook_event_name: 'PostToolUse', tool_response: { stdout: 'ok' } };
    expect(claudeCode.read(after)).toMatchObject({ kind: 'after', call: { status: 'succeeded' } });
    expect(memoOf(claudeCode.read(after))).toBe(memoOf(claudeCode.read(bash)));
    const failure = { ...bash, hook_event_name: 'PostToolUseFailure', error: 'exit 1' };
    expect(claudeCode.read(failure)).toMatchObject({ call: { status: 'failed', error: 'exit 1' } });
    expect(claudeCode.read({ ...failure, is_interrupt: true })).toMatchObject({
      call: { status: 'unknown' },
    });
  });

  it('asks nothing with its other events', () => {
    const { tool_name: _name, tool_input: _input, tool_use_id: _id, ...stop } = bash;
    expect(claudeCode.read({ ...stop, hook_event_name: 'Stop' })).toEqual({ kind: 'notice' });
  });

  it('asks about a call in an event that it does not know, and answers a request for permission in its form', () => {
    const { tool_use_id: _id, ...request } = { ...bash, hook_event_name: 'PermissionRequest' };
    expect(pending(claudeCode.read(request))).toMatchObject({ command: 'npm test', callId: null });
    const no = {
      hookSpecificOutput: {
        hookEventName: 'PermissionRequest',
        decision: { behavior: 'deny', message: 'No.' },
      },
    };
    expect(claudeCode.deny('No.', 'PermissionRequest')).toEqual(printing(no));
  });

  it.each([
    ['a command', { command: 'ls' }],
    ['a batch of calls', { tool_calls: [{ tool_name: 'Bash', tool_input: { command: 'ls' } }] }],
    ['a call below', { call: { tool_input: { command: 'ls' } } }],
  ])('does not let pass an unknown event with %s', (_what, fields) => {
    const payload = { session_id: 's-1', hook_event_name: 'PreEverything', ...fields };
    expect(() => claudeCode.read(payload)).toThrow('Claude Code’s');
  });

  it.each([
    ['no event', { ...bash, hook_event_name: undefined }],
    ['no session', { ...bash, session_id: '' }],
    ['no tool', { ...bash, tool_name: 7 }],
  ])('is not understood with %s', (_what, payload) => {
    expect(() => claudeCode.read(payload)).toThrow('Claude Code’s');
  });

  it('reads nothing as "go on", and a permission decision as "no"', () => {
    expect(claudeCode.allow({ explicit: false })).toEqual(printing({}));
    const no = {
      hookSpecificOutput: {
        hookEventName: 'PreToolUse',
        permissionDecision: 'deny',
        permissionDecisionReason: 'No.',
      },
    };
    expect(claudeCode.deny('No.')).toEqual(printing(no));
  });
});
