/** `countersign export`: the audit record as a file, checked against what its last line says of it. */

import { createHash } from 'node:crypto';
import { createWriteStream, renameSync, rmSync } from 'node:fs';
import type { Writable } from 'node:stream';
import { finished } from 'node:stream/promises';
import { isRecord, parseJson } from '../../integrations/json.js';
import { type Connection, connectionOf, openCall } from '../connection.js';
import { Complaint } from '../terminal.js';
import { type FilterOptions, type Query, queryOf, searchOf } from './query.js';

export interface ExportOptions extends FilterOptions {
  readonly format: 'ndjson' | 'csv';
  readonly out?: string;
}

export async function exportActions(options: ExportOptions): Promise<void> {
  const connection = connectionOf(options);
  const query = { ...queryOf(options), format: options.format };
  const { out } = options;
  if (out === undefined) return copyExport(connection, query, process.stdout);
  // Under its own name a file stands only once it is whole.
  const partial = `${out}.partial`;
  const file = createWriteStream(partial, { mode: 0o600 });
  try {
    const rows = await copied(connection, query, file);
    file.end();
    await finished(file);
    renameSync(partial, out);
    process.stderr.write(`${rows} actions written to ${out}, which is whole.\n`);
  } catch (error) {
    file.destroy();
    rmSync(partial, { force: true });
    throw writingFailed(error, out);
  }
}

/** @throws Complaint when what arrives is not whole */
export async function copyExport(connection: Connection, query: Query, to: Writable): Promise<void> {
  await copied(connection, query, to);
}

/** Copies an export as it arrives, and answers how many actions are in it. */
async function copied(connection: Connection, query: Query, to: Writable): Promise<number> {
  const response = await openCall(connection, 'GET', `/audit/export?${searchOf(query)}`);
  const check = new ExportCheck();
  try {
    for await (const chunk of response.body ?? []) {
      const bytes = chunk as Uint8Array;
      check.add(Buffer.from(bytes));
      if (!to.write(bytes)) await new Promise((resolve) => to.once('drain', resolve));
    }
  } catch {
    throw new Complaint('the server broke off: what was written is not whole');
  }
  return check.end();
}

const NEWLINE = 10;

/** Holds back the last line, and follows the digest of all before it. */
class ExportCheck {
  private readonly digest = createHash('sha256');
  private last: Buffer = Buffer.alloc(0);

  add(chunk: Buffer): void {
    const text = Buffer.concat([this.last, chunk]);
    // The end of the line before the last one; a file always ends with the end of a line.
    const before = text.subarray(0, -1).lastIndexOf(NEWLINE);
    this.digest.update(text.subarray(0, before + 1));
    this.last = text.subarray(before + 1);
  }

  /** @throws Complaint when the last line does not say that this is all */
  end(): number {
    const { rows, sha256 } = trailerOf(this.last.toString('utf8'));
    if (sha256 === this.digest.digest('hex')) return rows;
    throw new Complaint('the export is not whole: its last line does not fit what is before it');
  }
}

function trailerOf(line: string): { rows: number; sha256: string } {
  const [record, rows, sha256 = ''] = line.split(',');
  if (record === 'complete') return { rows: Number(rows), sha256 };
  const value = parseJson(line);
  if (isRecord(value) && value['complete'] === true)
    return { rows: Number(value['rows']), sha256: String(value['sha256']) };
  return { rows: 0, sha256: '' };
}

/** What the file system has against it, in a line. */
const writingFailed = (error: unknown, out: string): unknown =>
  error instanceof Error && 'code' in error && 'syscall' in error
    ? new Complaint(`${out} cannot be written: ${error.message}`)
    : error;
