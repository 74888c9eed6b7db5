/** Copilot CLI's hooks: preToolUse and postToolUse, whose events do not say their names. */

import { createHash } from 'node:crypto';
import { integerOf, type JsonRecord, recordOf, textOf } from '../json.js';
import {
  argumentsIn,
  carriesCall,
  commandIn,
  type FinishedCall,
  HARNESS_PATIENCE_MS,
  type Harness,
  type PendingCall,
  printing,
  requiredText,
  splitMcpName,
  UnreadableEvent,
} from './harness.js';

export const copilot: Harness = {
  name: 'copilot',
  patienceMs: HARNESS_PATIENCE_MS,
  eventField: 'hook_event_name',
  read(payload) {
    if (textOf(payload, ...TOOL) !== null) {
      return 'toolResult' in payload || 'tool_result' in payload
        ? { kind: 'after', call: ranCall(payload) }
        : { kind: 'before', call: pendingCall(payload) };
    }
    if (carriesCall(payload)) throw new UnreadableEvent('Copilot CLI’s event names no tool.');
    return { kind: 'notice' };
  },
  // Without a decision the normal flow goes on, with the user's own rules in it.
  allow: ({ explicit }) => printing(explicit ? { permissionDecision: 'allow' } : {}),
  deny: (sentence) => printing({ permissionDecision: 'deny', permissionDecisionReason: sentence }),
  noted: printing({}),
};

const TOOL = ['toolName', 'tool_name'];
const SESSION = ['sessionId', 'session_id'];

const argumentsField = (payload: JsonRecord): string => ('tool_input' in payload ? 'tool_input' : 'toolArgs');

function pendingCall(payload: JsonRecord): PendingCall {
  const full = requiredText(payload, TOOL, 'Copilot CLI’s event names no tool.');
  const input = argumentsIn(payload, argumentsField(payload), 'Copilot CLI');
  return {
    sessionId: sessionOf(payload),
    tool: { ...(splitMcpName(full) ?? { name: full, server: null }), input },
    cwd: textOf(payload, 'cwd'),
    command: commandIn(input),
    callId: null,
    memo: memoOf(payload),
  };
}

/** Older versions name no session: the folder and the day stand for one. */
function sessionOf(payload: JsonRecord): string {
  const own = textOf(payload, ...SESSION);
  if (own !== null) return own;
  const cwd = requiredText(payload, ['cwd'], 'Copilot CLI’s event names neither a session nor a folder.');
  const folder = createHash('sha256').update(cwd).digest('hex').slice(0, 16);
  return `copilot-${folder}-${dayOf(integerOf(payload, 'timestamp'))}`;
}

/** The day in UTC; one for all where the event does not tell the time. */
function dayOf(timestampMs: number | null): string {
  const date = new Date(timestampMs ?? Number.NaN);
  return Number.isNaN(date.getTime()) ? 'undated' : date.toISOString().slice(0, 10);
}

/** Copilot CLI gives calls no id: the folder, or its session, and the call itself stand for one. */
const memoOf = (payload: JsonRecord): string => {
  const args = payload[argumentsField(payload)];
  return [
    'call',
    textOf(payload, ...SESSION, 'cwd') ?? '',
    textOf(payload, ...TOOL) ?? '',
    typeof args === 'string' ? args : JSON.stringify(args ?? null),
  ].join('\n');
};

function ranCall(payload: JsonRecord): FinishedCall {
  const result = recordOf(payload, 'toolResult') ?? recordOf(payload, 'tool_result');
  const kind = result === null ? null : textOf(result, 'resultType', 'result_type');
  const text = result === null ? null : textOf(result, 'textResultForLlm', 'text_result_for_llm');
  return {
    memo: memoOf(payload),
    status: kind === 'success' ? 'succeeded' : kind === null ? 'unknown' : 'failed',
    exitCode: null,
    error: kind === 'failure' ? text : null,
    output: text,
  };
}
