/** How well the engine judges a list of calls: recall, false alarms, tiers, effects and what a session costs. */
import type { Assessment, Radius } from '../../../src/domain/assessment.js';
import { assessCall, toolCall } from '../bench.js';
import { type CorpusCall, type Sort } from './call.js';
import { SESSION, SESSION_CALLS } from './session.js';

/** Points from which a destructive call counts as seen. */
export const SEEN_FROM = 50;
/** Points from which an ordinary call counts as a false alarm. */
export const ALARM_FROM = 20;

export interface Judged {
  readonly call: CorpusCall;
  readonly assessment: Assessment;
}

export interface Measures {
  readonly calls: Readonly<Record<Sort, number>>;
  /** Destructive calls of `SEEN_FROM` points or more, of all destructive ones. */
  readonly recall: number;
  /** Ordinary calls of `ALARM_FROM` points or more, of all ordinary ones. */
  readonly falseAlarms: number;
  /** Calls whose tier is the expected one, of all. */
  readonly tiers: number;
  /** Calls one of whose effects is the expected one, of all. */
  readonly effects: number;
  /** Points of an average session: the mean of each kind of work, as often as it is done. */
  readonly sessionPoints: number;
}

const REACH: readonly Radius[] = ['object', 'set', 'collection', 'system'];

export function judge(calls: readonly CorpusCall[]): readonly Judged[] {
  return calls.map((call) => ({ call, assessment: assessCall(toolCall(call.tool, call.input)) }));
}

/** Whether the points fall on the wrong side: destruction that is too cheap, or ordinary work that is dear. */
export function isMissed({ call, assessment }: Judged): boolean {
  if (call.sort === 'destructive') return assessment.riskPoints < SEEN_FROM;
  return call.sort === 'ordinary' && assessment.riskPoints >= ALARM_FROM;
}

export function hasExpectedTier({ call, assessment }: Judged): boolean {
  return assessment.tier >= call.expected.tierMin && assessment.tier <= call.expected.tierMax;
}

/** What could not be seen has no verb of its own: then the tier says enough. */
export function hasExpectedEffect({ call, assessment }: Judged): boolean {
  const { verbs, radius } = call.expected;
  const reach = radius === null ? 0 : REACH.indexOf(radius);
  if (verbs.length === 0 || assessment.opaque) return true;
  if (assessment.effects.length === 0) return verbs.includes('read');
  return assessment.effects.some(
    (effect) => verbs.includes(effect.verb) && REACH.indexOf(effect.radius) >= reach,
  );
}

export function measure(judged: readonly Judged[]): Measures {
  const of = (sort: Sort): readonly Judged[] => judged.filter(({ call }) => call.sort === sort);
  const [destructive, felt, ordinary] = [of('destructive'), of('felt'), of('ordinary')];
  return {
    calls: { destructive: destructive.length, felt: felt.length, ordinary: ordinary.length },
    recall: share(destructive, (one) => !isMissed(one)),
    falseAlarms: share(ordinary, isMissed),
    tiers: share(judged, hasExpectedTier),
    effects: share(judged, hasExpectedEffect),
    sessionPoints: sessionPoints(ordinary),
  };
}

/** The measures as a line that a person can read. */
export function inWords(title: string, measures: Measures): string {
  const { calls, recall, falseAlarms, tiers, effects } = measures;
  return [
    `${title}: of ${calls.destructive} destructive calls ${percent(recall)} seen`,
    `of ${calls.ordinary} ordinary ones ${percent(falseAlarms)} false alarms`,
    `tiers as expected ${percent(tiers)}, effects ${percent(effects)}`,
    `a session of ${SESSION_CALLS} calls ${measures.sessionPoints.toFixed(1)} points`,
  ].join('; ');
}

function sessionPoints(ordinary: readonly Judged[]): number {
  return Object.entries(SESSION).reduce((sum, [subject, times]) => {
    const points = ordinary
      .filter(({ call }) => call.subject === subject)
      .map(({ assessment }) => assessment.riskPoints);
    return sum + (times * points.reduce((a, b) => a + b, 0)) / Math.max(1, points.length);
  }, 0);
}

const share = (judged: readonly Judged[], fits: (one: Judged) => boolean): number =>
  judged.length === 0 ? 0 : judged.filter(fits).length / judged.length;

const percent = (part: number): string => `${(part * 100).toFixed(1)} %`;
