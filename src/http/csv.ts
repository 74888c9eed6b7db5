/** CSV (RFC 4180) that no spreadsheet takes for more than text and numbers. */

/** A number that is written out already. */
export class Decimal {
  constructor(readonly digits: string) {}
}

export type Cell = string | number | bigint | boolean | Decimal | null | undefined;

/** One record with the end of its line. */
export const csvRecord = (cells: readonly Cell[]): string => `${cells.map(printCell).join(',')}\r\n`;

/** What a spreadsheet takes for a formula when a cell begins with it, after blanks too. */
const FORMULA = /^\s*[=+\-@\uff1d\uff0b\uff0d\uff20]|^[\t\r\n]/;
const QUOTED = /[",\r\n]/;

/** A text that would be taken for a formula gets an apostrophe before it; numbers are never texts. */
function printCell(cell: Cell): string {
  if (cell === null || cell === undefined) return '';
  if (cell instanceof Decimal) return cell.digits;
  if (typeof cell !== 'string') return String(cell);
  const text = FORMULA.test(cell) ? `'${cell}` : cell;
  return QUOTED.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

export const CSV_TYPE = 'text/csv; charset=utf-8; header=present';
