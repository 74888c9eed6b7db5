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

const required = (field: string): HttpFailure => invalid(`${field} is required.`, field);

/**
 * The settings in a body; null when it has none.
 * @param known those that the channel has; null for a new one. Secrets that are left out stay, as long as they go where
 *   they went: to another place they are never sent because somebody changed an address
 * @throws HttpFailure 400 naming the field
 */
export function givenSettings(
  { slack, webhook, email }: Pick<ChannelChangesDto, 'slack' | 'webhook' | 'email'>,
  known: ChannelSettings | null,
): GivenSettings | null {
  const given = [slack, webhook, email].filter((settings) => settings !== undefined);
  if (given.length > 1 || (known === null && given.length === 0)) {
    throw invalid('Exactly one of slack, webhook and email must be given.', 'slack');
  }
  if (slack !== undefined) return ofSlack(slack, known);
  if (webhook !== undefined) return ofWebhook(webhook, known);
  return email === undefined ? null : ofEmail(email, known);
}

function ofSlack(given: SlackChannelDto, known: ChannelSettings | null): GivenSettings {
  const { conversation, people, bot_token: botToken, signing_secret: signingSecret } = given;
  if (given.api_url !== undefined) checkUrl(given.api_url, 'slack.api_url');
  const apiUrl = (given.api_url ?? SLACK_API).replace(/\/+$/, '');
  const isElsewhere = known?.kind !== 'slack' || known.apiUrl !== apiUrl;
  if (isElsewhere && botToken === undefined) throw required('slack.bot_token');
  if (isElsewhere && signingSecret === undefined) throw required('slack.signing_secret');
  return {
    settings: { kind: 'slack', conversation, people, apiUrl },
    secrets: {
      ...(botToken !== undefined && { botToken }),
      ...(signingSecret !== undefined && { signingSecret }),
    },
    made: null,
  };
}

function ofWebhook(
  { url, people = [], secret }: WebhookChannelDto,
  known: ChannelSettings | null,
): GivenSettings {
  checkUrl(url, 'webhook.url');
  const isElsewhere = known?.kind === 'webhook' && known.url !== url;
  if (isElsewhere && secret === undefined) throw required('webhook.secret');
  const made = known === null && secret === undefined ? newSecret() : null;
  const kept = secret ?? made;
  return { settings: { kind: 'webhook', url, people }, secrets: kept === null ? {} : { secret: kept }, made };
}

/** What looks like an address may still be none, such as one with a port that there cannot be. */
function checkUrl(url: string, field: string): void {
  if (!URL.canParse(url)) throw invalid(`${field} must be an address.`, field);
}

const newSecret = (): string => `whsec_${randomBytes(SECRET_BYTES).toString('base64')}`;

/** Where a password may go in the clear. */
const LOOPBACK = /^(?:localhost|127(?:\.\d{1,3}){3}|::1)$/;

function ofEmail(given: EmailChannelDto, known: ChannelSettings | null): GivenSettings {
  const { host, port, tls, username = null, password, from, people } = given;
  if (Object.keys(people).length === 0) {
    throw invalid('email.people must name somebody.', 'email.people');
  }
  for (const [name, address] of Object.entries(people)) {
    if (!ADDRESS.test(address)) {
      throw invalid('Each of email.people must be an address.', `email.people.${name.slice(0, 64)}`);
    }
  }
  const isElsewhere = known?.kind !== 'email' || known.host !== host || known.username !== username;
  if (isElsewhere && username !== null && password === undefined) throw required('email.password');
  if (username !== null && tls === 'none' && !LOOPBACK.test(host)) {
    throw invalid('A password goes to another machine over TLS only.', 'email.tls');
  }
  return {
    settings: { kind: 'email', host, port, tls, username, from, people },
    secrets: password === undefined ? {} : { password },
    made: null,
  };
}
