/** CSV (RFC 4180) that no spreadsheet takes for more than text. */

/** What a spreadsheet takes for a formula when a cell begins with it, after blanks too. */
const FORMULA = /^\s*[=+\-@\uff1d\uff0b\uff0d\uff20]|^[\t\r\n]/;

/** One record, without the end of its line; a text that would be taken for a formula gets an apostrophe before it. */
export const csvLine = (cells: readonly string[]): string =>
  cells
    .map((cell) => (FORMULA.test(cell) ? `'${cell}` : cell))
    .map((cell) => (/[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell))
    .join(',');
