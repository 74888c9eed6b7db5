/** Narrowing caps by further caps. */

import type { Caps } from './facts.js';

/**
 * Both at once: of each limit the tighter one. Tool lists do not mix, since a list that allows nothing cannot be
 * said (cycles-protocol-v0, Caps): those of `by` replace the others where it has any.
 */
export function narrowed(caps: Caps | null, by: Caps | null): Caps | null {
  if (caps === null || by === null) return caps ?? by;
  const { toolAllowlist, toolDenylist } = by.toolAllowlist || by.toolDenylist ? by : caps;
  const maxTokens = tighter(caps.maxTokens, by.maxTokens, Math.min);
  const maxStepsRemaining = tighter(caps.maxStepsRemaining, by.maxStepsRemaining, Math.min);
  const cooldownMs = tighter(caps.cooldownMs, by.cooldownMs, Math.max);
  return {
    ...(maxTokens !== undefined && { maxTokens }),
    ...(maxStepsRemaining !== undefined && { maxStepsRemaining }),
    ...(toolAllowlist && { toolAllowlist }),
    ...(toolDenylist && { toolDenylist }),
    ...(cooldownMs !== undefined && { cooldownMs }),
  };
}

function tighter(
  a: number | undefined,
  b: number | undefined,
  pick: (a: number, b: number) => number,
): number | undefined {
  return a === undefined || b === undefined ? (a ?? b) : pick(a, b);
}
