/** Runs every example of the client libraries of the catalogue: each entry is its own test. */
import { LIBRARIES } from '../../src/risk/catalogue/libraries.js';
import { loadParsers } from '../../src/risk/index.js';
import { assessCommand } from './bench.js';

beforeAll(loadParsers);

describe.each([...LIBRARIES])('the client library entry of $name', ({ examples }) => {
  it('has examples', () => {
    expect(examples.length).toBeGreaterThan(0);
  });

  it.each(examples)('scores "$run" as tier $tier with $points points', ({ run, tier, points }) => {
    const { tier: actual, riskPoints, effects } = assessCommand(run);
    expect({ tier: actual, points: riskPoints, effects }).toMatchObject({ tier, points });
  });
});

describe('a call of a client library', () => {
  it('is an environment of production where the call says so', () => {
    const deletion = `boto3.client('rds').delete_db_instance(DBInstanceIdentifier='production')`;
    expect(assessCommand(`python -c "import boto3; ${deletion}"`).riskPoints).toBe(1500);
  });
});
