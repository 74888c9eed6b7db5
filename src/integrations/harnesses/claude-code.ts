/** Claude Code's hooks: PreToolUse, and PostToolUse and PostToolUseFailure after it. */

import { integerOf, isRecord, type JsonRecord, recordOf, textOf } from '../json.js';
import {
  carriesCall,
  commandIn,
  type FinishedCall,
  formOfCall,
  HARNESS_PATIENCE_MS,
  type Harness,
  type HookEvent,
  inputOf,
  type PendingCall,
  printing,
  requiredText,
  splitMcpName,
  UnreadableEvent,
} from './harness.js';

const TITLE = 'Claude Code';
const BEFORE = 'PreToolUse';
/** Comes before a person is asked; its answer has a form of its own. */
const REQUEST = 'PermissionRequest';

export const claudeCode: Harness = {
  name: 'claude-code',
  patienceMs: HARNESS_PATIENCE_MS,
  eventField: 'hook_event_name',
  read(payload) {
    const event = textOf(payload, 'hook_event_name');
    switch (event) {
      case BEFORE:
        return { kind: 'before', call: pendingCall(payload, TITLE) };
      case 'PostToolUse':
        return { kind: 'after', call: ranCall(payload) };
      case 'PostToolUseFailure':
        return { kind: 'after', call: failed(payload) };
      case null:
        throw new UnreadableEvent('Claude Code’s event has no name.');
      default:
        return unknownEvent(payload, event);
    }
  },
  // An empty object leaves the normal flow and the user's own rules in place.
  allow: ({ explicit }) => printing(explicit ? permission('allow', 'Allowed by Countersign.') : {}),
  deny: (sentence, event) =>
    printing(event === REQUEST ? refusalOfRequest(sentence) : permission('deny', sentence)),
  noted: printing({}),
};

/** The answer to an event before a call, which Codex CLI took over. */
export const permission = (decision: 'allow' | 'deny', reason: string): object => ({
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
  if (formOfCall(payload) === 'tool') return { kind: 'before', call: pendingCall(payload, TITLE) };
  if (/^(?:before|pre)tool/i.test(event) || carriesCall(payload)) {
    throw new UnreadableEvent(`The hook does not know Claude Code’s event ${event}.`);
  }
  return { kind: 'notice' };
}

/**
 * A call that is about to run.
 * @param title the harness's name for people: Codex CLI sends the same fields
 * @throws UnreadableEvent when it names no session or no tool
 */
export function pendingCall(payload: JsonRecord, title: string): PendingCall {
  const sessionId = requiredText(payload, ['session_id'], `${title}’s event names no session.`);
  const full = requiredText(payload, ['tool_name'], `${title}’s event names no tool.`);
  const input = inputOf(payload['tool_input'], title);
  return {
    sessionId,
    tool: { ...(splitMcpName(full) ?? { name: full, server: serverOf(payload) }), input },
    cwd: textOf(payload, 'cwd'),
    command: commandIn(input),
    callId: textOf(payload, 'tool_use_id'),
    memo: memoOf(payload),
  };
}

function serverOf(payload: JsonRecord): string | null {
  const server = recordOf(payload, 'mcp_server');
  return server === null ? null : textOf(server, 'name');
}

const memoOf = (payload: JsonRecord): string =>
  `use\n${textOf(payload, 'session_id') ?? ''}\n${textOf(payload, 'tool_use_id') ?? ''}`;

/** A call that has run; its exit code is known where the tool's answer has one. */
export function ranCall(payload: JsonRecord): FinishedCall {
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
