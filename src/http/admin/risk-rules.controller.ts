/** /admin/risk-rules: what operators say about programs and requests of their own. */

import { Body, Controller, Delete, Get, HttpCode, Param, Post, Query, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { RiskRuleId } from '../../domain/ids.js';
import type { Registry } from '../../domain/registry.js';
import { OPERATOR, READER, Route } from '../route.js';

import { type Look, RegistryDesk } from './registry-desk.js';
import { RiskRuleDto, RiskRuleListDto, RiskRuleRequestDto, ruleFrom, ruleOf } from './risk-rule.dto.js';
import { RegistryQueryDto } from './tool.dto.js';

/** One entry by its id. */
const byId =
  (id: string): Look =>
  ({ rules }, tenantId) => {
    const known = rules.get(id as RiskRuleId);
    return known && ruleOf(known, tenantId);
  };

@Controller('admin/risk-rules')
export class RiskRulesController {
  constructor(private readonly desk: RegistryDesk) {}

  @Post()
  @Route({
    access: OPERATOR,
    body: RiskRuleRequestDto,
    answer: RiskRuleDto,
    summary: 'Set a risk rule, or set it anew: it raises, and lowers only with `lowers`.',
  })
  async register(
    @Body() body: RiskRuleRequestDto,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const rule = ruleFrom(body);
    const look: Look = (registry: Registry, tenantId) => {
      const known = [...registry.rules.values()].find(({ name }) => name === rule.name);
      return known && ruleOf(known, tenantId);
    };
    const command = { type: 'SetRiskRule', rule } as const;
    await this.desk.register({ tenantId: body.tenant_id, request, reply }, body, { command, look });
  }

  @Get()
  @Route({
    access: READER,
    query: RegistryQueryDto,
    answer: RiskRuleListDto,
    summary: 'List the risk rules of a tenant.',
  })
  async list(
    @Query() query: RegistryQueryDto,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    await this.desk.list({ tenantId: query.tenant_id, request, reply }, ({ rules }, tenantId) => ({
      rules: [...rules.values()].map((known) => ruleOf(known, tenantId)),
    }));
  }

  @Get(':rule_id')
  @Route({
    access: READER,
    query: RegistryQueryDto,
    answer: RiskRuleDto,
    summary: 'Show a risk rule.',
  })
  async show(
    @Param('rule_id') id: string,
    @Query() query: RegistryQueryDto,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    await this.desk.show({ tenantId: query.tenant_id, request, reply }, id, byId(id));
  }

  @Delete(':rule_id')
  @HttpCode(200)
  @Route({
    access: OPERATOR,
    query: RegistryQueryDto,
    answer: RiskRuleDto,
    summary: 'Remove a risk rule.',
  })
  async remove(
    @Param('rule_id') id: string,
    @Query() query: RegistryQueryDto,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const command = { type: 'RemoveRiskRule', ruleId: id as RiskRuleId } as const;
    await this.desk.remove({ tenantId: query.tenant_id, request, reply }, id, { command, look: byId(id) });
  }
}
