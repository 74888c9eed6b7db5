/** Answers requests about what is registered in a tenant: one way for tools, rules and environments. */

import { Inject, Injectable } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { ChangeRegistryCommand } from '../../commands/change-registry.command.js';
import { WRITERS, type Writers } from '../../commands/writers.js';
import type { RegistryCommand } from '../../domain/commands.js';
import type { TenantId } from '../../domain/ids.js';
import { isRefusal, refusal } from '../../domain/refusals.js';
import type { Registry } from '../../domain/registry.js';
import { originOf } from '../correlation.js';
import { sendRefusal } from '../reply.js';
import { sendCreationRefusal } from './creation.js';
import { inTenant, tenantNamed } from './state.js';

/** What one request is about, and where it is answered. */
export interface Exchange {
  readonly tenantId: string | undefined;
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
}

/** How an entry is found in the registry and shown; undefined when it is not there. */
export type Look = (registry: Registry, tenantId: TenantId) => object | undefined;

@Injectable()
export class RegistryDesk {
  constructor(
    private readonly commands: CommandBus,
    @Inject(WRITERS) private readonly writers: Writers,
  ) {}

  async list({ tenantId, request, reply }: Exchange, look: Look): Promise<void> {
    const named = tenantNamed(tenantId, reply);
    const list = await inTenant(this.writers, named, ({ registry }) => look(registry, named) ?? {});
    if (isRefusal(list)) sendRefusal(request, reply, list);
    else reply.send(list);
  }

  async show({ tenantId, request, reply }: Exchange, id: string, look: Look): Promise<void> {
    const found = await this.find(tenantNamed(tenantId, reply), id, look);
    if (isRefusal(found)) sendRefusal(request, reply, found);
    else reply.send(found);
  }

  /** 201 when that changes something, 200 for what is registered so already. */
  async register(
    { tenantId, request, reply }: Exchange,
    body: object,
    { command, look }: { readonly command: RegistryCommand; readonly look: Look },
  ): Promise<void> {
    const named = tenantNamed(tenantId, reply);
    const answer = await this.commands.execute(
      new ChangeRegistryCommand(named, originOf(request, body), command),
    );
    if (answer.kind === 'refused') {
      sendCreationRefusal(request, reply, answer.refusal);
      return;
    }
    const registered = await this.find(named, 'which was registered', look);
    if (isRefusal(registered)) sendRefusal(request, reply, registered);
    else reply.code(answer.kind === 'accepted' && answer.events.length > 0 ? 201 : 200).send(registered);
  }

  /** Answers what was removed. */
  async remove(
    { tenantId, request, reply }: Exchange,
    id: string,
    { command, look }: { readonly command: RegistryCommand; readonly look: Look },
  ): Promise<void> {
    const named = tenantNamed(tenantId, reply);
    const known = await this.find(named, id, look);
    if (isRefusal(known)) {
      sendRefusal(request, reply, known);
      return;
    }
    const answer = await this.commands.execute(new ChangeRegistryCommand(named, originOf(request), command));
    if (answer.kind === 'refused') sendRefusal(request, reply, answer.refusal);
    else reply.send(known);
  }

  private find(tenantId: TenantId, id: string, look: Look) {
    return inTenant(
      this.writers,
      tenantId,
      ({ registry }) =>
        look(registry, tenantId) ?? refusal('registration_not_found', `${id} is not registered.`),
    );
  }
}
