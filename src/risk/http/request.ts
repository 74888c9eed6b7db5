/** A request over HTTP, whichever program or tool would send it. */
import type { Span } from '../../domain/assessment.js';
import type { Text } from '../files.js';

/** What a request carries. */
export type Body =
  | { readonly kind: 'none' }
  /** Text as it would be sent. */
  | {
      readonly kind: 'text';
      readonly text: string;
      readonly raw: string;
      readonly span: Span;
      readonly perhaps?: readonly string[];
    }
  /** Something is sent that cannot be seen: a file that was not sent along, a pipe, a variable. */
  | {
      readonly kind: 'hidden';
      readonly what: string;
      readonly span: Span;
      /** What it may be, when it is a file that may have been replaced. */
      readonly perhaps?: readonly string[];
    };

export interface HttpRequest {
  /** Upper case; null when it cannot be seen. */
  readonly method: string | null;
  /** As written; unknown parts stand as `$NAME`. */
  readonly url: string;
  readonly urlKnown: boolean;
  readonly headers: readonly string[];
  readonly body: Body;
  /** A token, a password or a cookie travels along. */
  readonly carriesCredential: boolean;
  readonly span: Span;
  readonly names: readonly string[];
  /** Other hosts that it may really reach: those of a detour. */
  readonly detours?: readonly string[];
}

export const NO_BODY: Body = { kind: 'none' };

/** The content of a file, or of a pipe, as a body: hidden unless it is known in full. */
export function bodyFrom(content: Text | null | undefined, what: string, span: Span): Body {
  const perhaps = content?.perhaps?.map((one) => one.text) ?? [];
  return content?.known === true
    ? { kind: 'text', text: content.text, raw: '', span, perhaps }
    : { kind: 'hidden', what, span, perhaps };
}

const CREDENTIAL_NAMES =
  /^(?:(?:proxy-)?authorization|cookie|[\w-]*(?:api-?key|access-?key|app(?:lication)?-key|auth-key|token|secret|password)|x-[\w-]*(?:key|secret|auth)[\w-]*)$/i;
/** Headers whose names sound like a credential and are none. */
const NO_CREDENTIALS = /idempotency-key|csrf|xsrf|continuation-token|page-?token|x-amz-target/i;

/** True for headers that authenticate: `Authorization: Bearer …`, `X-Api-Key: …`. */
export function isCredentialHeader(header: string): boolean {
  const colon = header.indexOf(':');
  const name = colon < 0 ? '' : header.slice(0, colon).trim();
  return name.length < 64 && CREDENTIAL_NAMES.test(name) && !NO_CREDENTIALS.test(name);
}

/** True when the address itself carries a credential, before the host or in its query. */
export function isCredentialAddress(address: string): boolean {
  return /\/\/[^/@]+@|[?&](?:api_?key|access_token|auth_token|token|key|X-Amz-Credential)=/i.test(address);
}

/** The value of a header, by its name in lower case; null when it is not sent. */
export function headerOf({ headers }: HttpRequest, name: string): string | null {
  const header = headers.find(
    (text) =>
      text.length > name.length &&
      text[name.length] === ':' &&
      text.slice(0, name.length).toLowerCase() === name,
  );
  return header === undefined ? null : header.slice(name.length + 1).trim();
}

/** Methods that by their definition change nothing. */
export function isSafeMethod(method: string): boolean {
  return method === 'GET' || method === 'HEAD' || method === 'OPTIONS' || method === 'TRACE';
}
