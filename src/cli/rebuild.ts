/** `countersign rebuild`: builds read models anew beside the current ones, while the server keeps answering. */

import { type JsonRecord, textOf } from '../integrations/json.js';
import { connectionOf, type GlobalOptions, openCall } from './connection.js';
import { linesOf } from './lines.js';
import { Pace } from './pace.js';
import { Complaint, paletteFor, print, printJson } from './terminal.js';

const BAR_WIDTH = 28;

/** Rebuilds one read model, or all, and shows how far it is. */
export async function rebuild(
  name: string | undefined,
  options: GlobalOptions & { json?: boolean },
): Promise<void> {
  const path = `/admin/projections/${encodeURIComponent(name ?? 'all')}/rebuild`;
  const response = await openCall(connectionOf(options), 'POST', path);
  const startedMs = performance.now();
  const isShown = process.stderr.isTTY === true && !options.json;
  const pace = new Pace();
  let last: JsonRecord = {};
  for await (const line of linesOf(response)) {
    last = line;
    if (isShown && textOf(line, 'status') === 'building')
      process.stderr.write(`\r${bar(line, pace)}\u001b[K`);
  }
  if (isShown) process.stderr.write('\r\u001b[K');
  if (textOf(last, 'status') !== 'rebuilt')
    throw new Complaint(textOf(last, 'message') ?? 'the server broke off');
  const seconds = ((performance.now() - startedMs) / 1000).toFixed(1);
  if (options.json) printJson({ rebuilt: name ?? 'all', seconds: Number(seconds) });
  else
    print(
      paletteFor(process.stdout, process.env).green(`${name ?? 'All read models'} rebuilt in ${seconds} s.`),
    );
}

function bar(line: JsonRecord, pace: Pace): string {
  const position = Number(line['position'] ?? 0);
  const head = Number(line['head'] ?? 0);
  const share = head === 0 ? 1 : Math.min(position / head, 1);
  const full = Math.round(share * BAR_WIDTH);
  const percent = String(Math.floor(share * 100)).padStart(3);
  const name = textOf(line, 'name') ?? '';
  const rate = pace.at(name, position, performance.now());
  const speed = rate === null ? '' : `  ${Math.round(rate).toLocaleString('en-US')} a second`;
  return `${name.padEnd(14)} ${'█'.repeat(full)}${'░'.repeat(BAR_WIDTH - full)} ${percent} %${speed}`;
}
