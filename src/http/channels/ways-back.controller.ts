/** Answers that come back through channels. Who sent one is proved by its signature, whose answer it is by the channel. */

import { Body, Controller, HttpCode, Inject, Param, Post, Req, Res } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { AnswerApprovalCommand } from '../../commands/answer-approval.command.js';
import { QUESTIONS, reaches, secretsOf, WAYS_BACK } from '../../commands/channels.js';
import { type Answer, CLOCK, KEYRING, SYSTEM, type SystemWriter } from '../../commands/writers.js';
import type { ChannelId, OperatorId } from '../../domain/ids.js';
import { refusal } from '../../domain/refusals.js';
import type { ChannelKind } from '../../domain/system/channel.events.js';
import type { WaysBack } from '../../ports/channel-desk.port.js';
import type { Clock } from '../../ports/clock.port.js';
import type { Keyring } from '../../ports/keyring.port.js';
import type { OpenChannel } from '../../ports/notifier.port.js';
import type { Questions } from '../../ports/questions.port.js';
import { originOfNobody } from '../correlation.js';
import { HttpFailure } from '../failure.js';
import { REFUSED_ACCESS, type RefusedAccess } from '../refused-access.js';
import { sendRefusal } from '../reply.js';
import { ANYONE, Route } from '../route.js';
import { SlackClickDto, WebhookAnswerDto } from './channel.dto.js';
import { type Click, clickOf } from './click.js';
import { SeenMessages } from './seen-messages.js';

/** Slack gives up after three seconds; what takes longer goes on after the answer, in ms. */
const SLACK_PATIENCE_MS = 2_000;

/** An answer as it came, and by whom. */
interface Given {
  readonly approvalId: string;
  readonly answer: 'approve' | 'reject';
  readonly operatorId: OperatorId;
  readonly note: string | null;
}

@Controller('approvals')
export class WaysBackController {
  private readonly seen: SeenMessages;

  constructor(
    private readonly commands: CommandBus,
    @Inject(SYSTEM) private readonly system: SystemWriter,
    @Inject(QUESTIONS) private readonly questions: Questions,
    @Inject(WAYS_BACK) private readonly waysBack: WaysBack,
    @Inject(REFUSED_ACCESS) private readonly refused: RefusedAccess,
    @Inject(KEYRING) private readonly keyring: Keyring,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {
    this.seen = new SeenMessages(clock);
  }

  /** A click on a button in Slack. Whoever clicked is told there when it did not count. */
  @Post('slack/:channel_id')
  @HttpCode(200)
  @Route({
    access: ANYONE,
    body: SlackClickDto,
    takesForm: true,
    keepsText: true,
    summary: 'Takes clicks from Slack, signed by it.',
  })
  async slack(
    @Param('channel_id') id: string,
    @Body() { payload }: SlackClickDto,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const channel = await this.find(id, 'slack', request);
    const signed = {
      timestamp: headerOf(request, 'x-slack-request-timestamp'),
      signature: headerOf(request, 'x-slack-signature'),
      nowMs: this.clock.now(),
    };
    if (!this.waysBack.isFromSlack(channel, request.text ?? '', signed)) throw this.turnAway(request);
    const click = clickOf(payload);
    const done = click === null ? null : this.carryOut(channel, click, request);
    if (done !== null) await this.withinPatience(done);
    reply.send({});
  }

  /** An answer signed with the channel's secret. */
  @Post('webhook/:channel_id')
  @HttpCode(200)
  @Route({
    access: ANYONE,
    body: WebhookAnswerDto,
    keepsText: true,
    summary: 'Takes answers signed as Standard Webhooks has it.',
  })
  async webhook(
    @Param('channel_id') id: string,
    @Body() body: WebhookAnswerDto,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const channel = await this.find(id, 'webhook', request);
    const headers = Object.fromEntries(SIGNED_HEADERS.map((name) => [name, headerOf(request, name)]));
    if (!this.waysBack.isSignedWebhook(channel, request.text ?? '', headers)) throw this.turnAway(request);
    const { settings, channelId } = channel;
    const operatorId = this.system.current.idsByName.get(body.operator);
    const isNamed = settings.kind === 'webhook' && settings.people.includes(body.operator);
    if (!isNamed || operatorId === undefined) {
      const message = `The channel does not answer for ${body.operator}.`;
      throw new HttpFailure(403, 'FORBIDDEN', message, { field: 'operator' });
    }
    const seen = `${channelId} ${headers['webhook-id']}`;
    if (!this.seen.add(seen)) {
      throw new HttpFailure(409, 'INVALID_REQUEST', 'This message was answered before.');
    }
    const { approval_id: approvalId, answer } = body;
    const note = body.note ?? null;
    const answered = await this.answer(channel, { approvalId, answer, operatorId, note }, request).catch(
      (error: unknown) => {
        this.seen.forget(seen);
        throw error;
      },
    );
    if (answered.kind === 'refused') sendRefusal(request, reply, answered.refusal);
    else reply.send({ approval_id: approvalId, answer, operator: body.operator });
  }

  private async carryOut(channel: OpenChannel, click: Click, request: FastifyRequest): Promise<void> {
    const problem = await this.problemWith(channel, click, request);
    if (problem !== null) await this.waysBack.whisper(channel, click.user, problem);
  }

  /** Why a click did not count, in a sentence; null when it did. */
  private async problemWith(
    channel: OpenChannel,
    { user, approvalId, answer }: Click,
    request: FastifyRequest,
  ): Promise<string | null> {
    const { settings } = channel;
    const name =
      settings.kind === 'slack' && Object.hasOwn(settings.people, user) ? settings.people[user] : undefined;
    const operatorId = name === undefined ? undefined : this.system.current.idsByName.get(name);
    if (operatorId === undefined) {
      return 'Your click does not count: this channel does not know which operator you are.';
    }
    try {
      const given = { approvalId, answer, operatorId, note: null };
      const answered = await this.answer(channel, given, request);
      return answered.kind === 'refused' ? answered.refusal.message : null;
    } catch {
      return 'Your answer could not be recorded: try again, or answer on the page.';
    }
  }

  /** Carries an answer to the ledger, which knows whether the person may give it. */
  private async answer(channel: OpenChannel, given: Given, request: FastifyRequest): Promise<Answer> {
    const { approvalId, answer, operatorId, note } = given;
    await this.questions.catchUp();
    const question = await this.questions.get(approvalId);
    if (question === null || !reaches(channel, question)) {
      const no = refusal('approval_not_found', `There is no open approval ${approvalId.slice(0, 64)}.`);
      return { kind: 'refused', refusal: no, nowMs: this.clock.now() };
    }
    const origin = { ...originOfNobody(request), actor: { type: 'operator', operatorId } } as const;
    const kind = channel.settings.kind === 'slack' ? 'slack' : 'webhook';
    const asked = { approvalId: question.approvalId, answer, channel: kind, note, passkey: null } as const;
    return this.commands.execute(new AnswerApprovalCommand(question.tenantId, origin, operatorId, asked));
  }

  /** @throws HttpFailure 401, whether there is no such channel, its secrets cannot be read or the signature is wrong */
  private async find(id: string, kind: ChannelKind, request: FastifyRequest): Promise<OpenChannel> {
    await this.system.refresh();
    const channel = this.system.current.channels.get(id as ChannelId);
    if (channel?.settings.kind !== kind) throw this.turnAway(request);
    const secrets = secretsOf(this.keyring, channel);
    if (secrets === null) throw this.turnAway(request);
    return { ...channel, secrets };
  }

  private turnAway(request: FastifyRequest): HttpFailure {
    this.refused.note(request, 'token');
    return new HttpFailure(401, 'UNAUTHORIZED', 'The signature is not valid.');
  }

  /** What fails later has been told in the conversation, or could not be. */
  private async withinPatience(done: Promise<void>): Promise<void> {
    let cancel = (): void => undefined;
    const patience = new Promise<void>((resolve) => {
      cancel = this.clock.after(SLACK_PATIENCE_MS, resolve);
    });
    await Promise.race([done.catch(() => undefined), patience]);
    cancel();
  }
}

const SIGNED_HEADERS = ['webhook-id', 'webhook-timestamp', 'webhook-signature'] as const;

function headerOf({ headers }: FastifyRequest, name: string): string {
  const value = headers[name];
  return typeof value === 'string' ? value : '';
}
