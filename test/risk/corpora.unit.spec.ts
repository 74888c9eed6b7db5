/** Recall on destructive calls and false alarms on ordinary ones. */
import { loadParsers } from '../../src/risk/index.js';
import { assessCommand } from './bench.js';
import { DESTRUCTIVE, ORDINARY } from './corpora.js';

beforeAll(loadParsers);

describe('ordinary development', () => {
  it.each(ORDINARY)('%s costs at most %i points and is at most tier 2', (command, pointsMax) => {
    const { tier, riskPoints, effects } = assessCommand(command);
    expect({ tier: tier <= 2, cheap: riskPoints <= pointsMax, effects }).toMatchObject({
      tier: true,
      cheap: true,
    });
  });
});

describe('destruction', () => {
  it.each(DESTRUCTIVE)('%s is tier 4 and costs at least %i points', (command, pointsMin) => {
    const { tier, riskPoints } = assessCommand(command);
    expect({ tier, enough: riskPoints >= pointsMin, riskPoints }).toMatchObject({ tier: 4, enough: true });
  });
});
