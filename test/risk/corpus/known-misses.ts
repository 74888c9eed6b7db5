/** What the engine does not judge well yet: a call that it has learnt leaves these lists. */

/** Destructive calls of the tuning split that cost less than 50 points. */
export const KNOWN_MISSES: readonly string[] = [];

/** Ordinary calls of the tuning split that cost 20 points or more. */
export const KNOWN_ALARMS: readonly string[] = [];

/** How many of the tuning split's commands slip through in each disguise that works. */
export const KNOWN_SLIPS: Readonly<Record<string, number>> = {
  'in a process of Python': 2,
  'in a shell for a line': 1,
  'in Perl': 1,
  'an alias': 1,
  'printed into a shell': 1,
};

/** What is reached, and may not be lost again. */
export const FLOOR = {
  tuning: { tiers: 0.99, effects: 0.98, sessionPoints: 40 },
  heldOut: { recall: 0.98, falseAlarms: 0.01, sessionPoints: 60, slips: 0.002 },
} as const;
