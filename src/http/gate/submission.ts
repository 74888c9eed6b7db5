/** From checked bodies to the commands that ask for a tool call and settle it. */

import type { FastifyRequest } from 'fastify';
import { RecordOutcomeCommand } from '../../commands/record-outcome.command.js';
import { SubmitToolCallCommand } from '../../commands/submit-tool-call.command.js';
import type { DecisionId } from '../../domain/ids.js';
import { amountOf } from '../amounts.js';
import { originOf } from '../correlation.js';
import { tenantOfCaller } from '../reading.js';
import { proposalOf } from './proposal.js';
import type { OutcomeRequestDto, ToolCallRequestDto } from './tool-call.dto.js';

/**
 * @param left whoever asked has gone away: nobody waits for people's answer any more
 * @throws HttpFailure 400 when a file is not what its digest says, or the idempotency keys differ
 */
export function submissionOf(
  request: FastifyRequest,
  body: ToolCallRequestDto,
  left?: AbortSignal,
): SubmitToolCallCommand {
  const { nonce: _nonce, wait_ms: waitMs = 0, ...meaning } = body;
  const submission = {
    harness: body.harness,
    sessionId: body.session_id,
    subject: body.subject ?? {},
    proposal: proposalOf(body),
    estimate: body.estimate ? amountOf(body.estimate) : null,
  };
  const origin = originOf(request, meaning);
  return new SubmitToolCallCommand(tenantOfCaller(request), origin, submission, waitMs, left);
}

/** @throws HttpFailure 400 when the idempotency keys differ */
export function outcomeOf(
  request: FastifyRequest,
  toolCallId: string,
  body: OutcomeRequestDto,
): RecordOutcomeCommand {
  return new RecordOutcomeCommand(tenantOfCaller(request), originOf(request, body), {
    toolCallId: toolCallId as DecisionId,
    status: body.status,
    httpStatus: body.http_status ?? null,
    exitCode: body.exit_code ?? null,
    error: body.error ?? null,
    outputSha256: body.output_sha256 ?? null,
    actual: body.actual ? amountOf(body.actual) : null,
  });
}
