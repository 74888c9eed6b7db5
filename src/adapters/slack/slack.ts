/** Messages in Slack with buttons, changed once the question is over; and the check that a click comes from Slack. */

import { createHmac, timingSafeEqual } from 'node:crypto';
import type { SlackSettings } from '../../domain/system/channel.events.js';
import { DeliveryFault, type Message, type Notifier, type OpenChannel } from '../../ports/notifier.port.js';

/** How long a text block of Slack may be; what is longer is read on the page. */
const CALL_LENGTH_MAX = 2_800;
const TITLE_LENGTH_MAX = 150;
const VALUE_LENGTH_MAX = 1_900;
/** How long a word to one person may take, in ms. */
const WHISPER_MS = 3_000;
/** How long an answer of Slack may be, in bytes. */
const ANSWER_BYTES_MAX = 262_144;
const REFERENCE_LENGTH_MAX = 64;
/** How old a click may be when it gets here, in s. */
const SKEW_S = 300;
/** Errors after which the same message may be taken yet. */
const PASSING: ReadonlySet<string> = new Set([
  'ratelimited',
  'internal_error',
  'fatal_error',
  'service_unavailable',
  'request_timeout',
]);

interface Answered {
  readonly ok?: unknown;
  readonly error?: unknown;
  readonly channel?: unknown;
  readonly ts?: unknown;
}

export const slackNotifier: Notifier = {
  async send(channel, message, signal) {
    const settings = settingsOf(channel);
    if (message.about === 'asked') {
      const body = { channel: settings.conversation, ...shown(message) };
      const posted = await call(channel, 'chat.postMessage', body, signal);
      return referenceTo(posted);
    }
    const place = placeOf(message.reference);
    if (place !== null) await call(channel, 'chat.update', { ...place, ...shown(message) }, signal);
    return message.reference;
  },
};

/** Tells one person, in the conversation and seen by nobody else. @throws DeliveryFault */
export async function whisper(channel: OpenChannel, user: string, text: string): Promise<void> {
  const { conversation } = settingsOf(channel);
  const body = { channel: conversation, user, text };
  await call(channel, 'chat.postEphemeral', body, AbortSignal.timeout(WHISPER_MS));
}

function settingsOf({ settings }: OpenChannel): SlackSettings {
  if (settings.kind !== 'slack') throw new DeliveryFault('the channel is not in Slack', true);
  return settings;
}

async function call(
  channel: OpenChannel,
  method: string,
  body: object,
  signal: AbortSignal,
): Promise<Answered> {
  const response = await post(`${settingsOf(channel).apiUrl}/${method}`, channel.secrets['botToken'] ?? '', {
    body: JSON.stringify(body),
    signal,
  });
  if (response.status === 429 || response.status >= 500) {
    await response.body?.cancel();
    throw new DeliveryFault(`Slack answered with ${response.status}`, false);
  }
  const answered = answeredBy(await textOf(response));
  if (answered?.ok === true) return answered;
  if (answered === null && response.ok) throw new DeliveryFault('Slack answered with something else', false);
  const error = typeof answered?.error === 'string' ? answered.error : `status ${response.status}`;
  throw new DeliveryFault(`Slack refused ${method}: ${error}`, !PASSING.has(error));
}

/** The text of an answer, which Slack keeps short. @throws DeliveryFault */
async function textOf(response: Response): Promise<string> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  try {
    for await (const chunk of response.body ?? []) {
      length += chunk.byteLength;
      // Leaving the loop closes the connection.
      if (length > ANSWER_BYTES_MAX) break;
      chunks.push(chunk);
    }
  } catch (cause) {
    throw new DeliveryFault('Slack has not answered in time', false, { cause });
  }
  return Buffer.concat(chunks).toString('utf8');
}

/** What Slack answered; null for what is none of its answers. */
function answeredBy(text: string): Answered | null {
  try {
    const answered: unknown = JSON.parse(text);
    return typeof answered === 'object' ? (answered as Answered | null) : null;
  } catch {
    return null;
  }
}

async function post(
  url: string,
  token: string,
  request: { readonly body: string; readonly signal: AbortSignal },
): Promise<Response> {
  try {
    return await fetch(url, {
      ...request,
      method: 'POST',
      redirect: 'manual',
      headers: { 'content-type': 'application/json; charset=utf-8', authorization: `Bearer ${token}` },
    });
  } catch (cause) {
    const isLate = (cause as Error).name === 'TimeoutError';
    throw new DeliveryFault(isLate ? 'Slack has not answered in time' : 'Slack cannot be reached', false, {
      cause,
    });
  }
}

/** Where a message stands, for when it is to be changed; null where Slack does not say. */
const referenceTo = ({ channel, ts }: Answered): string | null =>
  isShort(channel) && isShort(ts) ? JSON.stringify({ channel, ts }) : null;

const isShort = (value: unknown): value is string =>
  typeof value === 'string' && value.length <= REFERENCE_LENGTH_MAX;

function placeOf(reference: string | null): { readonly channel: string; readonly ts: string } | null {
  if (reference === null) return null;
  const { channel, ts } = JSON.parse(reference) as Partial<Record<'channel' | 'ts', string>>;
  return channel === undefined || ts === undefined ? null : { channel, ts };
}

/**
 * The blocks of a message. All texts are plain: what an agent names its tools and arguments is never read as Slack's
 * markup. Buttons that answer stand only below a call that is shown whole.
 */
function shown({ question, words, pageUrl }: Message): object {
  const { title, facts, call: text, outcome } = words;
  const isShownWhole = text === null || (question.call?.isWhole === true && text.length <= CALL_LENGTH_MAX);
  const canBeAnswered = outcome === null && isShownWhole && !question.needsPasskey;
  const notes = [
    ...(isShownWhole ? [] : ['This is not all of the call. The page has it as it is on record.']),
    ...(outcome === null ? [] : [outcome]),
  ];
  return {
    text: outcome === null ? title : `${title}: ${outcome}`,
    blocks: [
      { type: 'header', text: plain(title, TITLE_LENGTH_MAX) },
      ...(text === null || text === '' ? [] : [preformatted(text)]),
      ...facts.map(({ name, value }) => ({
        type: 'section',
        text: plain(`${name}: ${value}`, VALUE_LENGTH_MAX),
      })),
      ...notes.map((note) => ({ type: 'section', text: plain(note, VALUE_LENGTH_MAX) })),
      {
        type: 'actions',
        block_id: 'answer',
        elements: [...(canBeAnswered ? answers(question) : []), page(pageUrl)],
      },
    ],
  };
}

const cut = (text: string, lengthMax: number): string =>
  text.length <= lengthMax ? text : `${text.slice(0, lengthMax - 1)}…`;

const plain = (text: string, lengthMax: number): object => ({
  type: 'plain_text',
  text: cut(text, lengthMax),
  emoji: false,
});

const preformatted = (text: string): object => ({
  type: 'rich_text',
  elements: [
    { type: 'rich_text_preformatted', elements: [{ type: 'text', text: cut(text, CALL_LENGTH_MAX) }] },
  ],
});

const answers = ({ approvalId }: Message['question']): object[] => [
  button('approve', 'Approve this call once', { value: approvalId, style: 'primary' }),
  button('reject', 'Reject', { value: approvalId, style: 'danger' }),
];

const page = (url: string): object => button('page', 'Open its page', { url });

const button = (action: string, text: string, more: object): object => ({
  type: 'button',
  action_id: action,
  text: plain(text, 75),
  ...more,
});

/**
 * Whether a request comes from Slack, over exactly this text, five minutes ago at most. The comparison takes the same
 * time for each wrong signature.
 * @param nowMs ms since the epoch
 */
export function isFromSlack(
  { secrets }: Pick<OpenChannel, 'secrets'>,
  text: string,
  signed: { readonly timestamp: string; readonly signature: string; readonly nowMs: number },
): boolean {
  const { timestamp, signature, nowMs } = signed;
  const secret = secrets['signingSecret'];
  // With no secret at all, anybody could sign.
  if (secret === undefined || !/^\d{1,12}$/.test(timestamp)) return false;
  if (Math.abs(Math.floor(nowMs / 1_000) - Number(timestamp)) > SKEW_S) return false;
  const own = `v0=${createHmac('sha256', secret).update(`v0:${timestamp}:${text}`, 'utf8').digest('hex')}`;
  const [ours, theirs] = [Buffer.from(own), Buffer.from(signature)];
  return ours.length === theirs.length && timingSafeEqual(ours, theirs);
}
