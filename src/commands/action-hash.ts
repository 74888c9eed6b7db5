/** The hash that names exactly one call: what a signed answer, and later an approval, is bound to. */

import { createHash } from 'node:crypto';
import type { Proposal } from '../domain/assessment.js';
import { canonicalJson } from '../domain/canonical-json.js';
import type { TenantId } from '../domain/ids.js';

/**
 * SHA-256 over the canonical JSON (RFC 8785) of tenant, session, tool, server, input, directory and the digest
 * of every attached file, in lower-case hex. Free text and timestamps are no part of it.
 */
export function actionHashOf(tenantId: TenantId, sessionId: string, { tool, cwd, files }: Proposal): string {
  const bound = {
    tenant: tenantId,
    session: sessionId,
    tool: tool.name,
    server: tool.server,
    input: tool.input,
    cwd,
    files: files.map(({ path, sha256 }) => ({ path, sha256 })),
  };
  return createHash('sha256').update(canonicalJson(bound)).digest('hex');
}
