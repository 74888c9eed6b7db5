/** The days, weeks or months of a period, in UTC. */

import { periodAt } from '../../domain/period.js';

/** By what a report is divided in time. Weeks begin on Monday. */
export type Calendar = 'day' | 'week' | 'month';

export interface Stretch {
  /** `2026-11-23`, `2026-W48` or `2026-11`. */
  readonly label: string;
  readonly fromMs: number;
  readonly untilMs: number;
}

const LENGTHS = { day: 'daily', week: 'weekly', month: 'monthly' } as const;
const DAY_MS = 86_400_000;

/** In order; the first and the last may be parts of theirs. */
export function* stretchesOf(calendar: Calendar, fromMs: number, untilMs: number): Generator<Stretch> {
  for (let at = fromMs; at < untilMs; ) {
    const { startMs, endMs } = periodAt(LENGTHS[calendar], at);
    yield { label: LABELS[calendar](startMs), fromMs: at, untilMs: Math.min(endMs, untilMs) };
    at = endMs;
  }
}

const LABELS: Readonly<Record<Calendar, (startMs: number) => string>> = {
  day: (startMs) => new Date(startMs).toISOString().slice(0, 10),
  month: (startMs) => new Date(startMs).toISOString().slice(0, 7),
  week: weekOf,
};

/** ISO 8601: a week belongs to the year of its Thursday. */
function weekOf(startMs: number): string {
  const thursday = new Date(startMs + 3 * DAY_MS);
  const year = thursday.getUTCFullYear();
  const week = Math.floor((thursday.getTime() - Date.UTC(year, 0, 1)) / (7 * DAY_MS)) + 1;
  return `${year}-W${String(week).padStart(2, '0')}`;
}
