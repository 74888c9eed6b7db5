/** A question in words, for messages of plain text. */

import { priceOf } from '../domain/price.js';
import { spelledOut } from '../domain/unseen.js';
import type { Words } from '../ports/notifier.port.js';
import type { Question } from '../ports/questions.port.js';

const OUTCOMES: Readonly<Record<Question['status'], string | null>> = {
  PENDING: null,
  APPROVED: 'Approved: it may run once.',
  CONSUMED: 'Approved, and it has run.',
  REJECTED: 'Rejected.',
  EXPIRED: 'Lapsed: nobody answered, or used the answer, in time.',
  CANCELLED: 'Withdrawn: nothing is asked any more.',
};

export function wordsFor(question: Question): Words {
  const { asker, action, status, reason } = question;
  const outcome = OUTCOMES[status];
  const why = outcome === null || reason === null ? '' : ` ${spelledOut(reason)}`;
  return {
    title: spelledOut(`${asker} asks to run ${action.name}`),
    facts: factsOf(question).map(([name, value]) => ({ name, value: spelledOut(value) })),
    call: callOf(question),
    outcome: outcome === null ? null : `${outcome}${why}`,
  };
}

function factsOf(question: Question): [name: string, value: string][] {
  const { asked, money, effects, call, answerByMs, quorum, votes } = question;
  return [
    ['Tenant', question.tenantId],
    ['Session', question.sessionScope],
    ['Takes', asked.unit === 'RISK_POINTS' ? `${asked.amount} risk points` : priceOf(asked)],
    ...(money === null ? [] : ([['May cost', priceOf(money)]] as [string, string][])),
    ...effects.map((effect): [string, string] => ['Would do', effect]),
    ...(call?.directory ? ([['Directory', call.directory]] as [string, string][]) : []),
    ...(call?.files ?? []).map((file): [string, string] => ['File', file]),
    ...(quorum > 1 ? ([['Agreed so far', `${votes} of ${quorum} people`]] as [string, string][]) : []),
    ...(answerByMs === null
      ? []
      : ([['Answer until', new Date(answerByMs).toISOString()]] as [string, string][])),
  ];
}

/** One argument as it is, several under their names. */
function callOf({ call }: Question): string | null {
  if (call === null) return null;
  const [only, ...more] = call.arguments;
  if (only !== undefined && more.length === 0) return spelledOut(only.text);
  return call.arguments.map(({ name, text }) => `${spelledOut(name)}: ${spelledOut(text)}`).join('\n');
}
