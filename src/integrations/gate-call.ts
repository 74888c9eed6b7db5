/** A tool call as it is submitted to the gate, and the parts of the answer that a client acts on. */

import { createHash } from 'node:crypto';
import { boundTextOf } from '../domain/bound-call.js';
import { isRecord, textOf } from './json.js';

export interface GateFile {
  /** As the call names it. */
  readonly path: string;
  /** Hex SHA-256 of the content's UTF-8 bytes. */
  readonly sha256: string;
  readonly content: string;
}

/** The body of POST /gate/tool-calls. */
export interface GateCall {
  readonly idempotency_key: string;
  readonly harness: string;
  readonly session_id: string;
  readonly subject?: Readonly<Record<string, string>>;
  readonly tool: {
    readonly name: string;
    readonly server: string | null;
    readonly annotations: Readonly<Record<string, unknown>> | null;
    readonly input: unknown;
  };
  readonly cwd: string | null;
  readonly files: readonly GateFile[];
  readonly nonce: string;
  /** How long the gate may hold the request while people are asked, in ms. */
  readonly wait_ms?: number;
}

/** What a client needs of the answer; everything else in it is for people. */
export interface GateAnswer {
  readonly toolCallId: string;
  readonly decision: string;
  readonly message: string | null;
  readonly tenant: string;
  readonly actionHash: string;
  readonly signedAtMs: number;
  /** base64url; null when the answer is not signed. */
  readonly signature: string | null;
}

/** The answer, or null when it lacks something that every whole answer has. */
export function readGateAnswer(body: unknown): GateAnswer | null {
  if (!isRecord(body)) return null;
  const toolCallId = textOf(body, 'tool_call_id');
  const decision = textOf(body, 'decision');
  const tenant = textOf(body, 'tenant');
  const actionHash = textOf(body, 'action_hash');
  const signedAtMs = body['signed_at_ms'];
  if (toolCallId === null || decision === null || tenant === null || actionHash === null) return null;
  if (typeof signedAtMs !== 'number' || !Number.isSafeInteger(signedAtMs)) return null;
  const message = textOf(body, 'message');
  return {
    toolCallId,
    decision,
    tenant,
    actionHash,
    signedAtMs,
    message,
    signature: textOf(body, 'signature'),
  };
}

/**
 * The hash that names exactly this call: SHA-256 over what would run, in lower-case hex. The gate computes the same;
 * an answer about another call has another hash.
 */
export function actionHashOf(tenant: string, { session_id: session, tool, cwd, files }: GateCall): string {
  return createHash('sha256').update(boundTextOf({ tenant, session, tool, cwd, files })).digest('hex');
}
