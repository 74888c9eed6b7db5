/** /admin/channels: how people are told about questions. For administrators of every tenant, and the admin key. */

import {
  Body,
  Controller,
  Delete,
  Get,
  HttpCode,
  Inject,
  Param,
  Patch,
  Post,
  Req,
  Res,
} from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { CHANNEL_DESK } from '../../commands/channels.js';
import { RemoveChannelCommand } from '../../commands/remove-channel.command.js';
import { SetChannelCommand } from '../../commands/set-channel.command.js';
import { SYSTEM, type SystemWriter } from '../../commands/writers.js';
import type { ChannelId } from '../../domain/ids.js';
import type { Channel } from '../../domain/system/channel.events.js';
import { systemRefusal } from '../../domain/system/system.refusals.js';
import type { ChannelDesk } from '../../ports/channel-desk.port.js';
import { failureOf } from '../admin/operator-failure.js';
import { originOf } from '../correlation.js';
import { HttpFailure } from '../failure.js';
import { isoOf } from '../ledger.dto.js';
import { OPERATOR, Route } from '../route.js';
import {
  ChannelChangesDto,
  ChannelDto,
  ChannelListDto,
  ChannelRequestDto,
  ChannelTestDto,
  NewChannelDto,
  settingsOf,
} from './channel.dto.js';
import { type GivenSettings, givenSettings } from './given-channel.js';

const ORDER = 10;

@Controller('admin/channels')
export class ChannelsController {
  constructor(
    private readonly commands: CommandBus,
    @Inject(SYSTEM) private readonly system: SystemWriter,
    @Inject(CHANNEL_DESK) private readonly desk: ChannelDesk,
  ) {}

  @Post()
  @Route({
    access: OPERATOR,
    body: ChannelRequestDto,
    answer: NewChannelDto,
    answers: 201,
    summary: 'Adds a channel; a webhook’s secret that the server makes is answered this once.',
  })
  async add(
    @Body() body: ChannelRequestDto,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const given = givenSettings(body, null) as GivenSettings;
    const { name, tenants = null, groups = [], order = ORDER } = body;
    const asked = { name, tenants, groups, order, settings: given.settings };
    const set = await this.commands.execute(
      new SetChannelCommand(originOf(request), null, asked, given.secrets),
    );
    if (set.kind === 'refused') throw failureOf(set.refusal);
    reply.code(201).header('Cache-Control', 'no-store');
    reply.send({
      ...this.shown(this.find(set.channelId)),
      ...(given.made !== null && { webhook_secret: given.made }),
    });
  }

  @Get()
  @Route({ access: OPERATOR, answer: ChannelListDto, summary: 'How people are told about questions.' })
  async list(@Res() reply: FastifyReply): Promise<void> {
    await this.system.refresh();
    const channels = [...this.system.current.channels.values()].sort((a, b) => a.order - b.order);
    reply.send({ channels: channels.map((channel) => this.shown(channel)) });
  }

  @Get(':channel_id')
  @Route({ access: OPERATOR, answer: ChannelDto, summary: 'A channel, and how its last messages went.' })
  async get(@Param('channel_id') id: string, @Res() reply: FastifyReply): Promise<void> {
    await this.system.refresh();
    reply.send(this.shown(this.find(id)));
  }

  @Patch(':channel_id')
  @Route({
    access: OPERATOR,
    body: ChannelChangesDto,
    answer: ChannelDto,
    summary: 'Changes a channel; secrets that are left out stay.',
  })
  async change(
    @Param('channel_id') id: string,
    @Body() body: ChannelChangesDto,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    await this.system.refresh();
    const known = this.find(id);
    const given = givenSettings(body, known.settings);
    if (given !== null && given.settings.kind !== known.settings.kind) {
      const message = `The channel is of the kind ${known.settings.kind}, which does not change.`;
      throw new HttpFailure(400, 'INVALID_REQUEST', message, { field: given.settings.kind });
    }
    const asked = {
      name: body.name ?? known.name,
      tenants: body.all_tenants ? null : (body.tenants ?? known.tenants),
      groups: body.groups ?? known.groups,
      order: body.order ?? known.order,
      settings: given?.settings ?? known.settings,
    };
    const set = await this.commands.execute(
      new SetChannelCommand(originOf(request), known.channelId, asked, given?.secrets ?? {}),
    );
    if (set.kind === 'refused') throw failureOf(set.refusal);
    reply.send(this.shown(this.find(id)));
  }

  @Delete(':channel_id')
  @Route({ access: OPERATOR, answers: 204, summary: 'Removes a channel.' })
  async remove(
    @Param('channel_id') id: string,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const removed = await this.commands.execute(new RemoveChannelCommand(originOf(request), id as ChannelId));
    if (removed.kind === 'refused') throw failureOf(removed.refusal);
    reply.code(204).send();
  }

  /** Waits for the receiver, ten seconds at most. */
  @Post(':channel_id/test')
  @HttpCode(200)
  @Route({ access: OPERATOR, answer: ChannelTestDto, summary: 'Sends a message that asks nothing.' })
  async test(@Param('channel_id') id: string, @Res() reply: FastifyReply): Promise<void> {
    await this.system.refresh();
    const error = await this.desk.test(this.find(id).channelId);
    reply.send({ delivered: error === null, ...(error !== null && { error }) });
  }

  private find(id: string): Channel & { readonly setAtMs: number } {
    const channel = this.system.current.channels.get(id as ChannelId);
    if (channel !== undefined) return channel;
    throw failureOf(systemRefusal('channel_not_found', `The channel ${id.slice(0, 64)} does not exist.`));
  }

  private shown(channel: Channel & { readonly setAtMs: number }): ChannelDto {
    const { channelId, name, tenants, groups, order, settings, setAtMs } = channel;
    const { lastSentAtMs = null, lastFailure = null } = this.system.current.health.get(channelId) ?? {};
    return {
      channel_id: channelId,
      name,
      kind: settings.kind,
      ...(tenants !== null && { tenants }),
      groups,
      order,
      ...settingsOf(channel),
      set_at: isoOf(setAtMs),
      waiting: this.desk.waitingFor(channelId),
      ...(lastSentAtMs !== null && { last_sent_at: isoOf(lastSentAtMs) }),
      ...(lastFailure !== null && {
        last_failure: { at: isoOf(lastFailure.atMs), error: lastFailure.error },
      }),
    };
  }
}
