/** /admin/tools: what operators register of the tools that agents use. */

import { Body, Controller, Delete, Get, HttpCode, Param, Post, Query, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { ToolId } from '../../domain/ids.js';
import type { Registry } from '../../domain/registry.js';
import { OPERATOR, READER, Route } from '../route.js';

import { type Look, RegistryDesk } from './registry-desk.js';
import { RegistryQueryDto, ToolDto, ToolListDto, ToolRequestDto, toolFrom, toolOf } from './tool.dto.js';

/** One entry by its id. */
const byId =
  (id: string): Look =>
  ({ tools }, tenantId) => {
    const known = tools.get(id as ToolId);
    return known && toolOf(known, tenantId);
  };

@Controller('admin/tools')
export class ToolsController {
  constructor(private readonly desk: RegistryDesk) {}

  @Post()
  @Route({
    access: OPERATOR,
    body: ToolRequestDto,
    answer: ToolDto,
    summary: 'Register the tools of a name pattern, or register them anew.',
  })
  async register(
    @Body() body: ToolRequestDto,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const tool = toolFrom(body);
    const look: Look = (registry: Registry, tenantId) => {
      const known = [...registry.tools.values()].find(
        ({ name, server }) => name === tool.name && server === tool.server,
      );
      return known && toolOf(known, tenantId);
    };
    const command = { type: 'RegisterTool', tool } as const;
    await this.desk.register({ tenantId: body.tenant_id, request, reply }, body, { command, look });
  }

  @Get()
  @Route({
    access: READER,
    query: RegistryQueryDto,
    answer: ToolListDto,
    summary: 'List the registered tools of a tenant.',
  })
  async list(
    @Query() query: RegistryQueryDto,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    await this.desk.list({ tenantId: query.tenant_id, request, reply }, ({ tools }, tenantId) => ({
      tools: [...tools.values()].map((known) => toolOf(known, tenantId)),
    }));
  }

  @Get(':tool_id')
  @Route({
    access: READER,
    query: RegistryQueryDto,
    answer: ToolDto,
    summary: 'Show a registered tool.',
  })
  async show(
    @Param('tool_id') id: string,
    @Query() query: RegistryQueryDto,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    await this.desk.show({ tenantId: query.tenant_id, request, reply }, id, byId(id));
  }

  @Delete(':tool_id')
  @HttpCode(200)
  @Route({
    access: OPERATOR,
    query: RegistryQueryDto,
    answer: ToolDto,
    summary: 'Remove a registered tool; its calls are then read like those of any other.',
  })
  async remove(
    @Param('tool_id') id: string,
    @Query() query: RegistryQueryDto,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const command = { type: 'RemoveTool', toolId: id as ToolId } as const;
    await this.desk.remove({ tenantId: query.tenant_id, request, reply }, id, { command, look: byId(id) });
  }
}
