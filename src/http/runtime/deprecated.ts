/** Action kinds that are deprecated (cycles-action-kinds, DEPRECATION PROCESS). */

import type { FastifyReply } from 'fastify';
import type { Writers } from '../../commands/writers.js';
import type { TenantId } from '../../domain/ids.js';

/** The built-in kinds are all in use. */
export const mayBeDeprecated = (kind: string): boolean => kind.startsWith('custom.');

/**
 * A kind that is deprecated goes on working; a header of the answer names what to use instead.
 */
export async function announceDeprecation(
  kind: string,
  reply: FastifyReply,
  { tenantId, writers }: { readonly tenantId: TenantId; readonly writers: Writers },
): Promise<void> {
  const replacement = await writers.read(tenantId, ({ kinds }) => {
    const declared = kinds.get(kind);
    return declared?.deprecated === true ? (declared.replacementKind ?? 'unknown.call') : null;
  });
  if (replacement !== null) reply.header('X-Cycles-Deprecated-Kind', replacement);
}
