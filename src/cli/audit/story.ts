/** The steps of a session as a person reads them: what was asked, what was decided, and what it moved. */

import { isRecord, type JsonRecord, recordOf, textOf } from '../../integrations/json.js';
import { columns, type Palette, visible, wrap } from '../terminal.js';
import { whatOf } from './actions.js';
import { usedOf } from './sessions.js';

const INDENT = ' '.repeat(6);
const TEXT_WIDTH = 92;
const LINES_MAX = 12;

/** Who, when, and what it came to. */
export function headingOf(session: JsonRecord, paint: Palette): string[] {
  const proposals = recordOf(session, 'proposals') ?? {};
  const began = String(session['first_at']).slice(0, 19).replace('T', ' ');
  const tier = session['highest_tier'] === null ? '' : `, highest tier ${session['highest_tier']}`;
  const used = usedOf(session);
  const about = [session['harness'], session['key_id']].filter((word) => typeof word === 'string');
  return [
    '',
    paint.bold(visible(`  Session ${session['session_id']} of ${session['tenant_id']}`)),
    paint.dim(visible(`  began ${began} UTC${about.length > 0 ? `, ${about.join(', ')}` : ''}`)),
    `  ${proposals['total']} proposals: ${proposals['allowed']} allowed, ${proposals['denied']} denied${tier}`,
    ...(used === '' ? [] : [`  used ${used}`]),
    '',
  ];
}

/** One step: its number, its time and what happened, then what belongs to it. */
export function stepLines(step: JsonRecord, paint: Palette): string[] {
  const number = String(step['step']).padStart(4);
  const at = String(step['at']).slice(11, 23);
  const { headline, details } = toldOf(step, paint);
  return [
    `${paint.dim(number)}  ${paint.dim(at)}  ${headline}`,
    ...details.map((line) => `${INDENT}${line}`),
    ...moveLines(step['balances'], paint).map((line) => `${INDENT}${line}`),
  ];
}

interface Told {
  readonly headline: string;
  readonly details: readonly string[];
}

function toldOf(step: JsonRecord, paint: Palette): Told {
  switch (step['kind']) {
    case 'proposal':
      return proposalOf(step, paint);
    case 'hold':
      return { headline: `holds ${amountOf(step, 'amount')}`, details: [] };
    case 'extension':
      return { headline: `holds on until ${visible(String(step['expires_at']))}`, details: [] };
    case 'outcome':
      return outcomeOf(step, paint);
    case 'settlement':
      return { headline: settlementOf(step), details: noted(step, 'note') };
    case 'adjustment':
      return { headline: `adjusted by ${amountOf(step, 'delta')}`, details: noted(step, 'reason') };
    case 'approval':
      return approvalOf(step, paint);
    default:
      return budgetOf(step);
  }
}

function proposalOf(step: JsonRecord, paint: Palette): Told {
  const isDenied = step['decision'] === 'DENY';
  const colour = isDenied ? paint.red : step['decision'] === 'PENDING' ? paint.yellow : paint.green;
  const reason = textOf(step, 'reason_code');
  const words = [step['decision'], reason, step['observed'] === true ? '(only observed)' : null];
  const times = Number(step['repeats'] ?? 1) > 1 ? paint.dim(`  ${step['repeats']} times`) : '';
  const message = textOf(step, 'message');
  return {
    headline: `${colour(paint.bold(words.filter((word) => typeof word === 'string').join('  ')))}${times}`,
    details: [
      ...commandLines(whatOf(step)),
      ...effectLines(recordOf(step, 'assessment'), paint),
      ...(message === null ? [] : wrap(visible(message), TEXT_WIDTH).map(paint.dim)),
    ],
  };
}

/** The call as it was recorded, its lines kept, with nothing in it that a terminal would obey. */
function commandLines(text: string): string[] {
  const lines = text.split('\n').map(visible);
  const shown = lines.slice(0, LINES_MAX);
  return lines.length > LINES_MAX ? [...shown, `… ${lines.length - LINES_MAX} more lines`] : shown;
}

function effectLines(assessment: JsonRecord | null, paint: Palette): string[] {
  if (assessment === null) return [];
  const effects = Array.isArray(assessment['effects']) ? assessment['effects'].filter(isRecord) : [];
  const score = `tier ${assessment['tier']}, ${assessment['risk_points']} points`;
  return [
    ...effects.map(({ verb, target, radius }) => {
      const reach = radius === 'object' ? '' : ` (a whole ${radius})`;
      return paint.bold(visible(`${verb} ${target}${reach}`));
    }),
    paint.dim(score),
  ];
}

function outcomeOf(step: JsonRecord, paint: Palette): Told {
  const status = String(step['status']);
  const codes = [
    step['http_status'] === null ? null : `HTTP ${step['http_status']}`,
    step['exit_code'] === null ? null : `exit ${step['exit_code']}`,
    step['refunded'] === true ? 'points given back' : null,
  ].filter((word) => word !== null);
  const colour = status === 'failed' ? paint.yellow : paint.green;
  return {
    headline: `${colour(`it ran: ${status}`)}${codes.length > 0 ? paint.dim(`  ${codes.join(', ')}`) : ''}`,
    details: noted(step, 'error'),
  };
}

function settlementOf(step: JsonRecord): string {
  const how = `${String(step['status']).toLowerCase()} (${String(step['reason']).replaceAll('_', ' ')})`;
  const released = step['released'] === undefined ? '' : `, ${amountOf(step, 'released')} released`;
  return step['charged'] === undefined
    ? `hold ${how}${released}`
    : `hold ${how}: ${amountOf(step, 'charged')} charged${released}`;
}

function approvalOf(step: JsonRecord, paint: Palette): Told {
  const event = String(step['approval']);
  const colour = event === 'granted' ? paint.green : event === 'rejected' ? paint.red : paint.yellow;
  const who = textOf(step, 'operator_id', 'group');
  const votes = step['votes'] === undefined ? '' : `, ${step['votes']} of ${step['quorum']}`;
  const by = who === null ? '' : ` ${event === 'requested' || event === 'escalated' ? 'of' : 'by'} ${who}`;
  return {
    headline: `${colour(`approval ${event}`)}${visible(`${by}${votes}`)}`,
    details: [...noted(step, 'note'), ...noted(step, 'reason')],
  };
}

function budgetOf(step: JsonRecord): Told {
  const amount = step['amount'] === undefined ? '' : ` ${amountOf(step, 'amount')}`;
  const operation = textOf(step, 'operation');
  const how = operation === null ? '' : ` (${operation.toLowerCase().replaceAll('_', ' ')}${amount})`;
  return {
    headline: visible(`budget ${String(step['budget']).replaceAll('_', ' ')}${how}`),
    details: noted(step, 'reason'),
  };
}

const amountOf = (step: JsonRecord, member: string): string => `${step[member]} ${step['unit']}`;

function noted(step: JsonRecord, member: string): string[] {
  const text = textOf(step, member);
  return text === null ? [] : wrap(visible(text), TEXT_WIDTH);
}

const AMOUNTS = ['allocated', 'spent', 'reserved', 'debt', 'remaining'];

/** A line a budget that moved: each amount before and after, where they differ. */
function moveLines(balances: unknown, paint: Palette): string[] {
  if (!Array.isArray(balances)) return [];
  const rows = balances.filter(isRecord).map((balance) => {
    const before = recordOf(balance, 'before');
    const after = recordOf(balance, 'after') ?? {};
    const moved = AMOUNTS.filter(
      (name) => before?.[name] !== after[name] && !(before === null && isZero(after[name])),
    );
    const amounts = moved.map(
      (name) => `${name} ${before === null ? '' : `${before[name]} → `}${after[name]}`,
    );
    return [`${balance['scope']}`, `${balance['unit']}`, amounts.join(', ')];
  });
  return columns(rows).map(paint.dim);
}

const isZero = (amount: unknown): boolean => Number(amount) === 0;
