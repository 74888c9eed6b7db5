/** /v1/admin/api-keys in the protocol's shape, /admin/api-keys with our own fields beside it. */

import {
  Body,
  Controller,
  Delete,
  Get,
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
import { IssueApiKeyCommand } from '../../commands/issue-api-key.command.js';
import { RevokeApiKeyCommand } from '../../commands/revoke-api-key.command.js';
import { UpdateApiKeyCommand } from '../../commands/update-api-key.command.js';
import { type Answer, CLOCK, WRITERS, type Writers } from '../../commands/writers.js';
import { DEFAULT_PERMISSIONS } from '../../domain/access.js';
import type { ApiKeyIssued, RecordedEvent } from '../../domain/events.js';
import type { KeyId, TenantId } from '../../domain/ids.js';
import { isRefusal, type Refusal, refusal } from '../../domain/refusals.js';
import type { Clock } from '../../ports/clock.port.js';
import { originOf } from '../correlation.js';
import { isoOf } from '../ledger.dto.js';
import { cursorOf, pageOf, READING, type Reading } from '../reading.js';
import { sendRefusal } from '../reply.js';
import { OPERATOR, READER, Route } from '../route.js';
import {
  ApiKeyChangesDto,
  ApiKeyDto,
  ApiKeyListDto,
  ApiKeyRequestDto,
  ApiKeysQueryDto,
  HarnessKeyChangesDto,
  HarnessKeyDto,
  HarnessKeyListDto,
  HarnessKeyRequestDto,
  IssuedKeyDto,
  keyChangesOf,
  keyOf,
  RevocationQueryDto,
  statusOfKey,
} from './api-key.dto.js';
import { sendCreationRefusal } from './creation.js';
import { orderOf } from './sorting.js';
import { inTenant, tenantNamed } from './state.js';

const LIMIT_MAX = 100;

/** What both paths do; they differ in the fields that they take and show. */
@Injectable()
export class ApiKeyDesk {
  constructor(
    private readonly commands: CommandBus,
    @Inject(WRITERS) private readonly writers: Writers,
    @Inject(READING) private readonly reading: Reading,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  async issue(body: HarnessKeyRequestDto, request: FastifyRequest, reply: FastifyReply): Promise<void> {
    const tenantId = tenantNamed(body.tenant_id, reply);
    const command = new IssueApiKeyCommand(tenantId, originOf(request, body), {
      name: body.name,
      description: body.description ?? null,
      permissions: body.permissions ?? DEFAULT_PERMISSIONS,
      scopeFilter: body.scope_filter ?? [],
      fixedSubject: body.fixed_subject ?? {},
      trusted: body.trusted ?? false,
      ownerOperatorId: body.owner_operator_id ?? null,
      expiresAtMs: body.expires_at === undefined ? null : Date.parse(body.expires_at),
      metadata: body.metadata ?? {},
    });
    const { answer, secret } = await this.commands.execute(command);
    if (answer.kind === 'refused') sendCreationRefusal(request, reply, answer.refusal);
    else reply.code(201).send(issuedOf(issuedEvent(answer), tenantId, secret));
  }

  async list(query: ApiKeysQueryDto, reply: FastifyReply): Promise<void> {
    const page = pageOf(query, LIMIT_MAX);
    await this.reading.catchUp();
    const filter = { tenantId: query.tenant_id, status: query.status, search: query.search };
    const nowMs = this.clock.now();
    const { items, nextCursor } = await this.reading.directory.keys(filter, page, nowMs, orderOf(query));
    reply.send({ keys: items.map((key) => keyOf(key, key.status)), ...cursorOf(nextCursor) });
  }

  /** Revokes at once: whatever is decided after this answer sees the key revoked. */
  revoke(keyId: string, reason: string | null, request: FastifyRequest, reply: FastifyReply): Promise<void> {
    return this.carryOut(keyId as KeyId, request, reply, (tenantId, id) =>
      this.commands.execute(new RevokeApiKeyCommand(tenantId, originOf(request), { keyId: id, reason })),
    );
  }

  /** Changes a key, for whatever is decided after this answer. */
  change(
    keyId: string,
    body: HarnessKeyChangesDto,
    request: FastifyRequest,
    reply: FastifyReply,
  ): Promise<void> {
    return this.carryOut(keyId as KeyId, request, reply, (tenantId, id) =>
      this.commands.execute(
        new UpdateApiKeyCommand(tenantId, originOf(request, body), {
          keyId: id,
          changes: keyChangesOf(body),
        }),
      ),
    );
  }

  /** Finds the key's tenant, sends the command, and shows the key as it then is. */
  private async carryOut(
    keyId: KeyId,
    request: FastifyRequest,
    reply: FastifyReply,
    send: (tenantId: TenantId, keyId: KeyId) => Promise<Answer>,
  ): Promise<void> {
    const shown = await this.settled(keyId, send);
    if (isRefusal(shown)) sendRefusal(request, reply, shown);
    else reply.header('X-Cycles-Tenant', shown.tenant_id).send(shown);
  }

  private async settled(
    keyId: KeyId,
    send: (tenantId: TenantId, keyId: KeyId) => Promise<Answer>,
  ): Promise<HarnessKeyDto | Refusal> {
    const tenantId = await this.reading.directory.tenantOfKey(keyId);
    if (tenantId === null) return unknownKey(keyId);
    const answer = await send(tenantId, keyId);
    if (answer.kind === 'refused') return answer.refusal;
    return inTenant(this.writers, tenantId, (state) => {
      const key = state.keys.get(keyId);
      return key === undefined
        ? unknownKey(keyId)
        : keyOf({ ...key, tenantId }, statusOfKey(key, answer.nowMs));
    });
  }
}

const unknownKey = (keyId: string): Refusal =>
  refusal('key_not_found', `The API key ${keyId} does not exist.`);

type Issued = RecordedEvent<ApiKeyIssued>;

function issuedEvent(answer: { kind: string; events?: readonly RecordedEvent[] }): Issued {
  const event = answer.events?.[0];
  if (event?.type !== 'ApiKeyIssued') throw new Error('an issued key without its event');
  return event;
}

const issuedOf = ({ data, metadata }: Issued, tenantId: TenantId, secret: string): IssuedKeyDto => ({
  key_id: data.keyId,
  key_secret: secret,
  key_prefix: data.prefix,
  tenant_id: tenantId,
  permissions: data.permissions,
  created_at: metadata.occurredAt,
  expires_at: isoOf(data.expiresAtMs),
});

@Controller('v1/admin/api-keys')
export class ApiKeysController {
  constructor(private readonly desk: ApiKeyDesk) {}

  @Post()
  @Route({
    access: OPERATOR,
    body: ApiKeyRequestDto,
    answer: IssuedKeyDto,
    summary: 'Issue an API key; its secret is answered this once.',
  })
  issue(
    @Body() body: ApiKeyRequestDto,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    return this.desk.issue(body, request, reply);
  }

  @Get()
  @Route({ access: READER, query: ApiKeysQueryDto, answer: ApiKeyListDto, summary: 'List API keys.' })
  list(@Query() query: ApiKeysQueryDto, @Res() reply: FastifyReply): Promise<void> {
    return this.desk.list(query, reply);
  }

  @Patch(':key_id')
  @Route({
    access: OPERATOR,
    body: ApiKeyChangesDto,
    answer: ApiKeyDto,
    summary: 'Changes what an API key may do.',
  })
  change(
    @Param('key_id') keyId: string,
    @Body() body: ApiKeyChangesDto,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    return this.desk.change(keyId, body, request, reply);
  }

  @Delete(':key_id')
  @Route({
    access: OPERATOR,
    query: RevocationQueryDto,
    answer: ApiKeyDto,
    summary: 'Revoke an API key for good, at once.',
  })
  revoke(
    @Param('key_id') keyId: string,
    @Query() query: RevocationQueryDto,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    return this.desk.revoke(keyId, query.reason ?? null, request, reply);
  }
}

@Controller('admin/api-keys')
export class HarnessKeysController {
  constructor(private readonly desk: ApiKeyDesk) {}

  @Post()
  @Route({
    access: OPERATOR,
    body: HarnessKeyRequestDto,
    answer: IssuedKeyDto,
    summary: 'Issue an API key; its secret is answered this once.',
  })
  issue(
    @Body() body: HarnessKeyRequestDto,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    return this.desk.issue(body, request, reply);
  }

  @Get()
  @Route({ access: READER, query: ApiKeysQueryDto, answer: HarnessKeyListDto, summary: 'List API keys.' })
  list(@Query() query: ApiKeysQueryDto, @Res() reply: FastifyReply): Promise<void> {
    return this.desk.list(query, reply);
  }

  @Patch(':key_id')
  @Route({
    access: OPERATOR,
    body: HarnessKeyChangesDto,
    answer: HarnessKeyDto,
    summary: 'Changes what an API key may do.',
  })
  change(
    @Param('key_id') keyId: string,
    @Body() body: HarnessKeyChangesDto,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    return this.desk.change(keyId, body, request, reply);
  }

  @Delete(':key_id')
  @Route({
    access: OPERATOR,
    query: RevocationQueryDto,
    answer: HarnessKeyDto,
    summary: 'Revoke an API key for good, at once.',
  })
  revoke(
    @Param('key_id') keyId: string,
    @Query() query: RevocationQueryDto,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    return this.desk.revoke(keyId, query.reason ?? null, request, reply);
  }
}
