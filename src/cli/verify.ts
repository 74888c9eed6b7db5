/** `countersign verify`: the whole ledger of a data directory, event by event. */

import { join } from 'node:path';
import { openLedgerFile } from '../app.module.js';
import { type Finding, type Gap, type VerifyReport, verifyLedger } from '../replay/verify.js';
import { dataDirOf, type GlobalOptions } from './connection.js';
import { Complaint, columns, paletteFor, print, printJson } from './terminal.js';

/** Prints what was checked; ends with code 1 when anything is wrong, naming the first bad record. */
export async function verify(options: GlobalOptions & { json?: boolean }): Promise<void> {
  const dataDir = dataDirOf(options);
  const report = await checkLedger(dataDir, process.stderr.isTTY === true && !options.json);
  if (options.json) printJson(report);
  else print(...describe(report, dataDir));
  if (!report.isSound) process.exitCode = 1;
}

/**
 * Checks chain, fold, balances, holds and claims of every stream, beside a running server or without one.
 * @throws Complaint when the directory holds no ledger, or one that cannot be opened
 */
export async function checkLedger(dataDir: string, showProgress = false): Promise<VerifyReport> {
  const ledger = open(dataDir);
  try {
    return await verifyLedger(ledger.reader, ledger.codec, {
      onProgress: ({ position, head }) => {
        if (showProgress) process.stderr.write(`\rverifying ${Math.floor((position / head) * 100)} %`);
      },
    });
  } finally {
    if (showProgress) process.stderr.write('\r\u001b[K');
    ledger.close();
  }
}

function open(dataDir: string): NonNullable<ReturnType<typeof openLedgerFile>> {
  let ledger: ReturnType<typeof openLedgerFile>;
  try {
    ledger = openLedgerFile(dataDir);
  } catch (error) {
    throw new Complaint(`the ledger in ${dataDir} cannot be opened: ${(error as Error).message}`);
  }
  if (ledger === null) throw new Complaint(`no ledger in ${dataDir}: name its directory with --data-dir`);
  return ledger;
}

function describe(report: VerifyReport, dataDir: string): string[] {
  const paint = paletteFor(process.stdout, process.env);
  const { events, streams, budgets, activeReservations, findings, gaps } = report;
  return [
    report.isSound ? paint.green('The ledger is sound.') : paint.red(verdictOn(report)),
    '',
    ...columns([
      ['directory', dataDir],
      ['events', String(events)],
      ['streams', String(streams)],
      ['budgets', String(budgets)],
      ['open holds', String(activeReservations)],
    ]),
    ...gaps.flatMap((gap) => ['', ...describeGap(gap)]),
    ...findings.flatMap((finding) => ['', ...describeFinding(finding)]),
    ...(gaps.length > 0 ? ['', adviceFor(dataDir)] : []),
  ];
}

const adviceFor = (dataDir: string): string =>
  `Keep a copy of ${join(dataDir, 'ledger.db')} with its -wal file, and restore it from a backup.`;

function verdictOn({ findings, gaps }: VerifyReport): string {
  const streams = findings.length === 1 ? 'one stream has' : `${findings.length} streams have`;
  const reasons = [
    ...(gaps.length > 0 ? ['its file cannot be read throughout'] : []),
    ...(findings.length > 0 ? [`${streams} a bad record`] : []),
  ];
  return `The ledger is not sound: ${reasons.join(', and ')}.`;
}

const describeGap = ({ fromPosition, toPosition, after, message }: Gap): string[] =>
  columns([
    [
      'unreadable',
      toPosition === null
        ? `position ${fromPosition} and all after it`
        : `positions ${fromPosition} to ${toPosition}`,
    ],
    [
      'after',
      after === null ? 'nothing' : `${after.stream} revision ${after.revision}, position ${after.position}`,
    ],
    ['because', message],
  ]);

const describeFinding = (finding: Finding): string[] =>
  columns([
    [
      'bad record',
      `${finding.stream} revision ${finding.revision}, position ${finding.position}, ${finding.eventType} ${finding.eventId}`,
    ],
    ['check', finding.check],
    ['because', finding.message],
  ]);
