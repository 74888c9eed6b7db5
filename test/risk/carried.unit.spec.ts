/** Commands that hide among the arguments of other programs, or in code. */
import { loadParsers } from '../../src/risk/index.js';
import { assessCommand } from './bench.js';
import { CALM, CARRIED_BY_CODE } from './carried-code.js';
import { CARRIED_BY_PROGRAMS } from './carried-commands.js';

beforeAll(loadParsers);

describe('a command that something else carries', () => {
  it.each([...CARRIED_BY_PROGRAMS, ...CARRIED_BY_CODE])(
    '%j costs at least %i points',
    (command, pointsMin) => {
      const { riskPoints, effects } = assessCommand(command);
      expect({ seen: riskPoints >= pointsMin, effects }).toMatchObject({ seen: true });
    },
  );

  it.each(CALM)('%j carries nothing grave and costs at most %i points', (command, pointsMax) => {
    const { riskPoints, effects } = assessCommand(command);
    expect({ calm: riskPoints <= pointsMax, effects }).toMatchObject({ calm: true });
  });
});
