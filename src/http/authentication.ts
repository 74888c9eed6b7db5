/** Authentication: which key or person a request comes from, and whether its route takes that kind of caller. */

import { createHash, timingSafeEqual } from 'node:crypto';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { PresentedCredential } from '../domain/system/system.events.js';
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
  /** Where failures are counted. */
  readonly refused: Pick<RefusedAccess, 'note'>;
  readonly limits: ReturnType<typeof tenantLimits>;
}

export class Authentication {
  private readonly adminKeyHash: Buffer;

  constructor(private readonly parts: AuthenticationParts) {
    this.adminKeyHash = sha256(parts.adminKey);
  }

  /**
   * Sets the request's caller. Synchronous, but for a key that this process has not seen yet, and for people where
   * there are several nodes. Of several credentials the admin key counts first, then an API key, then a person's token.
   * @throws HttpFailure 401, or 403 for a person whose roles do not reach the route
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
      if (headers.authorization !== undefined) {
        const person = this.parts.people.identify(headers.authorization, request.method !== 'GET');
        if (person instanceof Promise)
          return person.then((found) => this.admitPerson(access, request, found));
        return this.admitPerson(access, request, person);
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

  /** Hashed first, so that both sides have the same length and nothing shows in the time it takes. */
  private isAdminKey(given: string | string[]): boolean {
    return typeof given === 'string' && timingSafeEqual(sha256(given), this.adminKeyHash);
  }

  private admit(identity: KeyIdentity | null, request: FastifyRequest, reply: FastifyReply): void {
    if (identity === null) throw this.turnAway(request, 'api_key', 'The API key is not known.');
    request.caller = { type: 'api_key', ...identity } satisfies Caller;
    reply.header('X-Cycles-Tenant', identity.tenantId);
  }

  private admitPerson({ by, roles = [] }: Access, request: FastifyRequest, person: Person | null): void {
    if (person === null) {
      throw this.turnAway(request, 'token', 'The bearer token is not valid, or its session is over.');
    }
    request.caller = { type: 'person', ...person };
    if (by === 'person' || person.roles.some((role) => roles.includes(role))) return;
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
