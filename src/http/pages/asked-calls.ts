/** What the page of a question shows, gathered from the read models and the ledger. */

import { Inject, Injectable } from '@nestjs/common';
import { SYSTEM, type SystemWriter, WRITERS, type Writers } from '../../commands/writers.js';
import type { BalanceAfter } from '../../domain/events.js';
import type { OperatorId, ScopePath, TenantId } from '../../domain/ids.js';
import { balanceOf } from '../../domain/state.js';
import { budgetKey } from '../../domain/subject.js';
import type { ActionView } from '../../projections/actions/actions.queries.js';
import type { ApprovalView } from '../../projections/approvals/approvals.queries.js';
import { HttpFailure } from '../failure.js';
import type { Person } from '../people.js';
import { READING, type Reading } from '../reading.js';
import type { Question } from './approval-page.js';

const RECENT_MAX = 8;

@Injectable()
export class AskedCalls {
  constructor(
    @Inject(READING) private readonly reading: Reading,
    @Inject(WRITERS) private readonly writers: Writers,
    @Inject(SYSTEM) private readonly system: SystemWriter,
  ) {}

  /** @throws HttpFailure 404 */
  async find(id: string): Promise<ApprovalView> {
    await this.reading.catchUp();
    const approval = await this.reading.approvals.get(id);
    if (approval === null) throw new HttpFailure(404, 'NOT_FOUND', `There is no approval ${id}.`);
    return approval;
  }

  /** Everything about a question that is the same for all who see it. */
  async contextOf(
    approval: ApprovalView,
  ): Promise<Pick<Question, 'answers' | 'proposed' | 'recent' | 'session' | 'nameOf'>> {
    const [answers, proposed, recent, session] = await Promise.all([
      this.reading.approvals.answers(approval.approvalId),
      this.reading.actions.find(approval.decisionId),
      this.recentOf(approval),
      this.sessionOf(approval),
    ]);
    return { answers, proposed, recent, session, nameOf: (operatorId) => this.nameOf(operatorId) };
  }

  private async recentOf({ tenantId, subject, decisionId }: ApprovalView): Promise<readonly ActionView[]> {
    if (subject.workflow === undefined) return [];
    const filter = { tenantId, sessionId: subject.workflow };
    const { items } = await this.reading.actions.list(filter, { limit: RECENT_MAX + 1 });
    return items.filter(({ actionId }) => actionId !== decisionId).slice(0, RECENT_MAX);
  }

  private sessionOf({ tenantId, sessionScope }: ApprovalView): Promise<BalanceAfter | null> {
    const key = budgetKey(sessionScope as ScopePath, 'RISK_POINTS');
    return this.writers.read(tenantId as TenantId, ({ budgets }) => {
      const budget = budgets.get(key);
      return budget === undefined ? null : balanceOf(budget);
    });
  }

  private nameOf(operatorId: string): string {
    return this.system.current.operators.get(operatorId as OperatorId)?.name ?? operatorId;
  }
}

/** Why a person cannot answer; the ledger decides, and this only saves a click. */
export function hindranceOf(
  { terms, escalatedGroup, ownerOperatorId }: ApprovalView,
  answers: Question['answers'],
  {
    operatorId,
    groups,
    hasPasskey,
  }: Pick<Person, 'operatorId' | 'groups'> & { readonly hasPasskey: boolean },
): string | null {
  if (operatorId === ownerOperatorId)
    return 'The call was asked for with your own key: another person has to answer.';
  const asked = [terms.group, escalatedGroup].filter((group) => group !== null);
  if (terms.group !== null && !asked.some((group) => groups.includes(group))) {
    return `Only the group ${terms.group} is asked about this call.`;
  }
  if (terms.passkey && !hasPasskey)
    return 'This call is answered with a passkey: add one under your name first.';
  if (answers.some((answer) => answer.operatorId === operatorId)) {
    return 'You have answered. More people have to agree.';
  }
  return null;
}
