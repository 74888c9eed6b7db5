/** Charging without a hold, and putting charges and budgets right. */

import { table } from '../table.js';

export const debits = table(
  'Charging afterwards',
  `
  given                                             | when                             | then                              | balances
  -- each policy, fitting and not
  budget acme 100                                   | debit d 30                       | Debited 30 ×1                     | acme 100-30-0-0=70
  "                                                 | debit d 0                        | Debited 0 ×1                      | acme 100-0-0-0=100
  "                                                 | debit d 100 policy=REJECT        | Debited 100 ×1                    | acme 100-100-0-0=0
  "                                                 | debit d 101 policy=REJECT        | refused budget_exceeded           | acme 100-0-0-0=100
  "                                                 | debit d 101                      | Debited 100 ×1                    | acme 100-100-0-0=0 over
  "                                                 | debit d 101 policy=ALLOW_WITH_OVERDRAFT | Debited 100 ×1             | acme 100-100-0-0=0 over
  budget acme 100 limit=10                          | debit d 110 policy=ALLOW_WITH_OVERDRAFT | Debited 110 ×1             | acme 100-100-0-10=-10
  "                                                 | debit d 111 policy=ALLOW_WITH_OVERDRAFT | refused overdraft_limit_exceeded | acme 100-0-0-0=100
  budget acme 100; reserve r 40                     | debit d 61 policy=REJECT         | refused budget_exceeded           | acme 100-0-40-0=60
  "                                                 | debit d 61                       | Debited 60 ×1                     | acme 100-60-40-0=0 over
  budget acme 1 limit=max; debit c 9223372036854775807 policy=ALLOW_WITH_OVERDRAFT | debit d max policy=ALLOW_WITH_OVERDRAFT | refused overdraft_limit_exceeded |

  -- the policy of the request, the budget, the tenant
  budget acme 100 policy=REJECT                     | debit d 101                      | refused budget_exceeded           |
  "                                                 | debit d 101 policy=ALLOW_IF_AVAILABLE | Debited 100 ×1               |
  budget acme 100; tenant policy=REJECT             | debit d 101                      | refused budget_exceeded           |

  -- over all scopes or none
  budget acme 100; budget acme/app:a 50             | debit d 30 at=acme/app:a         | Debited 30 ×2                     | acme 100-30-0-0=70; acme/app:a 50-30-0-0=20
  "                                                 | debit d 60 at=acme/app:a         | Debited 50 ×2                     | acme 100-50-0-0=50; acme/app:a 50-50-0-0=0 over
  "                                                 | debit d 60 at=acme/app:a policy=REJECT | refused budget_exceeded     | acme 100-0-0-0=100; acme/app:a 50-0-0-0=50
  "                                                 | debit d 60                       | Debited 60 ×1                     | acme 100-60-0-0=40
  template t acme/app:* 50                          | debit d 5 at=acme/app:a          | BudgetCreated acme/app:a 50; Debited 5 ×1 | acme/app:a 50-5-0-0=45
  "                                                 | debit d 51 at=acme/app:a policy=REJECT | refused budget_exceeded     | acme/app:a is no budget

  -- it has happened: neither debt nor being over limit refuses it
  budget acme 10 limit=20; debit c 15 policy=ALLOW_WITH_OVERDRAFT | debit d 5 policy=ALLOW_WITH_OVERDRAFT | Debited 5 ×1 | acme 10-10-0-10=-10
  "                                                 | debit d 5                        | Debited 0 ×1                      | acme 10-10-0-5=-5 over
  budget acme 10; debit c 15                        | debit d 5                        | Debited 0 ×1                      | acme 10-10-0-0=0 over
  "                                                 | reserve r 1                      | refused over_limit                |

  -- what there is none of, or not in this unit, or closed or frozen
  open                                              | debit d 1                        | refused budget_not_found          |
  budget acme 100                                   | debit d 1TOKENS                  | refused unit_mismatch             |
  budget acme 100; freeze acme                      | debit d 1                        | refused budget_frozen             |
  budget acme 100; budget acme/app:a 5; freeze acme | debit d 1 at=acme/app:a          | refused budget_frozen             |
  template t acme/workflow:* 9; debit c 1 at=acme/workflow:s; wait 24h | debit d 1 at=acme/workflow:s | refused budget_closed |

  -- the tenant and the key
  budget acme 100; suspend                          | debit d 1                        | refused tenant_suspended          |
  budget acme 100; close                            | debit d 1                        | refused tenant_closed             |
  budget acme 100; key h                            | by h debit d 1                   | Debited 1 ×1                      |
  budget acme 100; key h can=reservations:commit    | by h debit d 1                   | refused permission_missing        |
  budget acme 100; key h filter=app:ide             | by h debit d 1                   | refused scope_forbidden           |
  budget acme 100; key h fixes=app:ide              | by h debit d 1 at=acme/app:other | refused scope_forbidden           |

  -- once per key
  budget acme 100; debit d 30 #k                    | debit e 30 #k                    | replayed Debited 30 ×1            | acme 100-30-0-0=70
  "                                                 | debit e 31 #k                    | refused idempotency_mismatch      | acme 100-30-0-0=70
  "                                                 | reserve r 30 #k                  | Reserved 30 ×1                    |
  budget acme 100; debit d 30 #k; close             | debit e 30 #k                    | replayed Debited 30 ×1            |
  budget acme 100; try debit d 101 policy=REJECT #k; fund acme CREDIT 1 | debit e 101 policy=REJECT #k | Debited 101 ×1    | acme 101-101-0-0=0
`,
);

export const corrections = table(
  'Corrections',
  `
  given                                                   | when                        | then                        | balances
  -- a charge: more is spent, whatever remains; what is given back repays debt first
  budget acme 100; debit d 30                             | adjust d 30 5               | Adjusted 5 to 35            | acme 100-35-0-0=65
  "                                                       | adjust d 30 -30             | Adjusted -30 to 0           | acme 100-0-0-0=100
  "                                                       | adjust d 30 -31             | refused request_invalid     | acme 100-30-0-0=70
  "                                                       | adjust d 30 80              | Adjusted 80 to 110          | acme 100-110-0-0=-10
  "                                                       | adjust d 30 9223372036854775807 | refused amount_overflow |
  budget acme 100; debit d 30; adjust d 30 -20            | adjust d 30 -11             | refused request_invalid     |
  "                                                       | adjust d 30 -10             | Adjusted -10 to 0           | acme 100-0-0-0=100
  "                                                       | adjust d 30 25              | Adjusted 25 to 35           | acme 100-35-0-0=65
  budget acme 100; reserve r 40; commit r 30              | adjust r 30 -10             | Adjusted -10 to 20          | acme 100-20-0-0=80
  budget acme 10 limit=9; debit d 15 policy=ALLOW_WITH_OVERDRAFT | adjust d 15 -8       | Adjusted -8 to 7            | acme 10-7-0-0=3
  "                                                       | adjust d 15 -3              | Adjusted -3 to 12           | acme 10-10-0-2=-2
  budget acme 10; debit d 15                              | adjust d 10 -4              | Adjusted -4 to 6            | acme 10-6-0-0=4 over
  "                                                       | adjust d 10 -5              | Adjusted -5 to 5            | acme 10-5-0-0=5
  budget acme 100; budget acme/app:a 50; debit d 30 at=acme/app:a | adjust d 30 -5 at=acme,acme/app:a | Adjusted -5 to 25 | acme 100-25-0-0=75; acme/app:a 50-25-0-0=25
  budget acme 100 from=2026-03-01 to=2026-03-02; debit d 30; wait 14h; debit e 4 | adjust d 30 -10 | Adjusted -10 to 20 | acme 100-0-0-0=100
  budget acme 100; template t acme/workflow:* 9; debit d 5 at=acme/workflow:s; wait 24h | adjust d 5 -5 at=acme,acme/workflow:s | Adjusted -5 to 0 | acme 100-0-0-0=100
  budget acme 100; debit d 30; adjust d 30 5 #k           | adjust d 30 5 #k            | replayed Adjusted 5 to 35   | acme 100-35-0-0=65
  "                                                       | adjust d 30 6 #k            | refused idempotency_mismatch |
  budget acme 100; debit d 30; close                      | adjust d 30 5               | refused tenant_closed       |
  budget acme 100; key w can=admin:write; debit d 30      | by w adjust d 30 -5         | refused operator_only       |

  -- a budget: its amounts as stated, all but what is held
  budget acme 100; reserve r 40                           | correct acme 90-20-5-0      | Corrected acme              | acme 90-20-40-5=25 over
  budget acme 100; freeze acme                            | correct acme 90-20-0-0      | Corrected acme              | acme 90-20-0-0=70
  budget acme 10; debit d 15                              | correct acme 10-9-0-0       | Corrected acme              | acme 10-9-0-0=1
  budget acme 100; reserve r 1                            | correct acme 100-9223372036854775807-0-0 | refused amount_overflow |
  "                                                       | correct acme 9223372036854775808-0-0-0 | refused amount_overflow |
  open                                                    | correct acme 1-1-0-0        | refused budget_not_found    |
  budget acme 100; close                                  | correct acme 1-1-0-0        | refused tenant_closed       |
  budget acme 100; key w can=admin:write                  | by w correct acme 1-1-0-0   | refused operator_only       |
`,
);

export const closings = table(
  'Closing the books',
  `
  given                                          | when                                       | then
  open                                           | closebooks from=2026-02-01 to=2026-03-01   | PeriodClosed to 2026-03-01
  "                                              | closebooks from=2026-02-01 to=2026-03-02   | refused period_open
  "                                              | closebooks from=2026-03-01 to=2026-02-01   | refused request_invalid
  closebooks from=2026-01-01 to=2026-02-01       | closebooks from=2026-02-01 to=2026-03-01   | PeriodClosed to 2026-03-01
  "                                              | closebooks from=2026-01-31 to=2026-03-01   | refused period_closed
  close                                          | closebooks from=2026-02-01 to=2026-03-01   | PeriodClosed to 2026-03-01
  key w can=admin:write                          | by w closebooks from=2026-02-01 to=2026-03-01 | refused operator_only
  closebooks from=2026-01-01 to=2026-02-01 #k    | closebooks from=2026-01-01 to=2026-02-01 #k | replayed PeriodClosed to 2026-02-01
`,
);
