/** Runs every example of the catalogue: each entry is its own test. */
import { CATALOGUE } from '../../src/risk/catalogue/programs.js';
import { PROVIDERS } from '../../src/risk/catalogue/providers.js';
import { loadParsers } from '../../src/risk/index.js';
import { assessCommand } from './bench.js';

beforeAll(loadParsers);

const entries = [
  ...CATALOGUE.map((entry) => ({ title: entry.programs[0] ?? '', examples: entry.examples })),
  ...PROVIDERS.map((entry) => ({ title: `${entry.name} API`, examples: entry.examples })),
];

describe.each(entries)('the catalogue entry of $title', ({ examples }) => {
  it('has examples', () => {
    expect(examples.length).toBeGreaterThan(0);
  });

  it.each(examples)('scores "$run" as tier $tier with $points points', ({ run, tier, points }) => {
    const assessment = assessCommand(run);
    expect({ tier: assessment.tier, points: assessment.riskPoints }).toEqual({ tier, points });
  });
});

describe('the catalogue', () => {
  it('gives every program name to one entry only', () => {
    const names = CATALOGUE.flatMap((entry) => entry.programs);
    expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([]);
  });
});
