/** Cursor's hooks: beforeShellExecution, beforeMCPExecution, preToolUse, and the events after them. */

import { integerOf, isRecord, type JsonRecord, parseJson, textOf } from '../json.js';
import {
  argumentsIn,
  carriesCall,
  commandIn,
  type FinishedCall,
  formOfCall,
  HARNESS_PATIENCE_MS,
  type Harness,
  type HookEvent,
  type PendingCall,
  printing,
  requiredText,
  UnreadableEvent,
} from './harness.js';

export const cursor: Harness = {
  name: 'cursor',
  patienceMs: HARNESS_PATIENCE_MS,
  eventField: 'hook_event_name',
  read(payload) {
    const event = textOf(payload, 'hook_event_name');
    switch (event) {
      case 'beforeShellExecution':
        return { kind: 'before', call: shellCall(payload) };
      case 'beforeMCPExecution':
        return { kind: 'before', call: mcpCall(payload) };
      case 'preToolUse':
        return { kind: 'before', call: toolCall(payload) };
      case 'afterShellExecution':
      case 'afterMCPExecution':
      case 'postToolUse':
      case 'postToolUseFailure':
        return { kind: 'after', call: finished(payload, event) };
      default:
        return unknownEvent(payload, event);
    }
  },
  allow: () => printing({ permission: 'allow' }),
  // The model reads user_message, whatever its name says.
  deny: (sentence) => printing({ permission: 'deny', user_message: sentence, agent_message: sentence }),
  noted: printing({}),
};

/** A call is asked about whatever its event is called; one that cannot be told apart is not let pass. */
function unknownEvent(payload: JsonRecord, event: string | null): HookEvent {
  const form = event === null ? null : formOfCall(payload);
  if (form === 'command') return { kind: 'before', call: shellCall(payload) };
  if (form === 'tool') return { kind: 'before', call: toolCall(payload) };
  if (event === null || /^(?:before|pre)/i.test(event) || carriesCall(payload)) {
    throw new UnreadableEvent(`The hook does not know Cursor’s event ${event ?? '(none)'}.`);
  }
  return { kind: 'notice' };
}

function shellCall(payload: JsonRecord): PendingCall {
  const command = requiredText(payload, ['command'], 'Cursor’s event names no command.');
  return {
    sessionId: sessionOf(payload),
    tool: { name: 'Shell', server: null, input: { command } },
    cwd: directoryOf(payload),
    command,
    callId: null,
    memo: memoOf(payload),
  };
}

function mcpCall(payload: JsonRecord): PendingCall {
  const name = toolName(payload);
  return {
    sessionId: sessionOf(payload),
    tool: {
      name: name.replace(/^MCP:/, ''),
      server: serverOf(payload),
      input: argumentsIn(payload, 'tool_input', 'Cursor'),
    },
    cwd: directoryOf(payload),
    command: null,
    callId: textOf(payload, 'tool_use_id'),
    memo: memoOf(payload),
  };
}

function toolCall(payload: JsonRecord): PendingCall {
  const name = toolName(payload);
  if (name.startsWith('MCP:')) return mcpCall(payload);
  const input = argumentsIn(payload, 'tool_input', 'Cursor');
  return {
    sessionId: sessionOf(payload),
    tool: { name, server: null, input },
    cwd: textOf(payload, 'cwd') ?? (isRecord(input) ? textOf(input, 'cwd') : null) ?? directoryOf(payload),
    command: commandIn(input),
    callId: textOf(payload, 'tool_use_id'),
    memo: memoOf(payload),
  };
}

const toolName = (payload: JsonRecord): string =>
  requiredText(payload, ['tool_name'], 'Cursor’s event names no tool.');

/** An MCP server goes by its host, or by the package or program that is started. */
function serverOf(payload: JsonRecord): string {
  const url = textOf(payload, 'url');
  if (url !== null) return URL.canParse(url) ? new URL(url).host : url;
  const words = (textOf(payload, 'command') ?? textOf(payload, 'server') ?? 'unknown').split(/\s+/);
  const isRunner = /(?:^|\/)(?:npx|bunx|uvx|pnpx|node|python3?)$/.test(words[0] ?? '');
  const named = isRunner ? words.slice(1).find((word) => !word.startsWith('-')) : words[0];
  return named ?? 'unknown';
}

const sessionOf = (payload: JsonRecord): string =>
  requiredText(payload, ['conversation_id', 'session_id'], 'Cursor’s event names no conversation.');

function directoryOf(payload: JsonRecord): string | null {
  const roots = payload['workspace_roots'];
  const first: unknown = Array.isArray(roots) ? roots[0] : null;
  return textOf(payload, 'cwd') ?? (typeof first === 'string' && first !== '' ? first : null);
}

/** Shell and MCP events carry no call id: the generation and the call itself stand for one. */
function memoOf(payload: JsonRecord): string {
  const own = textOf(payload, 'tool_use_id');
  if (own !== null) return `use\n${own}`;
  const generation = textOf(payload, 'generation_id', 'conversation_id') ?? '';
  const command = textOf(payload, 'command') ?? '';
  const input = payload['tool_input'];
  const tool = textOf(payload, 'tool_name') ?? '';
  const args = typeof input === 'string' ? input : JSON.stringify(input ?? null);
  return tool === '' ? `shell\n${generation}\n${command}` : `mcp\n${generation}\n${tool}\n${args}`;
}

function finished(payload: JsonRecord, event: string): FinishedCall {
  const output = textOf(payload, 'output', 'result_json', 'tool_output');
  const exitCode = integerOf(payload, 'exit_code', 'exitCode');
  const error = textOf(payload, 'error_message', 'error');
  return { memo: memoOf(payload), status: statusOf(event, exitCode, output), exitCode, error, output };
}

/** Cursor tells of a shell command what it printed, not how it ended: that stays unknown. */
function statusOf(event: string, exitCode: number | null, output: string | null): FinishedCall['status'] {
  if (event === 'postToolUseFailure') return 'failed';
  if (exitCode !== null) return exitCode === 0 ? 'succeeded' : 'failed';
  if (event !== 'afterMCPExecution') return 'unknown';
  const result = parseJson(output ?? '');
  return isRecord(result) && result['isError'] === true ? 'failed' : 'succeeded';
}
