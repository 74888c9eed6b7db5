/** /v1/events and /v1/admin/events: the event stream, for a tenant's key and for operators. */

import { Controller, Get, Inject, Param, Query, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { ScopePath } from '../../domain/ids.js';
import type { Category } from '../../projections/notifications/notifications.queries.js';
import { HttpFailure } from '../failure.js';
import { checkScope, cursorOf, pageOf, READING, type Reading, tenantOfCaller } from '../reading.js';
import { sendExact, sendRefusal } from '../reply.js';
import { AUDITOR, keyThatMay, Route } from '../route.js';
import {
  NotificationQueryDto,
  notificationFilterOf,
  notificationOf,
  TenantNotificationQueryDto,
} from './notification.dto.js';

const LIMIT_MAX = 100;
/** What a tenant's key is told of (listTenantEvents). */
const OF_TENANTS: readonly Category[] = ['budget', 'reservation', 'tenant'];

@Controller('v1/events')
export class TenantNotificationsController {
  constructor(@Inject(READING) private readonly reading: Reading) {}

  @Get()
  @Route({
    access: keyThatMay('events:read'),
    query: TenantNotificationQueryDto,
    summary: 'What happened to the tenant, newest first.',
  })
  async list(
    @Query() query: TenantNotificationQueryDto,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const tenantId = tenantOfCaller(request);
    const scope = (query.scope?.toLowerCase() ?? `tenant:${tenantId}`) as ScopePath;
    const forbidden = checkScope(request.key, scope);
    if (forbidden !== null) {
      sendRefusal(request, reply, forbidden);
      return;
    }
    const page = pageOf(query, LIMIT_MAX);
    const filter = { ...notificationFilterOf(query), tenantId, among: OF_TENANTS };
    await this.reading.catchUp();
    const { items, nextCursor } = await this.reading.notifications.list(filter, page);
    sendExact(reply, { events: items.map(notificationOf), ...cursorOf(nextCursor) });
  }
}

@Controller('v1/admin/events')
export class NotificationsController {
  constructor(@Inject(READING) private readonly reading: Reading) {}

  @Get()
  @Route({ access: AUDITOR, query: NotificationQueryDto, summary: 'What happened, newest first.' })
  async list(@Query() query: NotificationQueryDto, @Res() reply: FastifyReply): Promise<void> {
    const page = pageOf(query, LIMIT_MAX);
    const filter = notificationFilterOf(query);
    const order = { sortBy: query.sort_by, direction: query.sort_dir };
    await this.reading.catchUp();
    const { items, nextCursor } = await this.reading.notifications.list(filter, page, order);
    sendExact(reply, { events: items.map(notificationOf), ...cursorOf(nextCursor) });
  }

  @Get(':event_id')
  @Route({ access: AUDITOR, summary: 'One notification with its payload.' })
  async find(@Param('event_id') eventId: string, @Res() reply: FastifyReply): Promise<void> {
    await this.reading.catchUp();
    const found = await this.reading.notifications.find(eventId);
    if (found === null) throw new HttpFailure(404, 'NOT_FOUND', `There is no event ${eventId}.`);
    sendExact(reply, notificationOf(found));
  }
}
