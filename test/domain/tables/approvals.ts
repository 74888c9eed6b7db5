/** Approvals: when people are asked about a call, what an answer allows, and what time does. Everybody known is `ada` unless a row says otherwise. */

import { table } from '../table.js';

export const asking = table(
  'Asking people',
  `
  given                                        | when                                    | then                                       | balances
  -- the gate asks from tier 4 on by itself; plain requests never
  budget acme/app:ide 100RISK                  | call c 50 tier=4 people=ada             | ApprovalRequested; Decided PENDING APPROVAL_REQUIRED | RISK@acme/app:ide 100-0-0-0=100
  "                                            | call c 50 tier=3 people=ada             | Decided ALLOW; Reserved 50RISK ×1          |
  "                                            | call c 50 tier=4                        | Decided DENY APPROVAL_UNAVAILABLE          |
  "                                            | call c 1 tier=1 requires people=ada     | ApprovalRequested; Decided PENDING APPROVAL_REQUIRED |
  "                                            | reserve r 50RISK at=acme/app:ide people=ada | Reserved 50RISK ×1                     |

  -- up to 400 points may be missing, and nobody is asked about what would be refused all the same
  budget acme/app:ide 100RISK                  | call c 150 tier=4 people=ada            | ApprovalRequested lacking 50; Decided PENDING APPROVAL_REQUIRED | RISK@acme/app:ide 100-0-0-0=100
  "                                            | call c 501 tier=4 people=ada            | Decided DENY BUDGET_EXCEEDED               |
  "                                            | call c 150 tier=4                       | Decided DENY BUDGET_EXCEEDED               |
  "                                            | call c 150 tier=3 people=ada            | Decided DENY BUDGET_EXCEEDED               |
  "                                            | call c 50 tier=4 people=ada money=5     | Decided DENY BUDGET_NOT_FOUND              |
  "                                            | call c 150 tier=4 people=ada money=5    | Decided DENY BUDGET_NOT_FOUND              |
  "                                            | call c 500 tier=4 people=ada radius=system | Decided DENY RADIUS_REFUSED             |
  budget acme/app:ide 100RISK; freeze acme/app:ide RISK | call c 50 tier=4 people=ada    | Decided DENY BUDGET_FROZEN                 |
  template t acme/**/workflow:* 100RISK        | call c 150 tier=4 people=ada            | ApprovalRequested lacking 50; Decided PENDING APPROVAL_REQUIRED | RISK@acme/app:ide/workflow:s1 is no budget
  policy p acme deny=shell.execute; budget acme/app:ide 100RISK | call c 50 tier=4 people=ada kind=shell.execute | Decided DENY ACTION_KIND_DENIED |

  -- nobody is asked about what is too long to be shown
  budget acme/app:ide 100RISK                  | call c 50 tier=4 people=ada long        | ApprovalRequested; Decided PENDING APPROVAL_REQUIRED |
  "                                            | call c 50 tier=4 people=ada toolong     | Decided DENY APPROVAL_UNAVAILABLE          |
  "                                            | call c 5 tier=3 people=ada toolong      | Decided ALLOW; Reserved 5RISK ×1           |

  -- the same call waits for the same answer; another argument is another question; three a session
  budget acme/app:ide 500RISK; call c 50 tier=4 people=ada | call d 50 tier=4 people=ada like=c | Decided PENDING APPROVAL_REQUIRED |
  "                                            | call d 50 tier=4 people=ada             | ApprovalRequested; Decided PENDING APPROVAL_REQUIRED |
  "                                            | call d 50 tier=4 people=ada like=c session=s2 | ApprovalRequested; Decided PENDING APPROVAL_REQUIRED |
  budget acme/app:ide 500RISK; call a 50 tier=4 people=ada; call b 50 tier=4 people=ada; call c 50 tier=4 people=ada | call d 50 tier=4 people=ada | Decided DENY APPROVAL_LIMIT |
  "                                            | call d 50 tier=4 people=ada session=s2  | ApprovalRequested; Decided PENDING APPROVAL_REQUIRED |
  budget acme/app:ide 500RISK; call a 50 tier=4 people=ada; call b 50 tier=4 people=ada; call c 50 tier=4 people=ada; as ada reject a | call d 50 tier=4 people=ada | ApprovalRequested; Decided PENDING APPROVAL_REQUIRED |

  -- the rules of a policy take the place of the gate's; the first that fits asks
  budget acme/app:ide 100RISK; policy p acme asks=tier:3 | call c 5 tier=3 people=ada    | ApprovalRequested; Decided PENDING APPROVAL_REQUIRED |
  "                                            | call c 5 tier=2 people=ada              | Decided ALLOW; Reserved 5RISK ×1           |
  budget acme/app:ide 100RISK; policy p acme asks=kind:db.write | call c 50 tier=4 people=ada | Decided ALLOW; Reserved 50RISK ×1     |
  "                                            | call c 5 people=ada kind=db.write       | ApprovalRequested; Decided PENDING APPROVAL_REQUIRED |
  budget acme/app:ide 100RISK; policy p acme   | call c 50 tier=4 people=ada             | ApprovalRequested; Decided PENDING APPROVAL_REQUIRED |
  budget acme/app:ide 100RISK; policy p acme asks=points:20 | call c 19 people=ada       | Decided ALLOW; Reserved 19RISK ×1          |
  "                                            | call c 20 people=ada                    | ApprovalRequested; Decided PENDING APPROVAL_REQUIRED |
  budget acme/app:ide 100RISK; policy p acme asks=tool:sh* | call c 5 people=ada         | ApprovalRequested; Decided PENDING APPROVAL_REQUIRED |
  budget acme/app:ide 100RISK; policy p acme asks=tool:*write* | call c 5 people=ada     | Decided ALLOW; Reserved 5RISK ×1           |
  budget acme/app:ide 100RISK; policy p acme asks=env:production | call c 5 people=ada   | Decided ALLOW; Reserved 5RISK ×1           |
  budget acme/app:ide 100RISK; policy p acme asks=exceeded,missing:50 | call c 150 people=ada | ApprovalRequested lacking 50; Decided PENDING APPROVAL_REQUIRED |
  "                                            | call c 151 people=ada                   | Decided DENY BUDGET_EXCEEDED               |
  "                                            | call c 100 people=ada                   | Decided ALLOW; Reserved 100RISK ×1         |

  -- enough people must be there to ask, and the owner of the key is none of them
  budget acme/app:ide 100RISK; policy p acme asks=tier:3,group:ops,quorum:2 | call c 5 tier=3 people=ada:ops,ben:ops | ApprovalRequested; Decided PENDING APPROVAL_REQUIRED |
  "                                            | call c 5 tier=3 people=ada:ops,ben:dba  | Decided DENY APPROVAL_UNAVAILABLE          |
  budget acme/app:ide 100RISK; policy p acme asks=tier:3,group:ops,then:5m/lead | call c 5 tier=3 people=ada:lead | ApprovalRequested; Decided PENDING APPROVAL_REQUIRED |
  budget acme/app:ide 100RISK; key k owner=ada | by k call c 50 tier=4 people=ada        | Decided DENY APPROVAL_UNAVAILABLE          |
  "                                            | by k call c 50 tier=4 people=ada,ben    | ApprovalRequested; Decided PENDING APPROVAL_REQUIRED |
`,
);

export const answering = table(
  'Answers of people',
  `
  given                                        | when                                    | then                                       | balances
  -- the same call runs once on an approval, which is used up with it
  budget acme/app:ide 100RISK; call c 50 tier=4 people=ada | as ada approve c            | ApprovalGranted 1/1                        |
  budget acme/app:ide 100RISK; call c 50 tier=4 people=ada; as ada approve c | call d 50 tier=4 people=ada like=c | ApprovalConsumed; Decided ALLOW; Reserved 50RISK ×1 | RISK@acme/app:ide 100-0-50-0=50
  "                                            | call d 50 tier=4 people=ada             | ApprovalRequested; Decided PENDING APPROVAL_REQUIRED |
  "                                            | call d 50 tier=4 people=ada like=c session=s2 | ApprovalRequested; Decided PENDING APPROVAL_REQUIRED |
  budget acme/app:ide 200RISK; call c 50 tier=4 people=ada; as ada approve c; call d 50 tier=4 people=ada like=c | call e 50 tier=4 people=ada like=c | ApprovalRequested; Decided PENDING APPROVAL_REQUIRED |
  budget acme/app:ide 100RISK; call c 50 tier=4 people=ada; as ada approve c; freeze acme/app:ide RISK | call d 50 tier=4 people=ada like=c | Decided DENY BUDGET_FROZEN |
  budget acme/app:ide 100RISK; call c 50 tier=4 people=ada #k; as ada approve c; call d 50 tier=4 people=ada like=c #k | call e 50 tier=4 people=ada like=c #k | replayed Decided ALLOW |

  -- it adds the points that were shown to be missing, and no more
  budget acme/app:ide 100RISK; call c 150 tier=4 people=ada; as ada approve c | call d 150 tier=4 people=ada like=c | ApprovalConsumed; BudgetFunded CREDIT 50; Decided ALLOW; Reserved 150RISK ×1 | RISK@acme/app:ide 150-0-150-0=0
  budget acme/app:ide 100RISK; call c 150 tier=4 people=ada; as ada approve c; fund acme/app:ide CREDIT 20RISK | call d 150 tier=4 people=ada like=c | ApprovalConsumed; BudgetFunded CREDIT 30; Decided ALLOW; Reserved 150RISK ×1 | RISK@acme/app:ide 150-0-150-0=0
  budget acme/app:ide 100RISK; call c 150 tier=4 people=ada; as ada approve c; call a 1 | call d 150 tier=4 people=ada like=c | ApprovalCancelled; ApprovalRequested lacking 51; Decided PENDING APPROVAL_REQUIRED | RISK@acme/app:ide 100-0-1-0=99
  template t acme/**/workflow:* 100RISK; call c 150 tier=4 people=ada; as ada approve c | call d 150 tier=4 people=ada like=c | ApprovalConsumed; BudgetCreated acme/app:ide 500RISK; BudgetCreated acme/app:ide/workflow:s1 100RISK; BudgetFunded CREDIT 50; Decided ALLOW; Reserved 150RISK ×2 | RISK@acme/app:ide 500-0-150-0=350; RISK@acme/app:ide/workflow:s1 150-0-150-0=0

  -- one no is enough, and the call stays rejected for its session
  budget acme/app:ide 100RISK; call c 50 tier=4 people=ada | as ada reject c             | ApprovalRejected                           |
  budget acme/app:ide 100RISK; call c 50 tier=4 people=ada; as ada reject c | call d 50 tier=4 people=ada like=c | Decided DENY APPROVAL_REJECTED |
  "                                            | call d 50 tier=4 people=ada             | ApprovalRequested; Decided PENDING APPROVAL_REQUIRED |
  "                                            | call d 50 tier=4 people=ada like=c session=s2 | ApprovalRequested; Decided PENDING APPROVAL_REQUIRED |
  "                                            | as ada approve c                        | refused approval_not_found                 |
  "                                            | call d 50 tier=4 people=ada like=c agent=x | Decided DENY APPROVAL_REJECTED          |

  -- a rule made since asks its own people, and nobody's own yes serves their own key
  budget acme/app:ide 100RISK; policy p acme asks=tier:3; call c 5 tier=3 people=ada:ops; as ada approve c groups=ops; repolicy p asks=tier:3,group:dba | call d 5 tier=3 people=ada:ops,ben:dba like=c | ApprovalCancelled; ApprovalRequested; Decided PENDING APPROVAL_REQUIRED |
  budget acme/app:ide 100RISK; policy p acme asks=tier:3,group:dba; call c 5 tier=3 people=ben:dba; as ben approve c groups=dba; repolicy p asks=tier:3 | call d 5 tier=3 people=ada,ben:dba like=c | ApprovalConsumed; Decided ALLOW; Reserved 5RISK ×1 |
  budget acme/app:ide 100RISK; key k; key l owner=ada; by k call c 50 tier=4 people=ada,ben; as ada approve c | by l call d 50 tier=4 people=ada,ben like=c | ApprovalCancelled; ApprovalRequested; Decided PENDING APPROVAL_REQUIRED |
  budget acme/app:ide 100RISK; key k; key l owner=ada; by k call c 50 tier=4 people=ada,ben; as ben approve c | by l call d 50 tier=4 people=ada,ben like=c | ApprovalConsumed; Decided ALLOW; Reserved 50RISK ×1 |

  -- whose agreement counts is seen when the call runs: who was disabled, or has left the group, agrees no more
  budget acme/app:ide 100RISK; call c 50 tier=4 people=ada,ben; as ada approve c | call d 50 tier=4 people=ben like=c | ApprovalCancelled; ApprovalRequested; Decided PENDING APPROVAL_REQUIRED |
  "                                            | call d 50 tier=4 like=c                 | Decided DENY APPROVAL_UNAVAILABLE          |
  budget acme/app:ide 100RISK; policy p acme asks=tier:3,group:dba; call c 5 tier=3 people=ada:dba,ben:dba; as ada approve c groups=dba | call d 5 tier=3 people=ada:ops,ben:dba like=c | ApprovalCancelled; ApprovalRequested; Decided PENDING APPROVAL_REQUIRED |
  budget acme/app:ide 100RISK; policy p acme asks=tier:3,quorum:2; call c 5 tier=3 people=ada,ben; as ada approve c; as ben approve c | call d 5 tier=3 people=ada,cid like=c | ApprovalCancelled; ApprovalRequested; Decided PENDING APPROVAL_REQUIRED |
  budget acme/app:ide 100RISK; policy p acme asks=tier:4,group:ops,then:5m/lead; call c 50 tier=4 people=ada:ops; wait 5m; as ben approve c groups=lead | call d 50 tier=4 people=ben:lead like=c | ApprovalConsumed; Decided ALLOW; Reserved 50RISK ×1 |

  -- an approval is of the money that was shown, and of less
  budget acme/app:ide 100RISK; budget acme/app:ide 9; call c 50 tier=4 people=ada money=5; as ada approve c | call d 50 tier=4 people=ada like=c money=5 | ApprovalConsumed; Decided ALLOW; Reserved 50RISK ×1; Reserved 5 ×1 | acme/app:ide 9-0-5-0=4
  "                                            | call d 50 tier=4 people=ada like=c money=4 | ApprovalConsumed; Decided ALLOW; Reserved 50RISK ×1; Reserved 4 ×1 |
  "                                            | call d 50 tier=4 people=ada like=c money=0 | ApprovalConsumed; Decided ALLOW; Reserved 50RISK ×1 |
  "                                            | call d 50 tier=4 people=ada like=c money=6 | ApprovalCancelled; ApprovalRequested with 6; Decided PENDING APPROVAL_REQUIRED |
  budget acme/app:ide 100RISK; budget acme/app:ide 9; call c 50 tier=4 people=ada; as ada approve c | call d 50 tier=4 people=ada like=c money=1 | ApprovalCancelled; ApprovalRequested with 1; Decided PENDING APPROVAL_REQUIRED |
  budget acme/app:ide 100RISK; budget acme/app:ide 9; budget acme/app:ide 9TOKENS; call c 50 tier=4 people=ada money=5; as ada approve c | call d 50 tier=4 people=ada like=c money=5TOKENS | ApprovalCancelled; ApprovalRequested with 5TOKENS; Decided PENDING APPROVAL_REQUIRED |

  -- enough different people; a second click changes nothing
  budget acme/app:ide 100RISK; policy p acme asks=tier:3,quorum:2; call c 5 tier=3 people=ada,ben | as ada approve c | ApprovalGranted 1/2 |
  budget acme/app:ide 100RISK; policy p acme asks=tier:3,quorum:2; call c 5 tier=3 people=ada,ben; as ada approve c | as ada approve c | nothing |
  "                                            | as ben approve c                        | ApprovalGranted 2/2                        |
  "                                            | as ben reject c                         | ApprovalRejected                           |
  "                                            | call d 5 tier=3 people=ada,ben like=c   | Decided PENDING APPROVAL_REQUIRED          |
  budget acme/app:ide 100RISK; call c 50 tier=4 people=ada; as ada approve c | as ada approve c | nothing                              |
  "                                            | as ada reject c                         | refused approval_not_found                 |
  "                                            | as ben approve c                        | refused approval_not_found                 |

  -- only a person of the server, of the group that is asked, and not about an own key's call
  budget acme/app:ide 100RISK; call c 50 tier=4 people=ada | approve c                   | refused approver_required                  |
  "                                            | as ben approve c for=ada                | refused approver_required                  |
  budget acme/app:ide 100RISK; key k can=admin:write; call c 50 tier=4 people=ada | by k approve c | refused operator_only                |
  budget acme/app:ide 100RISK; policy p acme asks=tier:3,group:ops; call c 5 tier=3 people=ada:ops | as ada approve c groups=dba | refused approver_forbidden |
  "                                            | as ada approve c groups=dba,ops         | ApprovalGranted 1/1                        |
  budget acme/app:ide 100RISK; key k owner=ada; by k call c 50 tier=4 people=ada,ben | as ada approve c | refused approver_forbidden         |
  "                                            | as ada reject c                         | refused approver_forbidden                 |
  "                                            | as ben approve c                        | ApprovalGranted 1/1                        |
  budget acme/app:ide 100RISK                  | as ada approve nothing                  | refused approval_not_found                 |
  budget acme/app:ide 100RISK; call c 50 tier=4 people=ada; close | as ada approve c     | refused tenant_closed                      |

  -- a link is enough where the rule says so, and never for tier 4; a passkey where it says that
  budget acme/app:ide 100RISK; policy p acme asks=tier:3,links; call c 5 tier=3 people=ada | as ada approve c by=link | ApprovalGranted 1/1 |
  budget acme/app:ide 100RISK; policy p acme asks=tier:3; call c 5 tier=3 people=ada | as ada approve c by=link | refused approver_forbidden |
  budget acme/app:ide 100RISK; policy p acme asks=tier:3,links; call c 5 tier=4 people=ada | as ada approve c by=link | refused approver_forbidden |
  budget acme/app:ide 100RISK; policy p acme asks=tier:3,passkey; call c 5 tier=3 people=ada | as ada approve c | refused passkey_required |
  "                                            | as ada approve c passkey                | ApprovalGranted 1/1                        |

  -- who asked, or an operator, takes the question back; nobody else's key does
  budget acme/app:ide 100RISK; key k; by k call c 50 tier=4 people=ada | by k cancel c   | ApprovalCancelled                          |
  budget acme/app:ide 100RISK; key k; key l; by k call c 50 tier=4 people=ada | by l cancel c | refused approval_not_found              |
  "                                            | as ben cancel c                         | ApprovalCancelled                          |
  "                                            | cancel c                                | refused approver_required                  |
  "                                            | as ben cancel c for=ada                 | refused approver_required                  |
  budget acme/app:ide 100RISK; key k owner=cid; policy p acme asks=tier:3,group:ops; by k call c 5 tier=3 people=ada:ops | as ben cancel c groups=dba | refused approver_forbidden |
  "                                            | as ada cancel c groups=ops              | ApprovalCancelled                          |
  "                                            | as cid cancel c                         | ApprovalCancelled                          |
  budget acme/app:ide 100RISK; key k; by k call c 50 tier=4 people=ada; by k cancel c | by k call d 50 tier=4 people=ada like=c | ApprovalRequested; Decided PENDING APPROVAL_REQUIRED |
`,
);

export const lapsing = table(
  'The time that people have',
  `
  given                                        | when                                    | then
  -- an hour to answer at the gate, a quarter to use the answer
  budget acme/app:ide 100RISK; call c 50 tier=4 people=ada | wait 59m                    | nothing
  "                                            | wait 60m                                | ApprovalExpired PENDING
  budget acme/app:ide 100RISK; call c 50 tier=4 people=ada; as ada approve c | wait 14m  | nothing
  "                                            | wait 15m                                | ApprovalExpired APPROVED
  budget acme/app:ide 100RISK; call c 50 tier=4 people=ada; wait 60m | as ada approve c  | refused approval_not_found
  "                                            | call d 50 tier=4 people=ada like=c      | ApprovalRequested; Decided PENDING APPROVAL_REQUIRED
  "                                            | call d 50 tier=4 people=ada like=c waited=c | Decided DENY APPROVAL_EXPIRED
  budget acme/app:ide 100RISK; call c 50 tier=4 people=ada; wait 59m; as ada approve c; wait 14m | call d 50 tier=4 people=ada like=c waited=c | ApprovalConsumed; Decided ALLOW; Reserved 50RISK ×1
  budget acme/app:ide 100RISK; policy p acme asks=tier:4; call c 50 tier=4 people=ada | wait 365d | nothing
  budget acme/app:ide 100RISK; policy p acme asks=tier:4,answer:1m,use:1m; call c 50 tier=4 people=ada | wait 1m | ApprovalExpired PENDING

  -- a second group's turn
  budget acme/app:ide 100RISK; policy p acme asks=tier:4,group:ops,then:5m/lead,answer:10m; call c 50 tier=4 people=ada:ops | wait 5m | ApprovalEscalated lead
  "                                            | as ben approve c groups=lead            | refused approver_forbidden
  budget acme/app:ide 100RISK; policy p acme asks=tier:4,group:ops,then:5m/lead,answer:10m; call c 50 tier=4 people=ada:ops; wait 5m | as ben approve c groups=lead | ApprovalGranted 1/1
  "                                            | as ada approve c groups=ops             | ApprovalGranted 1/1
  "                                            | wait 5m                                 | ApprovalExpired PENDING
  budget acme/app:ide 100RISK; policy p acme asks=tier:4,group:ops,then:5m/lead,use:10m; call c 50 tier=4 people=ada:ops; as ada approve c groups=ops | wait 5m | nothing
`,
);

export const requiring = table(
  'Approvals of plain requests',
  `
  given                                        | when                                    | then                                       | balances
  budget acme 9; policy p acme asks=kind:db.write | reserve r 1 kind=db.write people=ada | refused approval_required                  | acme 9-0-0-0=9
  "                                            | reserve r 1 people=ada                  | Reserved 1 ×1                              |
  "                                            | reserve r 10 kind=db.write people=ada   | refused budget_exceeded                    |
  "                                            | reserve r 1 kind=db.write               | refused approval_unavailable               |
  "                                            | decide 1 kind=db.write people=ada       | Decided DENY APPROVAL_REQUIRED             |
  "                                            | dryrun 1 kind=db.write people=ada       | Decided DENY APPROVAL_REQUIRED             |
  budget acme 9; policy p acme asks=kind:db.write; try reserve a 1 kind=db.write people=ada; as ada approve a | reserve r 1 kind=db.write people=ada | ApprovalConsumed; Reserved 1 ×1 | acme 9-0-1-0=8
  "                                            | reserve r 2 kind=db.write people=ada    | refused approval_required                  |
  "                                            | dryrun 1 kind=db.write people=ada       | Decided ALLOW                              |
  budget acme 9; policy p acme asks=kind:db.write; try reserve a 1 kind=db.write people=ada; as ada reject a | reserve r 1 kind=db.write people=ada | refused approval_rejected |
  "                                            | reserve r 2 kind=db.write people=ada    | refused approval_required                  |
  budget acme 9RISK; policy p acme asks=exceeded,missing:5 | reserve r 14RISK people=ada | refused approval_required                  |
  "                                            | reserve r 15RISK people=ada             | refused budget_exceeded                    |
  "                                            | reserve r 14RISK                        | refused budget_exceeded                    |
  budget acme 9RISK; policy p acme asks=exceeded,missing:5; try reserve a 14RISK people=ada; as ada approve a | reserve r 14RISK people=ada | ApprovalConsumed; BudgetFunded CREDIT 5; Reserved 14RISK ×1 | RISK@acme 14-0-14-0=0
  budget acme 9; policy p acme asks=tier:0     | reserve r 1 people=ada                  | Reserved 1 ×1                              |
  budget acme 9; policy p acme asks=kind:db.write; try reserve a 1 kind=db.write people=ada; try reserve b 2 kind=db.write people=ada; try reserve c 3 kind=db.write people=ada | reserve r 4 kind=db.write people=ada | refused approval_limit |
`,
);
