/** Answers in the protocol's shapes: errors, refusals, and the rendering of a writer's answer. */

import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Answer } from '../commands/writers.js';
import type { JsonObject } from '../domain/events.js';
import { type Refusal, reasonCodeOf } from '../domain/refusals.js';
import { printExact } from './json.js';
import { sendFailurePage } from './pages/failure-page.js';
import { denyDetailOf } from './runtime/deny-detail.dto.js';
import { type ErrorCode, type Plane, planeOfUrl, statusOf } from './status.js';

export interface ErrorAnswer {
  readonly status: number;
  readonly code: ErrorCode;
  readonly message: string;
  readonly details?: JsonObject;
}

/** Sends an error in the shape of both planes: error, message, request_id, trace_id, details. */
export function sendError(request: FastifyRequest, reply: FastifyReply, error: ErrorAnswer): void {
  const { code, message, details, status } = error;
  if (sendFailurePage(request, reply, error)) return;
  const inItsWords = request.routeOptions.config.declaration?.errorAs;
  if (inItsWords !== undefined && status !== 401 && status !== 403) {
    sendExact(reply, inItsWords(message));
    return;
  }
  const body = { error: code, message, request_id: request.id, trace_id: request.trace.traceId, details };
  sendExact(reply, body, status);
}

/** Sends a refusal with the status and code of the route's plane. */
export function sendRefusal(request: FastifyRequest, reply: FastifyReply, refused: Refusal): void {
  const plane: Plane = request.routeOptions.config.plane ?? planeOfUrl(request.url);
  const { message } = refused;
  if (refused.code === 'rate_limited') {
    announceRetry(reply, Number(refused.details?.['retry_after_ms'] ?? 0));
  }
  const details = detailsOf(refused);
  sendError(request, reply, { ...statusOf(refused.code, plane), message, ...(details && { details }) });
}

/** The details of a refusal, with what explains it where it is about budgets, policies or the tenant. */
function detailsOf({ code, details, deny }: Refusal): JsonObject | undefined {
  return deny === undefined ? details : { ...details, deny_detail: denyDetailOf(reasonCodeOf(code), deny) };
}

/** When to try again: in whole seconds from now, rounded up, and since the epoch. */
export function announceRetry(reply: FastifyReply, retryAfterMs: number): void {
  const retryAfterS = Math.max(1, Math.ceil(retryAfterMs / 1_000));
  reply.header('Retry-After', retryAfterS);
  reply.header('X-RateLimit-Reset', Math.floor(Date.now() / 1_000) + retryAfterS);
}

export type Settled = Exclude<Answer, { kind: 'refused' }>;

/**
 * Sends a writer's answer: a refusal as an error, anything else as `render` says, with a status.
 * The body is serialised by what the route declared for that status.
 */
export function sendAnswer(
  request: FastifyRequest,
  reply: FastifyReply,
  answer: Answer,
  render: (settled: Settled) => object,
  status = 200,
): void {
  if (answer.kind === 'refused') sendRefusal(request, reply, answer.refusal);
  else reply.code(status).send(render(answer));
}

/** Sends a body whose shape no compiled serialiser knows, with exact integers. */
export function sendExact(reply: FastifyReply, body: object, status = 200): void {
  reply.code(status).type('application/json; charset=utf-8').send(printExact(body));
}
