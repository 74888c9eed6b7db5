/** Helpers of the risk tests: builds proposals and runs the engine on them. */
import { createHash } from 'node:crypto';
import type { Assessment, Proposal } from '../../src/domain/assessment.js';
import { assess, defaultRegistry, plainProfile, type RiskRegistry } from '../../src/risk/index.js';

export interface Surroundings {
  readonly files?: Readonly<Record<string, string>>;
  readonly context?: Readonly<Record<string, string>>;
  readonly registry?: RiskRegistry;
  readonly cwd?: string | null;
}

export function toolCall(
  name: string,
  input: unknown,
  { files = {}, context = {}, cwd = '/repo' }: Surroundings = {},
): Proposal {
  return {
    tool: { name, server: null, annotations: null, input },
    cwd,
    context,
    files: Object.entries(files).map(([path, content]) => ({
      path,
      content,
      sha256: createHash('sha256').update(content).digest('hex'),
    })),
  };
}

export function assessCall(proposal: Proposal, surroundings: Surroundings = {}): Assessment {
  return assess(proposal, surroundings.registry ?? defaultRegistry(), plainProfile());
}

export function assessCommand(command: string, surroundings: Surroundings = {}): Assessment {
  return assessCall(toolCall('Shell', { command }, surroundings), surroundings);
}
