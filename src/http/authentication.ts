/** Authentication: which key a request carries, and whether its route takes that kind of key. */

import { createHash, timingSafeEqual } from 'node:crypto';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Caller } from './correlation.js';
import type { KeyDirectory, KeyIdentity } from './directory.js';
import { HttpFailure } from './failure.js';
import type { Access } from './route.js';

export class Authentication {
  private readonly adminKeyHash: Buffer;

  constructor(
    private readonly directory: KeyDirectory,
    adminKey: string,
  ) {
    this.adminKeyHash = sha256(adminKey);
  }

  /**
   * Sets the request's caller. Synchronous, but for a key that this process has not seen yet.
   * @throws HttpFailure 401
   */
  authenticate(access: Access, request: FastifyRequest, reply: FastifyReply): void | Promise<void> {
    if (access.by === 'anyone') return;
    const adminKey = request.headers['x-admin-api-key'];
    if (access.by !== 'api_key' && adminKey !== undefined) {
      if (!this.isAdminKey(adminKey)) throw unauthorized('The admin API key is not valid.');
      request.caller = { type: 'operator' };
      return;
    }
    if (access.by === 'operator') throw unauthorized('X-Admin-API-Key is missing.');
    const secret = request.headers['x-cycles-api-key'];
    if (typeof secret !== 'string') throw unauthorized('X-Cycles-API-Key is missing.');
    const identity = this.directory.identify(secret);
    if (identity instanceof Promise) return identity.then((found) => admit(found, request, reply));
    admit(identity, request, reply);
  }

  /** Hashed first, so that both sides have the same length and nothing shows in the time it takes. */
  private isAdminKey(given: string | string[]): boolean {
    return typeof given === 'string' && timingSafeEqual(sha256(given), this.adminKeyHash);
  }
}

const sha256 = (text: string): Buffer => createHash('sha256').update(text).digest();

function admit(identity: KeyIdentity | null, request: FastifyRequest, reply: FastifyReply): void {
  if (identity === null) throw unauthorized('The API key is not known.');
  request.caller = { type: 'api_key', ...identity } satisfies Caller;
  reply.header('X-Cycles-Tenant', identity.tenantId);
}

const unauthorized = (message: string): HttpFailure => new HttpFailure(401, 'UNAUTHORIZED', message);
