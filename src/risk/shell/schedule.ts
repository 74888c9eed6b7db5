/** `crontab`: the commands that are to run by themselves later are judged as if they ran now. */
import { PROGRAMS } from '../catalogue/programs.js';
import { suspect } from '../suspicion.js';
import { parseArguments, type Value } from './argument.js';
import type { Invocation } from './invocation.js';
import { judgeByRules } from './rules.js';

/** When a line runs: five fields, or one name for them. */
const WHEN = /^\s*(?:@\w+|(?:[\d*,/A-Za-z-]+\s+){4}[\d*,/A-Za-z-]+)\s+(?=\S)/;
const LINES_MAX = 50;

/** Judges the table that a call gives, besides the change itself. */
export function runSchedule(invocation: Invocation): Value {
  const entry = PROGRAMS.get('crontab');
  const output: Value =
    entry === undefined ? { text: '', known: false, taint: 'none' } : judgeByRules(entry, invocation);
  for (const table of tablesOf(invocation)) {
    for (const line of table.text.split('\n').slice(0, LINES_MAX)) {
      const command = line.replace(WHEN, '');
      if (command === line) continue;
      const code = { text: command, known: true, taint: table.taint } as const;
      suspect(invocation.analysis, () => {
        invocation.evaluate(code, '', invocation.span, { positional: [], stdin: null });
      });
    }
  }
  return output;
}

/** What is piped in, or stands in the file that is named; also what it may be. */
function tablesOf(invocation: Invocation): readonly Value[] {
  const { args, stdin, analysis } = invocation;
  const { operands } = parseArguments(args, { valueFlags: ['-u'], singleDash: false, stopAtOperand: false });
  const [file] = operands;
  const named =
    file === undefined || file.text === '-'
      ? stdin
      : (file.printed ?? analysis.files.content(file.text, invocation) ?? null);
  if (named === null) return [];
  return [...(named.text === '' ? [] : [named]), ...(named.perhaps ?? [])];
}
