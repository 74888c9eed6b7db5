/** `countersign verify`: the whole ledger of a data directory, event by event. */

import { dirname } from 'node:path';
import { ConfigError, ledgerPath, readEventStore } from '../config.js';
import { type LedgerFile, type LedgerPlace, openLedgerFile } from '../ledger.js';
import { type Finding, type Gap, type VerifyReport, verifyLedger } from '../replay/verify.js';
import { dataDirOf, type GlobalOptions } from './connection.js';
import { Complaint, columns, paletteFor, print, printJson } from './terminal.js';

/** Prints what was checked; ends with code 1 when anything is wrong, naming the first bad record. */
export async function verify(options: GlobalOptions & { json?: boolean }): Promise<void> {
  const place = placeNamedBy(options);
  const report = await checkLedger(place, process.stderr.isTTY === true && !options.json);
  if (options.json) printJson(report);
  else print(...describe(report, place));
  if (!report.isSound) process.exitCode = 1;
}

/** A directory that is named on the command line comes before a cluster that the environment names. */
function placeNamedBy(options: GlobalOptions): LedgerPlace {
  try {
    const cluster = options.dataDir === undefined ? readEventStore(process.env) : null;
    return cluster ?? ledgerPath(dataDirOf(options));
  } catch (error) {
    if (error instanceof ConfigError) throw new Complaint(error.message);
    throw error;
  }
}

/**
 * Checks chain, fold, balances, holds and claims of every stream, beside a running server or without one.
 * @throws Complaint when there is no ledger, or one that cannot be opened
 */
export async function checkLedger(place: LedgerPlace, showProgress = false): Promise<VerifyReport> {
  const ledger = await open(place);
  try {
    return await verifyLedger(ledger.reader, ledger.codec, {
      onProgress: ({ position, head }) => {
        if (showProgress) process.stderr.write(`\rverifying ${Math.floor((position / head) * 100)} %`);
      },
    });
  } finally {
    if (showProgress) process.stderr.write('\r\u001b[K');
    await ledger.close();
  }
}

/** A cluster that cannot be reached is said at once, and not taken for a ledger that is damaged throughout. */
async function open(place: LedgerPlace): Promise<LedgerFile> {
  let ledger: LedgerFile | null;
  try {
    ledger = await openLedgerFile(place);
    if (typeof place !== 'string') await ledger?.reader.headPosition();
  } catch (error) {
    throw new Complaint(`the ledger ${nameOf(place)} cannot be opened: ${(error as Error).message}`);
  }
  if (ledger === null) throw new Complaint(`no ledger ${nameOf(place)}: name its directory with --data-dir`);
  return ledger;
}

const nameOf = (place: LedgerPlace): string =>
  typeof place === 'string' ? `in ${dirname(place)}` : `at ${place.hosts}`;

function describe(report: VerifyReport, place: LedgerPlace): string[] {
  const paint = paletteFor(process.stdout, process.env);
  const { events, streams, budgets, activeReservations, findings, gaps } = report;
  return [
    report.isSound ? paint.green('The ledger is sound.') : paint.red(verdictOn(report)),
    '',
    ...columns([
      typeof place === 'string' ? ['directory', dirname(place)] : ['cluster', place.hosts],
      ['events', String(events)],
      ['streams', String(streams)],
      ['budgets', String(budgets)],
      ['open holds', String(activeReservations)],
    ]),
    ...gaps.flatMap((gap) => ['', ...describeGap(gap)]),
    ...findings.flatMap((finding) => ['', ...describeFinding(finding)]),
    ...(gaps.length > 0 && typeof place === 'string' ? ['', adviceFor(place)] : []),
  ];
}

const adviceFor = (path: string): string =>
  `Keep a copy of ${path} with its -wal file, and restore it from a backup.`;

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
