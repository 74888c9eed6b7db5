/** The access log: one line a request, with no path values, bodies or keys in it. */

import fastJson from 'fast-json-stringify';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Logger } from 'pino';

/** The level of an access line, as pino numbers `info`. */
const INFO = 30;

/** Compiled, since a general logger's serialisation of each line costs a tenth of a whole request. */
const lineOf = fastJson({
  type: 'object',
  properties: {
    level: { type: 'integer' },
    time: { type: 'integer' },
    requestId: { type: 'string' },
    traceId: { type: 'string' },
    method: { type: 'string' },
    route: { type: 'string', nullable: true },
    status: { type: 'integer' },
    ms: { type: 'number' },
    tenant: { type: 'string' },
    key: { type: 'string' },
    fault: {},
  },
});

/** Where lines go, and whether any are wanted. */
export interface AccessLogOptions {
  readonly log: Logger;
  readonly to: { write(line: string): unknown };
}

/** What writes the line of an answered request, when the log is kept at level `info`. */
export function accessLog({
  log,
  to,
}: AccessLogOptions): (request: FastifyRequest, reply: FastifyReply) => void {
  return (request, reply) => {
    if (!log.isLevelEnabled('info')) return;
    const { caller, fault } = request;
    const key = caller?.type === 'api_key' ? caller : null;
    const line = lineOf({
      level: INFO,
      time: Date.now(),
      requestId: request.id,
      traceId: request.trace.traceId,
      method: request.method,
      route: request.routeOptions.url ?? null,
      status: reply.statusCode,
      ms: Math.round(reply.elapsedTime * 1000) / 1000,
      tenant: key?.tenantId,
      key: key?.keyId,
      fault: fault ?? undefined,
    });
    to.write(`${line}\n`);
  };
}
