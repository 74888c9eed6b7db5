/** Code as people and agents write it: what it calls, what it evaluates, and what is only ordinary. */
import { loadParsers } from '../../src/risk/index.js';
import { assessCommand } from './bench.js';
import { CALM_CALLS, GRAVE_CALLS } from './code-calls.js';
import { CALM_EVALUATION, GRAVE_EVALUATION } from './code-evaluation.js';
import { CALM_LAUNCHERS, GRAVE_LAUNCHERS } from './code-launchers.js';

beforeAll(loadParsers);

describe.each([
  ['calls a client library', GRAVE_CALLS, CALM_CALLS],
  ['evaluates other code', GRAVE_EVALUATION, CALM_EVALUATION],
  ['is run as a source file', GRAVE_LAUNCHERS, CALM_LAUNCHERS],
])('code that %s, or seems to', (_, grave, calm) => {
  it.each(grave)('costs at least $points points: $run', ({ run, files = {}, points }) => {
    const { riskPoints, effects } = assessCommand(run, { files });
    expect({ enough: riskPoints >= points, effects }).toMatchObject({ enough: true });
  });

  it.each(calm)('costs at most $points points: $run', ({ run, files = {}, points }) => {
    const { riskPoints, effects } = assessCommand(run, { files });
    expect({ calm: riskPoints <= points, effects }).toMatchObject({ calm: true });
  });
});
