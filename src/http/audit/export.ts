/** The audit record as lines of NDJSON or CSV, each ending in one by which a file that was cut off can be told. */

import { createHash } from 'node:crypto';
import type { ActionView } from '../../projections/actions/actions.queries.js';
import { type Cell, csvRecord } from '../csv.js';
import { printExact } from '../json.js';
import { isoOf } from '../ledger.dto.js';
import { actionAnswer } from './action.js';

/** One action a line, as `GET /audit/actions` has it; then how many they were and the SHA-256 of those lines. */
export async function* ndjsonExport(actions: AsyncIterable<ActionView>): AsyncGenerator<string> {
  const digest = createHash('sha256');
  let rows = 0;
  for await (const action of actions) {
    const line = `${printExact(actionAnswer(action))}\n`;
    digest.update(line);
    rows += 1;
    yield line;
  }
  yield `${printExact({ complete: true, rows, sha256: digest.digest('hex') })}\n`;
}

/** A heading, one action a record, and a last record `complete` with their number and the SHA-256 of all before it. */
export async function* csvExport(actions: AsyncIterable<ActionView>): AsyncGenerator<string> {
  const digest = createHash('sha256');
  const noted = (line: string): string => {
    digest.update(line);
    return line;
  };
  let rows = 0;
  yield noted(csvRecord(['record', ...COLUMNS.map(([name]) => name)]));
  for await (const action of actions) {
    rows += 1;
    yield noted(csvRecord([rows, ...COLUMNS.map(([, cellOf]) => cellOf(action))]));
  }
  const rest = COLUMNS.slice(2).map(() => null);
  yield csvRecord(['complete', rows, digest.digest('hex'), ...rest]);
}

const momentOf = (atMs: number | null | undefined): string | null =>
  atMs === null || atMs === undefined ? null : isoOf(atMs);

/** Of the holds in one unit after the other, such as `20 RISK_POINTS; 300 USD_MICROCENTS`. */
const amountsOf =
  (amountOf: (hold: ActionView['authorized']['holds'][number]) => bigint | null) =>
  ({ authorized }: ActionView): string =>
    authorized.holds
      .flatMap((hold) => (amountOf(hold) === null ? [] : [`${amountOf(hold)} ${hold.unit}`]))
      .join('; ');

const COLUMNS: readonly (readonly [name: string, cellOf: (action: ActionView) => Cell])[] = [
  ['action_id', (a) => a.actionId],
  ['tenant_id', (a) => a.tenantId],
  ['revision', (a) => a.ledger.revision],
  ['position', (a) => a.ledger.position],
  ['event_hash', (a) => a.ledger.hash],
  ['proposed_at', (a) => isoOf(a.proposed.atMs)],
  ['operation', (a) => a.proposed.operation],
  ['session_id', (a) => a.proposed.sessionId],
  ['workspace', (a) => a.proposed.subject?.workspace],
  ['app', (a) => a.proposed.subject?.app],
  ['agent', (a) => a.proposed.subject?.agent],
  ['toolset', (a) => a.proposed.subject?.toolset],
  ['dimensions', (a) => textOf(a.proposed.subject?.dimensions)],
  ['action_kind', (a) => a.proposed.action?.kind],
  ['action_name', (a) => a.proposed.action?.name],
  ['harness', (a) => a.proposed.toolCall?.harness],
  ['tool_name', (a) => a.proposed.toolCall?.tool.name],
  ['tool_server', (a) => a.proposed.toolCall?.tool.server],
  ['tool_input', (a) => textOf(a.proposed.toolCall?.tool.input)],
  ['tier', (a) => a.proposed.assessment?.tier],
  ['risk_class', (a) => a.proposed.assessment?.riskClass],
  ['risk_points', (a) => a.proposed.assessment?.riskPoints],
  [
    'effects',
    (a) => a.proposed.assessment?.effects.map(({ verb, target }) => `${verb} ${target}`).join('; '),
  ],
  ['estimate_unit', (a) => a.proposed.estimate?.unit],
  ['estimate_amount', (a) => a.proposed.estimate?.amount],
  ['decision', (a) => a.decided.decision],
  ['reason_code', (a) => a.decided.reasonCode],
  ['message', (a) => a.decided.message],
  ['policy_id', (a) => a.decided.policyId],
  ['observed', (a) => a.decided.observed],
  ['repeats', (a) => a.decided.repeats],
  ['authorized_at', (a) => momentOf(a.authorized.atMs)],
  ['scope_path', (a) => a.authorized.scopePath],
  ['held', amountsOf(({ amount }) => amount)],
  ['charged', amountsOf(({ charged }) => charged)],
  ['approval_id', (a) => a.authorized.approval?.approvalId],
  [
    'approvers',
    (a) => a.authorized.approval?.answers.map((each) => `${each.operatorId} ${each.answer}`).join('; '),
  ],
  ['outcome', (a) => a.outcome?.status],
  ['outcome_at', (a) => momentOf(a.outcome?.atMs)],
  ['http_status', (a) => a.outcome?.httpStatus],
  ['exit_code', (a) => a.outcome?.exitCode],
  ['outcome_error', (a) => a.outcome?.error],
  ['output_sha256', (a) => a.outcome?.outputSha256],
  ['actor_type', (a) => a.carriedBy.actorType],
  ['key_id', (a) => a.carriedBy.keyId],
  ['operator_id', (a) => a.carriedBy.operatorId],
  ['source_ip', (a) => a.carriedBy.sourceIp],
  ['user_agent', (a) => a.carriedBy.userAgent],
  ['request_id', (a) => a.carriedBy.requestId],
  ['trace_id', (a) => a.carriedBy.traceId],
  ['idempotency_key', (a) => a.carriedBy.idempotencyKey],
];

const textOf = (value: unknown): string | null =>
  value === null || value === undefined ? null : printExact(value);
