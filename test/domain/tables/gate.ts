/** The gate: tool calls and their outcomes. Sessions are `s1` and the app is `ide` unless a row says otherwise. */

import { table } from '../table.js';

export const toolCalls = table(
  'Tool calls',
  `
  given                                             | when                        | then                                        | balances
  -- risk and money are held together, or nothing is
  budget acme/app:ide 100RISK                       | call c 5                    | Decided ALLOW; Reserved 5RISK ×1            | RISK@acme/app:ide 100-0-5-0=95
  "                                                 | call c 100                  | Decided ALLOW; Reserved 100RISK ×1          | RISK@acme/app:ide 100-0-100-0=0
  "                                                 | call c 101                  | Decided DENY BUDGET_EXCEEDED                | RISK@acme/app:ide 100-0-0-0=100
  budget acme/app:ide 100RISK; budget acme 50       | call c 5 money=20           | Decided ALLOW; Reserved 5RISK ×1; Reserved 20 ×1 | RISK@acme/app:ide 100-0-5-0=95; acme 50-0-20-0=30
  "                                                 | call c 5 money=51           | Decided DENY BUDGET_EXCEEDED                | RISK@acme/app:ide 100-0-0-0=100; acme 50-0-0-0=50
  "                                                 | call c 101 money=20         | Decided DENY BUDGET_EXCEEDED                | RISK@acme/app:ide 100-0-0-0=100; acme 50-0-0-0=50
  "                                                 | call c 0 money=20           | Decided ALLOW; Reserved 20 ×1               | RISK@acme/app:ide 100-0-0-0=100; acme 50-0-20-0=30
  "                                                 | call c 5 money=0            | Decided ALLOW; Reserved 5RISK ×1            | acme 50-0-0-0=50
  "                                                 | call c 5 money=20TOKENS     | Decided DENY BUDGET_NOT_FOUND               | RISK@acme/app:ide 100-0-0-0=100

  -- without a RISK_POINTS budget the gate denies
  open                                              | call c 5                    | Decided DENY BUDGET_NOT_FOUND               |
  "                                                 | call c 0                    | Decided DENY BUDGET_NOT_FOUND               |
  budget acme 50                                    | call c 5                    | Decided DENY BUDGET_NOT_FOUND               |
  "                                                 | call c 0                    | Decided DENY BUDGET_NOT_FOUND               |

  -- the session's budget and the standing daily one open with the first hold
  template t acme/**/workflow:* 100RISK             | call c 5                    | BudgetCreated acme/app:ide 500RISK; BudgetCreated acme/app:ide/workflow:s1 100RISK; Decided ALLOW; Reserved 5RISK ×2 | RISK@acme/app:ide 500-0-5-0=495; RISK@acme/app:ide/workflow:s1 100-0-5-0=95
  "                                                 | call c 5 session=S1         | BudgetCreated acme/app:ide 500RISK; BudgetCreated acme/app:ide/workflow:s1 100RISK; Decided ALLOW; Reserved 5RISK ×2 |
  "                                                 | call c 101                  | Decided DENY BUDGET_EXCEEDED                | RISK@acme/app:ide/workflow:s1 is no budget
  template t acme/**/workflow:* 100RISK; call a 5   | call c 5                    | Decided ALLOW; Reserved 5RISK ×2            | RISK@acme/app:ide 500-0-10-0=490
  "                                                 | call c 96                   | Decided DENY BUDGET_EXCEEDED                |
  "                                                 | call c 96 session=s2        | BudgetCreated acme/app:ide/workflow:s2 100RISK; Decided ALLOW; Reserved 96RISK ×2 | RISK@acme/app:ide 500-0-101-0=399
  template t acme/**/workflow:* 100RISK; call a 100; call b 100 session=s2; call c 100 session=s3; call d 100 session=s4; call e 100 session=s5 | call f 1 session=s6 | Decided DENY BUDGET_EXCEEDED | RISK@acme/app:ide 500-0-500-0=0

  -- a call that costs nothing holds nothing and opens nothing; missing, closed and frozen deny it too
  template t acme/**/workflow:* 100RISK             | call c 0                    | Decided ALLOW                               | RISK@acme/app:ide is no budget; RISK@acme/app:ide/workflow:s1 is no budget
  template t acme/**/workflow:* 100RISK; call a 1; outcome a succeeded; wait 24h | call c 0 | Decided DENY BUDGET_CLOSED          |
  budget acme/app:ide 9RISK; freeze acme/app:ide RISK | call c 0                  | Decided DENY BUDGET_FROZEN                  |
  "                                                 | call c 1                    | Decided DENY BUDGET_FROZEN                  |
  budget acme/app:ide 9RISK; call a 9               | call c 0                    | Decided ALLOW                               | RISK@acme/app:ide 9-0-9-0=0
  budget acme/app:ide 9RISK; call a 9; fund acme/app:ide RESET 5RISK | call c 0   | Decided ALLOW                               | RISK@acme/app:ide 5-0-9-0=-4
  budget acme/app:ide 9RISK; reserve r 9RISK at=acme/app:ide; commit r 10RISK | call c 0 | Decided ALLOW                         | RISK@acme/app:ide 9-9-0-0=0 over
  "                                                 | call c 1                    | Decided DENY OVERDRAFT_LIMIT_EXCEEDED       |

  -- refused outright, whatever the budget, in this order
  budget acme/app:ide 999RISK                       | call c 0 self               | Decided DENY SELF_PROTECTION                |
  "                                                 | call c 500 self radius=system | Decided DENY SELF_PROTECTION              |
  "                                                 | call c 500 tier=4 radius=system | Decided DENY RADIUS_REFUSED             | RISK@acme/app:ide 999-0-0-0=999
  open                                              | call c 500 tier=4 radius=system | Decided DENY RADIUS_REFUSED             |
  budget acme/app:ide 9RISK; freeze acme/app:ide RISK | call c 0 self             | Decided DENY SELF_PROTECTION                |

  -- tier 4 needs a person, and nobody is asked about what the budget refuses
  budget acme/app:ide 100RISK                       | call c 50 tier=4            | Decided DENY APPROVAL_UNAVAILABLE           | RISK@acme/app:ide 100-0-0-0=100
  "                                                 | call c 101 tier=4           | Decided DENY BUDGET_EXCEEDED                |
  "                                                 | call c 50 tier=3            | Decided ALLOW; Reserved 50RISK ×1           |

  -- the request itself
  budget acme/app:ide 100RISK                       | call c 5 app=none           | refused request_invalid                     |
  "                                                 | call c 5 money=5RISK        | refused request_invalid                     |
  budget acme/app:ide 100RISK; suspend              | call c 5                    | Decided DENY TENANT_SUSPENDED               |
  "                                                 | call c 0 self               | Decided DENY TENANT_SUSPENDED               |
  "                                                 | call c 5 app=none           | Decided DENY TENANT_SUSPENDED               |
  budget acme/app:ide 100RISK; close                | call c 5                    | Decided DENY TENANT_CLOSED                  |

  -- what is registered while a call is assessed decides it: it is assessed anew
  budget acme/app:ide 100RISK                       | call c 5 changed            | refused registry_changed                    | RISK@acme/app:ide 100-0-0-0=100
  "                                                 | call c 5 self changed       | refused registry_changed                    |

  -- ALLOW replays while the call is open; DENY never does
  budget acme/app:ide 100RISK; call c 5 #k          | call d 5 #k                 | replayed Decided ALLOW                      | RISK@acme/app:ide 100-0-5-0=95
  "                                                 | call d 6 #k                 | refused idempotency_mismatch                |
  "                                                 | call d 5                    | Decided ALLOW; Reserved 5RISK ×1            |
  "                                                 | call d 5 session=s2 #k      | Decided ALLOW; Reserved 5RISK ×1            |
  budget acme/app:ide 100RISK; call c 5 #k; freeze acme/app:ide RISK  | call d 5 #k | replayed Decided ALLOW                    |
  budget acme/app:ide 100RISK; call c 5 #k; outcome c succeeded       | call d 5 #k | refused tool_call_settled                 |
  budget acme/app:ide 100RISK; call c 5 #k; wait 1h                   | call d 5 #k | refused tool_call_settled                 |
  budget acme/app:ide 100RISK; call c 0 #k          | call d 0 #k                 | replayed Decided ALLOW                      |
  budget acme/app:ide 100RISK; call c 0 #k; outcome c failed          | call d 0 #k | refused tool_call_settled                 |
  open; call c 5 #k                                 | call d 5 #k                 | Decided DENY BUDGET_NOT_FOUND               |
  call c 5 #k; budget acme/app:ide 100RISK          | call d 5 #k                 | Decided ALLOW; Reserved 5RISK ×1            |
  call c 5 #k; budget acme/app:ide 100RISK          | call d 6 #k                 | Decided ALLOW; Reserved 6RISK ×1            |
`,
);

export const outcomes = table(
  'Outcomes of tool calls',
  `
  given                                             | when                        | then                                            | balances
  -- risk settles at the assessed points, whatever is reported
  budget acme/app:ide 100RISK; call c 5             | outcome c succeeded         | OutcomeRecorded succeeded; Committed 5 back 0 outcome | RISK@acme/app:ide 100-5-0-0=95
  "                                                 | outcome c failed            | OutcomeRecorded failed; Committed 5 back 0 outcome    | RISK@acme/app:ide 100-5-0-0=95
  "                                                 | outcome c unknown           | OutcomeRecorded unknown; Committed 5 back 0 outcome   |
  "                                                 | outcome c succeeded actual=0RISK | OutcomeRecorded succeeded; Committed 5 back 0 outcome | RISK@acme/app:ide 100-5-0-0=95
  budget acme/app:ide 100RISK; call c 0             | outcome c succeeded         | OutcomeRecorded succeeded                       | RISK@acme/app:ide 100-0-0-0=100

  -- only a trusted key's word gives points back, and only when the call failed
  budget acme/app:ide 100RISK; key t trusted; key h; call c 5 | by t outcome c failed    | OutcomeRecorded failed refunded; Released 5 client | RISK@acme/app:ide 100-0-0-0=100
  "                                                 | by t outcome c succeeded    | OutcomeRecorded succeeded; Committed 5 back 0 outcome |
  "                                                 | by t outcome c unknown      | OutcomeRecorded unknown; Committed 5 back 0 outcome   |
  "                                                 | by h outcome c failed       | OutcomeRecorded failed; Committed 5 back 0 outcome    | RISK@acme/app:ide 100-5-0-0=95

  -- money settles at what it cost
  budget acme/app:ide 100RISK; budget acme 50; call c 5 money=20 | outcome c succeeded actual=12 | OutcomeRecorded succeeded; Committed 5 back 0 outcome; Committed 12 back 8 outcome | RISK@acme/app:ide 100-5-0-0=95; acme 50-12-0-0=38
  "                                                 | outcome c succeeded         | OutcomeRecorded succeeded; Committed 5 back 0 outcome; Committed 20 back 0 outcome | acme 50-20-0-0=30
  "                                                 | outcome c succeeded actual=60 | OutcomeRecorded succeeded; Committed 5 back 0 outcome; Committed 50 back 0 outcome | acme 50-50-0-0=0 over
  "                                                 | outcome c succeeded actual=12TOKENS | refused unit_mismatch                   | RISK@acme/app:ide 100-0-5-0=95; acme 50-0-20-0=30
  budget acme/app:ide 100RISK; budget acme 50; key t trusted; call c 5 money=20 | by t outcome c failed | OutcomeRecorded failed refunded; Released 5 client; Released 20 client | acme 50-0-0-0=50
  "                                                 | by t outcome c failed actual=12 | OutcomeRecorded failed refunded; Released 5 client; Committed 12 back 8 outcome | acme 50-12-0-0=38

  -- the call has run: an overage that a policy would refuse is capped, so that no outcome is lost
  budget acme/app:ide 9RISK; budget acme 50 policy=REJECT; call c 5 money=20 | outcome c succeeded actual=50 | OutcomeRecorded succeeded; Committed 5 back 0 outcome; Committed 50 back 0 outcome | RISK@acme/app:ide 9-5-0-0=4; acme 50-50-0-0=0
  "                                                 | outcome c succeeded actual=60 | OutcomeRecorded succeeded; Committed 5 back 0 outcome; Committed 50 back 0 outcome | RISK@acme/app:ide 9-5-0-0=4; acme 50-50-0-0=0 over
  budget acme/app:ide 9RISK; budget acme 50 policy=REJECT; call c 5 money=20; freeze acme | outcome c succeeded actual=21 | OutcomeRecorded succeeded; Committed 5 back 0 outcome; Committed 20 back 0 outcome | acme 50-20-0-0=30 over
  budget acme/app:ide 9RISK; budget acme 50 limit=5 policy=ALLOW_WITH_OVERDRAFT; call c 5 money=20 | outcome c succeeded actual=55 | OutcomeRecorded succeeded; Committed 5 back 0 outcome; Committed 55 back 0 outcome | acme 50-50-0-5=-5
  "                                                 | outcome c succeeded actual=56 | OutcomeRecorded succeeded; Committed 5 back 0 outcome; Committed 50 back 0 outcome | acme 50-50-0-0=0 over

  -- one outcome a call
  budget acme/app:ide 100RISK; call c 5; outcome c succeeded | outcome c succeeded | replayed OutcomeRecorded succeeded             | RISK@acme/app:ide 100-5-0-0=95
  "                                                 | outcome c failed            | refused tool_call_settled                       |
  open; call c 5                                    | outcome c succeeded         | refused tool_call_settled                       |
  open                                              | outcome c succeeded         | refused tool_call_not_found                     |
  budget acme/app:ide 100RISK; key h filter=app:other; call c 5 | by h outcome c failed | refused scope_forbidden                   |
  budget acme/app:ide 100RISK; key h filter=app:other; call c 0 | by h outcome c failed | refused scope_forbidden                   |

  -- an outcome that never comes: the call may have run, so the hold is charged
  budget acme/app:ide 100RISK; call c 5 hold=1h     | wait 1h                     | Committed 5 back 0 timeout                      | RISK@acme/app:ide 100-5-0-0=95
  "                                                 | wait 59m                    | nothing                                         | RISK@acme/app:ide 100-0-5-0=95
  budget acme/app:ide 100RISK; budget acme 50; call c 5 money=20 hold=1h | wait 1h | Committed 5 back 0 timeout; Committed 20 back 0 timeout | acme 50-20-0-0=30
  budget acme/app:ide 100RISK; call c 5 hold=1h; freeze acme/app:ide RISK | wait 1h | Committed 5 back 0 timeout                     |
  budget acme/app:ide 100RISK; call c 5 hold=1h; wait 1h | outcome c succeeded    | OutcomeRecorded succeeded                       | RISK@acme/app:ide 100-5-0-0=95

  -- the tenant
  budget acme/app:ide 100RISK; call c 5; suspend    | outcome c succeeded         | OutcomeRecorded succeeded; Committed 5 back 0 outcome |
  budget acme/app:ide 100RISK; call c 5; close      | outcome c succeeded         | refused tenant_closed                           | RISK@acme/app:ide 100-0-0-0=100
  budget acme/app:ide 100RISK; call c 5; outcome c succeeded; close | outcome c succeeded | replayed OutcomeRecorded succeeded      |

  -- the runtime's operations leave the gate's holds alone
  budget acme/app:ide 100RISK; call c 5             | commit c.risk 0RISK         | refused gate_hold                               | RISK@acme/app:ide 100-0-5-0=95
  "                                                 | release c.risk              | refused gate_hold                               | RISK@acme/app:ide 100-0-5-0=95
`,
);
