/** /v1/admin/audit/logs: what operators did, and who was turned away. */

import { Controller, Get, Inject, Query, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { LogFilter } from '../../projections/operator-log/operator-log.queries.js';
import { cursorOf, pageOf, READING, type Reading } from '../reading.js';
import { AUDITOR, Route } from '../route.js';
import { AuditLogListDto, AuditLogQueryDto, logEntryOf, logFilterOf } from './audit-log.dto.js';

const LIMIT_MAX = 100;

@Controller('v1/admin/audit/logs')
export class AuditLogsController {
  constructor(@Inject(READING) private readonly reading: Reading) {}

  @Get()
  @Route({
    access: AUDITOR,
    query: AuditLogQueryDto,
    answer: AuditLogListDto,
    summary: 'What operators did, newest first.',
  })
  async list(
    @Query() query: AuditLogQueryDto,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const page = pageOf(query, LIMIT_MAX);
    const asked = {
      filter: filterFor(request, logFilterOf(query)),
      sortBy: query.sort_by,
      direction: query.sort_dir,
    };
    await this.reading.catchUp();
    const { items, nextCursor } = await this.reading.operatorLog.list(asked, page);
    reply.send({ logs: items.map(logEntryOf), ...cursorOf(nextCursor) });
  }
}

/**
 * Whoever operates some tenants only asks what was done about one of them: entries are filed under the credential
 * that was used, and an operator's is nobody's tenant.
 */
function filterFor({ caller }: FastifyRequest, filter: LogFilter): LogFilter {
  if (caller?.type !== 'person' || caller.tenants === null) return filter;
  const { tenantId: aboutTenantId, ...rest } = filter;
  return { ...rest, aboutTenantId };
}
