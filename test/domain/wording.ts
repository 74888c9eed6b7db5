/** Events and balances as the tables write them. */

import type { Unit } from '../../src/domain/amount.js';
import type { BalanceAfter, Decided, LedgerEvent, Reserved } from '../../src/domain/events.js';
import type { Ruling } from '../../src/domain/ruling.js';
import { isOverLimit, remainingOf, type TenantState } from '../../src/domain/state.js';

const UNIT_WORDS: Readonly<Record<Unit, string>> = {
  USD_MICROCENTS: '',
  RISK_POINTS: 'RISK',
  TOKENS: 'TOKENS',
  CREDITS: 'CREDITS',
};

const short = (scope: string): string => scope.replace(/^tenant:/, '');

/** One event in a few words; `×2` is the number of scopes that hold. */
export function wordsOf(event: LedgerEvent): string {
  switch (event.type) {
    case 'ApiKeyIssued':
    case 'ApiKeyUpdated':
    case 'ApiKeyRevoked':
      return `${event.type} ${event.data.keyId.slice('key_'.length)}`;
    case 'BudgetCreated':
      return `${event.type} ${short(event.data.scope)} ${event.data.allocated}${UNIT_WORDS[event.data.unit]}`;
    case 'BudgetFunded': {
      const repaid = event.data.repaid > 0n ? ` repaid ${event.data.repaid}` : '';
      return `${event.type} ${event.data.operation} ${event.data.amount}${repaid}`;
    }
    case 'BudgetUpdated':
    case 'BudgetFrozen':
    case 'BudgetUnfrozen':
    case 'BudgetClosed':
    case 'BudgetRolledOver':
      return `${event.type} ${short(event.data.scope)}`;
    case 'BudgetTemplateDefined':
      return `${event.type} ${short(event.data.scopePattern)} ${event.data.allocated}`;
    case 'Decided': {
      const { decision, reasonCode, observed, operation } = event.data;
      const isObserved = observed === true || operation === 'observe';
      const said = `Decided ${decision}${reasonCode ? ` ${reasonCode}` : ''}${isObserved ? ' observed' : ''}`;
      return said + wordsOfTerms(event.data);
    }
    case 'Reserved': {
      const { amount, unit, heldScopes } = event.data;
      return `Reserved ${amount}${UNIT_WORDS[unit]} ×${heldScopes.length}${wordsOfTerms(event.data)}`;
    }
    case 'PolicyCreated':
    case 'PolicyUpdated':
    case 'PolicyDeleted':
      return `${event.type} ${event.data.policyId.slice('pol_'.length)}`;
    case 'ToolRegistered':
    case 'RiskRuleSet':
      return `${event.type} ${event.data.name}`;
    case 'EnvironmentRegistered':
      return `${event.type} ${event.data.value} ${event.data.environment}`;
    case 'ActionKindDeclared':
      return `${event.type} ${event.data.kind}`;
    case 'QuotaCounterReset':
      return `${event.type} from ${event.data.counters.map(({ used }) => used).join()}`;
    case 'Committed': {
      const { charged, released, reason } = event.data;
      const uses = (event.data.quotas ?? []).map(({ used, limit }) => ` ${used}/${limit}`).join('');
      return `Committed ${charged} back ${released}${reason === 'client' ? '' : ` ${reason}`}${uses}`;
    }
    case 'Released':
      return `Released ${event.data.released} ${event.data.reason}`;
    case 'Extended': {
      const { extension, expiresAtMs, previousExpiresAtMs } = event.data;
      return `Extended ${extension} by ${(expiresAtMs - previousExpiresAtMs) / 1_000}s`;
    }
    case 'Debited':
      return `Debited ${event.data.charged}${UNIT_WORDS[event.data.unit]} ×${event.data.chargedScopes.length}`;
    case 'Adjusted':
      return `Adjusted ${event.data.delta} to ${event.data.charged}`;
    case 'Corrected':
      return `Corrected ${short(event.data.scope)}`;
    case 'PeriodClosed':
      return `PeriodClosed to ${new Date(event.data.untilMs).toISOString().slice(0, 10)}`;
    case 'ApprovalRequested': {
      const lacking = event.data.shortfalls.map(({ amount }) => amount).join();
      const { money } = event.data;
      const besides = money === undefined ? '' : ` with ${money.amount}${UNIT_WORDS[money.unit]}`;
      return `${event.type}${lacking === '' ? '' : ` lacking ${lacking}`}${besides}`;
    }
    case 'ApprovalEscalated':
      return `${event.type} ${event.data.group}`;
    case 'ApprovalGranted':
      return `${event.type} ${event.data.votes}/${event.data.quorum}`;
    case 'ApprovalExpired':
      return `${event.type} ${event.data.was}`;
    case 'OutcomeRecorded':
      return `OutcomeRecorded ${event.data.status}${event.data.refunded ? ' refunded' : ''}`;
    default:
      return event.type;
  }
}

/** `tokens≤100`, then each counter that was used, `!` where that reached its threshold. */
function wordsOfTerms({ caps, quotas = [] }: Reserved['data'] | Decided['data']): string {
  const capped = caps === null ? '' : ` capped ${Object.values(caps).join()}`;
  const uses = quotas.map(
    ({ used, limit, crossedBp }) => ` ${used}/${limit}${crossedBp === undefined ? '' : '!'}`,
  );
  return capped + uses.join('');
}

export function wordsOfEvents(events: readonly LedgerEvent[]): string {
  return events.length === 0 ? 'nothing' : events.map(wordsOf).join('; ');
}

export function wordsOfRuling(ruling: Ruling): string {
  switch (ruling.kind) {
    case 'accepted':
      return wordsOfEvents(ruling.events);
    case 'replayed':
      return `replayed ${wordsOf(ruling.event)}`;
    case 'refused':
      return `refused ${ruling.refusal.code}`;
  }
}

/** The ledger equation of a budget: `acme 100-20-30-0=50`, that is allocated − spent − reserved − debt. */
export function equationOf(balance: BalanceAfter): string {
  const unit = UNIT_WORDS[balance.unit];
  const { allocated, spent, reserved, debt } = balance;
  const where = `${unit === '' ? '' : `${unit}@`}${short(balance.scope)}`;
  const over = isOverLimit(balance) ? ' over' : '';
  return `${where} ${allocated}-${spent}-${reserved}-${debt}=${remainingOf(balance)}${over}`;
}

/** The equations of all budgets, by place. */
export function equationsOf(state: TenantState): Map<string, string> {
  const lines = [...state.budgets.values()].map(equationOf);
  return new Map(lines.map((line) => [line.slice(0, line.indexOf(' ')), line]));
}
