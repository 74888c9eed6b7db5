/** Sessions of people in a browser: a cookie that no script reads, and what stands against requests of other pages. */

import { timingSafeEqual } from 'node:crypto';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Keyring } from '../ports/keyring.port.js';
import { HttpFailure } from './failure.js';
import { CSRF_HEADER, SESSION_COOKIE } from './route.js';

/** Injects `CookieSessions`. */
export const COOKIE_SESSIONS = Symbol('CookieSessions');

export class CookieSessions {
  /** Where people reach the server by https, the one origin they do it under; else null. */
  private readonly secureOrigin: string | null;
  private readonly publicOrigin: string | null;
  private readonly name: string;

  /** @param publicUrl where people reach the server; null when it is the address it is bound to */
  constructor(
    private readonly keyring: Pick<Keyring, 'digest'>,
    publicUrl: string | null,
  ) {
    this.publicOrigin = publicUrl === null ? null : new URL(publicUrl).origin;
    this.secureOrigin = this.publicOrigin?.startsWith('https:') ? this.publicOrigin : null;
    // A browser takes a cookie of this prefix from no other host, and not without TLS.
    this.name = this.secureOrigin === null ? SESSION_COOKIE : `__Host-${SESSION_COOKIE}`;
  }

  /**
   * The token in a request's cookie, whatever it is worth; null without one.
   * @throws HttpFailure 400 when there are several: one of them is not ours
   */
  tokenOf({ headers }: FastifyRequest): string | null {
    if (headers.cookie === undefined) return null;
    const prefix = `${this.name}=`;
    const found = headers.cookie
      .split(';')
      .map((cookie) => cookie.trim())
      .filter((cookie) => cookie.startsWith(prefix));
    if (found.length > 1) {
      const message = `The cookie ${this.name} is there more than once.`;
      throw new HttpFailure(400, 'INVALID_REQUEST', message, { field: 'cookie' });
    }
    return found[0]?.slice(prefix.length) ?? null;
  }

  /** Hands a browser its session, for as long as it lasts at most, in ms. */
  open(reply: FastifyReply, token: string, lastsMs: number): void {
    this.set(reply, token, Math.max(0, Math.floor(lastsMs / 1000)));
  }

  /** Takes the session from a browser again. */
  clear(reply: FastifyReply): void {
    this.set(reply, '', 0);
  }

  private set(reply: FastifyReply, value: string, maxAgeS: number): void {
    const secure = this.secureOrigin === null ? '' : '; Secure';
    const cookie = `${this.name}=${value}; Path=/; Max-Age=${maxAgeS}; HttpOnly; SameSite=Strict${secure}`;
    reply.header('Set-Cookie', cookie);
  }

  /** What a page of ours sends along to show that it, and no other page, asks: made from the session's own token. */
  csrfTokenOf(token: string): string {
    return this.keyring.digest(`csrf ${token}`);
  }

  /**
   * Lets a request change something under a session only with what that session's pages know.
   * @throws HttpFailure 403
   */
  requireCsrfToken(request: FastifyRequest, token: string): void {
    if (isRead(request)) return;
    const given = request.headers[CSRF_HEADER];
    if (typeof given === 'string' && isEqual(given, this.csrfTokenOf(token))) return;
    const message =
      given === undefined
        ? 'X-CSRF-Token is missing: GET /auth/me has it.'
        : 'X-CSRF-Token is not that of the session.';
    throw new HttpFailure(403, 'FORBIDDEN', message, { field: CSRF_HEADER });
  }

  /**
   * Lets a form change something under a session only with the field that the session's pages put into it.
   * @throws HttpFailure 403
   */
  requireFormToken({ body }: FastifyRequest, token: string): void {
    const given = (body as { readonly csrf_token?: unknown } | null | undefined)?.csrf_token;
    if (typeof given === 'string' && isEqual(given, this.csrfTokenOf(token))) return;
    const message = 'The form is not of this session: open its page again.';
    throw new HttpFailure(403, 'FORBIDDEN', message, { field: 'csrf_token' });
  }

  /**
   * Refuses what a browser says it sends for another page. A change must show that it comes from ours.
   * @throws HttpFailure 403
   */
  requireOwnPage(request: FastifyRequest): void {
    const { origin, host, 'sec-fetch-site': site } = request.headers;
    const isSameOrigin = site === 'same-origin';
    // An address that somebody typed has no page it comes from; a page that hides where it is still has its site.
    const isOwnSite = site === undefined || isSameOrigin || (isRead(request) && site === 'none');
    const isOwnOrigin = origin === undefined || (origin === 'null' ? isSameOrigin : this.isOwn(origin, host));
    const isShown = isRead(request) || isSameOrigin || origin !== undefined;
    if (isOwnSite && isOwnOrigin && isShown) return;
    const message = isShown
      ? 'The request comes from a page of another site.'
      : 'Only a page of this server can do this under a cookie: Origin is missing.';
    throw new HttpFailure(403, 'FORBIDDEN', message, { field: 'origin' });
  }

  private isOwn(origin: string, host = ''): boolean {
    if (this.secureOrigin !== null) return origin === this.secureOrigin;
    return origin === this.publicOrigin || origin === `http://${host.toLowerCase()}`;
  }
}

const isRead = ({ method }: FastifyRequest): boolean => method === 'GET' || method === 'HEAD';

/** In the same time wherever they differ. */
function isEqual(given: string, expected: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(expected)];
  return a.length === b.length && timingSafeEqual(a, b);
}
