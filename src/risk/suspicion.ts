/** Looks at what a text may be, and keeps only what would be grave if it were that. */
import type { Analysis } from './analysis.js';
import { asItLooks } from './shell/appearance.js';

const GRAVE_TIER = 3;
const CERTAIN_TIER = 4;

/**
 * Examines a text that is run only perhaps. Findings that are harmless, or that come from not understanding
 * prose as a command, are forgotten; what would be grave and was not found before stays. Returns whether anything stayed.
 */
export function suspect(analysis: Analysis, examine: () => void): boolean {
  const before = analysis.findings.length;
  const states = analysis.files.states();
  examine();
  analysis.files.doubtSince(states);
  const grave = analysis.findings
    .splice(before)
    .filter(
      ({ tier, opaque, selfProtection }) =>
        selfProtection === true || tier >= CERTAIN_TIER || (tier >= GRAVE_TIER && opaque !== true),
    )
    .filter(({ target, reason }) => {
      const seen = shown(target);
      return !analysis.findings.some((known) => known.reason === reason && shown(known.target) === seen);
    });
  analysis.findings.push(...grave);
  return grave.length > 0;
}

/** The same thing named with signs that nobody sees is the same thing. */
const shown = (target: string): string => asItLooks(target) ?? target;
