/** Sends messages to a receiver of the operator's own, signed as Standard Webhooks has it, and reads what it signs. */

import { stringify } from 'lossless-json';
import { Webhook, WebhookVerificationError } from 'standardwebhooks';
import { DeliveryFault, type Message, type Notifier, type OpenChannel } from '../../ports/notifier.port.js';
import type { Question } from '../../ports/questions.port.js';

/** Answers after which the same message will not be taken either. */
const FINAL: ReadonlySet<number> = new Set([400, 401, 403, 404, 405, 410, 413, 415, 422]);

export const webhookNotifier: Notifier = {
  async send(channel, message, signal) {
    const { settings, secrets } = channel;
    if (settings.kind !== 'webhook') throw new DeliveryFault('the channel is no webhook', true);
    const body = bodyOf(message);
    const at = new Date();
    const response = await post(settings.url, {
      method: 'POST',
      // The receiver was named by an administrator; where it would send us on to was not.
      redirect: 'manual',
      signal,
      body,
      headers: {
        'content-type': 'application/json',
        'user-agent': 'countersign',
        'webhook-id': message.id,
        'webhook-timestamp': String(Math.floor(at.getTime() / 1_000)),
        'webhook-signature': new Webhook(secrets['secret'] ?? '').sign(message.id, at, body),
      },
    });
    await response.body?.cancel();
    if (response.ok) return null;
    const isRedirect = response.status >= 300 && response.status < 400;
    const why = isRedirect ? 'wants to send us elsewhere' : 'answered';
    throw new DeliveryFault(
      `the receiver ${why} with ${response.status}`,
      isRedirect || FINAL.has(response.status),
    );
  },
};

async function post(url: string, request: RequestInit): Promise<Response> {
  try {
    return await fetch(url, request);
  } catch (cause) {
    throw new DeliveryFault(reasonOf(cause), false, { cause });
  }
}

function reasonOf(cause: unknown): string {
  const { name, cause: deeper } = cause as Error;
  if (name === 'TimeoutError') return 'the receiver has not answered in time';
  const code = (deeper as { code?: string } | undefined)?.code;
  return `the receiver cannot be reached${code === undefined ? '' : ` (${code})`}`;
}

const bodyOf = ({ about, question, pageUrl }: Message): string =>
  stringify({
    type: about === 'asked' ? 'approval.requested' : 'approval.ended',
    timestamp: new Date().toISOString(),
    data: { ...dataOf(question), url: pageUrl },
  }) ?? '';

const dataOf = (question: Question): object => ({
  approval_id: question.approvalId,
  tenant_id: question.tenantId,
  status: question.status,
  action_hash: question.actionHash,
  ...(question.tier !== null && { tier: question.tier }),
  asker: question.asker,
  session_scope: question.sessionScope,
  action: question.action,
  asked: question.asked,
  ...(question.money !== null && { estimate: question.money }),
  ...(question.call !== null && {
    tool_call: {
      tool: question.call.tool,
      arguments: question.call.arguments,
      ...(question.call.directory !== null && { cwd: question.call.directory }),
      files: question.call.files,
      input_truncated: !question.call.isWhole,
    },
  }),
  effects: question.effects,
  groups: question.groups,
  quorum: question.quorum,
  votes: question.votes,
  requested_at_ms: question.requestedAtMs,
  ...(question.answerByMs !== null && { expires_at_ms: question.answerByMs }),
  ...(question.reason !== null && { reason: question.reason }),
});

/**
 * Whether a message is the channel's: signed with its secret, over exactly this text, five minutes ago at most. The
 * comparison takes the same time for each wrong signature.
 */
export function isSignedBy(
  { secrets }: Pick<OpenChannel, 'secrets'>,
  text: string,
  headers: Readonly<Record<string, string>>,
): boolean {
  const { secret } = secrets;
  if (secret === undefined) return false;
  try {
    new Webhook(secret).verify(text, headers, { jsonParse: false });
    return true;
  } catch (error) {
    if (error instanceof WebhookVerificationError) return false;
    throw error;
  }
}
