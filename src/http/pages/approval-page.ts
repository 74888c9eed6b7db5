/** The pages of approvals: the inbox, and one question with everything that an answer needs. */

import type { BalanceAfter } from '../../domain/events.js';
import { priceOf } from '../../domain/price.js';
import { remainingOf } from '../../domain/state.js';
import type { ActionView } from '../../projections/actions/actions.queries.js';
import type { ApprovalAnswerView, ApprovalView } from '../../projections/approvals/approvals.queries.js';
import { callView, effectsView } from './call.js';
import type { AnswerRequest } from './ceremonies.js';
import { type Html, html, visible } from './html.js';
import type { AnswerWord } from './tickets.js';

/** Everything that the page of an approval shows. */
export interface Question {
  readonly approval: ApprovalView;
  /** The call as it was proposed; null for what is not in the record yet. */
  readonly proposed: ActionView | null;
  readonly answers: readonly ApprovalAnswerView[];
  /** What the session did before, newest first. */
  readonly recent: readonly ActionView[];
  /** The session's RISK_POINTS budget as it is; null where it has none. */
  readonly session: BalanceAfter | null;
  readonly nameOf: (operatorId: string) => string;
  /** Why this person cannot answer; null when they can. */
  readonly hindrance: string | null;
  /** Where the form goes, and what shows there that it came from this page. */
  readonly answerAt: {
    readonly path: string;
    readonly field: 'csrf_token' | 'token';
    readonly value: string;
  };
  /** What a passkey is asked to sign, where the rule wants one; null where it does not. */
  readonly passkey: AnswerRequest | null;
  readonly nowMs: number;
}

const STATES = {
  PENDING: 'waiting for an answer',
  APPROVED: 'approved, not used yet',
  CONSUMED: 'approved and used',
  REJECTED: 'rejected',
  EXPIRED: 'lapsed: nobody answered, or used the answer, in time',
  CANCELLED: 'withdrawn',
} as const;

export function inboxPage(
  waiting: readonly ApprovalView[],
  past: readonly ApprovalView[],
  nowMs: number,
): Html {
  return html`<h1>${waiting.length === 0 ? 'Nothing waits for you' : `${waiting.length} ${waiting.length === 1 ? 'call waits' : 'calls wait'} for an answer`}</h1>
${waiting.length > 0 && html`<ul class="plain">${waiting.map((approval) => line(approval, nowMs))}</ul>`}
${
  past.length > 0 &&
  html`<h2>Before</h2>
<ul class="plain">${past.map((approval) => line(approval, nowMs))}</ul>`
}`;
}

const line = (approval: ApprovalView, nowMs: number): Html => html`<li>
<span class="points">${approval.asked.amount} ${unitOf(approval)}</span>
<a href="/approvals/${approval.approvalId}">${visible(askerOf(approval))}: ${visible(approval.action.name)}</a>
<p class="soft"><span class="state ${approval.status}">${approval.status.toLowerCase()}</span>
asked ${ago(approval.requestedAtMs, nowMs)}${
  approval.status === 'PENDING' &&
  approval.answerByMs !== null &&
  html`, ${duration(approval.answerByMs - nowMs)} left`
}, ${approval.tenantId}</p>
</li>`;

export function approvalPage(question: Question): Html {
  const { approval, proposed, nowMs } = question;
  const assessment = proposed?.proposed.assessment ?? null;
  const { toolCall } = proposed?.proposed ?? { toolCall: null };
  return html`<p><span class="state ${approval.status}">${STATES[approval.status]}</span></p>
<h1>${visible(askerOf(approval))} asks to run ${visible(approval.action.name)}</h1>
<p class="soft">${visible(deadline(approval, nowMs))}</p>

<h2>The call, as it will run</h2>
${
  toolCall === null
    ? html`<div class="call"><h3>${visible(approval.action.kind)}</h3><pre tabindex="0" aria-label="amount">${approval.asked.amount} ${unitOf(approval)}</pre></div>`
    : callView(toolCall, assessment)
}
${
  toolCall !== null &&
  html`<dl>
${toolCall.cwd !== null && html`<dt>directory</dt><dd>${visible(toolCall.cwd)}</dd>`}
${toolCall.tool.server !== null && html`<dt>server</dt><dd>${visible(toolCall.tool.server)}</dd>`}
${toolCall.files.map(
  ({ path, sha256, bytes }) =>
    html`<dt>file</dt><dd>${visible(path)} <span class="soft">${bytes} bytes, sha256 ${sha256.slice(0, 16)}…</span></dd>`,
)}
</dl>`
}

${assessment !== null && html`<h2>What it would do</h2>${effectsView(assessment)}`}

<h2>If it is approved</h2>
${consequences(question)}
${answered(question)}
${approval.closedAtMs === null && approval.status === 'PENDING' && answerForm(question)}

<h2>Who asks</h2>
<dl>
<dt>session</dt><dd>${visible(approval.sessionScope)}</dd>
<dt>subject</dt><dd>${visible(approval.scopePath)}</dd>
${toolCall !== null && html`<dt>harness</dt><dd>${visible(toolCall.harness)}</dd>`}
${approval.keyId !== null && html`<dt>key</dt><dd>${approval.keyId}</dd>`}
${approval.ownerOperatorId !== null && html`<dt>owner of the key</dt><dd>${visible(question.nameOf(approval.ownerOperatorId))}</dd>`}
<dt>rule</dt><dd>${visible(approval.terms.name)}${approval.policyId !== null && html` <span class="soft">${approval.policyId}</span>`}</dd>
<dt>call</dt><dd><code>${approval.actionHash.slice(0, 32)}…</code></dd>
</dl>

${
  question.recent.length > 0 &&
  html`<h2>The session before</h2>
<table><thead><tr><th scope="col">when</th><th scope="col">what</th><th scope="col">decided</th><th scope="col" class="number">points</th></tr></thead>
<tbody>${question.recent.map((action) => recentRow(action, nowMs))}</tbody></table>`
}`;
}

function askerOf({ subject }: ApprovalView): string {
  return subject.agent ?? subject.app ?? subject.workflow ?? 'A client';
}

const unitOf = ({ asked }: ApprovalView): string =>
  asked.unit === 'RISK_POINTS' ? 'risk points' : asked.unit;

function deadline(approval: ApprovalView, nowMs: number): string {
  const asked = `Asked ${ago(approval.requestedAtMs, nowMs)}`;
  if (approval.status === 'PENDING' && approval.answerByMs !== null) {
    return `${asked}. ${duration(approval.answerByMs - nowMs)} left to answer; no answer is no yes.`;
  }
  if (approval.status === 'APPROVED' && approval.usableUntilMs !== null) {
    return `${asked}. ${duration(approval.usableUntilMs - nowMs)} left to use the answer.`;
  }
  return `${asked}.${approval.reason === null ? '' : ` Reason: ${approval.reason}`}`;
}

function consequences({ approval, session }: Question): Html {
  const { useWithinMs } = approval.terms;
  const within = useWithinMs === null ? '' : ` within ${duration(useWithinMs)} of the last approval`;
  return html`<ul class="plain">
<li>Exactly this call may run, once${within}. Any other argument or file is a new question.</li>
${approval.shortfalls.map(
  ({ scope, amount }) =>
    html`<li>${amount} risk points are added to ${visible(scope)} under the approver’s name, because the call needs more than is left.</li>`,
)}
${session !== null && html`<li>The session has ${remainingOf(session)} of ${session.allocated} risk points left; the call takes ${approval.asked.amount}.</li>`}
${approval.money !== null && html`<li>The call may cost ${priceOf(approval.money)}, which is held with it; the same call with more is a new question.</li>`}
<li>${approval.votes} of ${approval.quorum} ${approval.quorum === 1 ? 'person has' : 'people have'} agreed so far.</li>
</ul>`;
}

function answered({ answers, nameOf, nowMs }: Question): Html | null {
  if (answers.length === 0) return null;
  return html`<h2>Answers</h2>
<ul class="plain">${answers.map(
    ({ operatorId, answer, note, channel, hasPasskey, atMs }) => html`<li>
<b>${visible(nameOf(operatorId))}</b> ${answer === 'approve' ? 'approved' : 'rejected'} ${ago(atMs, nowMs)}
<span class="soft">by ${channel}${hasPasskey && ', with a passkey'}</span>
${note !== null && html`<p>${visible(note)}</p>`}</li>`,
  )}</ul>`;
}

function answerForm({ hindrance, answerAt, passkey }: Question): Html {
  if (hindrance !== null) return html`<p class="notice">${hindrance}</p>`;
  const form =
    passkey === null
      ? html`<form class="answer" method="post" action="${answerAt.path}">`
      : html`<form class="answer" method="post" action="${answerAt.path}" data-ceremony="use">
<input type="hidden" name="ticket" value="${passkey.ticket}">
<input type="hidden" name="passkey" value="">
<p class="notice" role="alert" hidden></p>
<p class="soft">Your passkey signs exactly this call and your answer.</p>`;
  return html`${form}
<input type="hidden" name="${answerAt.field}" value="${answerAt.value}">
<label for="note">Note, which the agent is told when you reject</label>
<textarea id="note" name="note" maxlength="1000"></textarea>
<div class="buttons">
<button class="no" type="submit" name="answer" value="reject"${signing(passkey, 'reject')}>Reject</button>
<button class="yes" type="submit" name="answer" value="approve"${signing(passkey, 'approve')}>Approve this call once</button>
</div>
</form>`;
}

const signing = (passkey: AnswerRequest | null, word: AnswerWord): Html | null =>
  passkey && html` data-passkey="${passkey.options[word]}"`;

function recentRow({ proposed, decided }: ActionView, nowMs: number): Html {
  const points = proposed.estimate?.unit === 'RISK_POINTS' ? proposed.estimate.amount : null;
  const effects = proposed.assessment?.effects ?? [];
  const what =
    effects[0] === undefined
      ? (proposed.action?.name ?? proposed.operation)
      : `${effects[0].verb} ${effects[0].target}`;
  return html`<tr><td>${ago(proposed.atMs, nowMs)}</td><td>${visible(what)}</td><td>${
    decided.decision
  }${decided.reasonCode !== null && html` <span class="soft">${decided.reasonCode}</span>`}</td><td class="number">${points}</td></tr>`;
}

const ago = (atMs: number, nowMs: number): string => {
  const passed = nowMs - atMs;
  return passed < 1_000 ? 'just now' : `${duration(passed)} ago`;
};

const UNITS = [
  [86_400_000, 'day'],
  [3_600_000, 'hour'],
  [60_000, 'minute'],
  [1_000, 'second'],
] as const;

/** In the largest unit that fits, rounded down: `14 minutes`. */
export function duration(ms: number): string {
  for (const [size, name] of UNITS) {
    const count = Math.floor(ms / size);
    if (count >= 1) return `${count} ${name}${count === 1 ? '' : 's'}`;
  }
  return 'less than a second';
}
