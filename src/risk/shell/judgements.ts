/** What the walk through a script itself says of it. */
import { disturbs, escalates, unseen } from '../catalogue/verdicts.js';

export const STARTS_ITSELF = escalates('A function starts itself again and again.');
export const GIVES_SHELL = escalates('It gives a shell to another host.');
export const UNPARSEABLE = unseen(
  disturbs('', { verb: 'execute', kind: 'code.exec' }),
  'The shell text does not parse, so a part of it is unseen.',
);
