/** Reserving: one hold over all budgeted scopes, and the guards in their order. */

import { table } from '../table.js';

export const reserving = table(
  'Reserving',
  `
  given                                        | when                                  | then                     | balances
  -- against one budget
  budget acme 100                              | reserve r 40                          | Reserved 40 ×1           | acme 100-0-40-0=60
  "                                            | reserve r 100                         | Reserved 100 ×1          | acme 100-0-100-0=0
  "                                            | reserve r 101                         | refused budget_exceeded  | acme 100-0-0-0=100
  "                                            | reserve r 0                           | Reserved 0 ×1            | acme 100-0-0-0=100
  budget acme 100; reserve a 60                | reserve r 40                          | Reserved 40 ×1           | acme 100-0-100-0=0
  "                                            | reserve r 41                          | refused budget_exceeded  | acme 100-0-60-0=40
  budget acme max                              | reserve r max                         | Reserved 9223372036854775807 ×1 | acme 9223372036854775807-0-9223372036854775807-0=0
  budget acme max; reserve a max               | reserve r 1                           | refused budget_exceeded  |
  budget acme 0                                | reserve r 1                           | refused budget_exceeded  |

  -- over several scopes
  budget acme 100; budget acme/app:a 50        | reserve r 40 at=acme/app:a            | Reserved 40 ×2           | acme 100-0-40-0=60; acme/app:a 50-0-40-0=10
  "                                            | reserve r 60 at=acme/app:a            | refused budget_exceeded  | acme 100-0-0-0=100; acme/app:a 50-0-0-0=50
  "                                            | reserve r 60                          | Reserved 60 ×1           | acme 100-0-60-0=40; acme/app:a 50-0-0-0=50
  "                                            | reserve r 60 at=acme/app:b            | Reserved 60 ×1           | acme 100-0-60-0=40; acme/app:a 50-0-0-0=50
  budget acme/agent:x 10                       | reserve r 10 at=acme/app:a/agent:x    | refused budget_not_found |
  budget acme/app:a 10                         | reserve r 10 at=acme/app:a/agent:x    | Reserved 10 ×1           |
  budget acme/app:a 10                         | reserve r 10 at=acme/App:A            | refused budget_not_found |
  budget acme/app:a 10                         | reserve r 10 at=acme/app:A            | Reserved 10 ×1           | acme/app:a 10-0-10-0=0
  budget acme/App:A 10                         | reserve r 10 at=acme/app:a            | Reserved 10 ×1           | acme/app:a 10-0-10-0=0

  -- no budget, or one in another unit
  open                                         | reserve r 1                           | refused budget_not_found |
  budget acme/app:a 10                         | reserve r 1                           | refused budget_not_found |
  budget acme 10TOKENS                         | reserve r 1                           | refused unit_mismatch    |
  budget acme 10TOKENS; budget acme/app:a 5    | reserve r 1 at=acme/app:a             | Reserved 1 ×1            | TOKENS@acme 10-0-0-0=10; acme/app:a 5-0-1-0=4

  -- the tenant in the subject
  budget acme 100                              | reserve r 1 at=acme                   | Reserved 1 ×1            |
  "                                            | reserve r 1 at=other                  | refused scope_forbidden  |

  -- each guard over all scopes before the next
  template t acme/workflow:* 9RISK; budget acme 9RISK; reserve a 1RISK at=acme/workflow:s; release a; wait 24h; freeze acme RISK | reserve r 1RISK at=acme/workflow:s | refused budget_closed |
  budget acme 10; budget acme/app:a 99; reserve a 10; commit a 11; freeze acme/app:a | reserve r 1 at=acme/app:a | refused budget_frozen |
  budget acme 100 limit=9; budget acme/app:a 10; reserve a 10 at=acme/app:a; commit a 12; reserve d 90 policy=ALLOW_WITH_OVERDRAFT; commit d 95 | reserve r 1 at=acme/app:a | refused over_limit | acme 100-100-0-5=-5; acme/app:a 10-10-0-0=0 over
  budget acme 40; budget acme/app:a 20 limit=20; reserve d 20 at=acme/app:a policy=ALLOW_WITH_OVERDRAFT; commit d 30 | reserve r 50 at=acme/app:a | refused debt_outstanding | acme 40-30-0-0=10; acme/app:a 20-20-0-10=-10
  budget acme 10; freeze acme                  | reserve r 99                          | refused budget_frozen    |
  budget acme 10; reserve a 10; commit a 11    | reserve r 1                           | refused over_limit       | acme 10-10-0-0=0 over
  budget acme 10 limit=5 policy=ALLOW_WITH_OVERDRAFT; reserve a 10; commit a 11 | reserve r 1 | refused debt_outstanding | acme 10-10-0-1=-1
  budget acme 10; reserve a 10; fund acme RESET 5 | reserve r 0                        | refused budget_exceeded  | acme 5-0-10-0=-5

  -- once per key
  budget acme 100; reserve a 40 #k             | reserve b 40 #k                       | replayed Reserved 40 ×1  | acme 100-0-40-0=60
  "                                            | reserve b 41 #k                       | refused idempotency_mismatch | acme 100-0-40-0=60
  "                                            | reserve b 40 #other                   | Reserved 40 ×1           | acme 100-0-80-0=20
  "                                            | reserve b 40                          | Reserved 40 ×1           | acme 100-0-80-0=20
  "                                            | dryrun 40 #k                          | refused idempotency_mismatch |
  "                                            | decide 40 #k                          | Decided ALLOW            |
  budget acme 100; dryrun 40 #k                | reserve b 40 #k                       | refused idempotency_mismatch |
  budget acme 100; reserve a 40 #k; release a  | reserve b 40 #k                       | replayed Reserved 40 ×1  | acme 100-0-0-0=100
  budget acme 100; reserve a 40 #k; suspend    | reserve b 40 #k                       | replayed Reserved 40 ×1  |
  budget acme 100; reserve a 40 #k; close      | reserve b 40 #k                       | replayed Reserved 40 ×1  |
  budget acme 10; try reserve a 40 #k; fund acme CREDIT 30 | reserve b 40 #k           | Reserved 40 ×1           | acme 40-0-40-0=0

  -- which overage policy applies: request, budget, tenant
  budget acme 10 policy=REJECT; reserve r 5                              | commit r 11        | refused budget_exceeded  |
  budget acme 10 policy=REJECT; reserve r 5 policy=ALLOW_IF_AVAILABLE    | commit r 11        | Committed 10 back 0      | acme 10-10-0-0=0 over
  budget acme 10 policy=REJECT; budget acme/app:a 10 policy=ALLOW_IF_AVAILABLE; reserve r 5 at=acme/app:a | commit r 11 | Committed 10 back 0 |
  budget acme 10 policy=REJECT; budget acme/app:a 10; reserve r 5 at=acme/app:a | commit r 11 | refused budget_exceeded  |
  nothing; open policy=REJECT; budget acme 10; reserve r 5               | commit r 11        | refused budget_exceeded  |
  budget acme 10; reserve r 5                                            | commit r 11        | Committed 10 back 0      | acme 10-10-0-0=0 over
`,
);

export const deciding = table(
  'Deciding without holding',
  `
  given                                        | when                       | then                              | balances
  budget acme 100                              | decide 40                  | Decided ALLOW                     | acme 100-0-0-0=100
  "                                            | dryrun 40                  | Decided ALLOW                     | acme 100-0-0-0=100
  "                                            | decide 101                 | Decided DENY BUDGET_EXCEEDED      | acme 100-0-0-0=100
  "                                            | dryrun 101                 | Decided DENY BUDGET_EXCEEDED      |
  "                                            | decide 1 at=other          | refused scope_forbidden           |
  open                                         | decide 1                   | Decided DENY BUDGET_NOT_FOUND     |
  budget acme 10TOKENS                         | decide 1                   | refused unit_mismatch             |
  "                                            | dryrun 1                   | refused unit_mismatch             |
  budget acme 10; freeze acme                  | decide 1                   | Decided DENY BUDGET_FROZEN        |
  budget acme 10; reserve a 10; commit a 11    | decide 1                   | Decided DENY OVERDRAFT_LIMIT_EXCEEDED |
  budget acme 10 limit=5 policy=ALLOW_WITH_OVERDRAFT; reserve a 10; commit a 11 | decide 1 | Decided DENY DEBT_OUTSTANDING |
  budget acme 10; suspend                      | decide 1                   | Decided DENY TENANT_SUSPENDED     |
  budget acme 10; close                        | decide 1                   | Decided DENY TENANT_CLOSED        |
  "                                            | dryrun 1                   | Decided DENY TENANT_CLOSED        |

  -- every answer replays, a denial too
  budget acme 10; decide 40 #k; fund acme CREDIT 50 | decide 40 #k          | replayed Decided DENY BUDGET_EXCEEDED |
  "                                            | decide 40 #other           | Decided ALLOW                     |
  "                                            | decide 41 #k               | refused idempotency_mismatch      |
  budget acme 10; decide 5 #k; close           | decide 5 #k                | replayed Decided ALLOW            |

  -- a template is weighed and nothing is opened
  template t acme/workflow:* 10RISK            | decide 10RISK at=acme/workflow:s | Decided ALLOW               | RISK@acme/workflow:s is no budget
  "                                            | decide 11RISK at=acme/workflow:s | Decided DENY BUDGET_EXCEEDED | RISK@acme/workflow:s is no budget
  "                                            | dryrun 10RISK at=acme/workflow:s | Decided ALLOW               | RISK@acme/workflow:s is no budget
`,
);
