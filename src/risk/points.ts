/** What a tier costs before factors, and the tier that a number of points stands for. */
import type { Tier } from '../domain/assessment.js';

/** Points of a tier before factors. */
export const BASE_POINTS: Readonly<Record<Tier, number>> = { 0: 0, 1: 1, 2: 5, 3: 20, 4: 50 };

const TIERS: readonly Tier[] = [4, 3, 2, 1, 0];

/** The highest tier that costs no more: 35 points are tier 3. */
export function tierOfPoints(points: number): Tier {
  return TIERS.find((tier) => points >= BASE_POINTS[tier]) ?? 0;
}
