/** /v1/admin/policies, and /admin/policies with what is ours: policies are written by operators only. */

import {
  Body,
  Controller,
  Delete,
  Get,
  HttpCode,
  Inject,
  Injectable,
  Param,
  Patch,
  Post,
  Query,
  Req,
  Res,
} from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { CreatePolicyCommand } from '../../commands/create-policy.command.js';
import { DeletePolicyCommand } from '../../commands/delete-policy.command.js';
import { UpdatePolicyCommand } from '../../commands/update-policy.command.js';
import { type Answer, WRITERS, type Writers } from '../../commands/writers.js';
import type { RecordedEvent } from '../../domain/events.js';
import type { PolicyId, ScopePath, TenantId } from '../../domain/ids.js';
import type { Policy } from '../../domain/policy-book.js';
import { isRefusal, type Refusal, refusal } from '../../domain/refusals.js';
import { originOf } from '../correlation.js';
import { listPage } from '../list-page.js';
import { checkScope, cursorOf, pageOf, READING, type Reading } from '../reading.js';
import { sendRefusal } from '../reply.js';
import { operatorOrKeyThatMay, operatorOrKeyThatWrites, Route } from '../route.js';
import { sendCreationRefusal } from './creation.js';
import {
  OwnPolicyChangesDto,
  OwnPolicyDto,
  OwnPolicyListDto,
  OwnPolicyRequestDto,
  PoliciesQueryDto,
  PolicyChangesDto,
  PolicyDto,
  PolicyListDto,
  PolicyRequestDto,
} from './policy.dto.js';
import { changesFrom, ownPolicyOf, policyOf, rulesFrom } from './policy-rules.js';
import { inTenant, ownerOf, readTenantOf, tenantNamed } from './state.js';

const LIMIT_MAX = 100;
/** The decider turns away every key, so that one which may not even ask hears of its permission first. */
const WRITER = operatorOrKeyThatWrites('policies:write');
const POLICY_READER = operatorOrKeyThatMay('policies:read');

/** How a policy is shown. */
type View = (policy: Policy, tenantId: TenantId) => object;

interface Exchange {
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
}

/** What both paths do; they differ in the fields that they take and show. */
@Injectable()
export class PolicyDesk {
  constructor(
    private readonly commands: CommandBus,
    @Inject(WRITERS) private readonly writers: Writers,
    @Inject(READING) private readonly reading: Reading,
  ) {}

  async create(body: OwnPolicyRequestDto, view: View, { request, reply }: Exchange): Promise<void> {
    const tenantId = ownerOf(body.tenant_id, request, reply);
    const command = new CreatePolicyCommand(tenantId, originOf(request, body), { rules: rulesFrom(body) });
    const answer = await this.commands.execute(command);
    if (answer.kind === 'refused') sendCreationRefusal(request, reply, answer.refusal);
    else await this.show(madeBy(answer), tenantId, view, { request, reply, status: 201 });
  }

  async list(query: PoliciesQueryDto, view: View, { request, reply }: Exchange): Promise<void> {
    const tenantId = readTenantOf(query.tenant_id, request, reply);
    const page = pageOf(query, LIMIT_MAX);
    const { limit: _limit, cursor: _cursor, ...asked } = query;
    const found = refusalOfReader(request, tenantId) ?? (await this.policiesOf(tenantId, query));
    if (isRefusal(found)) {
      sendRefusal(request, reply, found);
      return;
    }
    const { items, nextCursor } = listPage(found, ({ policyId }) => policyId, page, {
      ...asked,
      tenant_id: tenantId,
    });
    reply.send({ policies: items.map((policy) => view(policy, tenantId)), ...cursorOf(nextCursor) });
  }

  async get(id: string, view: View, { request, reply }: Exchange): Promise<void> {
    const tenantId = await this.tenantOf(id, request);
    const refused = tenantId === null ? unknownPolicy(id) : refusalOfReader(request, tenantId);
    if (refused || tenantId === null) sendRefusal(request, reply, refused ?? unknownPolicy(id));
    else await this.show(id as PolicyId, tenantId, view, { request, reply, status: 200 });
  }

  async change(
    id: string,
    body: OwnPolicyChangesDto,
    view: View,
    { request, reply }: Exchange,
  ): Promise<void> {
    const changes = changesFrom(body);
    await this.carryOut(id, { request, reply }, async (tenantId, policyId) => {
      const asked = { policyId, changes };
      const answer = await this.commands.execute(
        new UpdatePolicyCommand(tenantId, originOf(request, body), asked),
      );
      if (answer.kind === 'refused') sendRefusal(request, reply, answer.refusal);
      else await this.show(policyId, tenantId, view, { request, reply, status: 200 });
    });
  }

  /** Answers the policy as it was. */
  async remove(id: string, { request, reply }: Exchange): Promise<void> {
    await this.carryOut(id, { request, reply }, async (tenantId, policyId) => {
      const policy = await this.policy(policyId, tenantId);
      const answer = await this.commands.execute(
        new DeletePolicyCommand(tenantId, originOf(request), { policyId }),
      );
      if (answer.kind === 'refused') sendRefusal(request, reply, answer.refusal);
      else if (isRefusal(policy)) sendRefusal(request, reply, policy);
      else reply.send(ownPolicyOf(policy, tenantId));
    });
  }

  private async carryOut(
    id: string,
    { request, reply }: Exchange,
    act: (tenantId: TenantId, policyId: PolicyId) => Promise<void>,
  ): Promise<void> {
    const tenantId = await this.tenantOf(id, request);
    if (tenantId === null) {
      sendRefusal(request, reply, unknownPolicy(id));
      return;
    }
    if (request.caller?.type !== 'api_key') tenantNamed(tenantId, reply);
    await act(tenantId, id as PolicyId);
  }

  /** A key is asked about its own tenant only, whosesoever the policy is. */
  private async tenantOf(id: string, { caller }: FastifyRequest): Promise<TenantId | null> {
    return caller?.type === 'api_key' ? caller.tenantId : this.reading.directory.tenantOfPolicy(id);
  }

  private policiesOf(tenantId: TenantId, query: PoliciesQueryDto): Promise<readonly Policy[] | Refusal> {
    return inTenant(this.writers, tenantId, ({ policies }) =>
      [...policies.values()].filter((policy) => isAskedFor(policy, query)),
    );
  }

  private policy(policyId: PolicyId, tenantId: TenantId): Promise<Policy | Refusal> {
    return inTenant(
      this.writers,
      tenantId,
      ({ policies }) => policies.get(policyId) ?? unknownPolicy(policyId),
    );
  }

  private async show(
    policyId: PolicyId,
    tenantId: TenantId,
    view: View,
    { request, reply, status }: Exchange & { readonly status: number },
  ): Promise<void> {
    const policy = await this.policy(policyId, tenantId);
    if (isRefusal(policy)) sendRefusal(request, reply, policy);
    else reply.code(status).header('X-Cycles-Tenant', tenantId).send(view(policy, tenantId));
  }
}

/** Policies say something of the whole tenant, which a key that is limited to a part of it does not see. */
const refusalOfReader = ({ key }: FastifyRequest, tenantId: TenantId): Refusal | null =>
  checkScope(key, `tenant:${tenantId}` as ScopePath);

const unknownPolicy = (policyId: string): Refusal =>
  refusal('policy_not_found', `The policy ${policyId} does not exist.`);

function madeBy(answer: Exclude<Answer, { kind: 'refused' }>): PolicyId {
  const events: readonly RecordedEvent[] = answer.kind === 'replayed' ? [answer.event] : answer.events;
  const made = events.find((event) => event.type === 'PolicyCreated');
  if (made?.type !== 'PolicyCreated') throw new Error('a created policy without its event');
  return made.data.policyId;
}

function isAskedFor(policy: Policy, query: PoliciesQueryDto): boolean {
  const { status, scope_pattern: pattern, has_action_quotas: quotas, references_action_kind: kind } = query;
  return (
    (status === undefined || policy.status === status) &&
    (pattern === undefined || policy.scopePattern === pattern) &&
    (quotas === undefined || hasQuotas(policy) === (quotas === 'true')) &&
    (kind === undefined || mentions(policy, kind))
  );
}

const hasQuotas = ({ actionQuotas, riskClassQuotas }: Policy): boolean =>
  actionQuotas.length + riskClassQuotas.length > 0;

const mentions = ({ actionQuotas, allowedKinds, deniedKinds }: Policy, kind: string): boolean =>
  allowedKinds.includes(kind) ||
  deniedKinds.includes(kind) ||
  actionQuotas.some(({ actionKind }) => actionKind === kind);

@Controller('v1/admin/policies')
export class PoliciesController {
  constructor(private readonly desk: PolicyDesk) {}

  @Post()
  @Route({
    access: WRITER,
    body: PolicyRequestDto,
    answer: PolicyDto,
    answers: 201,
    summary: 'Make a policy, which decides from the next request on.',
  })
  create(
    @Body() body: PolicyRequestDto,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    return this.desk.create(body, policyOf, { request, reply });
  }

  @Get()
  @Route({
    access: POLICY_READER,
    query: PoliciesQueryDto,
    answer: PolicyListDto,
    summary: 'List the policies of a tenant.',
  })
  list(
    @Query() query: PoliciesQueryDto,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    return this.desk.list(query, policyOf, { request, reply });
  }

  @Patch(':policy_id')
  @Route({
    access: WRITER,
    body: PolicyChangesDto,
    answer: PolicyDto,
    summary: 'Change what a policy says; counters go on counting.',
  })
  change(
    @Param('policy_id') id: string,
    @Body() body: PolicyChangesDto,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    return this.desk.change(id, body, policyOf, { request, reply });
  }
}

@Controller('admin/policies')
export class OwnPoliciesController {
  constructor(private readonly desk: PolicyDesk) {}

  @Post()
  @Route({
    access: WRITER,
    body: OwnPolicyRequestDto,
    answer: OwnPolicyDto,
    answers: 201,
    summary: 'Make a policy, with required levels and degradation steps.',
  })
  create(
    @Body() body: OwnPolicyRequestDto,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    return this.desk.create(body, ownPolicyOf, { request, reply });
  }

  @Get()
  @Route({
    access: POLICY_READER,
    query: PoliciesQueryDto,
    answer: OwnPolicyListDto,
    summary: 'List the policies of a tenant with everything they say.',
  })
  list(
    @Query() query: PoliciesQueryDto,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    return this.desk.list(query, ownPolicyOf, { request, reply });
  }

  @Get(':policy_id')
  @Route({ access: POLICY_READER, answer: OwnPolicyDto, summary: 'A policy with everything it says.' })
  get(
    @Param('policy_id') id: string,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    return this.desk.get(id, ownPolicyOf, { request, reply });
  }

  @Patch(':policy_id')
  @Route({
    access: WRITER,
    body: OwnPolicyChangesDto,
    answer: OwnPolicyDto,
    summary: 'Change what a policy says; null takes a part away.',
  })
  change(
    @Param('policy_id') id: string,
    @Body() body: OwnPolicyChangesDto,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    return this.desk.change(id, body, ownPolicyOf, { request, reply });
  }

  @Delete(':policy_id')
  @HttpCode(200)
  @Route({ access: WRITER, answer: OwnPolicyDto, summary: 'Delete a policy for good.' })
  remove(
    @Param('policy_id') id: string,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    return this.desk.remove(id, { request, reply });
  }
}
