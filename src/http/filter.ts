/** The one place where whatever was thrown becomes an answer. */

import type { ArgumentsHost, ExceptionFilter } from '@nestjs/common';
import { Catch, HttpException } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { InternalError, Overloaded, ShuttingDown, Unavailable } from '../commands/writers.js';
import { ReadStoreFault } from '../ports/read-store.port.js';
import { drained } from './drain.js';
import { HttpFailure } from './failure.js';
import { sendError } from './reply.js';

/** When a client may try again after a fault, in seconds. */
const RETRY_AFTER_S = 1;

/** Answers what was thrown, by Fastify, by a controller, or by what it called. */
@Catch()
export class FailureFilter implements ExceptionFilter {
  /** @param authorize answers a key that may not call the route at all, and says whether it may */
  constructor(
    private readonly log: { error(fields: object, message: string): void },
    private readonly authorize: (request: FastifyRequest, reply: FastifyReply) => Promise<boolean>,
  ) {}

  catch(exception: unknown, host: ArgumentsHost): void {
    const request = host.switchToHttp().getRequest<FastifyRequest>();
    const reply = host.switchToHttp().getResponse<FastifyReply>();
    if (reply.sent) {
      this.log.error({ err: exception, requestId: request.id }, 'a request failed after it was answered');
      return;
    }
    if (isAboutContent(exception)) void this.answerContent(exception, request, reply);
    else this.answer(exception, request, reply);
  }

  /** Permission comes before content: only here is it looked up in time, so that good requests do not pay for it. */
  private async answerContent(
    exception: unknown,
    request: FastifyRequest,
    reply: FastifyReply,
  ): Promise<void> {
    if (isTooLarge(exception)) await drained(request.raw);
    // Whoever cannot be asked now may hear what is wrong with the request.
    const allowed = await this.authorize(request, reply).catch(() => true);
    if (allowed) this.answer(exception, request, reply);
  }

  private answer(exception: unknown, request: FastifyRequest, reply: FastifyReply): void {
    if (exception instanceof HttpFailure) {
      const { status, code, message, details } = exception;
      sendError(request, reply, { status, code, message, ...(details && { details }) });
    } else if (isInvalidCursor(exception)) {
      const { message } = exception;
      sendError(request, reply, {
        status: 400,
        code: 'INVALID_REQUEST',
        message: `${message}.`,
        details: { field: 'cursor' },
      });
    } else if (exception instanceof Overloaded) answerOverload(exception, request, reply);
    else if (isFault(exception)) answerFault(exception, request, reply);
    else if (exception instanceof HttpException) answerFramework(exception, request, reply);
    else {
      this.log.error({ err: causeOf(exception), requestId: request.id }, 'a request failed on our side');
      sendError(request, reply, {
        status: 500,
        code: 'INTERNAL_ERROR',
        message: 'The server failed on its side; what happened is in its log under this request_id.',
      });
    }
  }
}

/** Whether a request is refused for what is in it, whoever sent it. */
const isAboutContent = (exception: unknown): boolean =>
  exception instanceof HttpFailure
    ? exception.status === 400 || exception.status === 415
    : exception instanceof HttpException && exception.getStatus() !== 404;

const codeOf = (exception: unknown): string | undefined =>
  exception instanceof HttpException ? (exception.cause as { code?: string } | undefined)?.code : undefined;

const isTooLarge = (exception: unknown): boolean => codeOf(exception) === 'FST_ERR_CTP_BODY_TOO_LARGE';

/** Known by its name, since pages are the read models' own business. */
const isInvalidCursor = (exception: unknown): exception is Error =>
  exception instanceof Error && exception.name === 'InvalidCursor';

const causeOf = (exception: unknown): unknown =>
  exception instanceof InternalError ? (exception.cause ?? exception) : exception;

const isFault = (exception: unknown): exception is Error =>
  exception instanceof Unavailable ||
  exception instanceof ShuttingDown ||
  exception instanceof ReadStoreFault;

/**
 * A full queue is the caller's limit, except for settlements: clients take a 4xx on a commit as final and give
 * the hold back, so those get a 503.
 */
function answerOverload(exception: Overloaded, request: FastifyRequest, reply: FastifyReply): void {
  const retryAfterS = Math.max(1, Math.ceil(exception.retryAfterMs / 1000));
  reply.header('Retry-After', retryAfterS);
  const message = 'Too many requests of this tenant are waiting; try again shortly.';
  if (request.routeOptions.config.declaration?.settles) {
    sendError(request, reply, { status: 503, code: 'INTERNAL_ERROR', message });
    return;
  }
  reply.header('X-RateLimit-Reset', Math.floor(Date.now() / 1000) + retryAfterS);
  sendError(request, reply, { status: 429, code: 'LIMIT_EXCEEDED', message });
}

function answerFault(exception: Error, request: FastifyRequest, reply: FastifyReply): void {
  request.fault = exception.message;
  reply.header('Retry-After', RETRY_AFTER_S);
  sendError(request, reply, {
    status: 503,
    code: 'INTERNAL_ERROR',
    message: 'The server cannot do this at the moment; repeat the request under the same idempotency key.',
  });
}

/** What Fastify and Nest refuse by themselves, in the error shape of the protocol. */
function answerFramework(exception: HttpException, request: FastifyRequest, reply: FastifyReply): void {
  const status = exception.getStatus();
  if (status === 404) {
    answerUnknownRoute(request, reply);
    return;
  }
  const code = codeOf(exception);
  if (isTooLarge(exception)) {
    const { bodyLimit } = request.routeOptions;
    sendError(
      request,
      reply,
      invalidBody(`The body is larger than ${bodyLimit} bytes, which this operation allows.`),
    );
  } else if (code === 'FST_ERR_CTP_INVALID_MEDIA_TYPE') {
    const message = 'The body must be application/json.';
    sendError(request, reply, { status: 415, code: 'INVALID_REQUEST', message });
  } else {
    sendError(request, reply, invalidBody('The request is malformed.'));
  }
}

const invalidBody = (message: string) => ({
  status: 400,
  code: 'INVALID_REQUEST' as const,
  message,
  details: { field: 'body' },
});

/** 405 where the path exists under another method, else 404. */
function answerUnknownRoute(request: FastifyRequest, reply: FastifyReply): void {
  const path = request.url.split('?', 1)[0] ?? '';
  const allowed = request.server.methodsOf(path);
  if (allowed.length > 0) {
    reply.header('Allow', allowed.join(', '));
    const message = `${request.method} is not an operation of this path.`;
    sendError(request, reply, { status: 405, code: 'INVALID_REQUEST', message });
    return;
  }
  const message = 'There is no such operation.';
  sendError(request, reply, { status: 404, code: 'NOT_FOUND', message });
}
