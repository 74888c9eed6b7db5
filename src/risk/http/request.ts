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
}

export const NO_BODY: Body = { kind: 'none' };

/** The content of a file, or of a pipe, as a body: hidden unless it is known in full. */
export function bodyFrom(content: Text | null | undefined, what: string, span: Span): Body {
  const perhaps = content?.perhaps?.map((one) => one.text) ?? [];
  return content?.known === true
    ? { kind: 'text', text: content.text, raw: '', span, perhaps }
    : { kind: 'hidden', what, span, perhaps };
}

/** True for headers that authenticate: `Authorization: Bearer …`, `X-Api-Key: …`. */
export function isCredentialHeader(header: string): boolean {
  return /^(?:(?:proxy-)?authorization|cookie|private-token|job-token|x-[\w-]*(?:key|token|secret|auth)[\w-]*|api-?key|apikey|project-access-token|team-access-token)\s*:/i.test(
    header,
  );
}

/** Methods that by their definition change nothing. */
export function isSafeMethod(method: string): boolean {
  return method === 'GET' || method === 'HEAD' || method === 'OPTIONS' || method === 'TRACE';
}
