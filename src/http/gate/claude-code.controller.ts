/** Claude Code's hook as an HTTP request: the events of the harness in, its own answers out. */

import { Body, Controller, Inject, Post, Req, Res } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { KEYRING } from '../../commands/writers.js';
import { claudeCode, permission } from '../../integrations/harnesses/claude-code.js';
import {
  type FinishedCall,
  type HookAnswer,
  type PendingCall,
  UnreadableEvent,
} from '../../integrations/harnesses/harness.js';
import type { Keyring } from '../../ports/keyring.port.js';
import { HttpFailure } from '../failure.js';
import { leaving } from '../leaving.js';
import { PUBLIC_ADDRESS, type PublicAddress } from '../public-address.js';
import { READING, type Reading, tenantOfCaller } from '../reading.js';
import { keyThatMay, Route } from '../route.js';
import { refTo, type Schema } from '../schema.js';
import { toolCallAnswer } from './answer.js';
import { ClaudeCodeEventDto } from './claude-code.dto.js';
import { outcomeOf, submissionOf } from './submission.js';
import { OutcomeRequestDto, ToolCallRequestDto } from './tool-call.dto.js';

const BODY_BYTES_MAX = 4 * 1024 * 1024;
const ERROR_LENGTH_MAX = 1000;
/** How long the harness waits for people, in ms: less than the minute that its settings give the request. */
const WAIT_MS = 50_000;
/** Where not even the event can be told, the no is the one to an ordinary call. */
const refusal = (message: string): object =>
  permission('deny', `${message} The call is denied: nothing was decided about it.`);
const TOOL_CALL = refTo(ToolCallRequestDto);
const OUTCOME = refTo(OutcomeRequestDto);

@Controller('gate/hooks')
export class ClaudeCodeController {
  constructor(
    private readonly commands: CommandBus,
    @Inject(READING) private readonly reading: Reading,
    @Inject(KEYRING) private readonly keyring: Keyring,
    @Inject(PUBLIC_ADDRESS) private readonly address: PublicAddress,
  ) {}

  /**
   * Asks the gate about the call in an event, or tells it what became of one. Whatever is wrong with the event or the
   * server, the answer is a 200 with a no in it: any other status would let the call run where the harness is not told
   * to block. A key that is not known stays a 401.
   */
  @Post('claude-code')
  @Route({
    access: keyThatMay('reservations:create'),
    body: ClaudeCodeEventDto,
    bodyBytesMax: BODY_BYTES_MAX,
    errorAs: refusal,
    summary: 'Answers an event of Claude Code’s HTTP hook.',
  })
  async hook(
    @Body() body: ClaudeCodeEventDto,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const { output } = await this.answer({ ...body }, request, leaving(reply));
    reply.code(200).type('application/json; charset=utf-8').send(output);
  }

  private async answer(
    payload: Readonly<Record<string, unknown>>,
    request: FastifyRequest,
    left: AbortSignal,
  ): Promise<HookAnswer> {
    const name = typeof payload['hook_event_name'] === 'string' ? payload['hook_event_name'] : null;
    try {
      const event = claudeCode.read(payload);
      if (event.kind === 'before') return await this.ask(event.call, name, request, left);
      if (event.kind === 'after') await this.settle(event.call, request);
      return claudeCode.noted;
    } catch (error) {
      if (error instanceof UnreadableEvent) {
        return claudeCode.deny(`${error.message} Without knowing the call it is denied.`, name);
      }
      if (!(error instanceof HttpFailure)) throw error;
      return claudeCode.deny(`The call is denied: ${error.message}`, name);
    }
  }

  private async ask(
    call: PendingCall,
    event: string | null,
    request: FastifyRequest,
    left: AbortSignal,
  ): Promise<HookAnswer> {
    const body = checked(ToolCallRequestDto, TOOL_CALL, request, {
      idempotency_key: call.callId ?? request.id,
      harness: claudeCode.name,
      session_id: call.sessionId,
      tool: { ...call.tool, annotations: null },
      cwd: call.cwd,
      wait_ms: WAIT_MS,
    });
    const command = submissionOf(request, body, left);
    const answer = await this.commands.execute(command);
    if (answer.kind === 'refused') {
      return claudeCode.deny(`The call is denied: ${answer.refusal.message}`, event);
    }
    const signing = {
      keyring: this.keyring,
      tenantId: command.tenantId,
      nonce: '',
      pageOf: this.address.approvalPage,
    };
    const { decision, message } = toolCallAnswer(answer, signing);
    const isAllowed = decision === 'ALLOW' || decision === 'ALLOW_WITH_CAPS';
    return isAllowed ? claudeCode.allow({ explicit: false }) : claudeCode.deny(message, event);
  }

  /** The call is found by the harness's own id of it; one that was never asked about has nothing to settle. */
  private async settle(call: FinishedCall, request: FastifyRequest): Promise<void> {
    const [, sessionId = '', callId = ''] = call.memo.split('\n');
    if (callId === '') return;
    await this.reading.catchUp();
    const toolCallId = await this.reading.actions.allowedCall(tenantOfCaller(request), sessionId, callId);
    if (toolCallId === null) return;
    const { status, exitCode } = call;
    const outcome = {
      status,
      ...(exitCode !== null && { exit_code: exitCode }),
      ...(call.error !== null && { error: call.error.slice(0, ERROR_LENGTH_MAX) }),
    };
    const body = checked(OutcomeRequestDto, OUTCOME, request, outcome);
    await this.commands.execute(outcomeOf(request, toolCallId, body));
  }
}

/** In the words of the gate, so that a harness's call meets the same checks as everybody's. @throws HttpFailure 400 */
function checked<T extends object>(
  _dto: abstract new () => T,
  schema: Schema,
  request: FastifyRequest,
  body: object,
): T {
  request.compileValidationSchema(schema, 'body')(body);
  return body as T;
}
