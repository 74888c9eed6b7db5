/** The period that a report is about, as people name it. */

import { Complaint } from '../terminal.js';

export interface PeriodOptions {
  /** `2026-11`, a calendar month in UTC. */
  readonly month?: string;
  /** A date (`2026-11-01`, its midnight in UTC) or a moment (RFC 3339). */
  readonly from?: string;
  readonly to?: string;
}

const MONTH = /^(\d{4})-(0[1-9]|1[0-2])$/;
const DATE = /^\d{4}-\d{2}-\d{2}$/;
const MINUTE_MS = 60_000;
/** What a report is about that names no period, in ms. */
const LATELY_MS = 30 * 86_400_000;

/**
 * @returns moments as the server takes them; the last thirty days when nothing is given
 * @throws Complaint when they contradict each other or one is left out
 */
export function periodOf({ month, from, to }: PeriodOptions, nowMs: number): { from: string; to: string } {
  if (month !== undefined) {
    if (from !== undefined || to !== undefined)
      throw new Complaint('--month is a whole period: leave out --from and --to');
    return monthOf(month);
  }
  if (from === undefined && to === undefined) {
    const untilMs = Math.floor(nowMs / MINUTE_MS) * MINUTE_MS;
    return { from: momentOf(untilMs - LATELY_MS), to: momentOf(untilMs) };
  }
  if (from === undefined || to === undefined)
    throw new Complaint('a period has two ends: --from and --to, or --month');
  return { from: midnightOf(from), to: midnightOf(to) };
}

function monthOf(text: string): { from: string; to: string } {
  const [, year, month] = MONTH.exec(text) ?? [];
  if (year === undefined || month === undefined)
    throw new Complaint(`--month takes a month such as 2026-11, not "${text}"`);
  return { from: `${text}-01T00:00:00Z`, to: momentOf(Date.UTC(Number(year), Number(month))) };
}

const midnightOf = (text: string): string => (DATE.test(text) ? `${text}T00:00:00Z` : text);
const momentOf = (atMs: number): string => new Date(atMs).toISOString().replace('.000Z', 'Z');

/** A moment of an answer, in UTC, without the seconds where they are 0. */
export const shownMoment = (moment: unknown): string =>
  String(moment)
    .slice(0, 16)
    .replace('T', ' ')
    .replace(/ 00:00$/, '');
