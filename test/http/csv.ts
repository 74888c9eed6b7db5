/** Reads CSV (RFC 4180) as a spreadsheet would, for tests. */

/** Records as their fields, by the names of the heading. */
export function csvRows(text: string): Readonly<Record<string, string>>[] {
  const [heading = [], ...records] = recordsOf(text);
  return records.map((fields) => {
    if (fields.length !== heading.length) throw new Error(`a record of ${fields.length} fields`);
    return Object.fromEntries(heading.map((name, nth) => [name, fields[nth] ?? '']));
  });
}

const FIELD = /(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n|$)/gy;

function recordsOf(text: string): string[][] {
  const records: string[][] = [];
  let fields: string[] = [];
  let end = 0;
  for (const match of text.matchAll(FIELD)) {
    const [whole, quoted, plain = '', mark] = match;
    if (match.index === text.length && fields.length === 0) break;
    fields.push(quoted === undefined ? plain : quoted.replaceAll('""', '"'));
    end = match.index + whole.length;
    if (mark === ',') continue;
    records.push(fields);
    fields = [];
    if (mark === '') break;
  }
  if (end !== text.length) throw new Error(`no CSV from character ${end} on`);
  return records;
}
