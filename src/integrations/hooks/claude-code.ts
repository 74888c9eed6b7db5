/** Claude Code's hooks: PreToolUse, and PostToolUse and PostToolUseFailure after it. */

import { integerOf, isRecord, type JsonRecord, recordOf, textOf } from '../json.js';
import {
  carriesCall,
  type FinishedCall,
  formOfCall,
  type Harness,
  type HookEvent,
  type PendingCall,
  UnreadableEvent,
} from './harness.js';

const BEFORE = 'PreToolUse';
/** Comes before a person is asked; its answer has a form of its own. */
const REQUEST = 'PermissionRequest';

export const claudeCode: Harness = {
  name: 'claude-code',
  read(payload) {
    const event = textOf(payload, 'hook_event_name');
    switch (event) {
      case BEFORE:
        return { kind: 'before', call: pending(payload) };
      case 'PostToolUse':
        return { kind: 'after', call: succeeded(payload) };
      case 'PostToolUseFailure':
        return { kind: 'after', call: failed(payload) };
      case null:
        throw new UnreadableEvent('Claude Code’s event has no name.');
      default:
        return unknownEvent(payload, event);
    }
  },
  // An empty object leaves the normal flow and the user's own rules in place.
  allow: ({ explicit }) => (explicit ? permission('allow', 'Allowed by Countersign.') : {}),
  deny: (sentence, event) => (event === REQUEST ? refusalOfRequest(sentence) : permission('deny', sentence)),
  noted: {},
};

const permission = (decision: 'allow' | 'deny', reason: string): object => ({
  hookSpecificOutput: {
    hookEventName: BEFORE,
    permissionDecision: decision,
    permissionDecisionReason: reason,
  },
});

const refusalOfRequest = (message: string): object => ({
  hookSpecificOutput: { hookEventName: REQUEST, decision: { behavior: 'deny', message } },
});

/** A call is asked about whatever its event is called; one that cannot be told apart is not let pass. */
function unknownEvent(payload: JsonRecord, event: string): HookEvent {
  if (formOfCall(payload) === 'tool') return { kind: 'before', call: pending(payload) };
  if (/^(?:before|pre)tool/i.test(event) || carriesCall(payload)) {
    throw new UnreadableEvent(`The hook does not know Claude Code’s event ${event}.`);
  }
  return { kind: 'notice' };
}

function pending(payload: JsonRecord): PendingCall {
  const sessionId = textOf(payload, 'session_id');
  const full = textOf(payload, 'tool_name');
  if (sessionId === null) throw new UnreadableEvent('Claude Code’s event names no session.');
  if (full === null) throw new UnreadableEvent('Claude Code’s event names no tool.');
  const input = payload['tool_input'] ?? {};
  return {
    sessionId,
    tool: { ...splitName(full, payload), input },
    cwd: textOf(payload, 'cwd'),
    command: isRecord(input) ? textOf(input, 'command') : null,
    callId: textOf(payload, 'tool_use_id'),
    memo: memoOf(payload),
  };
}

/** `mcp__railway__volumeDelete` is the tool `volumeDelete` of the server `railway`. */
function splitName(full: string, payload: JsonRecord): { name: string; server: string | null } {
  const [prefix, server, ...rest] = full.split('__');
  if (prefix === 'mcp' && server && rest.length > 0) return { name: rest.join('__'), server };
  const named = recordOf(payload, 'mcp_server');
  return { name: full, server: named === null ? null : textOf(named, 'name') };
}

const memoOf = (payload: JsonRecord): string =>
  `use\n${textOf(payload, 'session_id') ?? ''}\n${textOf(payload, 'tool_use_id') ?? ''}`;

function succeeded(payload: JsonRecord): FinishedCall {
  const response = payload['tool_response'];
  const output = typeof response === 'string' ? response : JSON.stringify(response ?? null);
  const exitCode = isRecord(response) ? integerOf(response, 'exitCode', 'exit_code') : null;
  const status = exitCode !== null && exitCode !== 0 ? 'failed' : 'succeeded';
  return { memo: memoOf(payload), status, exitCode, error: null, output };
}

function failed(payload: JsonRecord): FinishedCall {
  const interrupted = payload['is_interrupt'] === true;
  return {
    memo: memoOf(payload),
    status: interrupted ? 'unknown' : 'failed',
    exitCode: null,
    error: textOf(payload, 'error'),
    output: null,
  };
}
