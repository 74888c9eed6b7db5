/** Keys, permissions, scopes; tenants open, suspended and closed. */

import { table } from '../table.js';

export const keys = table(
  'Keys and what they may do',
  `
  given                                             | when                                | then
  -- the key itself
  budget acme 100; key h                            | by h reserve r 1                    | Reserved 1 ×1
  "                                                 | by stranger reserve r 1             | refused key_unknown
  budget acme 100; key h; revoke h                  | by h reserve r 1                    | refused key_revoked
  budget acme 100; key h expires=11:00              | by h reserve r 1                    | Reserved 1 ×1
  budget acme 100; key h expires=11:00; wait 1h     | by h reserve r 1                    | refused key_expired
  budget acme 100; key h expires=11:00; wait 1h; revoke h | by h reserve r 1              | refused key_revoked
  open                                              | key h expires=10:00                 | refused request_invalid
  key h                                             | revoke h                            | ApiKeyRevoked h
  key h; revoke h                                   | revoke h                            | nothing
  open                                              | revoke h                            | refused key_not_found

  -- one permission a command
  budget acme 100; reserve r 1; key c can=reservations:commit | by c commit r 1           | Committed 1 back 0
  "                                                 | by c release r                      | refused permission_missing
  "                                                 | by c reserve s 1                    | refused permission_missing
  "                                                 | by c decide 1                       | refused permission_missing
  "                                                 | by c call x 1                       | refused permission_missing
  "                                                 | by c outcome x failed               | refused permission_missing
  "                                                 | by c fund acme CREDIT 1             | refused permission_missing
  "                                                 | by c budget acme/app:a 1            | refused permission_missing
  budget acme 100; reserve r 1; key h               | by h commit r 1                     | refused permission_missing
  budget acme 100; key b can=budgets:write          | by b fund acme CREDIT 1             | BudgetFunded CREDIT 1
  "                                                 | by b budget acme/app:a 1            | BudgetCreated acme/app:a 1

  -- the wildcards satisfy their own kind and never the other
  budget acme 100; key w can=admin:write            | by w fund acme CREDIT 1             | BudgetFunded CREDIT 1
  "                                                 | by w reserve r 1                    | refused permission_missing
  budget acme 100; key r can=admin:read             | by r fund acme CREDIT 1             | refused permission_missing
  budget acme 100; key r can=budgets:read           | by r fund acme CREDIT 1             | refused permission_missing
  budget acme 100; key b can=admin:budgets:write    | by b fund acme CREDIT 1             | refused permission_missing

  -- for operators only, whatever the key's permissions
  budget acme 100; key w can=admin:write,budgets:write,policies:write | by w freeze acme | refused operator_only
  "                                                 | by w unfreeze acme                  | refused operator_only
  "                                                 | by w template t acme/app:* 1        | refused operator_only
  "                                                 | by w retire t                       | refused operator_only
  "                                                 | by w key other                      | refused operator_only
  "                                                 | by w revoke w                       | refused operator_only
  "                                                 | by w close                          | refused operator_only
  "                                                 | by w budget acme 9RISK              | refused operator_only
  "                                                 | by w fund acme CREDIT 9RISK         | refused operator_only

  -- operators, whose role was asked for before
  budget acme 100; reserve r 1                      | as ada release r                    | Released 1 forced
  open                                              | as ada budget acme 9RISK            | BudgetCreated acme 9RISK
  "                                                 | as ada template t acme/app:* 1RISK  | BudgetTemplateDefined acme/app:* 1
  "                                                 | as ada key h                        | ApiKeyIssued h
  "                                                 | as ada tenant name=New              | TenantUpdated
  budget acme 100                                   | as ada set acme limit=9             | BudgetUpdated acme
  "                                                 | as ada correct acme 90-0-0-0        | Corrected acme
  budget acme 100; debit d 30                       | as ada adjust d 30 -5               | Adjusted -5 to 25

  -- the scope filter: any entry, by segments
  budget acme 100; key h filter=app:ide             | by h reserve r 1 at=acme/app:ide    | Reserved 1 ×1
  "                                                 | by h reserve r 1 at=acme/app:IDE    | Reserved 1 ×1
  "                                                 | by h reserve r 1 at=acme/workspace:w/app:ide/agent:x | Reserved 1 ×1
  "                                                 | by h reserve r 1 at=acme/app:idea   | refused scope_forbidden
  "                                                 | by h reserve r 1 at=acme            | refused scope_forbidden
  "                                                 | by h decide 1 at=acme/app:other     | refused scope_forbidden
  "                                                 | by h call c 1 app=other             | refused scope_forbidden
  budget acme 100; key h filter=app:*               | by h reserve r 1 at=acme/app:any    | Reserved 1 ×1
  "                                                 | by h reserve r 1 at=acme/agent:x    | refused scope_forbidden
  budget acme 100; key h filter=app:ide,agent:x     | by h reserve r 1 at=acme/agent:x    | Reserved 1 ×1
  budget acme 100; key h filter=app:ide/agent:x     | by h reserve r 1 at=acme/app:ide/agent:x | Reserved 1 ×1
  "                                                 | by h reserve r 1 at=acme/app:ide/agent:y | refused scope_forbidden
  budget acme 100; reserve r 1; key c can=reservations:commit filter=app:ide | by c commit r 1 | refused scope_forbidden
  budget acme 100; key b can=budgets:write filter=app:ide | by b fund acme CREDIT 1       | refused scope_forbidden
  "                                                 | by b budget acme/app:ide 1          | BudgetCreated acme/app:ide 1
  "                                                 | by b budget acme/app:other 1        | refused scope_forbidden

  -- levels that the key fixes
  budget acme/app:ide 100; key h fixes=app:ide      | by h reserve r 1                    | Reserved 1 ×1
  "                                                 | by h reserve r 1 at=acme/app:IDE    | Reserved 1 ×1
  "                                                 | by h reserve r 1 at=acme/app:other  | refused scope_forbidden
  budget acme/app:ide 9RISK; key h fixes=app:ide    | by h call c 1 app=none              | Decided ALLOW; Reserved 1RISK ×1
  "                                                 | by h call c 1 app=other             | refused scope_forbidden
  budget acme 9RISK; key h fixes=app:ide            | by h call c 1 workspace=w           | refused scope_forbidden
  "                                                 | by h call c 1                       | Decided ALLOW; Reserved 1RISK ×1
  budget acme 9RISK; key h fixes=app:ide,workspace:w | by h call c 1 workspace=w          | Decided ALLOW; Reserved 1RISK ×1
  "                                                 | by h call c 1 workspace=v           | refused scope_forbidden
  budget acme 9RISK; key h; key g fixes=agent:x     | by h call c 1 workspace=w           | Decided ALLOW; Reserved 1RISK ×1
  "                                                 | by g call c 1 workspace=w           | Decided ALLOW; Reserved 1RISK ×1
  budget acme 9; key h fixes=app:ide                | by h reserve r 1 at=acme/workspace:w | Reserved 1 ×1
  budget acme/agent:x 100; key h fixes=agent:x filter=agent:x | by h reserve r 1          | Reserved 1 ×1
  budget acme 100; reserve r 1 at=acme/app:cli; key c can=reservations:commit fixes=app:ide | by c commit r 1 | refused scope_forbidden
  budget acme 100; reserve r 1 at=acme/app:ide; key c can=reservations:commit fixes=app:IDE | by c commit r 1 | Committed 1 back 0
  budget acme 100; key b can=budgets:write fixes=app:ide  | by b fund acme CREDIT 1       | refused scope_forbidden
  budget acme 100; key b can=budgets:write fixes=app:ide  | by b budget acme/app:cli 1    | refused scope_forbidden

  -- first things first
  budget acme 100; key h; revoke h; close           | by h reserve r 1                    | refused key_revoked
  budget acme 100; key h can=events:read; close     | by h reserve r 1                    | refused permission_missing
  budget acme 100; key h filter=app:ide; close      | by h reserve r 1                    | refused scope_forbidden
  budget acme 100; key h; close                     | by h reserve r 1                    | refused tenant_closed
  budget acme 100; key h filter=app:ide; by h reserve a 1 at=acme/app:ide #k | by h reserve b 1 at=acme #k | refused scope_forbidden
  key w can=budgets:write; close                    | by w budget acme 9RISK              | refused operator_only
`,
);

export const tenants = table(
  'Tenants',
  `
  given                                       | when                        | then                                 | balances
  nothing                                     | open                        | TenantOpened                         |
  open                                        | open                        | nothing                              |
  open                                        | open name=Other             | refused tenant_exists                |
  nothing                                     | budget acme 100             | refused tenant_not_found             |
  nothing                                     | reserve r 1                 | refused tenant_not_found             |
  open                                        | suspend                     | TenantSuspended                      |
  suspend                                     | suspend                     | nothing                              |
  suspend                                     | reactivate                  | TenantReactivated                    |
  open                                        | reactivate                  | nothing                              |
  suspend                                     | close                       | TenantClosed                         |

  -- closing releases what is held, with no debt, and ends everything
  budget acme 100; reserve a 30; commit a 20; reserve r 40 | close          | TenantClosed                         | acme 100-20-0-0=80
  close                                       | close                       | nothing                              |
  "                                           | reactivate                  | refused tenant_closed                |
  "                                           | suspend                     | refused tenant_closed                |

  -- suspended: no new work; settling, and what operators do, go on
  budget acme 100; template t acme/app:* 5; suspend | reserve r 1           | refused tenant_suspended             |
  "                                           | decide 1                    | Decided DENY TENANT_SUSPENDED        |
  "                                           | dryrun 1                    | Decided DENY TENANT_SUSPENDED        |
  "                                           | call c 1                    | Decided DENY TENANT_SUSPENDED        |
  "                                           | budget acme/app:a 1         | refused tenant_suspended             |
  "                                           | fund acme CREDIT 1          | BudgetFunded CREDIT 1                |
  "                                           | freeze acme                 | BudgetFrozen acme                    |
  "                                           | key h                       | ApiKeyIssued h                       |
  "                                           | retire t                    | BudgetTemplateRetired                |
  budget acme 100; suspend; reactivate        | reserve r 1                 | Reserved 1 ×1                        |

  -- closed: every mutation is refused once its object is found
  budget acme 100; key h; template t acme/app:* 5; close | reserve r 1      | refused tenant_closed                |
  "                                           | decide 1                    | Decided DENY TENANT_CLOSED           |
  "                                           | dryrun 1                    | Decided DENY TENANT_CLOSED           |
  "                                           | call c 1                    | Decided DENY TENANT_CLOSED           |
  "                                           | budget acme/app:a 1         | refused tenant_closed                |
  "                                           | budget acme 1               | refused tenant_closed                |
  "                                           | fund acme CREDIT 1          | refused tenant_closed                |
  "                                           | fund acme/app:a CREDIT 1    | refused budget_not_found             |
  "                                           | freeze acme                 | refused tenant_closed                |
  "                                           | unfreeze acme               | refused tenant_closed                |
  "                                           | key other                   | refused tenant_closed                |
  "                                           | revoke h                    | refused tenant_closed                |
  "                                           | revoke nobody               | refused key_not_found                |
  "                                           | template u acme/agent:* 5   | refused tenant_closed                |
  "                                           | retire t                    | refused tenant_closed                |
  "                                           | retire nobody               | refused template_not_found           |
  "                                           | open                        | nothing                              |
`,
);

export const changes = table(
  'Changing tenants and keys',
  `
  given                                       | when                                | then
  -- a tenant: properties and status together, in one append; what is so already is not recorded
  open                                        | tenant name=New                     | TenantUpdated
  "                                           | tenant name=Acme                    | nothing
  "                                           | tenant extensions=10                | nothing
  "                                           | tenant extensions=9                 | TenantUpdated
  "                                           | tenant                              | nothing
  "                                           | tenant name=New suspended           | TenantUpdated; TenantSuspended
  "                                           | tenant name=New closed              | TenantUpdated; TenantClosed
  "                                           | tenant closed                       | TenantClosed
  tenant name=New                             | tenant name=New                     | nothing
  suspend                                     | tenant name=New                     | TenantUpdated
  "                                           | tenant name=New suspended           | TenantUpdated
  close                                       | tenant name=New                     | refused tenant_closed
  "                                           | tenant suspended                    | refused tenant_closed
  "                                           | tenant closed                       | nothing
  "                                           | tenant name=Acme closed             | nothing
  key w can=admin:write                       | by w tenant name=New                | refused operator_only

  -- a key: what it may do changes with the next request
  budget acme 9; key h can=balances:read; rekey h can=reservations:create | by h reserve r 1 | Reserved 1 ×1
  budget acme 9; key h; rekey h can=balances:read                         | by h reserve r 1 | refused permission_missing
  budget acme 9; key h; rekey h filter=app:ide                            | by h reserve r 1 | refused scope_forbidden
  budget acme 9; key h; rekey h fixes=app:ide  | by h reserve r 1 at=acme/app:cli | refused scope_forbidden
  budget acme 9; key h; rekey h expires=10:30; wait 30m | by h reserve r 1    | refused key_expired
  key h                                       | rekey h can=reservations:create     | nothing
  "                                           | rekey h trusted                     | ApiKeyUpdated h
  "                                           | rekey h expires=10:00               | refused request_invalid
  open                                        | rekey h trusted                     | refused key_not_found
  key h; revoke h                             | rekey h trusted                     | refused key_over
  key h expires=10:30; wait 30m               | rekey h expires=11:00               | refused key_over
  key h; close                                | rekey h trusted                     | refused tenant_closed
  key w can=admin:write                       | by w rekey w trusted                | refused operator_only
`,
);
