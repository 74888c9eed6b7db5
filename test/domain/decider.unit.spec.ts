/** The decider, as tables that read like its specification. */

import { REFUSALS, reasonCodeOf } from '../../src/domain/refusals.js';
import { type Case, play } from './table.js';
import { changes, keys, tenants } from './tables/access.js';
import { answering, asking, lapsing, requiring } from './tables/approvals.js';
import { budgets, funding, rollover, templates, updates } from './tables/budgets.js';
import { closings, corrections, debits } from './tables/charging.js';
import { outcomes, toolCalls } from './tables/gate.js';
import { kinds, limits, observing, policies, quotas } from './tables/policies.js';
import { registry } from './tables/registry.js';
import { deciding, reserving } from './tables/reserving.js';
import { ending, extending, overage } from './tables/settling.js';

const TABLES = [reserving, deciding, overage, ending, budgets, funding, templates, toolCalls, outcomes];
const CHANGES = [updates, rollover, debits, corrections, closings, extending, changes];
const POLICIES = [policies, kinds, quotas, limits, observing];
const APPROVALS = [asking, answering, lapsing, requiring];
const ALL = [...TABLES, ...CHANGES, ...POLICIES, ...APPROVALS, registry, keys, tenants];

const nameOf = ({ section, given, when, expected }: Case): string =>
  `${section === '' ? '' : `${section}: `}given ${given}, when ${when}, then ${expected}`;

for (const { title, cases } of ALL) {
  describe(title, () => {
    it.each(cases.map((row) => [nameOf(row), row] as const))('%s', (_name, row) => {
      const { said, balances } = play(row);
      expect([said, balances]).toEqual([row.expected, row.balances]);
    });
  });
}

/** Refusals that the decider cannot give: it sees one tenant, and cannot know that an object is another's. */
const GIVEN_ELSEWHERE = ['foreign_object'];

describe('The tables together', () => {
  const reached = new Set(ALL.flatMap(({ cases }) => cases.map(({ expected }) => expected)));
  const isReached = (code: keyof typeof REFUSALS): boolean =>
    reached.has(`refused ${code}`) || reached.has(`Decided DENY ${reasonCodeOf(code)}`);

  it('reach every refusal code there is', () => {
    const codes = Object.keys(REFUSALS) as (keyof typeof REFUSALS)[];
    expect(codes.filter((code) => !isReached(code))).toEqual(GIVEN_ELSEWHERE);
  });
});
