/** Prints how the engine does on the corpus, and every call of the tuning split that it misses, worst first. */
import { loadParsers } from '../../../src/risk/index.js';
import { HELD_OUT, TUNING } from './corpus.js';
import {
  hasExpectedEffect,
  hasExpectedTier,
  inWords,
  isMissed,
  type Judged,
  judge,
  measure,
} from './measures.js';

await loadParsers();
const judged = judge(TUNING);
console.log(inWords('tuning', measure(judged)));
console.log(inWords('held out', measure(judge(HELD_OUT))));
list('Destruction that is too cheap', isMissedAs('destructive'));
list('Ordinary work that is too dear', isMissedAs('ordinary'));
list('Another tier than expected', (one) => !isMissed(one) && !hasExpectedTier(one));
list('Another effect than expected', (one) => hasExpectedTier(one) && !hasExpectedEffect(one));

function isMissedAs(sort: string): (one: Judged) => boolean {
  return (one) => one.call.sort === sort && isMissed(one);
}

function list(title: string, fits: (one: Judged) => boolean): void {
  const missed = judged.filter(fits).sort((a, b) => distance(b) - distance(a));
  console.log(`\n## ${title}: ${missed.length}\n`);
  for (const { call, assessment } of missed) {
    const { tier, riskPoints, effects } = assessment;
    const { tierMin, tierMax, verbs, radius } = call.expected;
    const seen = effects.map((effect) => `${effect.verb} ${effect.radius}`).join(', ');
    console.log(`- \`${call.text}\``);
    console.log(
      `  ${call.subject}: expected ${tierMin}-${tierMax} ${verbs.join('|')} ${radius ?? ''}, ` +
        `is ${tier} with ${riskPoints} points (${seen})`,
    );
  }
}

/** How far the tier is from the expected one, in tiers, then in points. */
function distance({ call, assessment }: Judged): number {
  const { tierMin, tierMax } = call.expected;
  const tiers = Math.max(tierMin - assessment.tier, assessment.tier - tierMax, 0);
  return tiers * 1e6 + assessment.riskPoints;
}
