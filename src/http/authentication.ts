/** Authentication: which key or person a request comes from, and whether its route takes that kind of caller. */

import { createHash, timingSafeEqual } from 'node:crypto';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { PresentedCredential } from '../domain/system/system.events.js';
import type { CookieSessions } from './cookie-sessions.js';
import type { Caller } from './correlation.js';
import type { KeyDirectory, KeyIdentity } from './directory.js';
import { HttpFailure } from './failure.js';
import type { People, Person } from './people.js';
import type { RefusedAccess } from './refused-access.js';
import type { Access } from './route.js';
import type { tenantLimits } from './tenant-limits.js';

export interface AuthenticationParts {
  readonly adminKey: string;
  readonly directory: KeyDirectory;
  readonly people: People;
  readonly cookies: CookieSessions;
  /** Where failures are counted. */
  readonly refused: Pick<RefusedAccess, 'note'>;
  readonly limits: ReturnType<typeof tenantLimits>;
}

/** A person's token, and how it came. */
interface PresentedToken {
  readonly token: string;
  readonly isCookie: boolean;
}

const BEARER = /^Bearer (.+)$/i;

export class Authentication {
  private readonly adminKeyHash: Buffer;

  constructor(private readonly parts: AuthenticationParts) {
    this.adminKeyHash = sha256(parts.adminKey);
  }

  /**
   * Sets the request's caller. Synchronous, but for a key that this process has not seen yet, and for people where
   * there are several nodes. Of several credentials the admin key counts first, then an API key, then a person's token, in a header or a cookie.
   * @throws HttpFailure 401, 403 for a person whose roles do not reach the route or whose browser asks for
   *   another page, 400 for a person who comes both ways
   */
  authenticate(access: Access, request: FastifyRequest, reply: FastifyReply): void | Promise<void> {
    const { by } = access;
    if (by === 'anyone') return;
    const { headers } = request;
    const takesOperators = by === 'operator' || by === 'either';
    const adminKey = headers['x-admin-api-key'];
    if (takesOperators && adminKey !== undefined) {
      if (!this.isAdminKey(adminKey)) {
        throw this.turnAway(request, 'admin_key', 'The admin API key is not valid.');
      }
      request.caller = { type: 'operator' };
      return;
    }
    const secret = headers['x-cycles-api-key'];
    const takesKeys = by === 'api_key' || by === 'either';
    if (by !== 'api_key' && !(takesKeys && secret !== undefined)) {
      const presented = this.presentedToken(request);
      if (presented !== null) {
        const person = this.parts.people.identify(presented.token, request.method !== 'GET');
        const admit = (found: Person | null) =>
          this.admitPerson(access, request, reply, { ...presented, found });
        return person instanceof Promise ? person.then(admit) : admit(person);
      }
      if (!takesKeys) {
        const wanted =
          by === 'person' ? 'A bearer token is missing: sign in first.' : 'X-Admin-API-Key is missing.';
        throw this.turnAway(request, 'none', wanted);
      }
    }
    if (typeof secret !== 'string') throw this.turnAway(request, 'none', 'X-Cycles-API-Key is missing.');
    const identity = this.parts.directory.identify(secret);
    if (identity instanceof Promise) return identity.then((found) => this.admit(found, request, reply));
    this.admit(identity, request, reply);
  }

  /**
   * Lets a person pass who operates the tenant that a request is about.
   * @throws HttpFailure 403 (as a rejection)
   */
  checkTenant(request: FastifyRequest): Promise<void> {
    return this.parts.limits(request);
  }

  /**
   * Lets a form pass that was filled in on a page of the same session.
   * @throws HttpFailure 403
   */
  checkForm(request: FastifyRequest): void {
    const { cookies } = this.parts;
    const token = cookies.tokenOf(request);
    if (token !== null) cookies.requireFormToken(request, token);
  }

  /** Hashed first, so that both sides have the same length and nothing shows in the time it takes. */
  private isAdminKey(given: string | string[]): boolean {
    return typeof given === 'string' && timingSafeEqual(sha256(given), this.adminKeyHash);
  }

  private admit(identity: KeyIdentity | null, request: FastifyRequest, reply: FastifyReply): void {
    if (identity === null) throw this.turnAway(request, 'api_key', 'The API key is not known.');
    request.caller = { type: 'api_key', ...identity } satisfies Caller;
    reply.header('X-Cycles-Tenant', identity.tenantId);
  }

  /** @throws HttpFailure 400 when a person comes both ways, 403 when another page sent them */
  private presentedToken(request: FastifyRequest): PresentedToken | null {
    const { authorization } = request.headers;
    const { cookies } = this.parts;
    const token = request.routeOptions.config.takesCookie ? cookies.tokenOf(request) : null;
    if (token === null) {
      if (authorization === undefined) return null;
      return { token: BEARER.exec(authorization)?.[1] ?? '', isCookie: false };
    }
    if (authorization !== undefined) {
      const message =
        'The request has a bearer token and the cookie of a session: only one of them can count.';
      throw new HttpFailure(400, 'INVALID_REQUEST', message, { field: 'authorization' });
    }
    cookies.requireOwnPage(request);
    return { token, isCookie: true };
  }

  private admitPerson(
    { by, roles = [] }: Access,
    request: FastifyRequest,
    reply: FastifyReply,
    { token, isCookie, found: person }: PresentedToken & { readonly found: Person | null },
  ): void {
    if (person === null) {
      if (isCookie) this.parts.cookies.clear(reply);
      const what = isCookie ? 'cookie’s session' : 'bearer token';
      throw this.turnAway(request, 'token', `The ${what} is not valid, or its time is over.`);
    }
    const { declaration } = request.routeOptions.config;
    if (isCookie && !declaration?.csrfInForm) this.parts.cookies.requireCsrfToken(request, token);
    request.caller = { type: 'person', ...person };
    const isAnybody = by === 'person' && roles.length === 0;
    if (isAnybody || person.roles.some((role) => roles.includes(role))) return;
    const message =
      roles.length === 0
        ? 'No operator may do this under a token: it takes the admin key.'
        : `This takes the role ${roles.join(' or ')}.`;
    throw new HttpFailure(403, 'FORBIDDEN', message, { roles });
  }

  private turnAway(request: FastifyRequest, presented: PresentedCredential, message: string): HttpFailure {
    this.parts.refused.note(request, presented);
    return new HttpFailure(401, 'UNAUTHORIZED', message);
  }
}

const sha256 = (text: string): Buffer => createHash('sha256').update(text).digest();
