/** From a checked body to the proposal that is assessed. */

import { createHash } from 'node:crypto';
import type { Proposal } from '../../domain/assessment.js';
import { HttpFailure } from '../failure.js';
import type { AssessmentRequestDto } from './tool-call.dto.js';

/** @throws HttpFailure 400 when a file is not what its digest says */
export function proposalOf(body: AssessmentRequestDto): Proposal {
  const { tool, files = [] } = body;
  for (const [index, file] of files.entries()) {
    if (createHash('sha256').update(file.content, 'utf8').digest('hex') === file.sha256) continue;
    const field = `files.${index}.sha256`;
    throw new HttpFailure(400, 'INVALID_REQUEST', `${field} is not the digest of the content.`, { field });
  }
  return {
    tool: {
      name: tool.name,
      server: tool.server ?? null,
      annotations: tool.annotations ?? null,
      input: tool.input,
    },
    cwd: body.cwd ?? null,
    context: body.context ?? {},
    files,
  };
}
