/** Notes what of the gate a command looks for, since a later one can use what was found without naming it. */
import { KEPT_NAMES, LOCATORS, LOOKUPS, PROCESS_NAMES } from '../catalogue/reach.js';
import { isProtected } from '../paths.js';
import { namesGate } from '../protection.js';
import type { Invocation } from './invocation.js';

const PRINTERS = /^(?:env|printenv|export|declare|typeset|set)$/;
const FILTERS = /^-(?:i?name|i?path|wholename|regex)$/;
const SEEKERS = [LOOKUPS, LOCATORS, PRINTERS, /^find$/];

export function noteSearches(invocation: Invocation): void {
  const { name, args, analysis } = invocation;
  const { sought, registry } = analysis;
  if (!SEEKERS.some((programs) => programs.test(name))) return;
  const texts = args.map((word) => word.text.replace(/[[\]]/g, ''));
  if (LOOKUPS.test(name) && texts.some((text) => namesGate(registry, text) || PROCESS_NAMES.includes(text)))
    sought.add('process');
  if (LOCATORS.test(name) && texts.some((text) => KEPT_NAMES.test(text))) sought.add('file');
  if (name === 'find' && findsFiles(invocation)) sought.add('file');
  if (PRINTERS.test(name) && texts.every((text) => text.startsWith('-'))) sought.add('environment');
}

/** Whether what `find` finds may be a file of the gate. */
function findsFiles({ args, analysis, directory }: Invocation): boolean {
  const texts = args.map((word) => word.text);
  const options = texts.findIndex((text) => /^[-(!]/.test(text));
  const starts = options < 0 ? texts : texts.slice(0, options);
  const filters = texts.filter((_, index) => FILTERS.test(texts[index - 1] ?? ''));
  return (starts.length === 0 ? ['.'] : starts).some((start) =>
    (filters.length === 0 ? [''] : filters.map((filter) => `/${filter.replace(/^\*\//, '')}`)).some(
      (filter) => isProtected(analysis, `${start.replace(/\/+$/, '')}/**${filter}`, directory, 'read'),
    ),
  );
}
