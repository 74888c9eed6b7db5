/** What an administrator says of a channel, as the ledger keeps it and as it is encrypted. */

import { randomBytes } from 'node:crypto';
import type { Secrets } from '../../commands/channels.js';
import type { ChannelSettings } from '../../domain/system/channel.events.js';
import { HttpFailure } from '../failure.js';
import {
  ADDRESS,
  type ChannelChangesDto,
  type EmailChannelDto,
  type SlackChannelDto,
  type WebhookChannelDto,
} from './channel.dto.js';

const SLACK_API = 'https://slack.com/api';
const SECRET_BYTES = 32;

export interface GivenSettings {
  readonly settings: ChannelSettings;
  /** Those that were given, or made. */
  readonly secrets: Secrets;
  /** A secret that was made here and has to be told once. */
  readonly made: string | null;
}

const invalid = (message: string, field: string): HttpFailure =>
  new HttpFailure(400, 'INVALID_REQUEST', message, { field });

/**
 * The settings in a body; null when it has none.
 * @param isNew whether all secrets have to come along
 * @throws HttpFailure 400 naming the field
 */
export function givenSettings(
  { slack, webhook, email }: Pick<ChannelChangesDto, 'slack' | 'webhook' | 'email'>,
  isNew: boolean,
): GivenSettings | null {
  const given = [slack, webhook, email].filter((settings) => settings !== undefined);
  if (given.length > 1 || (isNew && given.length === 0)) {
    throw invalid('Exactly one of slack, webhook and email must be given.', 'slack');
  }
  if (slack !== undefined) return ofSlack(slack, isNew);
  if (webhook !== undefined) return ofWebhook(webhook, isNew);
  return email === undefined ? null : ofEmail(email, isNew);
}

function ofSlack(given: SlackChannelDto, isNew: boolean): GivenSettings {
  const { conversation, people, bot_token: botToken, signing_secret: signingSecret } = given;
  if (isNew && botToken === undefined) throw invalid('slack.bot_token is required.', 'slack.bot_token');
  if (isNew && signingSecret === undefined) {
    throw invalid('slack.signing_secret is required.', 'slack.signing_secret');
  }
  if (given.api_url !== undefined) checkUrl(given.api_url, 'slack.api_url');
  const apiUrl = (given.api_url ?? SLACK_API).replace(/\/+$/, '');
  return {
    settings: { kind: 'slack', conversation, people, apiUrl },
    secrets: {
      ...(botToken !== undefined && { botToken }),
      ...(signingSecret !== undefined && { signingSecret }),
    },
    made: null,
  };
}

function ofWebhook({ url, people = [], secret }: WebhookChannelDto, isNew: boolean): GivenSettings {
  checkUrl(url, 'webhook.url');
  const made = isNew && secret === undefined ? newSecret() : null;
  const kept = secret ?? made;
  return { settings: { kind: 'webhook', url, people }, secrets: kept === null ? {} : { secret: kept }, made };
}

/** What looks like an address may still be none, such as one with a port that there cannot be. */
function checkUrl(url: string, field: string): void {
  if (!URL.canParse(url)) throw invalid(`${field} must be an address.`, field);
}

const newSecret = (): string => `whsec_${randomBytes(SECRET_BYTES).toString('base64')}`;

function ofEmail(given: EmailChannelDto, isNew: boolean): GivenSettings {
  const { host, port, tls, username = null, password, from, people } = given;
  if (Object.keys(people).length === 0) {
    throw invalid('email.people must name somebody.', 'email.people');
  }
  for (const [name, address] of Object.entries(people)) {
    if (!ADDRESS.test(address)) {
      throw invalid('Each of email.people must be an address.', `email.people.${name.slice(0, 64)}`);
    }
  }
  if (isNew && username !== null && password === undefined) {
    throw invalid('email.password is required with email.username.', 'email.password');
  }
  return {
    settings: { kind: 'email', host, port, tls, username, from, people },
    secrets: password === undefined ? {} : { password },
    made: null,
  };
}
