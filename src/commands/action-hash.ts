/** The hash that names exactly one call: what a signed answer and an approval are bound to. */

import { createHash } from 'node:crypto';
import type { Proposal } from '../domain/assessment.js';
import { boundTextOf } from '../domain/bound-call.js';
import type { TenantId } from '../domain/ids.js';

/** SHA-256 over what the call is bound by, in lower-case hex. */
export function actionHashOf(tenantId: TenantId, sessionId: string, { tool, cwd, files }: Proposal): string {
  const text = boundTextOf({ tenant: tenantId, session: sessionId, tool, cwd, files });
  return createHash('sha256').update(text).digest('hex');
}
