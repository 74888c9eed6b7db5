/** /admin/environments: hosts and names that operators know to be production or not. */

import { Body, Controller, Delete, Get, HttpCode, Param, Post, Query, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { EnvironmentId } from '../../domain/ids.js';
import type { Registry } from '../../domain/registry.js';
import { OPERATOR, READER, Route } from '../route.js';
import {
  EnvironmentDto,
  EnvironmentListDto,
  EnvironmentRequestDto,
  environmentOf,
} from './environment.dto.js';
import { type Look, RegistryDesk } from './registry-desk.js';
import { RegistryQueryDto } from './tool.dto.js';

/** One entry by its id. */
const byId =
  (id: string): Look =>
  ({ environments }, tenantId) => {
    const known = environments.get(id as EnvironmentId);
    return known && environmentOf(known, tenantId);
  };

@Controller('admin/environments')
export class EnvironmentsController {
  constructor(private readonly desk: RegistryDesk) {}

  @Post()
  @Route({
    access: OPERATOR,
    body: EnvironmentRequestDto,
    answer: EnvironmentDto,
    summary: 'Register a host or a name as production, staging or development.',
  })
  async register(
    @Body() body: EnvironmentRequestDto,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const { tenant_id: _tenant, ...registration } = body;
    const look: Look = (registry: Registry, tenantId) => {
      const known = [...registry.environments.values()].find(
        ({ kind, value }) => kind === registration.kind && value === registration.value,
      );
      return known && environmentOf(known, tenantId);
    };
    const command = { type: 'RegisterEnvironment', registration } as const;
    await this.desk.register({ tenantId: body.tenant_id, request, reply }, body, { command, look });
  }

  @Get()
  @Route({
    access: READER,
    query: RegistryQueryDto,
    answer: EnvironmentListDto,
    summary: 'List the registered hosts and names of a tenant.',
  })
  async list(
    @Query() query: RegistryQueryDto,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    await this.desk.list({ tenantId: query.tenant_id, request, reply }, ({ environments }, tenantId) => ({
      environments: [...environments.values()].map((known) => environmentOf(known, tenantId)),
    }));
  }

  @Get(':environment_id')
  @Route({
    access: READER,
    query: RegistryQueryDto,
    answer: EnvironmentDto,
    summary: 'Show a registered host or name.',
  })
  async show(
    @Param('environment_id') id: string,
    @Query() query: RegistryQueryDto,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    await this.desk.show({ tenantId: query.tenant_id, request, reply }, id, byId(id));
  }

  @Delete(':environment_id')
  @HttpCode(200)
  @Route({
    access: OPERATOR,
    query: RegistryQueryDto,
    answer: EnvironmentDto,
    summary: 'Remove a registered host or name.',
  })
  async remove(
    @Param('environment_id') id: string,
    @Query() query: RegistryQueryDto,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const command = { type: 'RemoveEnvironment', environmentId: id as EnvironmentId } as const;
    await this.desk.remove({ tenantId: query.tenant_id, request, reply }, id, { command, look: byId(id) });
  }
}
