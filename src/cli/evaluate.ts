/** `countersign evaluate`: how the running server would decide a request, check by check. Records nothing. */

import { isRecord, type JsonRecord } from '../integrations/json.js';
import { toolOfText } from './assess.js';
import { callServer, connectionOf, type GlobalOptions } from './connection.js';
import { Complaint, columns, type Palette, paletteFor, print, printJson } from './terminal.js';

interface EvaluateOptions extends GlobalOptions {
  readonly at?: string;
  readonly kind?: string;
  readonly name?: string;
  readonly amount?: string;
  readonly unit?: string;
  readonly run?: string;
  readonly session?: string;
  readonly json?: boolean;
}

/** A call is given as `assess` takes it; without one, `--kind` and `--amount` name an action. */
export async function evaluate(
  tenantId: string,
  call: string | undefined,
  options: EvaluateOptions,
): Promise<void> {
  const asked = call === undefined ? actionOf(options) : callOf(call, options);
  const body = { tenant_id: tenantId, ...asked };
  const answer = await callServer(connectionOf(options), 'POST', '/gate/evaluate', body);
  if (options.json) printJson(answer);
  else printEvaluation(answer, paletteFor(process.stdout, process.env));
}

function actionOf(options: EvaluateOptions): object {
  const { kind, amount, unit = 'USD_MICROCENTS', name = kind } = options;
  if (kind === undefined || amount === undefined) {
    throw new Complaint('nothing to evaluate: give a call, or an action by --kind and --amount');
  }
  if (!/^\d+$/.test(amount)) throw new Complaint('--amount must be a whole number');
  return {
    subject: {
      ...levelsOf(options),
      ...(options.run !== undefined && { dimensions: { run_id: options.run } }),
    },
    action: { kind, name },
    estimate: { unit, amount: BigInt(amount) },
  };
}

function callOf(call: string, options: EvaluateOptions): object {
  return {
    subject: levelsOf(options),
    session_id: options.session ?? 'evaluate',
    tool: toolOfText(call),
    cwd: process.cwd(),
  };
}

/** `app:ide/agent:bot`, as in a scope path. */
function levelsOf({ at }: EvaluateOptions): Record<string, string> {
  const levels = (at ?? '').split('/').filter((segment) => segment !== '');
  return Object.fromEntries(
    levels.map((segment) => {
      const colon = segment.indexOf(':');
      if (colon < 1) throw new Complaint(`--at takes levels such as app:ide/agent:bot, not "${segment}"`);
      return [segment.slice(0, colon), segment.slice(colon + 1)];
    }),
  );
}

function printEvaluation(answer: JsonRecord, palette: Palette): void {
  const isDenied = answer['decision'] === 'DENY';
  const reason = answer['reason_code'] === undefined ? '' : `  ${answer['reason_code']}`;
  print(palette.bold((isDenied ? palette.red : palette.green)(`${answer['decision']}${reason}`)));
  for (const field of ['message', 'suggested_fix']) {
    if (answer[field] !== undefined) print(String(answer[field]));
  }
  print('', palette.dim('checks, in their order'), ...checkLines(recordsOf(answer['checks']), palette));
  const policies = recordsOf(answer['policies']);
  if (policies.length === 0) return;
  const rows = policies.map((policy) => [
    String(policy['name']),
    String(policy['scope_pattern']),
    String(policy['priority']),
    String(policy['verdict']).replaceAll('_', ' '),
  ]);
  const [heading = '', ...lines] = columns([['policy', 'pattern', 'priority', ''], ...rows], new Set([2]));
  print('', palette.dim(heading), ...lines);
}

function checkLines(checks: readonly JsonRecord[], palette: Palette): string[] {
  const names = columns(checks.map((check) => [String(check['check']).replaceAll('_', ' ')]));
  const width = Math.max(...names.map((name) => name.length));
  return checks.map((check, index) => {
    const passed = check['verdict'] === 'passed';
    const mark = passed
      ? palette.green('✓')
      : check['decides'] === true
        ? palette.red('✗')
        : palette.yellow('✗');
    const says = passed ? palette.dim(numbersOf(check['facts'])) : String(check['message']);
    return `${mark} ${(names[index] ?? '').padEnd(width)}  ${says}`.trimEnd();
  });
}

/** The numbers of a check in a few words. */
function numbersOf(facts: unknown): string {
  if (!isRecord(facts)) return '';
  const counters = recordsOf(facts['counters']).map(
    (counter) =>
      `${counter['used']} of ${counter['limit']} ${String(counter['window']).replaceAll('_', ' ')}`,
  );
  const budgets = recordsOf(facts['budgets']).map(
    (budget) =>
      `${budget['remaining']} remain at ${budget['scope']}${budget['opens'] === true ? ', opened by a template' : ''}`,
  );
  const asked = facts['requested'] === undefined ? [] : [`${facts['requested']} ${facts['unit']} asked for`];
  const tier = facts['tier'] === undefined ? [] : [`tier ${facts['tier']}`];
  const kind = facts['kind'] === undefined ? [] : [`${facts['kind']}, ${facts['risk_class']}`];
  return [...asked, ...budgets, ...counters, ...kind, ...tier].join('; ');
}

const recordsOf = (value: unknown): JsonRecord[] => (Array.isArray(value) ? value.filter(isRecord) : []);
