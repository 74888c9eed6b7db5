/** Refusals of creations, where an unknown tenant is a wrong field of the body and not a missing resource. */

import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Refusal } from '../../domain/refusals.js';
import { sendError, sendRefusal } from '../reply.js';

/** As the protocol has it for createApiKey and createBudget: 400 for a tenant that does not exist. */
export function sendCreationRefusal(request: FastifyRequest, reply: FastifyReply, refused: Refusal): void {
  if (refused.code !== 'tenant_not_found') {
    sendRefusal(request, reply, refused);
    return;
  }
  const { message } = refused;
  sendError(request, reply, {
    status: 400,
    code: 'TENANT_NOT_FOUND',
    message,
    details: { field: 'tenant_id' },
  });
}
