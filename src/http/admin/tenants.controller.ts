/** /v1/admin/tenants: opening, listing, changing, suspending and closing tenants. */

import { Body, Controller, Get, Inject, Param, Patch, Post, Query, Req, Res } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { OpenTenantCommand } from '../../commands/open-tenant.command.js';
import { UpdateTenantCommand } from '../../commands/update-tenant.command.js';
import { WRITERS, type Writers } from '../../commands/writers.js';
import type { TenantId } from '../../domain/ids.js';
import { isRefusal } from '../../domain/refusals.js';
import { originOf } from '../correlation.js';
import { cursorOf, pageOf, READING, type Reading } from '../reading.js';
import { sendRefusal } from '../reply.js';
import { OPERATOR, READER, Route } from '../route.js';
import { orderOf } from './sorting.js';
import { inTenant, tenantNamed, unknownTenant } from './state.js';
import {
  changesOf,
  requireExpiry,
  settingsOf,
  TENANT_ID,
  TenantChangesDto,
  TenantDto,
  TenantListDto,
  TenantRequestDto,
  TenantsQueryDto,
  tenantOf,
} from './tenant.dto.js';

const LIMIT_MAX = 100;

@Controller('v1/admin/tenants')
export class TenantsController {
  constructor(
    private readonly commands: CommandBus,
    @Inject(WRITERS) private readonly writers: Writers,
    @Inject(READING) private readonly reading: Reading,
  ) {}

  /** 201 for a new tenant, 200 for the same again, 409 for another under its id. */
  @Post()
  @Route({ access: OPERATOR, body: TenantRequestDto, answer: TenantDto, summary: 'Open a tenant.' })
  async open(
    @Body() body: TenantRequestDto,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    requireExpiry(body);
    const tenantId = tenantNamed(body.tenant_id, reply);
    const command = new OpenTenantCommand(tenantId, originOf(request, body), {
      name: body.name,
      parentTenantId: body.parent_tenant_id ?? null,
      settings: settingsOf(body),
      metadata: body.metadata ?? {},
    });
    const answer = await this.commands.execute(command);
    if (answer.kind === 'refused') sendRefusal(request, reply, answer.refusal);
    else
      await this.show(
        tenantId,
        request,
        reply,
        answer.kind === 'accepted' && answer.events.length > 0 ? 201 : 200,
      );
  }

  @Get()
  @Route({ access: READER, query: TenantsQueryDto, answer: TenantListDto, summary: 'List tenants.' })
  async list(@Query() query: TenantsQueryDto, @Res() reply: FastifyReply): Promise<void> {
    const page = pageOf(query, LIMIT_MAX);
    await this.reading.catchUp();
    const filter = {
      status: query.status,
      parentTenantId: query.parent_tenant_id,
      observeMode: query.observe_mode,
      search: query.search,
    };
    const { items, nextCursor } = await this.reading.directory.tenants(filter, page, orderOf(query));
    reply.send({ tenants: items.map(tenantOf), ...cursorOf(nextCursor) });
  }

  @Get(':tenant_id')
  @Route({ access: READER, answer: TenantDto, summary: 'A tenant and its settings.' })
  async get(
    @Param('tenant_id') tenantId: string,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    await this.show(tenantId, request, reply);
  }

  /**
   * Changes properties, and suspends, reactivates, or closes for good: the close releases, closes and revokes
   * everything that the tenant owns with the same event.
   */
  @Patch(':tenant_id')
  @Route({
    access: OPERATOR,
    body: TenantChangesDto,
    answer: TenantDto,
    summary: 'Changes a tenant; to close it is final.',
  })
  async change(
    @Param('tenant_id') tenantId: string,
    @Body() body: TenantChangesDto,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    if (!TENANT_ID.test(tenantId)) {
      sendRefusal(request, reply, unknownTenant(tenantId));
      return;
    }
    requireExpiry(body);
    const command = new UpdateTenantCommand(tenantId as TenantId, originOf(request, body), {
      changes: changesOf(body),
      status: body.status ?? null,
      reason: null,
    });
    const answer = await this.commands.execute(command);
    if (answer.kind === 'refused') sendRefusal(request, reply, answer.refusal);
    else await this.show(tenantId, request, reply);
  }

  private async show(
    tenantId: string,
    request: FastifyRequest,
    reply: FastifyReply,
    status = 200,
  ): Promise<void> {
    const tenant = await inTenant(this.writers, tenantId, (state) => state.tenant ?? unknownTenant(tenantId));
    if (isRefusal(tenant)) sendRefusal(request, reply, tenant);
    else reply.code(status).header('X-Cycles-Tenant', tenantId).send(tenantOf(tenant));
  }
}
