/** A question to people on a terminal: the call as it will run, with what cannot be seen spelled out. */

import type { Effect } from '../../domain/assessment.js';
import { integerOf, isRecord, type JsonRecord, recordOf, textOf } from '../../integrations/json.js';
import { momentOf, whatOf } from '../audit/actions.js';
import { explained, type Shown } from '../explained.js';
import { columns, type Palette, visible } from '../terminal.js';

const LIST_LENGTH = 56;

/** What is asked for, short enough for a list. */
export function whatIn(approval: JsonRecord): string {
  const what = whatOf(approval);
  return what.length > LIST_LENGTH ? `${what.slice(0, LIST_LENGTH - 1)}…` : what;
}

/** The session that asks. */
export const sessionOf = (approval: JsonRecord): string =>
  textOf(recordOf(approval, 'subject') ?? {}, 'workflow') ?? '';

/** One approval as a person reads it before they answer. */
export function approvalLines(approval: JsonRecord, paint: Palette): string[] {
  const tool = recordOf(recordOf(approval, 'tool_call') ?? {}, 'tool') ?? {};
  const assessment = recordOf(approval, 'assessment');
  const facts = factsOf(approval).filter((fact): fact is [string, string] => Boolean(fact[1]));
  return [
    ...columns(facts),
    ...callLines(tool).map((line) => `  ${paint.bold(visible(line))}`),
    ...(assessment === null ? [] : explained(shownOf(assessment), tool['input'], paint)),
  ];
}

function factsOf(approval: JsonRecord): [string, string | null][] {
  const call = recordOf(approval, 'tool_call') ?? {};
  const rule = recordOf(approval, 'rule') ?? {};
  const subject = Object.entries(recordOf(approval, 'subject') ?? {});
  return [
    ['approval', textOf(approval, 'approval_id')],
    ['status', textOf(approval, 'status')],
    ['asked (UTC)', momentOf(approval['requested_at_ms'])],
    ['until (UTC)', momentOf(approval['expires_at_ms'])],
    ['tenant', textOf(approval, 'tenant_id')],
    ['who', subject.map(([level, value]) => `${level}:${value}`).join(' ')],
    ['harness', textOf(call, 'harness')],
    ['directory', textOf(call, 'cwd')],
    ['agreed', `${integerOf(approval, 'votes') ?? 0} of ${integerOf(rule, 'quorum') ?? 1}`],
    ['adds', missingIn(approval)],
    ['holds', estimateIn(approval)],
    ['page', textOf(approval, 'url')],
    ['tool', textOf(recordOf(call, 'tool') ?? {}, 'name') ?? whatOf(approval)],
  ];
}

/** Points that a yes adds to budgets that are short. */
function missingIn({ missing_points: missing }: JsonRecord): string | null {
  if (!Array.isArray(missing) || missing.length === 0) return null;
  return missing
    .filter(isRecord)
    .map(({ scope, points }) => `${points} points at ${scope}`)
    .join(', ');
}

/** The money that the call may cost, which a yes is for. */
function estimateIn({ estimate }: JsonRecord): string | null {
  return isRecord(estimate) ? `${estimate['amount']} ${estimate['unit']}` : null;
}

/** A command line by line; whatever else the arguments are, as JSON. */
function callLines({ input }: JsonRecord): string[] {
  if (!isRecord(input)) return input === undefined ? [] : JSON.stringify(input, null, 2).split('\n');
  const { command, ...others } = input;
  if (typeof command !== 'string') return JSON.stringify(input, null, 2).split('\n');
  const rest = Object.keys(others).length === 0 ? [] : [JSON.stringify(others)];
  return [...command.split('\n'), ...rest];
}

/** The server's assessment in the words of the domain. */
const shownOf = (assessment: JsonRecord): Shown => ({
  tier: (integerOf(assessment, 'tier') ?? 0) as Shown['tier'],
  riskPoints: integerOf(assessment, 'risk_points') ?? 0,
  riskClass: textOf(assessment, 'risk_class') as Shown['riskClass'],
  actionKind: textOf(assessment, 'action_kind') ?? '',
  effects: (assessment['effects'] ?? []) as Effect[],
  factors: (assessment['factors'] ?? []) as Shown['factors'],
});
