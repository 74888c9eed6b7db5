/** Gemini CLI's hooks: BeforeTool and AfterTool. */

import { isRecord, type JsonRecord, recordOf, textOf } from '../json.js';
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

export const gemini: Harness = {
  name: 'gemini',
  patienceMs: HARNESS_PATIENCE_MS,
  eventField: 'hook_event_name',
  read(payload) {
    const event = textOf(payload, 'hook_event_name');
    if (event === 'BeforeTool') return { kind: 'before', call: pendingCall(payload) };
    if (event === 'AfterTool') return { kind: 'after', call: ranCall(payload) };
    return unknownEvent(payload, event);
  },
  // Without a decision the normal flow goes on, with the user's own rules in it.
  allow: ({ explicit }) => printing(explicit ? { decision: 'allow' } : {}),
  deny: (sentence) => printing({ decision: 'deny', reason: sentence }),
  noted: printing({}),
};

/** A call is asked about whatever its event is called; one that cannot be told apart is not let pass. */
function unknownEvent(payload: JsonRecord, event: string | null): HookEvent {
  const { mcp_context: _context, ...rest } = payload;
  if (event !== null && formOfCall(rest) === 'tool') return { kind: 'before', call: pendingCall(payload) };
  if (event === null || /^(?:before|pre)tool/i.test(event) || carriesCall(payload)) {
    throw new UnreadableEvent(`The hook does not know Gemini CLI’s event ${event ?? '(none)'}.`);
  }
  return { kind: 'notice' };
}

function pendingCall(payload: JsonRecord): PendingCall {
  const sessionId = requiredText(payload, ['session_id'], 'Gemini CLI’s event names no session.');
  const input = inputOf(payload['tool_input'], 'Gemini CLI');
  return {
    sessionId,
    tool: { ...toolOf(payload), input },
    cwd: textOf(payload, 'cwd'),
    command: commandIn(input),
    callId: null,
    memo: memoOf(payload),
  };
}

/** A tool of an MCP server goes by the name that the server gave it, where the event tells. */
function toolOf(payload: JsonRecord): { readonly name: string; readonly server: string | null } {
  const full = requiredText(payload, ['tool_name'], 'Gemini CLI’s event names no tool.');
  const context = recordOf(payload, 'mcp_context');
  const server = context === null ? null : textOf(context, 'server_name');
  if (context === null || server === null) return splitMcpName(full) ?? { name: full, server: null };
  return { name: textOf(context, 'tool_name') ?? full, server };
}

/** Gemini CLI gives calls no id: the session and the call itself stand for one. */
const memoOf = (payload: JsonRecord): string =>
  ['call', textOf(payload, 'session_id'), textOf(payload, 'tool_name'), JSON.stringify(payload['tool_input'])]
    .map((part) => part ?? '')
    .join('\n');

function ranCall(payload: JsonRecord): FinishedCall {
  const response = payload['tool_response'];
  const error = isRecord(response) ? errorIn(response) : null;
  return {
    memo: memoOf(payload),
    status: error === null ? 'succeeded' : 'failed',
    exitCode: null,
    error,
    output: JSON.stringify(response ?? null),
  };
}

function errorIn(response: JsonRecord): string | null {
  const error = response['error'];
  if (error === undefined || error === null || error === false) return null;
  return typeof error === 'string' ? error : JSON.stringify(error);
}
