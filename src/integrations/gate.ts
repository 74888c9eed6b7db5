/** Asks the gate about a call and believes the answer only if it is whole and, where a key is pinned, signed. */

import { type GateAnswer, type GateCall, readGateAnswer } from './gate-call.js';
import { type GateAddress, GateUnreachable, postToGate } from './gate-client.js';
import { isRecord, type JsonRecord, textOf } from './json.js';
import { isGenuine, readPublicKey } from './signed-answer.js';

export interface Gate extends GateAddress {
  /** The server's Ed25519 key; null when none is pinned, and then signatures are not checked. */
  readonly publicKey: string | null;
  /** How long the gate may take to answer, in ms. */
  readonly deadlineMs: number;
}

/** There is no answer that counts. The message is a whole sentence: the call is denied. */
export class NoAnswer extends Error {
  override readonly name: string = 'NoAnswer';
  /** HTTP status of a whole answer that is no decision; null where none came. */
  constructor(
    message: string,
    readonly status: number | null = null,
    /** Whether nothing came back at all: the gate may have heard, and answers the same call the same way. */
    readonly isUnreachable = false,
  ) {
    super(message);
  }
}

/** An answer that counts, and all of its body. */
export interface GateDecision extends GateAnswer {
  readonly body: JsonRecord;
}

export const isAllowed = ({ decision }: GateAnswer): boolean =>
  decision === 'ALLOW' || decision === 'ALLOW_WITH_CAPS';

/**
 * Submits a call. Sending the same call again, under the same idempotency key, is safe.
 * @param text the call as JSON, where its amounts are more than a number holds
 * @param signal cuts the request off, which is no answer either
 * @throws NoAnswer when no answer comes, or one that cannot be believed
 */
export async function askGate(
  gate: Gate,
  call: GateCall,
  text = JSON.stringify(call),
  signal?: AbortSignal,
): Promise<GateDecision> {
  const body = await post(gate, '/gate/tool-calls', text, signal);
  const answer = readGateAnswer(body);
  if (answer === null || !isRecord(body)) {
    throw new NoAnswer('The gate’s answer is not whole, so the call is denied.');
  }
  if (gate.publicKey !== null && !isGenuine(answer, call, readPublicKey(gate.publicKey))) {
    throw new NoAnswer(
      'The gate’s answer is not signed by the pinned server for this call, so the call is denied.',
    );
  }
  return { ...answer, body };
}

/** The body of a 200. Everything else is a reason to deny, told in one sentence. */
async function post(gate: Gate, path: string, body: string, signal?: AbortSignal): Promise<unknown> {
  const reply = await postToGate(gate, path, body, gate.deadlineMs, signal).catch((error: unknown) => {
    if (!(error instanceof GateUnreachable)) throw error;
    throw new NoAnswer(`Countersign at ${shown(gate)} ${error.message}, so the call is denied.`, null, true);
  });
  if (reply.status === 200) return reply.body;
  if (reply.status === 401) {
    throw new NoAnswer('Countersign does not know this hook’s API key, so the call is denied.', 401);
  }
  const message = isRecord(reply.body) ? textOf(reply.body, 'message') : null;
  throw new NoAnswer(
    `Countersign answered ${reply.status}, so the call is denied${message === null ? '.' : `: ${message}`}`,
    reply.status,
  );
}

/** The address without anything that may be secret in it. */
function shown({ url }: GateAddress): string {
  return URL.canParse(url) ? new URL(url).origin : 'its address';
}
