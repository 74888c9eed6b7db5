/** Bodies of /admin/channels. Secrets go in and never come out. */

import { IsBoolean, IsIn, IsInt, IsString, Matches, Max, MaxLength, Min, MinLength } from 'class-validator';
import { JSONSchema } from 'class-validator-jsonschema';
import {
  CHANNEL_KINDS,
  type Channel,
  type ChannelKind,
  type EmailSettings,
} from '../../domain/system/channel.events.js';
import { ListOf, Of, Optional, TextList, Texts } from '../fields.js';

const PEOPLE_MAX = 200;
const TLS = ['implicit', 'starttls', 'none'] as const;
const HTTP_URL = /^https?:\/\/[^\s/?#@]+([/?][^\s#]*)?$/;
/** No control character: it would end a line of the mail's head. */
export const ADDRESS = /^[^\s\p{C}<>,;:"@]+@[^\s\p{C}<>,;:"@]+$/u;
/** `whsec_` and base64 of 24 to 64 bytes (Standard Webhooks). */
const WEBHOOK_SECRET = /^whsec_[A-Za-z0-9+/]{32,88}={0,2}$/;

export class SlackChannelDto {
  /** Id of the conversation, such as `C024BE91L`. */
  @Matches(/^[A-Z0-9]{2,32}$/)
  readonly conversation!: string;

  /** Names of operators by ids of Slack users. */
  @Texts({ valueLengthMax: 128, membersMax: PEOPLE_MAX })
  readonly people!: Readonly<Record<string, string>>;

  @Optional()
  @Matches(/^[\x21-\x7e]{8,512}$/)
  readonly bot_token?: string;

  @Optional()
  @Matches(/^[\x21-\x7e]{8,512}$/)
  readonly signing_secret?: string;

  /** Base of the API, for Slack's government cloud and for tests; `https://slack.com/api` when left out. */
  @Optional()
  @Matches(HTTP_URL)
  @MaxLength(512)
  readonly api_url?: string;
}

export class WebhookChannelDto {
  @Matches(HTTP_URL)
  @MaxLength(2048)
  readonly url!: string;

  /** Names of operators for whom the receiver may answer. */
  @Optional()
  @TextList({ itemsMax: PEOPLE_MAX, lengthMax: 128 })
  readonly people?: readonly string[];

  /** Made by the server, and answered once, when left out. */
  @Optional()
  @Matches(WEBHOOK_SECRET)
  readonly secret?: string;
}

export class EmailChannelDto {
  @Matches(/^[A-Za-z0-9.:_-]{1,253}$/)
  readonly host!: string;

  @IsInt()
  @Min(1)
  @Max(65_535)
  readonly port!: number;

  /** From the first byte on, from the greeting on, or none, which is for a relay on this machine. */
  @IsIn(TLS)
  readonly tls!: EmailSettings['tls'];

  @Optional()
  @Matches(/^[^\p{C}]{1,256}$/u)
  readonly username?: string;

  @Optional()
  @Matches(/^[^\p{C}]{1,512}$/u)
  readonly password?: string;

  @Matches(ADDRESS)
  @MaxLength(254)
  readonly from!: string;

  /** Addresses by names of operators. */
  @Texts({ valueLengthMax: 254, membersMax: PEOPLE_MAX })
  readonly people!: Readonly<Record<string, string>>;
}

class ChannelPartsDto {
  /** All when left out. */
  @Optional()
  @TextList({ itemsMax: 256, lengthMax: 64 })
  readonly tenants?: readonly string[];

  /** All when left out. */
  @Optional()
  @TextList({ itemsMax: 64, lengthMax: 128 })
  readonly groups?: readonly string[];

  /** 10 when left out. The lowest are told first, higher ones when one before them has failed. */
  @Optional()
  @IsInt()
  @Min(1)
  @Max(100)
  readonly order?: number;

  @Optional()
  @Of(SlackChannelDto)
  readonly slack?: SlackChannelDto;

  @Optional()
  @Of(WebhookChannelDto)
  readonly webhook?: WebhookChannelDto;

  @Optional()
  @Of(EmailChannelDto)
  readonly email?: EmailChannelDto;
}

/** Exactly one of `slack`, `webhook` and `email`. */
export class ChannelRequestDto extends ChannelPartsDto {
  @MinLength(1)
  @MaxLength(128)
  readonly name!: string;
}

/** What is left out stays; of the settings of its kind, what is left out is no more, but for the secrets. */
export class ChannelChangesDto extends ChannelPartsDto {
  @Optional()
  @MinLength(1)
  @MaxLength(128)
  readonly name?: string;

  /** Takes the limit to some tenants away. */
  @Optional()
  @IsBoolean()
  readonly all_tenants?: boolean;
}

export class ChannelFailureDto {
  @IsString()
  readonly at!: string;

  @IsString()
  readonly error!: string;
}

export class ChannelDto extends ChannelRequestDto {
  @IsString()
  readonly channel_id!: string;

  @IsIn(CHANNEL_KINDS)
  readonly kind!: ChannelKind;

  @IsString()
  readonly set_at!: string;

  /** Messages that are being sent by the process that answers, or wait there. */
  @IsInt()
  readonly waiting!: number;

  @Optional()
  @IsString()
  readonly last_sent_at?: string;

  /** The last message that was given up; it stays here after others have arrived. */
  @Optional()
  @Of(ChannelFailureDto)
  readonly last_failure?: ChannelFailureDto;
}

/** With the secret that is shown this one time. */
export class NewChannelDto extends ChannelDto {
  @Optional()
  @IsString()
  readonly webhook_secret?: string;
}

export class ChannelListDto {
  @ListOf(ChannelDto)
  readonly channels!: readonly ChannelDto[];
}

export class ChannelTestDto {
  @IsIn([true, false])
  readonly delivered!: boolean;

  @Optional()
  @IsString()
  readonly error?: string;
}

/** A click in Slack: a form whose one field is JSON. */
@JSONSchema({ additionalProperties: true })
export class SlackClickDto {
  @MaxLength(131_072)
  readonly payload!: string;
}

/** An answer by webhook. */
export class WebhookAnswerDto {
  @Matches(/^apr_[0-9A-Z]{26}$/)
  readonly approval_id!: string;

  @IsIn(['approve', 'reject'])
  readonly answer!: 'approve' | 'reject';

  /** Name of the operator who answers. */
  @MinLength(1)
  @MaxLength(128)
  readonly operator!: string;

  @Optional()
  @MaxLength(1000)
  readonly note?: string;
}

/** The settings of a channel without its secrets, as they are told. */
export function settingsOf({ settings }: Channel): Pick<ChannelDto, 'slack' | 'webhook' | 'email'> {
  switch (settings.kind) {
    case 'slack': {
      const { conversation, people, apiUrl } = settings;
      return { slack: { conversation, people, api_url: apiUrl } };
    }
    case 'webhook':
      return { webhook: { url: settings.url, people: settings.people } };
    case 'email': {
      const { host, port, tls, username, from, people } = settings;
      return { email: { host, port, tls, ...(username !== null && { username }), from, people } };
    }
  }
}
