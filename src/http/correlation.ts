/** Who asks, in which trace, under which key: what every event of a request records. */

import { hash, randomUUID } from 'node:crypto';
import { isIP } from 'node:net';
import type { FastifyRequest } from 'fastify';
import { canonicalJson } from '../domain/canonical-json.js';
import type { Actor, Origin } from '../domain/events.js';
import type { KeyId, TenantId } from '../domain/ids.js';
import { HttpFailure } from './failure.js';
import type { Person } from './people.js';

/** Who sent a request, once authentication has passed. */
export type Caller =
  /** The admin key. */
  | { readonly type: 'operator' }
  | ({ readonly type: 'person' } & Person)
  | { readonly type: 'api_key'; readonly tenantId: TenantId; readonly keyId: KeyId };

export interface Trace {
  /** 32 lowercase hex digits. */
  readonly traceId: string;
  /** The inbound trace flags, for outbound `traceparent`; null when there were none. */
  readonly traceFlags: string | null;
}

const TRACEPARENT = /^00-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})$/;
const TRACE_ID = /^[0-9a-f]{32}$/;
const ALL_ZERO = /^0+$/;
const IDEMPOTENCY_KEY_LENGTH_MAX = 256;

export const newRequestId = (): string => `req_${randomUUID()}`;

/**
 * The trace of a request: `traceparent`, else `X-Cycles-Trace-Id`, else a new one; malformed headers count as
 * absent (cycles-protocol-v0, CORRELATION AND TRACING).
 */
export function traceOf(headers: FastifyRequest['headers']): Trace {
  const parent = headers['traceparent'];
  const parsed = typeof parent === 'string' ? TRACEPARENT.exec(parent) : null;
  if (parsed) {
    const [, traceId = '', spanId = '', traceFlags = null] = parsed;
    if (!ALL_ZERO.test(traceId) && !ALL_ZERO.test(spanId)) return { traceId, traceFlags };
  }
  const given = headers['x-cycles-trace-id'];
  if (typeof given === 'string' && TRACE_ID.test(given) && !ALL_ZERO.test(given)) {
    return { traceId: given, traceFlags: null };
  }
  return { traceId: newTraceId(), traceFlags: null };
}

/** A random UUID's digits: never all zero, and cheaper than random bytes. */
const newTraceId = (): string => randomUUID().replaceAll('-', '');

/**
 * The origin of a mutation.
 * @param body the parsed body, whose canonical form tells a replay from another request; fields that are no part
 *   of the request's meaning are left out by the caller
 * @throws HttpFailure 400 when the idempotency keys of header and body differ, or the header's is too long
 */
export function originOf(request: FastifyRequest, body?: object): Origin {
  return {
    ...originOfNobody(request),
    actor: actorOf(request.caller),
    idempotencyKey: idempotencyKeyOf(request, body),
    requestHash: body === undefined ? null : hashOf(body),
  };
}

/**
 * The address that a request comes from: the connection's, or what trusted proxies say of it. What they hand on that
 * is no address was made up by whoever sent it to them; then it is the last proxy's.
 */
export function sourceOf({ ip, socket }: FastifyRequest): string {
  return isIP(ip) === 0 ? (socket.remoteAddress ?? ip) : ip;
}

/** The origin of a request whose sender is not known, or not yet. */
export const originOfNobody = (request: FastifyRequest): Omit<Origin, 'actor'> => ({
  sourceIp: sourceOf(request),
  userAgent: request.headers['user-agent'] ?? null,
  requestId: request.id,
  traceId: request.trace.traceId,
  traceFlags: request.trace.traceFlags,
  idempotencyKey: null,
  requestHash: null,
});

function actorOf(caller: Caller | null): Actor {
  if (caller === null) throw new Error('a mutation without a caller');
  if (caller.type === 'api_key') return { type: 'api_key', keyId: caller.keyId };
  return caller.type === 'person' ? { type: 'operator', operatorId: caller.operatorId } : { type: 'admin' };
}

const hashOf = (body: object): string => hash('sha256', canonicalJson(body), 'hex');

function idempotencyKeyOf(request: FastifyRequest, body: { idempotency_key?: unknown } = {}): string | null {
  const header = request.headers['x-idempotency-key'];
  const key = body.idempotency_key;
  if (header === undefined) return typeof key === 'string' ? key : null;
  if (typeof header !== 'string' || header.length === 0 || header.length > IDEMPOTENCY_KEY_LENGTH_MAX) {
    throw keyFailure(`X-Idempotency-Key must have 1 to ${IDEMPOTENCY_KEY_LENGTH_MAX} characters.`);
  }
  if (typeof key === 'string' && key !== header) {
    throw keyFailure('X-Idempotency-Key and idempotency_key differ.');
  }
  return header;
}

const keyFailure = (message: string): HttpFailure =>
  new HttpFailure(400, 'INVALID_REQUEST', message, { field: 'idempotency_key' });
