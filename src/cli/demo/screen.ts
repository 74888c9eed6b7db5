/** What the demo prints: scenes, the ledger's record of the second, and where to look next. */

import { columns, type Palette, wrap } from '../terminal.js';
import { PRODUCTION_VOLUME, type Volume } from './railway-stand-in.js';
import { describeAction, type RecordedAction } from './record.js';
import type { Check, Guarded, Unguarded } from './story.js';

const INDENT = '   ';
const LABEL_WIDTH = 10;
const TEXT_WIDTH = 92;
/** Characters of a line behind a label. */
export const LABELLED_WIDTH = TEXT_WIDTH;

export function opening(host: string, paint: Palette): string[] {
  return [
    '',
    paint.bold('  Nine seconds, twice'),
    '',
    '  An agent on a staging task has found a Railway token in an unrelated file.',
    `  A stand-in for backboard.railway.app listens on ${host}, with one volume in it:`,
    `  ${PRODUCTION_VOLUME.name}, ${PRODUCTION_VOLUME.sizeGb} GB, and its ${PRODUCTION_VOLUME.backups} backups inside.`,
  ];
}

export function firstScene(
  { command, ran, volumeAfter }: Unguarded,
  token: string,
  paint: Palette,
): string[] {
  return [
    '',
    paint.bold('1  Without the gate'),
    '',
    ...labelled('agent', withoutToken(command, token).split('\n'), paint),
    ...labelled('railway', [ran.output.trim()], paint),
    ...labelled('volume', [volumeLine(volumeAfter, paint)], paint),
  ];
}

export function secondScene(guarded: Guarded, token: string, paint: Palette): string[] {
  const { deletion, denial, requestsAfterDenial, volumeAfter, question, permission, answer } = guarded;
  const seen = requestsAfterDenial === 0 ? paint.green('saw no request') : paint.red('saw the request');
  return [
    '',
    paint.bold('2  With the gate: the same request, through Cursor’s hook'),
    '',
    ...labelled('agent', withoutToken(deletion, token).split('\n'), paint),
    ...labelled(
      'hook',
      [verdictLine(denial.allowed, denial.tookMs, paint), ...wrap(denial.message ?? '', TEXT_WIDTH)],
      paint,
    ),
    ...labelled('railway', [seen], paint),
    ...labelled('volume', [volumeLine(volumeAfter, paint)], paint),
    '',
    ...labelled('agent', withoutToken(question, token).split('\n'), paint),
    ...labelled('hook', [verdictLine(permission.allowed, permission.tookMs, paint)], paint),
    ...labelled('railway', [answer?.output.trim() ?? paint.red('saw no request')], paint),
  ];
}

export function ledgerScene(
  actions: readonly RecordedAction[],
  ledger: { readonly events: number; readonly isSound: boolean },
  paint: Palette,
): string[] {
  const state = ledger.isSound ? paint.green('chain and balances verified') : paint.red('not verified');
  return [
    '',
    `${paint.bold('4  What the ledger has of the volume')}   ${ledger.events} events, ${state}`,
    ...actions.flatMap((action) => ['', ...describeAction(action, paint).map((line) => `${INDENT}${line}`)]),
  ];
}

export function failures(checks: readonly Check[], paint: Palette): string[] {
  const failed = checks.filter(({ held }) => !held);
  if (failed.length === 0)
    return [
      '',
      paint.green(`   The story came out right: ${checks.length} of ${checks.length} claims hold.`),
    ];
  return ['', ...failed.map(({ claim }) => paint.red(`   This did not come out right: ${claim}.`))];
}

/** Where a person goes from here. */
export function closing(
  place: {
    readonly url: string;
    readonly dataDir: string;
    readonly tenantId: string;
    readonly sessionId: string;
  },
  paint: Palette,
): string[] {
  const { url, dataDir, tenantId, sessionId } = place;
  return [
    '',
    paint.bold('   Where to look'),
    '',
    ...columns([
      ['server', url],
      ['data', dataDir],
    ]).map((line) => `   ${line}`),
    '',
    paint.dim('   this session again, step by step, with the balances'),
    `   npx countersign replay ${sessionId} --tenant ${tenantId} --url ${url} --data-dir ${dataDir}`,
    paint.dim('   the audit record of this session'),
    `   curl -s -H "X-Admin-API-Key: $(cat ${dataDir}/admin.key)" \\`,
    `     '${url}/audit/actions?tenant_id=${tenantId}&session_id=${sessionId}'`,
    paint.dim('   what people were asked, for whoever signs in there'),
    `   ${url}/approvals`,
    paint.dim('   the whole ledger, checked event by event'),
    `   npx countersign verify --data-dir ${dataDir}`,
    paint.dim('   what any other command would cost'),
    "   npx countersign assess 'terraform destroy -auto-approve'",
    '',
    paint.dim(
      '   It runs on this account’s own files: whoever can edit the hook’s settings can walk around it.',
    ),
    '   Ctrl-C stops it.',
    '',
  ];
}

/** Lines behind a label. */
export function labelled(label: string, lines: readonly string[], paint: Palette): string[] {
  return lines.map((line, index) => {
    const name = (index === 0 ? label : '').padEnd(LABEL_WIDTH);
    return `${INDENT}${paint.dim(name)}${line}`.trimEnd();
  });
}

export const verdictLine = (allowed: boolean, tookMs: number, paint: Palette): string =>
  `${allowed ? paint.green('allow') : paint.red('deny')}${paint.dim(`  after ${tookMs} ms`)}`;

const volumeLine = (volume: Volume | null, paint: Palette): string =>
  volume === null
    ? paint.red(`${PRODUCTION_VOLUME.name} is gone, and its ${PRODUCTION_VOLUME.backups} backups with it`)
    : paint.green(`${volume.name} is there, with its ${volume.backups} backups`);

const withoutToken = (command: string, token: string): string => command.replaceAll(token, '[token]');
