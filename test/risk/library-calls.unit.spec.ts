/** Calls of client libraries in code: every example of the catalogue, and code as people and agents write it. */
import { LIBRARIES } from '../../src/risk/catalogue/libraries.js';
import { loadParsers } from '../../src/risk/index.js';
import { assessCommand } from './bench.js';
import { CALM_CALLS, GRAVE_CALLS } from './code-calls.js';

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

describe('code that calls a client library', () => {
  it.each(GRAVE_CALLS)('costs at least $points points: $run', ({ run, files = {}, points }) => {
    const { riskPoints, effects } = assessCommand(run, { files });
    expect({ enough: riskPoints >= points, effects }).toMatchObject({ enough: true });
  });

  it.each(CALM_CALLS)('costs at most $points points: $run', ({ run, files = {}, points }) => {
    const { riskPoints, effects } = assessCommand(run, { files });
    expect({ calm: riskPoints <= points, effects }).toMatchObject({ calm: true });
  });

  it('is an environment of production where the call says so', () => {
    const deletion = `boto3.client('rds').delete_db_instance(DBInstanceIdentifier='production')`;
    expect(assessCommand(`python -c "import boto3; ${deletion}"`).riskPoints).toBe(1500);
  });
});
