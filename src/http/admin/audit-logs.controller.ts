/** /v1/admin/audit/logs: what operators did, and who was turned away. */

import { Controller, Get, Inject, Query, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
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
  async list(@Query() query: AuditLogQueryDto, @Res() reply: FastifyReply): Promise<void> {
    const page = pageOf(query, LIMIT_MAX);
    const asked = { filter: logFilterOf(query), sortBy: query.sort_by, direction: query.sort_dir };
    await this.reading.catchUp();
    const { items, nextCursor } = await this.reading.operatorLog.list(asked, page);
    reply.send({ logs: items.map(logEntryOf), ...cursorOf(nextCursor) });
  }
}
