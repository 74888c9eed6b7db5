/** Runs one hook: reads the harness's event, asks the gate, answers in the harness's words. Fails closed. */

import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { askGate, type GateDecision, isAllowed, NoAnswer } from '../gate.js';
import type { GateCall } from '../gate-call.js';
import { postToGate } from '../gate-client.js';
import {
  type FinishedCall,
  type Harness,
  type HookAnswer,
  type PendingCall,
  UnreadableEvent,
} from '../harnesses/harness.js';
import { isRecord, parseJson, textOf } from '../json.js';
import { namedFiles } from '../named-files.js';
import { type HookSettings, readSettings, SettingsError } from '../settings.js';
import { CallMemory, memoryFolder } from './call-memory.js';

const ERROR_LENGTH_MAX = 1000;
/** The longest event of a call that is about to run, in UTF-16 units. */
const CALL_LENGTH_MAX = 3 * 1024 * 1024;
/** Of the harness's patience, what the start and the end of the hook's process may take, in ms. */
const MARGIN_MS = 5_000;
/** How long the gate may take to tell what people have answered, in ms. */
const TELLING_MS = 5_000;

/** What the hook may touch of the process around it. */
export interface Surroundings {
  readonly environment: NodeJS.ProcessEnv;
  readonly nowMs: () => number;
}

/**
 * Answers one event of a harness.
 * @param text what the harness wrote to standard input
 * @returns what to print and how to end; whatever goes wrong before a call has run, it is the harness's "no"
 */
export async function answerHook(harness: Harness, text: string, around: Surroundings): Promise<HookAnswer> {
  const payload = parseJson(text);
  const name = isRecord(payload) ? textOf(payload, harness.eventField) : null;
  try {
    if (!isRecord(payload)) throw new NoAnswer('The hook’s input is no JSON object, so the call is denied.');
    const event = harness.read(payload);
    if (event.kind === 'before') {
      if (text.length > CALL_LENGTH_MAX)
        throw new NoAnswer('The hook’s input is too long, so the call is denied.');
      return await decide(harness, event.call, name, around);
    }
    // Nothing is about to run any more: a report that gets lost must not become an answer.
    if (event.kind === 'after') await report(event.call, around).catch(() => undefined);
    return harness.noted;
  } catch (error) {
    return harness.deny(sentenceOf(error), name);
  }
}

function sentenceOf(error: unknown): string {
  if (error instanceof NoAnswer) return error.message;
  if (error instanceof UnreadableEvent) return `${error.message} Without knowing the call it is denied.`;
  if (error instanceof SettingsError)
    return `Countersign’s hook is not set up (${error.message}), so the call is denied.`;
  return 'Countersign’s hook failed, so the call is denied.';
}

async function decide(
  harness: Harness,
  pending: PendingCall,
  event: string | null,
  around: Surroundings,
): Promise<HookAnswer> {
  const beganMs = around.nowMs();
  const settings = readSettings(around.environment);
  const call = gateCallOf(harness, pending, settings);
  let answer = await askGate(settings, call);
  if (answer.decision === 'PENDING') {
    const waitMs = settings.waitMs ?? patienceLeft(harness, around.nowMs() - beganMs);
    answer = await waited(settings, call, answer, waitMs);
  }
  if (!isAllowed(answer))
    return harness.deny(answer.message ?? `The gate answered ${answer.decision}.`, event);
  remember(pending, answer.toolCallId, around);
  return harness.allow({ explicit: settings.explicitAllow });
}

const patienceLeft = ({ patienceMs }: Harness, spentMs: number): number =>
  Math.max(patienceMs - MARGIN_MS - spentMs - TELLING_MS, 0);

/** Asks the same question again and holds until people have answered; what has no answer by then is as it was. */
async function waited(
  settings: HookSettings,
  call: GateCall,
  pending: GateDecision,
  waitMs: number,
): Promise<GateDecision> {
  if (waitMs === 0) return pending;
  const patient = { ...settings, deadlineMs: waitMs + TELLING_MS };
  return await askGate(patient, { ...call, nonce: newNonce(), wait_ms: waitMs });
}

const newNonce = (): string => randomBytes(18).toString('base64url');

/** Only the report of the outcome depends on it: a full disk must not keep an allowed call from running. */
function remember({ memo }: PendingCall, toolCallId: string, around: Surroundings): void {
  try {
    memoryOf(around).remember(memo, toolCallId);
  } catch {
    // The hold is then charged when its time is up.
  }
}

const memoryOf = ({ environment, nowMs }: Surroundings): CallMemory =>
  new CallMemory(memoryFolder(environment), nowMs);

function gateCallOf(harness: Harness, pending: PendingCall, settings: HookSettings): GateCall {
  return {
    idempotency_key: pending.callId ?? randomUUID(),
    harness: harness.name,
    session_id: pending.sessionId,
    ...(settings.subject === null ? {} : { subject: settings.subject }),
    tool: { ...pending.tool, annotations: null },
    cwd: pending.cwd,
    files: pending.command === null ? [] : namedFiles(pending.command, pending.cwd),
    nonce: newNonce(),
  };
}

async function report(call: FinishedCall, around: Surroundings): Promise<void> {
  const toolCallId = memoryOf(around).take(call.memo);
  if (toolCallId === null) return;
  const settings = readSettings(around.environment);
  const outcome = {
    status: call.status,
    ...(call.exitCode === null ? {} : { exit_code: call.exitCode }),
    ...(call.error === null ? {} : { error: call.error.slice(0, ERROR_LENGTH_MAX) }),
    ...(call.output === null
      ? {}
      : { output_sha256: createHash('sha256').update(call.output, 'utf8').digest('hex') }),
  };
  await postToGate(settings, `/gate/tool-calls/${toolCallId}/outcome`, outcome, settings.deadlineMs);
}
