/** Decider tables: given what happened, when a command comes, then its events or its refusal. */

import { Ledger } from './ledger.js';
import { parseStep } from './script.js';
import { equationsOf, wordsOfEvents, wordsOfRuling } from './wording.js';

export interface Case {
  readonly section: string;
  readonly given: string;
  readonly when: string;
  readonly expected: string;
  /** Balances to be found afterwards; empty where the case is not about them. */
  readonly balances: string;
}

export interface Table {
  readonly title: string;
  readonly cases: readonly Case[];
}

const COLUMNS = ['given', 'when', 'then', 'balances'];

/**
 * Reads a table from aligned text. Columns are divided by `|`; the first line names them; `--` begins a
 * section; `"` repeats the cell above. A tenant `acme` is open unless the given begins with `nothing`.
 */
export function table(title: string, text: string): Table {
  const lines = text.split('\n').filter((line) => line.trim() !== '');
  const [header = '', ...rows] = lines;
  const names = cellsOf(header);
  if (names.join() !== COLUMNS.slice(0, names.length).join())
    throw new Error(`columns of ${title}: ${header}`);
  const cases: Case[] = [];
  let section = '';
  for (const row of rows) {
    if (row.trim().startsWith('--')) {
      section = row.replace(/^[\s-]+|[\s-]+$/g, '');
      continue;
    }
    const cells = cellsOf(row);
    if (cells.length !== names.length) throw new Error(`a row of ${title} has other columns: ${row}`);
    const above = cases.at(-1);
    const [given = '', when = '', expected = '', balances = ''] = cells.map((cell, index) =>
      cell === '"' ? [above?.given, above?.when, above?.expected, above?.balances][index] : cell,
    );
    cases.push({ section, given, when, expected, balances });
  }
  return { title, cases };
}

const cellsOf = (line: string): string[] => line.split('|').map((cell) => cell.trim().replace(/\s+/g, ' '));
const stepsOf = (cell: string): string[] =>
  cell
    .split(';')
    .map((step) => step.trim())
    .filter(Boolean);

export interface Outcome {
  readonly said: string;
  readonly balances: string;
  readonly ledger: Ledger;
}

/** Plays a case on a fresh ledger; of the balances, those that the case names. */
export function play({ given, when, balances }: Case): Outcome {
  const ledger = new Ledger();
  const isBlank = given.startsWith('nothing');
  for (const step of [...(isBlank ? [] : ['open']), ...stepsOf(given.replace(/^nothing;?/, ''))]) {
    const before = perform(ledger, step);
    if (before.startsWith('refused')) throw new Error(`the given step "${step}" is ${before}`);
  }
  const said = perform(ledger, when);
  const equations = equationsOf(ledger.state);
  const asked = stepsOf(balances).map((line) => {
    const place = line.slice(0, line.indexOf(' '));
    return equations.get(place) ?? `${place} is no budget`;
  });
  return { said, balances: asked.join('; '), ledger };
}

/** Performs one step and says what came of it. `try ` before a given step lets it be refused. */
export function perform(ledger: Ledger, text: string): string {
  const isTried = text.startsWith('try ');
  const step = parseStep(isTried ? text.slice('try '.length) : text);
  if (step.kind === 'wait') return wordsOfEvents(ledger.wait(step.durationMs));
  const said = wordsOfRuling(ledger.execute(step.command, step.asked));
  return isTried ? `tried: ${said}` : said;
}
