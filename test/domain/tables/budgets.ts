/** Budgets: creating, every funding operation, freezing; and templates that open them. */

import { table } from '../table.js';

export const budgets = table(
  'Creating and freezing budgets',
  `
  given                        | when                        | then                       | balances
  open                         | budget acme 100             | BudgetCreated acme 100     | acme 100-0-0-0=100
  "                            | budget acme max             | BudgetCreated acme 9223372036854775807 |
  "                            | budget acme/App:IDE 5       | BudgetCreated acme/app:ide 5 | acme/app:ide 5-0-0-0=5
  "                            | budget other 5              | refused request_invalid    |
  "                            | budget acme/agent:a/app:b 5 | refused request_invalid    |
  "                            | budget acme/app:a/app:b 5   | refused request_invalid    |
  "                            | budget acme/app: 5          | refused request_invalid    |
  "                            | budget acme/team:x 5        | refused request_invalid    |
  budget acme 100              | budget acme 100             | refused budget_exists      |
  "                            | budget acme 100TOKENS       | BudgetCreated acme 100TOKENS |
  suspend                      | budget acme 100             | refused tenant_suspended   |

  budget acme 100              | freeze acme                 | BudgetFrozen acme          |
  "                            | unfreeze acme               | refused budget_not_frozen  |
  "                            | freeze acme TOKENS          | refused budget_not_found   |
  "                            | freeze acme/app:a           | refused budget_not_found   |
  "                            | freeze other                | refused request_invalid    |
  budget acme 100; freeze acme | freeze acme                 | refused budget_frozen      |
  "                            | unfreeze acme               | BudgetUnfrozen acme        |
  budget acme 100; freeze acme; unfreeze acme | reserve r 1  | Reserved 1 ×1              |
`,
);

export const funding = table(
  'Funding',
  `
  given                                             | when                               | then                                | balances
  -- CREDIT
  budget acme 100; reserve r 40                     | fund acme CREDIT 10                | BudgetFunded CREDIT 10              | acme 110-0-40-0=70
  "                                                 | fund acme CREDIT 0                 | BudgetFunded CREDIT 0               | acme 100-0-40-0=60
  budget acme max                                   | fund acme CREDIT 1                 | refused amount_overflow             | acme 9223372036854775807-0-0-0=9223372036854775807

  -- DEBIT
  budget acme 100; reserve r 40                     | fund acme DEBIT 60                 | BudgetFunded DEBIT 60               | acme 40-0-40-0=0
  "                                                 | fund acme DEBIT 61                 | refused budget_exceeded             | acme 100-0-40-0=60

  -- RESET
  budget acme 100; reserve r 40                     | fund acme RESET 50                 | BudgetFunded RESET 50               | acme 50-0-40-0=10
  "                                                 | fund acme RESET 30                 | BudgetFunded RESET 30               | acme 30-0-40-0=-10

  -- RESET_SPENT
  budget acme 100; reserve a 40; commit a 40; reserve r 20 | fund acme RESET_SPENT 90           | BudgetFunded RESET_SPENT 90  | acme 90-0-20-0=70
  "                                                 | fund acme RESET_SPENT 90 spent=30  | BudgetFunded RESET_SPENT 90         | acme 90-30-20-0=40
  "                                                 | fund acme RESET_SPENT 10 spent=30  | BudgetFunded RESET_SPENT 10         | acme 10-30-20-0=-40
  "                                                 | fund acme RESET_SPENT 10 spent=max | refused amount_overflow             | acme 100-40-20-0=40

  -- in debt (5): credit repays first, and what exceeds the debt is credited
  budget acme 10 limit=9; reserve d 10 policy=ALLOW_WITH_OVERDRAFT; commit d 15 | fund acme CREDIT 3      | BudgetFunded CREDIT 3 repaid 3     | acme 10-10-0-2=-2
  "                                                 | fund acme CREDIT 5                 | BudgetFunded CREDIT 5 repaid 5      | acme 10-10-0-0=0
  "                                                 | fund acme CREDIT 8                 | BudgetFunded CREDIT 8 repaid 5      | acme 13-10-0-0=3
  "                                                 | fund acme REPAY_DEBT 3             | BudgetFunded REPAY_DEBT 3 repaid 3  | acme 10-10-0-2=-2
  "                                                 | fund acme REPAY_DEBT 8             | BudgetFunded REPAY_DEBT 8 repaid 5  | acme 13-10-0-0=3
  "                                                 | fund acme DEBIT 1                  | refused budget_exceeded             |
  "                                                 | fund acme RESET 20                 | BudgetFunded RESET 20               | acme 20-10-0-5=5
  "                                                 | fund acme RESET_SPENT 10           | BudgetFunded RESET_SPENT 10         | acme 10-0-0-5=5
  budget acme 10                                    | fund acme REPAY_DEBT 8             | BudgetFunded REPAY_DEBT 8           | acme 18-0-0-0=18

  -- over limit, since a charge was capped by 5: cleared when that has been made good
  budget acme 10; reserve c 10; commit c 15         | fund acme CREDIT 4                 | BudgetFunded CREDIT 4               | acme 14-10-0-0=4 over
  "                                                 | fund acme CREDIT 5                 | BudgetFunded CREDIT 5               | acme 15-10-0-0=5
  "                                                 | fund acme RESET 14                 | BudgetFunded RESET 14               | acme 14-10-0-0=4 over
  "                                                 | fund acme RESET 15                 | BudgetFunded RESET 15               | acme 15-10-0-0=5
  "                                                 | fund acme RESET 5                  | BudgetFunded RESET 5                | acme 5-10-0-0=-5 over
  "                                                 | fund acme DEBIT 0                  | BudgetFunded DEBIT 0                | acme 10-10-0-0=0 over
  "                                                 | fund acme RESET_SPENT 10           | BudgetFunded RESET_SPENT 10         | acme 10-0-0-0=10
  budget acme 10; reserve c 10; commit c 15; fund acme CREDIT 2 | fund acme CREDIT 3     | BudgetFunded CREDIT 3               | acme 15-10-0-0=5

  -- where it is refused
  budget acme 10; freeze acme                       | fund acme CREDIT 1                 | refused budget_frozen               |
  open                                              | fund acme CREDIT 1                 | refused budget_not_found            |
  budget acme 10                                    | fund acme CREDIT 1TOKENS           | refused budget_not_found            |
  "                                                 | fund acme/agent:a/app:b CREDIT 1   | refused request_invalid             |
  "                                                 | fund other CREDIT 1                | refused request_invalid             |
  budget acme/app:ide 10                            | fund acme/App:IDE CREDIT 1         | BudgetFunded CREDIT 1               | acme/app:ide 11-0-0-0=11
  template t acme/workflow:* 9RISK; reserve r 1RISK at=acme/workflow:s; release r; wait 24h | fund acme/workflow:s CREDIT 5RISK | refused budget_closed |
  "                                                 | budget acme/workflow:s 5RISK       | refused budget_exists               |
  "                                                 | freeze acme/workflow:s RISK        | refused budget_closed               |
  "                                                 | unfreeze acme/workflow:s RISK      | refused budget_closed               |

  -- once per scope, unit and key
  budget acme 10; fund acme CREDIT 5 #k             | fund acme CREDIT 5 #k              | replayed BudgetFunded CREDIT 5      | acme 15-0-0-0=15
  "                                                 | fund acme CREDIT 6 #k              | refused idempotency_mismatch        | acme 15-0-0-0=15
  "                                                 | fund acme CREDIT 5 #other          | BudgetFunded CREDIT 5               | acme 20-0-0-0=20
  budget acme 10; fund acme CREDIT 5 #k; freeze acme | fund acme CREDIT 5 #k             | replayed BudgetFunded CREDIT 5      |
  budget acme 10; fund acme CREDIT 5 #k; close      | fund acme CREDIT 5 #k              | replayed BudgetFunded CREDIT 5      |
  "                                                 | fund acme CREDIT 5                 | refused tenant_closed               |
  budget acme 10; budget acme/app:a 10; fund acme CREDIT 5 #k | fund acme/app:a CREDIT 5 #k | BudgetFunded CREDIT 5            | acme/app:a 15-0-0-0=15
  budget acme 10; budget acme 10TOKENS; fund acme CREDIT 5 #k | fund acme CREDIT 5TOKENS #k | BudgetFunded CREDIT 5            | TOKENS@acme 15-0-0-0=15
`,
);

export const templates = table(
  'Budget templates',
  `
  given                                      | when                                          | then                                         | balances
  -- defining
  open                                       | template t acme/app:* 50                      | BudgetTemplateDefined acme/app:* 50          |
  "                                          | template t acme/**/workflow:* 100RISK         | BudgetTemplateDefined acme/**/workflow:* 100; BudgetTemplateDefined acme/**/app:* 500 |
  "                                          | template t acme/**/workflow:* 100TOKENS       | BudgetTemplateDefined acme/**/workflow:* 100 |
  "                                          | template t acme/app:ide 50RISK                | BudgetTemplateDefined acme/app:ide 50        |
  "                                          | template t other/app:* 50                     | refused request_invalid                      |
  "                                          | template t acme/** 50                         | refused request_invalid                      |
  "                                          | template t acme/**/** 50                      | refused request_invalid                      |
  "                                          | template t acme/* 50                          | refused request_invalid                      |
  "                                          | template t acme/agent:*/app:* 50              | refused request_invalid                      |
  "                                          | template t acme/app:IDE 50                    | refused request_invalid                      |
  "                                          | template t acme/app:a*b 50                    | refused request_invalid                      |
  "                                          | template t acme/app:* 50 rollover=CARRY_FORWARD | BudgetTemplateDefined acme/app:* 50        |
  "                                          | template t acme/app:* 50 monthly rollover=CAP_AT_ALLOCATED | BudgetTemplateDefined acme/app:* 50 |
  template t acme/app:* 50                   | template u acme/app:* 50 rollover=CARRY_FORWARD | refused template_exists                    |
  "                                          | template u acme/app:* 60 replaces=t           | BudgetTemplateRetired; BudgetTemplateDefined acme/app:* 60 |
  "                                          | template u acme/app:* 50 replaces=t           | nothing                                      |
  "                                          | template u acme/app:* 60 replaces=x           | refused template_not_found                   |
  "                                          | template u acme/agent:* 60 replaces=t         | refused template_not_found                   |
  template t acme/workflow:* 100RISK         | template u acme/workflow:* 60RISK replaces=t  | BudgetTemplateRetired; BudgetTemplateDefined acme/workflow:* 60 |
  close                                      | template t acme/app:* 50                      | refused tenant_closed                        |
  template t acme/workflow:* 10RISK          | template u acme/app:a/workflow:* 9RISK        | BudgetTemplateDefined acme/app:a/workflow:* 9 |
  "                                          | template u acme/workflow:* 10RISK             | nothing                                      |
  "                                          | template u acme/workflow:* 11RISK             | refused template_exists                      |
  template t acme/app:* 50RISK               | template u acme/workflow:* 10RISK             | BudgetTemplateDefined acme/workflow:* 10     |
  template t acme/workflow:* 10RISK; retire t_daily | template u acme/app:a/workflow:* 9RISK | BudgetTemplateDefined acme/app:a/workflow:* 9 |
  open                                       | retire t                                      | refused template_not_found                   |
  template t acme/app:* 50                   | retire t                                      | BudgetTemplateRetired                        |

  -- opening on first use, in the same append
  template t acme/app:* 50                   | reserve r 5 at=acme/app:a                     | BudgetCreated acme/app:a 50; Reserved 5 ×1   | acme/app:a 50-0-5-0=45
  "                                          | reserve r 51 at=acme/app:a                    | refused budget_exceeded                      | acme/app:a is no budget
  "                                          | reserve r 5 at=acme/app:a/agent:x             | BudgetCreated acme/app:a 50; Reserved 5 ×1   |
  "                                          | reserve r 5 at=acme/workspace:w/app:a         | refused budget_not_found                     |
  "                                          | reserve r 5TOKENS at=acme/app:a               | refused budget_not_found                     |
  template t acme/app:* 50; reserve a 5 at=acme/app:a | reserve r 5 at=acme/app:a            | Reserved 5 ×1                                | acme/app:a 50-0-10-0=40
  "                                          | reserve r 5 at=acme/app:b                     | BudgetCreated acme/app:b 50; Reserved 5 ×1   |
  template t acme/app:* 50; retire t         | reserve r 5 at=acme/app:a                     | refused budget_not_found                     |
  template t acme/app:* 50; reserve a 5 at=acme/app:a; retire t | reserve r 5 at=acme/app:a  | Reserved 5 ×1                                |
  template t acme/app:* 50; budget acme/app:a 9 | reserve r 5 at=acme/app:a                  | Reserved 5 ×1                                | acme/app:a 9-0-5-0=4
  template t acme/**/agent:* 5               | reserve r 5 at=acme/agent:x                   | BudgetCreated acme/agent:x 5; Reserved 5 ×1  |
  "                                          | reserve r 5 at=acme/workspace:w/app:a/agent:x | BudgetCreated acme/workspace:w/app:a/agent:x 5; Reserved 5 ×1 |
  template t acme/**/agent:* 5; template u acme/app:a/agent:special 9 | reserve r 9 at=acme/app:a/agent:special | BudgetCreated acme/app:a/agent:special 9; Reserved 9 ×1 |
  template t acme/app:* 5; template u acme/app:*/workflow:* 9 | reserve r 5 at=acme/app:a/workflow:s | BudgetCreated acme/app:a 5; BudgetCreated acme/app:a/workflow:s 9; Reserved 5 ×2 |

  -- the standing daily budget begins anew at midnight UTC, which is 14 hours away
  template t acme/**/workflow:* 100RISK; call c 100; outcome c succeeded | wait 13h | nothing                              | RISK@acme/app:ide 500-100-0-0=400
  "                                          | wait 14h                                      | BudgetRolledOver acme/app:ide                | RISK@acme/app:ide 500-0-0-0=500; RISK@acme/app:ide/workflow:s1 100-100-0-0=0
  "                                          | wait 39h                                      | BudgetRolledOver acme/app:ide; BudgetClosed acme/app:ide/workflow:s1; BudgetRolledOver acme/app:ide |
  template t acme/**/workflow:* 100RISK; call c 100 hold=20h | wait 14h                      | BudgetRolledOver acme/app:ide                | RISK@acme/app:ide 500-0-100-0=400

  -- an idle session closes after 24 hours, and no template opens it again
  template t acme/workflow:* 9RISK; reserve r 1RISK at=acme/workflow:s; release r           | wait 23h  | nothing                       | RISK@acme/workflow:s 9-0-0-0=9
  "                                                                                         | wait 24h  | BudgetClosed acme/workflow:s  | RISK@acme/workflow:s is no budget
  template t acme/workflow:* 9RISK; reserve r 1RISK at=acme/workflow:s; release r; wait 24h | reserve n 1RISK at=acme/workflow:s | refused budget_closed |
  "                                                                                         | decide 1RISK at=acme/workflow:s    | Decided DENY BUDGET_CLOSED |
  "                                                                                         | reserve n 1RISK at=acme/workflow:t | BudgetCreated acme/workflow:t 9RISK; Reserved 1RISK ×1 |
  template t acme/workflow:* 9RISK; reserve r 1RISK at=acme/workflow:s; release r; wait 23h; reserve u 1RISK at=acme/workflow:s; release u | wait 23h | nothing |
  "                                                                                         | wait 24h  | BudgetClosed acme/workflow:s  |
  template t acme/workflow:* 9RISK; reserve r 1RISK at=acme/workflow:s; release r; freeze acme/workflow:s RISK | wait 25h | nothing     |
  template t acme/app:* 9RISK; reserve r 1RISK at=acme/app:a; release r                     | wait 99h  | nothing                       |
`,
);

export const updates = table(
  'Changing budgets',
  `
  given                                             | when                          | then                       | balances
  -- what is so already is not recorded again
  budget acme 100                                   | set acme limit=9              | BudgetUpdated acme         | acme 100-0-0-0=100
  "                                                 | set acme limit=0              | nothing                    |
  "                                                 | set acme policy=REJECT        | BudgetUpdated acme         |
  "                                                 | set acme rollover=NONE        | nothing                    |
  "                                                 | set acme rollover=CARRY_FORWARD from=2026-03-01 to=2026-04-01 | BudgetUpdated acme |
  "                                                 | set acme from=2026-03-01 to=2026-03-01 | refused request_invalid |
  "                                                 | set acme from=2026-01-01 to=2026-02-01 | refused request_invalid |
  "                                                 | set acme/app:a limit=9        | refused budget_not_found   |
  budget acme 100 policy=REJECT                     | set acme policy=REJECT        | nothing                    |
  budget acme 100; freeze acme                      | set acme limit=9              | BudgetUpdated acme         |
  budget acme 100; suspend                          | set acme limit=9              | BudgetUpdated acme         |
  budget acme 100; close                            | set acme limit=9              | refused tenant_closed      |
  budget acme 100; key w can=admin:write            | by w set acme limit=9         | refused operator_only      |

  -- a new limit decides at once, in both directions
  budget acme 10; reserve r 10 policy=ALLOW_WITH_OVERDRAFT; set acme limit=5 | commit r 15 | Committed 15 back 0 | acme 10-10-0-5=-5
  budget acme 10 limit=9; reserve d 10 policy=ALLOW_WITH_OVERDRAFT; commit d 15; set acme limit=4 | reserve r 0 | refused over_limit | acme 10-10-0-5=-5 over
  budget acme 10 limit=9; reserve d 10 policy=ALLOW_WITH_OVERDRAFT; commit d 15; set acme limit=5 | reserve r 0 | refused debt_outstanding |
  budget acme 10; set acme policy=REJECT; reserve r 10 | commit r 11                | refused budget_exceeded    |
`,
);

export const rollover = table(
  'Periods',
  `
  given                                             | when           | then                       | balances
  -- a stated period, followed by others of its length; it is 1 March, 10:00
  budget acme 100 from=2026-03-01 to=2026-03-03; debit d 70 | wait 37h | nothing                  | acme 100-70-0-0=30
  "                                                 | wait 38h       | BudgetRolledOver acme      | acme 100-0-0-0=100
  "                                                 | wait 86h       | BudgetRolledOver acme; BudgetRolledOver acme | acme 100-0-0-0=100
  budget acme 100 from=2026-03-01 to=2026-04-01     | wait 30d       | nothing                    |
  "                                                 | wait 31d       | BudgetRolledOver acme      |
  "                                                 | wait 60d       | BudgetRolledOver acme      |
  "                                                 | wait 61d       | BudgetRolledOver acme; BudgetRolledOver acme |
  open                                              | budget acme 100 from=2026-02-01 to=2026-03-01 | refused request_invalid |
  "                                                 | budget acme 100 from=2026-03-03 to=2026-03-02 | refused request_invalid |
  "                                                 | budget acme 100 from=2026-03-01T10:00:00Z to=2026-03-01T10:00:59Z | refused request_invalid |
  "                                                 | budget acme 100 from=2026-03-01T10:00:00Z to=2026-03-01T10:01:00Z | BudgetCreated acme 100 |
  "                                                 | budget acme 100 from=2026-03-02 to=2026-03-03 | BudgetCreated acme 100  |

  -- what is held and owed goes on into the new period, and settles there
  budget acme 100 limit=9 from=2026-03-01 to=2026-03-02; debit d 55; reserve r 40 ttl=20h; set acme | wait 14h | Released 40 expired; BudgetRolledOver acme | acme 100-0-0-0=100
  template t acme/app:* 50 daily; tenant maxttl=20h; reserve r 40 at=acme/app:a ttl=20h; wait 14h | commit r 45 | Committed 45 back 0 | acme/app:a 50-45-0-0=5
  budget acme 10 limit=9 from=2026-03-01 to=2026-03-02; debit d 15 policy=ALLOW_WITH_OVERDRAFT | wait 14h | BudgetRolledOver acme | acme 10-0-0-5=5
  budget acme 10 from=2026-03-01 to=2026-03-02; debit d 15 | wait 14h | BudgetRolledOver acme    | acme 10-0-0-0=10

  -- CARRY_FORWARD: remaining grows by one period's own, each time
  budget acme 100 rollover=CARRY_FORWARD from=2026-03-01 to=2026-03-02; debit d 30 | wait 14h | BudgetRolledOver acme | acme 170-0-0-0=170
  "                                                 | wait 38h       | BudgetRolledOver acme; BudgetRolledOver acme | acme 270-0-0-0=270
  budget acme 100 rollover=CARRY_FORWARD from=2026-03-01 to=2026-03-02; debit d 30; wait 14h; debit e 170 | wait 24h | BudgetRolledOver acme | acme 100-0-0-0=100
  budget acme 10 limit=9 rollover=CARRY_FORWARD from=2026-03-01 to=2026-03-02; debit d 15 policy=ALLOW_WITH_OVERDRAFT | wait 14h | BudgetRolledOver acme | acme 10-0-0-5=5
  budget acme 100 rollover=CARRY_FORWARD from=2026-03-01 to=2026-03-02; wait 14h; fund acme CREDIT 10 | wait 24h | BudgetRolledOver acme | acme 320-0-0-0=320
  budget acme 100 rollover=CARRY_FORWARD from=2026-03-01 to=2026-03-02; wait 14h; fund acme RESET 50 | wait 24h | BudgetRolledOver acme | acme 100-0-0-0=100
  budget acme max rollover=CARRY_FORWARD from=2026-03-01 to=2026-03-02 | wait 14h | BudgetRolledOver acme | acme 9223372036854775807-0-0-0=9223372036854775807
  template t acme/app:* 50 daily rollover=CARRY_FORWARD; debit d 10 at=acme/app:a | wait 14h | BudgetRolledOver acme/app:a | acme/app:a 90-0-0-0=90

  -- CAP_AT_ALLOCATED: at most one period's own is carried
  budget acme 100 rollover=CAP_AT_ALLOCATED from=2026-03-01 to=2026-03-02; debit d 30 | wait 14h | BudgetRolledOver acme | acme 170-0-0-0=170
  "                                                 | wait 38h       | BudgetRolledOver acme; BudgetRolledOver acme | acme 200-0-0-0=200

  -- a period that is set later, moved, or taken up by another policy
  budget acme 100; debit d 30; set acme from=2026-03-01 to=2026-03-02 | wait 14h | BudgetRolledOver acme | acme 100-0-0-0=100
  budget acme 100 from=2026-03-01 to=2026-03-02; set acme from=2026-03-01 to=2026-03-08 | wait 14h | nothing |
  "                                                 | wait 158h      | BudgetRolledOver acme      |
  budget acme 100 from=2026-03-01 to=2026-03-02; debit d 30; set acme rollover=CARRY_FORWARD | wait 14h | BudgetRolledOver acme | acme 170-0-0-0=170
  budget acme 100 from=2026-03-01 to=2026-03-02; debit d 30; close | wait 14h | nothing |
`,
);
