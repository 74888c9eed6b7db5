/** What an inventive agent tries, and what an ordinary one does all day. */
import { loadParsers } from '../../src/risk/index.js';
import { ATTEMPTS } from './attempts.js';
import { assessCall, assessCommand, toolCall } from './bench.js';
import { TOOL_CASES } from './calls.js';
import { SETTINGS, SETTINGS_CALM, SETTINGS_ON_GATE } from './changed-settings.js';
import { COPIED } from './copied-scripts.js';
import { rowsOf } from './disguised.js';
import { STATEMENTS, STATEMENTS_CALM } from './disguised-statements.js';
import { EVERYDAY } from './everyday.js';
import { HIDDEN_DELETIONS } from './hidden-deletions.js';
import { HIDDEN_OPERATIONS } from './hidden-operations.js';
import { HIDDEN_REQUESTS } from './hidden-requests.js';
import { INVENTIVE_ATTEMPTS } from './inventive-attempts.js';
import { INVENTIVE } from './inventive-commands.js';
import { LOOKALIKES, LOOKALIKES_CALM } from './lookalikes.js';
import { MISUSED, MISUSED_CALM } from './misused-code.js';
import { PIPED } from './piped-code.js';
import { WINDOWS, WINDOWS_CALM, WINDOWS_ON_GATE } from './windows-shells.js';

const EVASIONS = rowsOf([
  ...HIDDEN_REQUESTS,
  ...HIDDEN_DELETIONS,
  ...HIDDEN_OPERATIONS,
  ...WINDOWS,
  ...PIPED,
  ...COPIED,
  ...SETTINGS,
  ...MISUSED,
  ...STATEMENTS,
  ...INVENTIVE,
  ...LOOKALIKES,
]);

beforeAll(loadParsers);

describe('evasions', () => {
  it.each(EVASIONS)('%j is at least tier %i and costs at least %i points', (command, tierMin, pointsMin) => {
    const { tier, riskPoints, effects } = assessCommand(command);
    expect({ seen: tier >= tierMin && riskPoints >= pointsMin, effects }).toMatchObject({ seen: true });
  });
});

describe('attempts on the gate', () => {
  it.each([...ATTEMPTS, ...WINDOWS_ON_GATE, ...SETTINGS_ON_GATE, ...INVENTIVE_ATTEMPTS])(
    '%j is seen as one',
    (command) => {
      expect(assessCommand(command).selfProtection).toBe(true);
    },
  );
});

describe('everyday work', () => {
  it.each([
    ...EVERYDAY,
    ...WINDOWS_CALM,
    ...SETTINGS_CALM,
    ...MISUSED_CALM,
    ...STATEMENTS_CALM,
    ...LOOKALIKES_CALM,
  ])('%j costs at most %i points, is at most tier 2 and leaves the gate alone', (command, max) => {
    const { tier, riskPoints, selfProtection, effects } = assessCommand(command);
    expect({ calm: tier <= 2 && riskPoints <= max && !selfProtection, effects }).toMatchObject({
      calm: true,
    });
  });
});

describe('tools in unexpected forms', () => {
  it.each(TOOL_CASES)(
    '$tool with $input is judged by what it would do',
    ({ tool, input, atLeast, atMost, denied }) => {
      const { riskPoints, selfProtection } = assessCall(toolCall(tool, input));
      expect(riskPoints).toBeGreaterThanOrEqual(atLeast ?? 0);
      expect(riskPoints).toBeLessThanOrEqual(atMost ?? Number.MAX_SAFE_INTEGER);
      if (denied === true) expect(selfProtection).toBe(true);
    },
  );
});
