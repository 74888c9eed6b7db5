/** Settling: commit with every overage policy, release, expiry. */

import { table } from '../table.js';

/** Each policy: under, exactly, over and fitting, over and not fitting, with and without an overdraft limit. */
export const overage = table(
  'Overage, by policy',
  `
  given                                                       | when          | then                              | balances
  -- REJECT
  budget acme 100; reserve r 40 policy=REJECT                 | commit r 30   | Committed 30 back 10              | acme 100-30-0-0=70
  "                                                           | commit r 0    | Committed 0 back 40               | acme 100-0-0-0=100
  "                                                           | commit r 40   | Committed 40 back 0               | acme 100-40-0-0=60
  "                                                           | commit r 100  | Committed 100 back 0              | acme 100-100-0-0=0
  "                                                           | commit r 101  | refused budget_exceeded           | acme 100-0-40-0=60

  -- ALLOW_IF_AVAILABLE
  budget acme 100; reserve r 40 policy=ALLOW_IF_AVAILABLE     | commit r 30   | Committed 30 back 10              | acme 100-30-0-0=70
  "                                                           | commit r 40   | Committed 40 back 0               | acme 100-40-0-0=60
  "                                                           | commit r 100  | Committed 100 back 0              | acme 100-100-0-0=0
  "                                                           | commit r 101  | Committed 100 back 0              | acme 100-100-0-0=0 over
  "                                                           | commit r max  | Committed 100 back 0              | acme 100-100-0-0=0 over
  budget acme 9; reserve a 1; reserve b 1; commit a max       | commit b max  | Committed 1 back 0                | acme 9-9-0-0=0 over

  -- ALLOW_WITH_OVERDRAFT and no overdraft limit: as ALLOW_IF_AVAILABLE
  budget acme 100; reserve r 40 policy=ALLOW_WITH_OVERDRAFT   | commit r 30   | Committed 30 back 10              | acme 100-30-0-0=70
  "                                                           | commit r 40   | Committed 40 back 0               | acme 100-40-0-0=60
  "                                                           | commit r 100  | Committed 100 back 0              | acme 100-100-0-0=0
  "                                                           | commit r 101  | Committed 100 back 0              | acme 100-100-0-0=0 over

  -- ALLOW_WITH_OVERDRAFT within a limit of 10
  budget acme 100 limit=10; reserve r 40 policy=ALLOW_WITH_OVERDRAFT | commit r 30   | Committed 30 back 10       | acme 100-30-0-0=70
  "                                                           | commit r 40   | Committed 40 back 0               | acme 100-40-0-0=60
  "                                                           | commit r 100  | Committed 100 back 0              | acme 100-100-0-0=0
  "                                                           | commit r 101  | Committed 101 back 0              | acme 100-100-0-1=-1
  "                                                           | commit r 110  | Committed 110 back 0              | acme 100-100-0-10=-10
  "                                                           | commit r 111  | refused overdraft_limit_exceeded  | acme 100-0-40-0=60

  -- a frozen scope has nothing remaining for an overage, and settles what is held
  budget acme 100; reserve r 40 policy=REJECT; freeze acme                       | commit r 40  | Committed 40 back 0     | acme 100-40-0-0=60
  "                                                                              | commit r 41  | refused budget_exceeded | acme 100-0-40-0=60
  budget acme 100; reserve r 40 policy=ALLOW_IF_AVAILABLE; freeze acme           | commit r 30  | Committed 30 back 10    | acme 100-30-0-0=70
  "                                                                              | commit r 41  | Committed 40 back 0     | acme 100-40-0-0=60 over
  budget acme 100; reserve r 40 policy=ALLOW_WITH_OVERDRAFT; freeze acme         | commit r 41  | Committed 40 back 0     | acme 100-40-0-0=60 over
  budget acme 100 limit=9; reserve r 40 policy=ALLOW_WITH_OVERDRAFT; freeze acme | commit r 41  | Committed 41 back 0     | acme 100-40-0-1=59
  "                                                                              | commit r 50  | refused overdraft_limit_exceeded | acme 100-0-40-0=60

  -- in debt already (5 of a limit of 20): remaining is negative and gives nothing
  budget acme 10 limit=20; reserve r 5 policy=REJECT; reserve d 5 policy=ALLOW_WITH_OVERDRAFT; commit d 10               | commit r 3  | Committed 3 back 2      | acme 10-8-0-5=-3
  "                                                                                                                      | commit r 6  | refused budget_exceeded | acme 10-5-5-5=-5
  budget acme 10 limit=20; reserve r 5 policy=ALLOW_IF_AVAILABLE; reserve d 5 policy=ALLOW_WITH_OVERDRAFT; commit d 10   | commit r 8  | Committed 5 back 0      | acme 10-10-0-5=-5 over
  budget acme 10 limit=20; reserve r 5 policy=ALLOW_WITH_OVERDRAFT; reserve d 5 policy=ALLOW_WITH_OVERDRAFT; commit d 10 | commit r 8  | Committed 8 back 0      | acme 10-10-0-8=-8
  "                                                                                                                      | commit r 20 | Committed 20 back 0     | acme 10-10-0-20=-20
  "                                                                                                                      | commit r 21 | refused overdraft_limit_exceeded | acme 10-5-5-5=-5

  -- two scopes, of which the narrower has 10 left
  budget acme 100; budget acme/app:a 50; reserve r 40 at=acme/app:a policy=REJECT               | commit r 50  | Committed 50 back 0     | acme 100-50-0-0=50; acme/app:a 50-50-0-0=0
  "                                                                                             | commit r 51  | refused budget_exceeded | acme 100-0-40-0=60; acme/app:a 50-0-40-0=10
  budget acme 100; budget acme/app:a 50; reserve r 40 at=acme/app:a                             | commit r 60  | Committed 50 back 0     | acme 100-50-0-0=50; acme/app:a 50-50-0-0=0 over
  "                                                                                             | commit r 101 | Committed 50 back 0     | acme 100-50-0-0=50 over; acme/app:a 50-50-0-0=0 over
  budget acme 100; budget acme/app:a 50 limit=20; reserve r 40 at=acme/app:a policy=ALLOW_WITH_OVERDRAFT            | commit r 60  | Committed 60 back 0  | acme 100-60-0-0=40; acme/app:a 50-50-0-10=-10
  "                                                                                                                 | commit r 71  | refused overdraft_limit_exceeded | acme 100-0-40-0=60; acme/app:a 50-0-40-0=10
  budget acme 100 limit=99; budget acme/app:a 50 limit=99; reserve r 40 at=acme/app:a policy=ALLOW_WITH_OVERDRAFT   | commit r 110 | Committed 110 back 0 | acme 100-100-0-10=-10; acme/app:a 50-50-0-60=-60

  -- a scope without an overdraft limit caps the charge, and the others bear that much
  budget acme 100 limit=50; budget acme/app:a 50; reserve r 40 at=acme/app:a policy=ALLOW_WITH_OVERDRAFT            | commit r 110 | Committed 50 back 0  | acme 100-50-0-0=50; acme/app:a 50-50-0-0=0 over
  budget acme 100; budget acme/app:a 50 limit=99; reserve r 40 at=acme/app:a policy=ALLOW_WITH_OVERDRAFT            | commit r 110 | Committed 100 back 0 | acme 100-100-0-0=0 over; acme/app:a 50-50-0-50=-50

  -- at the ends of int64
  budget acme max; reserve r 1                                                   | commit r max | Committed 9223372036854775807 back 0 | acme 9223372036854775807-9223372036854775807-0-0=0
  budget acme 1 limit=max; reserve r 1 policy=ALLOW_WITH_OVERDRAFT; fund acme RESET_SPENT 0 spent=9223372036854775806 | commit r max | refused amount_overflow | acme 0-9223372036854775806-1-0=-9223372036854775807
  "                                                                              | commit r 1   | Committed 1 back 0 | acme 0-9223372036854775807-0-0=-9223372036854775807
`,
);

export const ending = table(
  'Ending a hold',
  `
  given                                              | when               | then                          | balances
  -- once, by one of the ends
  budget acme 100; reserve r 40                      | release r          | Released 40 forced            | acme 100-0-0-0=100
  budget acme 100; key h can=reservations:release; reserve r 40 | by h release r | Released 40 client     | acme 100-0-0-0=100
  budget acme 100; reserve r 40; commit r 40         | commit r 40        | refused reservation_finalized | acme 100-40-0-0=60
  "                                                  | release r          | refused reservation_finalized |
  budget acme 100; reserve r 40; release r           | commit r 40        | refused reservation_finalized | acme 100-0-0-0=100
  "                                                  | release r          | refused reservation_finalized |
  open                                               | commit r 1         | refused reservation_not_found |
  "                                                  | release r          | refused reservation_not_found |
  budget acme 100; reserve r 40                      | commit r 40TOKENS  | refused unit_mismatch         | acme 100-0-40-0=60
  budget acme 100; reserve r 40; commit r 40         | commit r 40TOKENS  | refused reservation_finalized |

  -- replays of the same key
  budget acme 100; reserve r 40; commit r 30 #k      | commit r 30 #k     | replayed Committed 30 back 10 | acme 100-30-0-0=70
  "                                                  | commit r 31 #k     | refused idempotency_mismatch  | acme 100-30-0-0=70
  "                                                  | commit r 30 #other | refused reservation_finalized |
  budget acme 100; reserve r 40; release r #k        | release r #k       | replayed Released 40 forced   |
  "                                                  | commit r 40 #k     | refused reservation_finalized |
  budget acme 100; reserve r 40; reserve s 40; commit r 30 #k | commit s 30 #k | Committed 30 back 10    | acme 100-60-0-0=40
  budget acme 100 policy=REJECT; reserve r 40; try commit r 101 #k | commit r 40 #k | Committed 40 back 0 | acme 100-40-0-0=60

  -- a frozen scope, a suspended tenant
  budget acme 100; reserve r 40; freeze acme         | release r          | Released 40 forced            | acme 100-0-0-0=100
  budget acme 100; reserve r 40; suspend             | commit r 30        | Committed 30 back 10          |
  "                                                  | release r          | Released 40 forced            |

  -- a closed tenant: after the object and the replay, before how the reservation ended
  budget acme 100; reserve r 40; close               | commit r 40        | refused tenant_closed         | acme 100-0-0-0=100
  "                                                  | release r          | refused tenant_closed         |
  "                                                  | commit other 40    | refused reservation_not_found |
  budget acme 100; reserve r 40; commit r 40 #k; close | commit r 40 #k   | replayed Committed 40 back 0  |
  "                                                  | commit r 41 #k     | refused idempotency_mismatch  |
  "                                                  | commit r 40        | refused tenant_closed         |

  -- expiry: due at the end of the grace, and not a moment before
  budget acme 100; reserve r 40 ttl=60s grace=5s               | wait 64999ms | nothing             | acme 100-0-40-0=60
  "                                                            | wait 65s     | Released 40 expired | acme 100-0-0-0=100
  budget acme 100; reserve r 40 ttl=60s grace=5s; wait 64999ms | commit r 30  | Committed 30 back 10 | acme 100-30-0-0=70
  "                                                            | release r    | Released 40 forced  |
  budget acme 100; reserve r 40 ttl=60s grace=5s; wait 65s     | commit r 30  | refused reservation_expired | acme 100-0-0-0=100
  "                                                            | release r    | refused reservation_expired |
  "                                                            | reserve s 100 | Reserved 100 ×1    | acme 100-0-100-0=0
  budget acme 100; reserve r 40 ttl=60s grace=0s               | wait 60s     | Released 40 expired |
  budget acme 100; reserve r 40                                | wait 64999ms | nothing             |
  "                                                            | wait 65s     | Released 40 expired |
  budget acme 100; reserve r 40 ttl=2h                         | wait 3604s   | nothing             |
  "                                                            | wait 3605s   | Released 40 expired |
  budget acme 100; reserve a 1 ttl=20s; reserve b 2 ttl=10s    | wait 1m      | Released 2 expired; Released 1 expired | acme 100-0-0-0=100
  budget acme 100; reserve r 40; close                         | wait 1h      | nothing             |
  budget acme 100; reserve r 40; freeze acme                   | wait 65s     | Released 40 expired | acme 100-0-0-0=100
`,
);

export const extending = table(
  'Extending a hold',
  `
  given                                                    | when               | then                            | balances
  -- from the expiry, not from now; the amount stays
  budget acme 100; reserve r 40 ttl=60s                    | extend r 30s       | Extended 1 by 30s               | acme 100-0-40-0=60
  budget acme 100; reserve r 40 ttl=60s; wait 60s          | extend r 30s       | Extended 1 by 30s               |
  budget acme 100; reserve r 40 ttl=60s grace=5s; extend r 30s | wait 94s       | nothing                         |
  "                                                        | wait 95s           | Released 40 expired             | acme 100-0-0-0=100
  "                                                        | commit r 40        | Committed 40 back 0             |
  budget acme 100; reserve r 40 ttl=60s; extend r 30s      | extend r 30s       | Extended 2 by 30s               |

  -- at most the tenant's longest TTL ahead of now, and never nearer
  budget acme 100; reserve r 40 ttl=60s                    | extend r 24h       | Extended 1 by 3540s             |
  budget acme 100; reserve r 40 ttl=60s; wait 30s          | extend r 24h       | Extended 1 by 3570s             |
  budget acme 100; reserve r 40 ttl=1h                     | extend r 1s        | Extended 1 by 0s                |
  budget acme 100; reserve r 40 ttl=1h; tenant maxttl=1m   | extend r 1s        | Extended 1 by 0s                |

  -- as often as the tenant allows
  budget acme 100; tenant extensions=1; reserve r 40; extend r 1s | extend r 1s | refused max_extensions_exceeded |
  budget acme 100; tenant extensions=0; reserve r 40       | extend r 1s        | refused max_extensions_exceeded |
  budget acme 100; reserve r 40; tenant extensions=0; wait 61s | extend r 1s    | refused reservation_expired     |

  -- not in the grace, not after an end, not for the gate
  budget acme 100; reserve r 40 ttl=60s; wait 60001ms      | extend r 30s       | refused reservation_expired     |
  budget acme 100; reserve r 40 ttl=60s; wait 65s          | extend r 30s       | refused reservation_expired     |
  budget acme 100; reserve r 40; commit r 40               | extend r 30s       | refused reservation_finalized   |
  budget acme 100; reserve r 40; release r                 | extend r 30s       | refused reservation_finalized   |
  open                                                     | extend r 30s       | refused reservation_not_found   |
  budget acme 9RISK; call c 1                              | extend rc.risk 1s  | refused reservation_not_found   |
  budget acme 9RISK; call c 1                              | extend c.risk 1s   | refused gate_hold               |

  -- the tenant and the key
  budget acme 100; reserve r 40; suspend                   | extend r 30s       | Extended 1 by 30s               |
  budget acme 100; reserve r 40; close                     | extend r 30s       | refused tenant_closed           |
  budget acme 100; reserve r 40; key h can=reservations:extend | by h extend r 30s | Extended 1 by 30s            |
  budget acme 100; reserve r 40; key h can=reservations:commit | by h extend r 30s | refused permission_missing   |
  budget acme 100; reserve r 40; key h can=reservations:extend filter=app:a | by h extend r 30s | refused scope_forbidden |

  -- replays of the same key
  budget acme 100; reserve r 40; extend r 30s #k           | extend r 30s #k    | replayed Extended 1 by 30s      |
  "                                                        | extend r 31s #k    | refused idempotency_mismatch    |
  "                                                        | extend r 30s #o    | Extended 2 by 30s               |
  "                                                        | commit r 40 #k     | Committed 40 back 0             |
  budget acme 100; reserve r 40; extend r 30s #k; commit r 40 | extend r 30s #k | replayed Extended 1 by 30s      |
`,
);
