/** GET /v1/action-kinds: the registry of built-in action kinds, for everyone. */

import { hash } from 'node:crypto';
import { Controller, Get, Inject, Param, Query, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { CLOCK } from '../../commands/writers.js';
import { ACTION_KINDS, actionKind, REGISTRY_VERSION } from '../../domain/action-kinds.js';
import { canonicalJson } from '../../domain/canonical-json.js';
import type { Clock } from '../../ports/clock.port.js';
import { sourceOf } from '../correlation.js';
import { listPage } from '../list-page.js';
import { cursorOf, pageOf } from '../reading.js';
import { announceRetry, sendError } from '../reply.js';
import { ANYONE, Route } from '../route.js';
import { SourceLimit } from '../source-limit.js';
import {
  ActionKindDto,
  ActionKindRegistryDto,
  ActionKindsQueryDto,
  builtInKindOf,
} from './action-kind.dto.js';

const LIMIT_MAX = 100;
const ASKED_PER_MINUTE = 60;
/** The registry changes with the program only; a client may keep it for an hour. */
const CACHED = 'public, max-age=3600';

interface Entry {
  readonly shown: ActionKindDto;
  /** Its place in the registry, for cursors. */
  readonly place: string;
}
const REGISTRY: readonly Entry[] = ACTION_KINDS.map((kind, nth) => ({
  shown: builtInKindOf(kind),
  place: String(nth).padStart(6, '0'),
}));
const CONTENT = hash('sha256', canonicalJson([REGISTRY_VERSION, REGISTRY]), 'base64url');

@Controller('v1/action-kinds')
export class ActionKindsController {
  private readonly limit: SourceLimit;

  constructor(@Inject(CLOCK) clock: Clock) {
    this.limit = new SourceLimit(clock, ASKED_PER_MINUTE);
  }

  @Get()
  @Route({
    access: ANYONE,
    query: ActionKindsQueryDto,
    answer: ActionKindRegistryDto,
    summary: 'List the built-in action kinds.',
  })
  list(
    @Query() query: ActionKindsQueryDto,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): void {
    const { risk_class: riskClass, deprecated = 'false' } = query;
    const page = pageOf(query, LIMIT_MAX);
    const question = { riskClass: riskClass ?? null, deprecated };
    const etag = etagOf({ ...question, ...page });
    if (isCurrent(etag, request, reply) || !this.mayPass(request, reply)) return;
    const found = REGISTRY.filter(
      ({ shown }) =>
        (riskClass === undefined || shown.risk_class === riskClass) &&
        (deprecated === 'true' || !shown.deprecated),
    );
    const { items, nextCursor } = listPage(found, ({ place }) => place, page, question);
    announce(etag, reply).send({
      version: REGISTRY_VERSION,
      kinds: items.map(({ shown }) => shown),
      ...cursorOf(nextCursor),
    });
  }

  @Get(':kind')
  @Route({ access: ANYONE, answer: ActionKindDto, summary: 'A built-in action kind by its exact name.' })
  get(@Param('kind') kind: string, @Req() request: FastifyRequest, @Res() reply: FastifyReply): void {
    const known = actionKind(kind);
    const etag = etagOf({ kind });
    if (known !== undefined && isCurrent(etag, request, reply)) return;
    if (!this.mayPass(request, reply)) return;
    if (known !== undefined) {
      announce(etag, reply).send(builtInKindOf(known));
      return;
    }
    const message = 'There is no such action kind in the registry.';
    sendError(request, reply, { status: 404, code: 'NOT_FOUND', message });
  }

  private mayPass(request: FastifyRequest, reply: FastifyReply): boolean {
    const waitMs = this.limit.take(sourceOf(request));
    if (waitMs === 0) return true;
    announceRetry(reply, waitMs);
    const message = `This may be asked ${ASKED_PER_MINUTE} times a minute; a request with If-None-Match is free.`;
    sendError(request, reply, { status: 429, code: 'LIMIT_EXCEEDED', message });
    return false;
  }
}

/** Names the content of an answer: the registry, and what of it was asked for. */
const etagOf = (asked: object): string =>
  `"${hash('sha256', canonicalJson([CONTENT, asked]), 'base64url').slice(0, 27)}"`;

const announce = (etag: string, reply: FastifyReply): FastifyReply =>
  reply.header('ETag', etag).header('Cache-Control', CACHED);

/** Answers whoever has the current content with 304, which costs next to nothing and is not counted. */
function isCurrent(etag: string, request: FastifyRequest, reply: FastifyReply): boolean {
  const tags = request.headers['if-none-match']?.split(',') ?? [];
  // RFC 9110 has If-None-Match compared weakly.
  const isThere = tags
    .map((tag) => tag.trim().replace(/^W\//, ''))
    .some((tag) => tag === etag || tag === '*');
  if (isThere) announce(etag, reply).code(304).send();
  return isThere;
}
