/** Policies: which one applies, what it refuses, what it counts, and what is only observed. */

import { table } from '../table.js';

export const policies = table(
  'Policies',
  `
  given                                        | when                                   | then
  -- making and changing them
  open                                         | policy p                               | PolicyCreated p
  policy p                                     | policy q name=p                        | refused policy_exists
  policy p                                     | repolicy p priority=3                  | PolicyUpdated p
  policy p                                     | repolicy p                             | nothing
  policy p; policy q                           | repolicy q name=p                      | refused policy_exists
  open                                         | repolicy p priority=3                  | refused policy_not_found
  policy p                                     | unpolicy p                             | PolicyDeleted p
  policy p; unpolicy p                         | unpolicy p                             | refused policy_not_found
  policy p; unpolicy p                         | policy p                               | PolicyCreated p
  open                                         | policy p tenant:other                  | refused request_invalid
  open                                         | policy p acme/agent:x/app:y            | refused request_invalid
  open                                         | policy p acme/agent:X                  | refused request_invalid
  open                                         | policy p acme/*/*                      | refused request_invalid
  open                                         | policy p *                             | PolicyCreated p
  open                                         | policy p agent:*                       | PolicyCreated p
  open                                         | policy p allow=db.query deny=db.write  | refused request_invalid
  open                                         | policy p deny=custom.acme.x            | refused request_invalid
  open                                         | policy p from=12:00 until=11:00        | refused request_invalid
  open                                         | policy p ttl=2m maxttl=1m              | refused request_invalid
  open                                         | policy p quota=db.query:1/day,db.query:2/day | refused request_invalid
  open                                         | policy p risk=high_risk:1/day,high_risk:2/day | refused request_invalid
  open                                         | policy p steps=50:high_risk,50:side_effect | refused request_invalid
  key k can=policies:write,admin:write         | by k policy p                          | refused operator_only
  policy p; close                              | policy q                               | refused tenant_closed
  policy p; close                              | repolicy p priority=2                  | refused tenant_closed
  policy p; close                              | unpolicy p                             | refused tenant_closed

  -- which scopes a pattern covers
  budget acme 9; policy p acme deny=llm.completion            | reserve r 1                    | refused kind_denied
  "                                                           | reserve r 1 at=acme/app:a      | refused kind_denied
  budget acme 9; policy p acme/* deny=llm.completion          | reserve r 1                    | Reserved 1 ×1
  "                                                           | reserve r 1 at=acme/app:a      | refused kind_denied
  "                                                           | reserve r 1 at=acme/app:A/agent:x | refused kind_denied
  budget acme 9; policy p acme/app:a deny=llm.completion      | reserve r 1 at=acme/app:b      | Reserved 1 ×1
  "                                                           | reserve r 1 at=acme/app:a/agent:x | refused kind_denied
  budget acme 9; policy p acme/app:*/agent:x deny=llm.completion | reserve r 1 at=acme/app:b/agent:x | refused kind_denied
  "                                                           | reserve r 1 at=acme/agent:x    | Reserved 1 ×1
  budget acme 9; policy p agent:x deny=llm.completion         | reserve r 1 at=acme/app:b/agent:x | refused kind_denied
  "                                                           | reserve r 1 at=acme/agent:x    | refused kind_denied
  "                                                           | reserve r 1 at=acme/agent:y    | Reserved 1 ×1
  budget acme 9; policy p */agent:x deny=llm.completion       | reserve r 1 at=acme/agent:x    | refused kind_denied
  budget acme 9; policy p acme/*/agent:x deny=llm.completion  | reserve r 1 at=acme/agent:x    | Reserved 1 ×1
  "                                                           | reserve r 1 at=acme/app:a/workflow:w/agent:x | refused kind_denied

  -- one policy applies: priority, then the longer pattern, then the older
  budget acme 9; policy p acme/* deny=llm.completion; policy q acme/* priority=1  | reserve r 1 at=acme/app:a | Reserved 1 ×1
  budget acme 9; policy p acme/* deny=llm.completion priority=1; policy q acme/*  | reserve r 1 at=acme/app:a | refused kind_denied
  budget acme 9; policy p acme deny=llm.completion; policy q acme/app:a           | reserve r 1 at=acme/app:a | Reserved 1 ×1
  budget acme 9; policy p acme/app:a; wait 1s; policy q acme/app:* deny=llm.completion | reserve r 1 at=acme/app:a | Reserved 1 ×1
  "                                                           | reserve r 1 at=acme/app:b      | refused kind_denied
  budget acme 9; policy p acme deny=llm.completion; policy q acme priority=1; unpolicy q | reserve r 1 | refused kind_denied
  budget acme 9; policy p acme deny=llm.completion; policy q acme priority=1 off  | reserve r 1 | refused kind_denied

  -- while it is in effect
  budget acme 9; policy p acme deny=llm.completion from=10:05                     | reserve r 1 | Reserved 1 ×1
  budget acme 9; policy p acme deny=llm.completion from=10:05; wait 5m            | reserve r 1 | refused kind_denied
  budget acme 9; policy p acme deny=llm.completion until=10:05; wait 5m           | reserve r 1 | Reserved 1 ×1
  budget acme 9; policy p acme deny=llm.completion until=10:05                    | reserve r 1 | refused kind_denied

  -- levels that it requires
  budget acme 9; policy p acme needs=agent                    | reserve r 1                    | refused request_invalid
  "                                                           | decide 1                       | refused request_invalid
  "                                                           | debit d 1                      | refused request_invalid
  "                                                           | reserve r 1 at=acme/agent:x    | Reserved 1 ×1
  budget acme 9; policy p acme needs=agent; key k fixes=agent:x | by k reserve r 1             | Reserved 1 ×1
  budget acme 99RISK; policy p acme needs=agent               | call c 1                       | refused request_invalid
  "                                                           | call c 1 agent=x               | Decided ALLOW; Reserved 1RISK ×1

  -- caps
  budget acme 9; policy p acme caps=tokens:100                | reserve r 1                    | Reserved 1 ×1 capped 100
  "                                                           | decide 1                       | Decided ALLOW_WITH_CAPS capped 100
  "                                                           | decide 10                      | Decided DENY BUDGET_EXCEEDED
  budget acme 99RISK; policy p acme caps=steps:3              | call c 1                       | Decided ALLOW_WITH_CAPS capped 3; Reserved 1RISK ×1 capped 3

  -- overage, where the request does not say
  budget acme 10; policy p acme overage=REJECT; reserve r 5   | commit r 11                    | refused budget_exceeded
  budget acme 10 policy=REJECT; policy p acme overage=ALLOW_IF_AVAILABLE; reserve r 5 | commit r 11 | Committed 10 back 0
  budget acme 10; policy p acme overage=REJECT; reserve r 5 policy=ALLOW_IF_AVAILABLE | commit r 11 | Committed 10 back 0
  budget acme 10; policy p acme overage=REJECT                | debit d 11                     | refused budget_exceeded

  -- how long reservations live
  budget acme 9; policy p acme ttl=2m; reserve r 1; wait 90s  | commit r 1                     | Committed 1 back 0
  budget acme 9; policy p acme maxttl=10s; reserve r 1 ttl=1h; wait 16s | commit r 1           | refused reservation_expired
  budget acme 9; policy p acme extensions=0; reserve r 1      | extend r 5s                    | refused max_extensions_exceeded
  budget acme 9; policy p acme maxttl=60s; reserve r 1 ttl=50s | extend r 1h                   | Extended 1 by 10s
`,
);

export const kinds = table(
  'Action kinds',
  `
  given                                        | when                                   | then
  open                                         | kind custom.acme.x high_risk           | ActionKindDeclared custom.acme.x
  kind custom.acme.x high_risk                 | kind custom.acme.x high_risk           | nothing
  kind custom.acme.x high_risk                 | kind custom.acme.x side_effect         | ActionKindDeclared custom.acme.x
  open                                         | kind custom.acme.x side_effect instead=custom.acme.y | refused request_invalid
  open                                         | kind custom.acme.x side_effect instead=db.query | ActionKindDeclared custom.acme.x
  key k can=policies:write                     | by k kind custom.acme.x high_risk      | refused operator_only
  close                                        | kind custom.acme.x high_risk           | refused tenant_closed
  budget acme 9                                | reserve r 1 kind=custom.acme.x         | refused request_invalid
  budget acme 9                                | decide 1 kind=custom.acme.x            | refused request_invalid
  budget acme 9                                | debit d 1 kind=custom.acme.x           | refused request_invalid
  budget acme 9; kind custom.acme.x high_risk  | reserve r 1 kind=custom.acme.x         | Reserved 1 ×1
  budget acme 9                                | reserve r 1 kind=proprietary.action    | Reserved 1 ×1

  -- lists of kinds come before quotas and budgets
  budget acme 0; policy p acme deny=db.write   | reserve r 1 kind=db.write              | refused kind_denied
  "                                            | reserve r 1 kind=db.query              | refused budget_exceeded
  "                                            | decide 1 kind=db.write                 | Decided DENY ACTION_KIND_DENIED
  budget acme 9; policy p acme allow=db.query  | reserve r 1 kind=db.query              | Reserved 1 ×1
  "                                            | reserve r 1 kind=db.write              | refused kind_not_allowed
  "                                            | dryrun 1 kind=db.write                 | Decided DENY ACTION_KIND_NOT_ALLOWED
  "                                            | reserve r 1 kind=proprietary.action    | refused kind_not_allowed
  budget acme 99RISK; policy p acme deny=code.exec | call c 1                           | Decided DENY ACTION_KIND_DENIED
  "                                            | call c 1 kind=file.read                | Decided ALLOW; Reserved 1RISK ×1
  "                                            | call c 1 self                          | Decided DENY SELF_PROTECTION
  "                                            | call c 1 radius=system                 | Decided DENY RADIUS_REFUSED

  -- authority narrows as risk points are used up
  budget acme 10RISK; policy p acme steps=50:tokens:9,80:high_risk; call a 4 | call c 1      | Decided ALLOW; Reserved 1RISK ×1
  budget acme 10RISK; policy p acme steps=50:tokens:9,80:high_risk; call a 5 | call c 1      | Decided ALLOW_WITH_CAPS capped 9; Reserved 1RISK ×1 capped 9
  budget acme 10RISK; policy p acme steps=50:tokens:9,80:high_risk; call a 8 | call c 1      | Decided DENY ACTION_KIND_DENIED
  "                                            | call c 1 kind=file.read                | Decided ALLOW_WITH_CAPS capped 9; Reserved 1RISK ×1 capped 9
  budget acme 10RISK; policy p acme caps=tokens:5 steps=50:tokens:9; call a 5 | call c 1     | Decided ALLOW_WITH_CAPS capped 5; Reserved 1RISK ×1 capped 5
`,
);

export const quotas = table(
  'Quotas',
  `
  given                                        | when                                   | then
  -- of a kind
  budget acme 9; policy p acme quota=db.query:2/day                         | reserve r 1 kind=db.query | Reserved 1 ×1 1/2
  budget acme 9; policy p acme quota=db.query:2/day; reserve a 1 kind=db.query | reserve r 1 kind=db.query | Reserved 1 ×1 2/2!
  budget acme 9; policy p acme quota=db.query:1/day; reserve a 1 kind=db.query | reserve r 1 kind=db.query | refused quota_exceeded
  "                                            | decide 1 kind=db.query                 | Decided DENY ACTION_QUOTA_EXCEEDED
  "                                            | reserve r 1 kind=db.write              | Reserved 1 ×1
  budget acme 9; policy p acme quota=db.query:1/day; decide 1 kind=db.query; dryrun 1 kind=db.query | reserve r 1 kind=db.query | Reserved 1 ×1 1/1!
  budget acme 0; policy p acme quota=db.query:1/day; try reserve a 1 kind=db.query; fund acme CREDIT 9 | reserve r 1 kind=db.query | Reserved 1 ×1 1/1!
  budget acme 9; policy p acme quota=db.query:9/day; reserve a 1 kind=db.query #k | reserve b 1 kind=db.query #k | replayed Reserved 1 ×1 1/9

  -- of a risk class, over all its kinds
  budget acme 9; policy p acme risk=side_effect:1/day; reserve a 1 kind=db.write | reserve r 1 kind=file.delete | refused quota_exceeded
  "                                            | reserve r 1 kind=db.query              | Reserved 1 ×1
  "                                            | reserve r 1 kind=proprietary.action    | refused quota_exceeded
  budget acme 9; policy p acme risk=side_effect:5/day quota=db.write:3/day  | reserve r 1 kind=db.write | Reserved 1 ×1 1/5 1/3

  -- where they count: at the most specific scope that the policy covers
  budget acme 9; policy p acme/* quota=db.query:1/day; reserve a 1 kind=db.query at=acme/agent:x | reserve r 1 kind=db.query at=acme/agent:y | Reserved 1 ×1 1/1!
  "                                            | reserve r 1 kind=db.query at=acme/agent:x | refused quota_exceeded
  budget acme 9; policy p acme/* quota=db.query:1/tenantday; reserve a 1 kind=db.query at=acme/agent:x | reserve r 1 kind=db.query at=acme/agent:y | refused quota_exceeded

  -- windows end with the UTC minute, hour and day
  budget acme 9; policy p acme quota=db.query:1/minute; wait 59s; reserve a 1 kind=db.query | reserve r 1 kind=db.query | refused quota_exceeded
  budget acme 9; policy p acme quota=db.query:1/minute; wait 59s; reserve a 1 kind=db.query; wait 1s | reserve r 1 kind=db.query | Reserved 1 ×1 1/1!
  budget acme 9; policy p acme quota=db.query:1/hour; reserve a 1 kind=db.query; wait 59m  | reserve r 1 kind=db.query | refused quota_exceeded
  budget acme 9; policy p acme quota=db.query:1/hour; reserve a 1 kind=db.query; wait 60m  | reserve r 1 kind=db.query | Reserved 1 ×1 1/1!
  budget acme 9; policy p acme quota=db.query:1/day; reserve a 1 kind=db.query; wait 13h   | reserve r 1 kind=db.query | refused quota_exceeded
  budget acme 9; policy p acme quota=db.query:1/day; reserve a 1 kind=db.query; wait 14h   | reserve r 1 kind=db.query | Reserved 1 ×1 1/1!

  -- of a run: held at reserve, kept at commit, given back at release and expiry
  budget acme 9; policy p acme quota=db.query:1/run                         | reserve r 1 kind=db.query | refused request_invalid
  "                                            | decide 1 kind=db.query                 | refused request_invalid
  "                                            | reserve r 1 kind=db.write              | Reserved 1 ×1
  "                                            | reserve r 1 kind=db.query run=x        | Reserved 1 ×1 1/1!
  budget acme 9; policy p acme quota=db.query:1/run; reserve a 1 kind=db.query run=x | reserve r 1 kind=db.query run=x | refused quota_exceeded
  "                                            | reserve r 1 kind=db.query run=y        | Reserved 1 ×1 1/1!
  budget acme 9; policy p acme quota=db.query:1/run; reserve a 1 kind=db.query run=x; commit a 1 | reserve r 1 kind=db.query run=x | refused quota_exceeded
  budget acme 9; policy p acme quota=db.query:1/run; reserve a 1 kind=db.query run=x; release a | reserve r 1 kind=db.query run=x | Reserved 1 ×1 1/1!
  budget acme 9; policy p acme quota=db.query:1/run; reserve a 1 kind=db.query run=x; wait 66s | reserve r 1 kind=db.query run=x | Reserved 1 ×1 1/1!
  budget acme 9; policy p acme quota=db.query:1/run; reserve a 1 kind=db.query run=x; commit a 1; wait 24h | reserve r 1 kind=db.query run=x | Reserved 1 ×1 1/1!
  budget acme 9; policy p acme quota=db.query:1/day; reserve a 1 kind=db.query; release a  | reserve r 1 kind=db.query | refused quota_exceeded
  budget acme 9; policy p acme quota=db.query:9/run risk=read_only:9/run; reserve a 1 kind=db.query run=x; release a | reserve r 1 kind=db.query run=x | Reserved 1 ×1 1/9 1/9

  -- narrowed by a host, which counts only where the kind has one and the request names it
  budget acme 9; policy p acme quota=http.post:1/day/@api.x; reserve a 1 kind=http.post host=api.x | reserve r 1 kind=http.post host=API.X | refused quota_exceeded
  "                                            | reserve r 1 kind=http.post host=api.y  | Reserved 1 ×1
  "                                            | reserve r 1 kind=http.post             | Reserved 1 ×1
  budget acme 9; policy p acme quota=db.query:1/day/@api.x                  | reserve r 1 kind=db.query host=api.x | Reserved 1 ×1

  -- the most restrictive is named; a new limit goes on from what is used
  budget acme 9; policy p acme quota=db.query:1/day,db.query:3/hour; reserve a 1 kind=db.query | reserve r 1 kind=db.query | refused quota_exceeded
  budget acme 9; policy p acme quota=db.query:1/day; reserve a 1 kind=db.query; repolicy p quota=db.query:3/day | reserve r 1 kind=db.query | Reserved 1 ×1 2/3
  budget acme 9; policy p acme quota=db.query:3/day; reserve a 1 kind=db.query; reserve b 1 kind=db.query; repolicy p quota=db.query:1/day | reserve r 1 kind=db.query | refused quota_exceeded

  -- a threshold is told once
  budget acme 9; policy p acme quota=db.query:4/day/50%; reserve a 1 kind=db.query | reserve r 1 kind=db.query | Reserved 1 ×1 2/4!
  budget acme 9; policy p acme quota=db.query:4/day/50%; reserve a 1 kind=db.query; reserve b 1 kind=db.query | reserve r 1 kind=db.query | Reserved 1 ×1 3/4
  budget acme 99; policy p acme quota=db.query:100/day/7%; reserve a 1 kind=db.query; reserve b 1 kind=db.query; reserve c 1 kind=db.query; reserve d 1 kind=db.query; reserve e 1 kind=db.query; reserve f 1 kind=db.query | reserve r 1 kind=db.query | Reserved 1 ×1 7/100!

  -- at the gate a session is a run, and a call counts once
  budget acme 99RISK; budget acme 99; policy p acme quota=code.exec:2/run   | call c 1 money=5                       | Decided ALLOW; Reserved 1RISK ×1 1/2; Reserved 5 ×1
  budget acme 99RISK; policy p acme quota=code.exec:1/run; call a 1         | call c 1                               | Decided DENY ACTION_QUOTA_EXCEEDED
  "                                            | call c 1 session=s2                    | Decided ALLOW; Reserved 1RISK ×1 1/1!
  budget acme 99RISK; policy p acme quota=code.exec:1/run                   | call c 0                               | Decided ALLOW 1/1!
  budget acme 99RISK; policy p acme quota=code.exec:1/run; call a 1; outcome a failed | call c 1                     | Decided DENY ACTION_QUOTA_EXCEEDED
  budget acme 99RISK; key k trusted; policy p acme quota=code.exec:1/run; by k call a 1; by k outcome a failed | call c 1 | Decided ALLOW; Reserved 1RISK ×1 1/1!
  budget acme 99RISK; policy p acme quota=code.exec:1/run; call a 1 hold=30s; wait 1m | call c 1                     | Decided DENY ACTION_QUOTA_EXCEEDED

  -- counters are set back by operators
  budget acme 9; policy p acme quota=db.query:1/run; reserve a 1 kind=db.query run=x | resetcounter acme kind:db.query run x | QuotaCounterReset from 1
  "                                            | resetcounter acme kind:db.query run y  | refused counter_not_found
  "                                            | resetcounter acme kind:db.query day x  | refused counter_not_found
  budget acme 9; policy p acme quota=db.query:1/run; reserve a 1 kind=db.query run=x; resetcounter acme kind:db.query run x | reserve r 1 kind=db.query run=x | Reserved 1 ×1 1/1!
  budget acme 9; policy p acme quota=db.query:1/run; reserve a 1 kind=db.query run=x; resetcounter acme kind:db.query run x; release a | reserve r 1 kind=db.query run=x | Reserved 1 ×1 1/1!
  key k can=policies:write                     | by k resetcounter acme kind:db.query run x | refused operator_only
`,
);

export const limits = table(
  'Rate limits',
  `
  given                                        | when                                   | then
  budget acme 9; policy p acme rate=1          | reserve r 1                            | Reserved 1 ×1 1/1
  budget acme 9; policy p acme rate=1; reserve a 1 | reserve r 1                        | refused rate_limited
  "                                            | reserve r 1 at=acme/agent:x            | refused rate_limited
  "                                            | decide 1                               | Decided DENY LIMIT_EXCEEDED
  "                                            | debit d 1                              | Debited 1 ×1
  "                                            | commit a 1                             | Committed 1 back 0
  budget acme 9; policy p acme rate=1; reserve a 1; wait 1m | reserve r 1               | Reserved 1 ×1 1/1
  budget acme 9; policy p acme/* rate=1; reserve a 1 at=acme/agent:x | reserve r 1 at=acme/agent:y | Reserved 1 ×1 1/1
  budget acme 9; policy p acme rate=1 deny=llm.completion; try reserve a 1 | reserve r 1 | refused kind_denied
  budget acme 9; policy p acme rate=1 deny=db.write; reserve a 1 | reserve r 1 kind=db.write | refused rate_limited
  budget acme 9; policy p acme commits=1; reserve a 1; reserve b 1 | commit a 1         | Committed 1 back 0 1/1
  budget acme 9; policy p acme commits=1; reserve a 1; reserve b 1; commit a 1 | commit b 1 | refused rate_limited
  budget acme 9; policy p acme commits=1; reserve a 1; reserve b 1; commit a 1; wait 1m | commit b 1 | Committed 1 back 0 1/1
  budget acme 99RISK; policy p acme rate=1; call a 1 | call c 1                         | Decided DENY LIMIT_EXCEEDED
  "                                            | call c 1 self                          | Decided DENY LIMIT_EXCEEDED
`,
);

export const observing = table(
  'Observing',
  `
  given                                        | when                                   | then                                       | balances
  -- a request that asks for it
  budget acme 9                                | reserve r 1 observe                    | Decided ALLOW observed                     | acme 9-0-0-0=9
  budget acme 9                                | reserve r 10 observe                   | Decided DENY BUDGET_EXCEEDED observed      | acme 9-0-0-0=9
  budget acme 9                                | dryrun 1 observe                       | Decided ALLOW observed                     | acme 9-0-0-0=9
  budget acme 9                                | decide 1 observe                       | Decided ALLOW                              |
  budget acme 9; policy p acme quota=llm.completion:1/day; reserve a 1 observe | reserve r 1 | Reserved 1 ×1 1/1!                    | acme 9-0-1-0=8
  budget acme 9; reserve a 1 observe #k        | reserve b 1 observe #k                 | replayed Decided ALLOW observed            |
  budget acme 9TOKENS                          | reserve r 1 observe                    | refused unit_mismatch                      |

  -- a tenant that only observes
  budget acme 9; tenant observe                | reserve r 1                            | Decided ALLOW observed                     | acme 9-0-0-0=9
  "                                            | dryrun 1                               | Decided ALLOW observed                     |
  "                                            | decide 1                               | Decided ALLOW                              |
  "                                            | reserve r 1 enforce                    | Reserved 1 ×1                              | acme 9-0-1-0=8
  "                                            | debit d 1                              | Debited 1 ×1                               | acme 9-1-0-0=8
  budget acme 9; reserve a 1; tenant observe   | commit a 1                             | Committed 1 back 0                         | acme 9-1-0-0=8
  budget acme 9; tenant observe; tenant enforce | reserve r 1                           | Reserved 1 ×1                              | acme 9-0-1-0=8
  budget acme 9; tenant observe; suspend       | reserve r 1                            | Decided DENY TENANT_SUSPENDED observed     |

  -- at the gate what would have been decided is recorded, and the call is let through
  budget acme 9RISK; tenant observe            | call c 5                               | Decided ALLOW observed                     | RISK@acme 9-0-0-0=9
  "                                            | call c 50                              | Decided DENY BUDGET_EXCEEDED observed      | RISK@acme 9-0-0-0=9
  "                                            | call c 5 radius=system                 | Decided DENY RADIUS_REFUSED observed       |
  "                                            | call c 5 tier=4                        | Decided DENY APPROVAL_UNAVAILABLE observed |
  "                                            | call c 5 self                          | Decided DENY SELF_PROTECTION               |
  budget acme 9RISK; tenant observe; suspend   | call c 5                               | Decided DENY TENANT_SUSPENDED              |
  budget acme 9RISK; tenant observe; call c 50 | outcome c succeeded                    | OutcomeRecorded succeeded                  | RISK@acme 9-0-0-0=9
`,
);
