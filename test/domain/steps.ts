/** Random steps in the language of the tables, so that a counterexample reads like one of their rows. */

import fc from 'fast-check';

const SCOPES = [
  'acme',
  'acme/app:a',
  'acme/app:a/agent:x',
  'acme/app:ide',
  'acme/workflow:s1',
  'acme/App:A/workflow:s1',
];
const BUDGETED = ['acme', 'acme/app:a', 'acme/app:ide', 'acme/app:ide/workflow:s1'];
const PATTERNS = ['acme/**/workflow:*', 'acme/app:*', 'acme/app:a/workflow:s1', 'acme/**/agent:*'];
const UNITS = ['', '', '', '', 'RISK', 'RISK', 'TOKENS'];
const POLICIES = ['', ' policy=REJECT', ' policy=ALLOW_IF_AVAILABLE', ' policy=ALLOW_WITH_OVERDRAFT'];
const OPERATIONS = ['CREDIT', 'DEBIT', 'RESET', 'RESET_SPENT', 'REPAY_DEBT'];

/** None of whole months, so that the auditor may add up days. */
const SPANS = ['', '', '', ' from=2026-03-01 to=2026-03-02', ' from=2026-03-01 to=2026-03-08'];
const ROLLOVERS = ['', '', ' rollover=CARRY_FORWARD', ' rollover=CAP_AT_ALLOCATED'];

const OPENING = [
  'budget acme 200',
  'budget acme 90RISK limit=20',
  'budget acme/app:a 60 limit=15 policy=ALLOW_WITH_OVERDRAFT',
  'budget acme/app:ide 50 policy=REJECT',
  'template t0 acme/**/workflow:* 60RISK',
];

const pick = (values: readonly string[]) => fc.constantFrom(...values);
const small = fc.integer({ min: 0, max: 40 }).map(String);
/** Mostly small, so that budgets are met and missed often; sometimes at the end of int64. */
const amount = fc.oneof({ weight: 12, arbitrary: small }, { weight: 1, arbitrary: fc.constant('max') });
const name = fc.integer({ min: 1, max: 4 }).map(String);
const key = pick(['', '', '', '', '', '', ' #k1', ' #k2', ' #k3']);
const words = (...parts: fc.Arbitrary<string>[]) => fc.tuple(...parts).map((all) => all.join(''));
const text = (value: string) => fc.constant(value);

const budgetStep = words(
  text('budget '),
  pick(BUDGETED),
  text(' '),
  amount,
  pick(UNITS),
  pick(['', '', ' limit=9', ' limit=max']),
  pick(POLICIES),
  pick(SPANS),
  pick(ROLLOVERS),
);
const setStep = words(
  text('set '),
  pick(BUDGETED),
  pick(['', ' RISK', ' TOKENS']),
  pick(['', ' limit=9', ' limit=30']),
  pick(POLICIES),
  pick(SPANS),
  pick(ROLLOVERS),
);
const holdStep = words(
  text('reserve r'),
  name,
  text(' '),
  amount,
  pick(UNITS),
  text(' at='),
  pick(SCOPES),
  pick(['', '', ' ttl=3s', ' ttl=40s grace=0s']),
  pick(POLICIES),
  key,
);
const commitStep = words(text('commit r'), name, text(' '), amount, pick(['', '', '', 'RISK']), key);
const extendStep = words(text('extend r'), name, pick([' 2s', ' 50s', ' 2h']), key);
const debitStep = words(
  text('debit d'),
  name,
  text(' '),
  amount,
  pick(UNITS),
  text(' at='),
  pick(SCOPES),
  pick(POLICIES),
  key,
);
const adjustStep = words(
  text('adjust d'),
  name,
  text(' 20'),
  pick(['', '', 'RISK']),
  pick([' -25', ' -7', ' 5', ' 9223372036854775807']),
  pick(['', ' at=acme,acme/app:a', ' at=acme/app:ide/workflow:s1']),
  key,
);
const correctStep = words(
  text('correct '),
  pick(BUDGETED),
  text(' '),
  pick(['50-10-5-0', '90-0-0-3', '9-20-0-0', '9-9223372036854775807-0-0']),
  pick(['', ' RISK']),
);
const tenantStep = pick([
  'tenant maxttl=20s',
  'tenant maxttl=1h',
  'tenant extensions=1',
  'tenant extensions=10',
  'tenant policy=REJECT',
  'tenant policy=ALLOW_IF_AVAILABLE',
  'tenant name=Acme',
  'tenant name=New suspended',
]);
const releaseStep = words(text('release r'), name, key);
const fundStep = words(
  text('fund '),
  pick(BUDGETED),
  text(' '),
  pick(OPERATIONS),
  text(' '),
  amount,
  pick(UNITS),
  pick(['', ' spent=7', ' spent=max']),
  key,
);
const decideStep = words(pick(['decide ', 'dryrun ']), amount, pick(UNITS), text(' at='), pick(SCOPES), key);
const freezeStep = words(pick(['freeze ', 'unfreeze ']), pick(BUDGETED), pick(['', ' RISK']));
const templateStep = words(
  text('template t'),
  name,
  text(' '),
  pick(PATTERNS),
  text(' '),
  small,
  pick(UNITS),
  pick(['', ' daily']),
  pick(ROLLOVERS),
);
const callStep = words(
  text('call c'),
  name,
  text(' '),
  small,
  pick(['', ' tier=4']),
  pick(['', ' money=5', ' money=30']),
  pick(['', ' session=s2']),
  pick(['', ' hold=30s']),
  key,
);
const outcomeStep = words(
  text('outcome c'),
  name,
  pick([' succeeded', ' failed', ' unknown']),
  pick(['', ' actual=3', ' actual=50', ' actual=3TOKENS']),
);
const otherStep = pick(['suspend', 'reactivate', 'reactivate', 'retire t1', 'retire t2']);
const waitStep = pick(['wait 1s', 'wait 8s', 'wait 1m', 'wait 5h', 'wait 25h']);

const step = fc.oneof(
  { weight: 3, arbitrary: budgetStep },
  { weight: 8, arbitrary: holdStep },
  { weight: 6, arbitrary: commitStep },
  { weight: 2, arbitrary: releaseStep },
  { weight: 3, arbitrary: fundStep },
  { weight: 2, arbitrary: extendStep },
  { weight: 4, arbitrary: debitStep },
  { weight: 1, arbitrary: adjustStep },
  { weight: 1, arbitrary: correctStep },
  { weight: 1, arbitrary: setStep },
  { weight: 1, arbitrary: tenantStep },
  { weight: 1, arbitrary: decideStep },
  { weight: 1, arbitrary: freezeStep },
  { weight: 1, arbitrary: templateStep },
  { weight: 4, arbitrary: callStep },
  { weight: 3, arbitrary: outcomeStep },
  { weight: 1, arbitrary: otherStep },
  { weight: 2, arbitrary: waitStep },
);

/**
 * A story of steps. It begins with budgets, so that most of it is not about missing ones, and sometimes ends
 * with the tenant closed.
 */
export const story: fc.Arbitrary<string[]> = fc
  .tuple(
    fc.subarray(OPENING, { minLength: 2 }),
    fc.array(step, { minLength: 10, maxLength: 80, size: 'max' }),
    fc.boolean(),
  )
  .map(([opening, middle, isClosed]) => [
    ...opening,
    ...named(middle),
    ...(isClosed ? ['close', 'commit r1 5', 'fund acme CREDIT 1'] : []),
  ]);

/**
 * Gives new things a name of their own, as the server would, and lets what refers to one mean the n-th latest,
 * so that most references find something.
 */
function named(steps: readonly string[]): string[] {
  const counts: Record<string, number> = {};
  return steps.map((line) =>
    line.replace(/^(\w+) ([rctd])(\d+)/, (_all, verb: string, kind: string, back: string) => {
      const count = counts[kind] ?? 0;
      if (!MINTING.has(verb)) return `${verb} ${kind}${Math.max(1, count - Number(back) + 1)}`;
      counts[kind] = count + 1;
      return `${verb} ${kind}${count + 1}`;
    }),
  );
}

const MINTING: ReadonlySet<string> = new Set(['reserve', 'call', 'template', 'debit']);
