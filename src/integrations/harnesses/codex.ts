/** Codex CLI's hooks: PreToolUse and PostToolUse, with Claude Code's fields and a narrower answer. */

import { type JsonRecord, textOf } from '../json.js';
import { pendingCall, permission, ranCall } from './claude-code.js';
import {
  blocking,
  carriesCall,
  formOfCall,
  HARNESS_PATIENCE_MS,
  type Harness,
  type HookEvent,
  printing,
  SILENCE,
  UnreadableEvent,
} from './harness.js';

const TITLE = 'Codex CLI';
const BEFORE = 'PreToolUse';

export const codex: Harness = {
  name: 'codex',
  patienceMs: HARNESS_PATIENCE_MS,
  eventField: 'hook_event_name',
  read(payload) {
    const event = textOf(payload, 'hook_event_name');
    if (event === BEFORE) return { kind: 'before', call: pendingCall(payload, TITLE) };
    if (event === 'PostToolUse') return { kind: 'after', call: ranCall(payload) };
    return unknownEvent(payload, event);
  },
  // Anything that is printed with a yes makes the hook fail, and the call go on unasked.
  allow: () => SILENCE,
  // The answer has a field for the event's name that takes this one only.
  deny: (sentence, event) =>
    event === null || event === undefined || event === BEFORE
      ? printing(permission('deny', sentence))
      : blocking(sentence),
  noted: SILENCE,
};

/** A call is asked about whatever its event is called; one that cannot be told apart is not let pass. */
function unknownEvent(payload: JsonRecord, event: string | null): HookEvent {
  if (event !== null && formOfCall(payload) === 'tool') {
    return { kind: 'before', call: pendingCall(payload, TITLE) };
  }
  if (event === null || /^(?:before|pre)tool/i.test(event) || carriesCall(payload)) {
    throw new UnreadableEvent(`The hook does not know Codex CLI’s event ${event ?? '(none)'}.`);
  }
  return { kind: 'notice' };
}
