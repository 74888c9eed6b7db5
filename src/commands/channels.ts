/** Channels as those who deliver and those who take answers need them: whom they reach, and with their secrets. */

import type { ChannelId } from '../domain/ids.js';
import type { Channel } from '../domain/system/channel.events.js';
import type { Keyring } from '../ports/keyring.port.js';
import type { OpenChannel } from '../ports/notifier.port.js';
import type { Question } from '../ports/questions.port.js';

/** Injects `ChannelDesk` of ports/channel-desk.port.ts. */
export const CHANNEL_DESK = Symbol('ChannelDesk');
/** Injects `WaysBack` of ports/channel-desk.port.ts. */
export const WAYS_BACK = Symbol('WaysBack');
/** Injects `Questions` of ports/questions.port.ts. */
export const QUESTIONS = Symbol('Questions');

/** Whether a question goes through a channel: one that names groups has the questions to them, and those to everybody. */
export const reaches = (
  { tenants, groups }: Pick<Channel, 'tenants' | 'groups'>,
  question: Pick<Question, 'tenantId' | 'groups'>,
): boolean =>
  (tenants === null || tenants.includes(question.tenantId)) &&
  (groups.length === 0 ||
    question.groups.length === 0 ||
    question.groups.some((group) => groups.includes(group)));

/** A channel with its secrets. @throws Error when they were sealed with another master key */
export function opened(keyring: Pick<Keyring, 'open'>, channel: Channel): OpenChannel {
  const secrets = secretsOf(keyring, channel);
  if (secrets === null)
    throw new Error('its secrets were encrypted with another master key: give them again');
  return { ...channel, secrets };
}

/** The secrets of a channel; null when they were sealed with another master key. */
export function secretsOf(
  keyring: Pick<Keyring, 'open'>,
  { sealedSecrets, channelId }: Pick<Channel, 'sealedSecrets' | 'channelId'>,
): Secrets | null {
  try {
    return JSON.parse(keyring.open(sealedSecrets, purposeOf(channelId))) as Secrets;
  } catch {
    return null;
  }
}

export type Secrets = Readonly<Record<string, string>>;

export const sealed = (keyring: Pick<Keyring, 'seal'>, channelId: ChannelId, secrets: Secrets): string =>
  keyring.seal(JSON.stringify(secrets), purposeOf(channelId));

const purposeOf = (channelId: ChannelId): string => `channel ${channelId}`;
