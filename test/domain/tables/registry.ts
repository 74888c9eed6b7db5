/** Tools, operators' rules and environments: registered, changed, removed, refused. */

import { table } from '../table.js';

export const registry = table(
  'The registry',
  `
  given                                  | when                                          | then
  -- tools
  open                                   | tool refund_* tier=3                          | ToolRegistered refund_*
  tool refund_* tier=3                   | tool refund_* tier=3                          | nothing
  tool refund_* tier=3                   | tool Refund_* tier=3                          | ToolRegistered Refund_*
  tool refund_* tier=3                   | tool refund_* points=35                       | ToolRegistered refund_*
  open                                   | tool refund_* tier=3 points=35                | refused request_invalid
  open                                   | tool refund_* kind=payment.refund             | ToolRegistered refund_*
  open                                   | tool refund_* kind=custom.acme.x              | refused request_invalid
  open                                   | tool refund_* kind=no.such                    | refused request_invalid
  tool refund_*                          | untool refund_*                               | ToolRemoved
  tool refund_* server=billing           | untool refund_*                               | refused registration_not_found
  tool refund_*; untool refund_*         | untool refund_*                               | refused registration_not_found
  tool refund_*; untool refund_*         | tool refund_*                                 | ToolRegistered refund_*

  -- rules: they raise freely and lower only when they say so, and of what
  open                                   | rule r tier=4                                 | RiskRuleSet r
  rule r tier=4                          | rule r tier=4                                 | nothing
  rule r tier=4                          | rule r tier=3                                 | RiskRuleSet r
  open                                   | rule r                                        | refused request_invalid
  open                                   | rule r radius=system                          | RiskRuleSet r
  open                                   | rule r tier=4 points=3                        | refused request_invalid
  open                                   | rule r tier=1 lowers=yes words=reset          | RiskRuleSet r
  open                                   | rule r tier=1 lowers=yes flags=--dry          | RiskRuleSet r
  open                                   | rule r tier=1 lowers=yes                      | refused request_invalid
  open                                   | rule r radius=object lowers=yes words=reset   | refused request_invalid
  open                                   | rule r tier=4 host=*.acme.example             | RiskRuleSet r
  open                                   | rule r tier=1 lowers=yes host=*.acme.example  | refused request_invalid
  open                                   | rule r tier=1 lowers=yes host=api.acme.example | RiskRuleSet r
  rule r tier=4                          | unrule r                                      | RiskRuleRemoved
  open                                   | unrule r                                      | refused registration_not_found

  -- environments
  open                                   | environment host db.acme.example staging      | EnvironmentRegistered db.acme.example staging
  environment host db.x.example staging  | environment host db.x.example staging         | nothing
  environment host db.x.example staging  | environment host DB.x.example staging         | EnvironmentRegistered DB.x.example staging
  environment host db.x.example staging  | environment host db.x.example production      | EnvironmentRegistered db.x.example production
  environment host db staging            | unenvironment name db                         | refused registration_not_found
  environment host db staging            | unenvironment host db                         | EnvironmentRemoved
  open                                   | environment host *.acme.example staging       | EnvironmentRegistered *.acme.example staging
  open                                   | environment host *.example staging            | refused request_invalid
  open                                   | environment host * staging                    | refused request_invalid
  open                                   | environment name shop-* staging               | refused request_invalid
  open                                   | environment name shop-staging staging         | EnvironmentRegistered shop-staging staging

  -- operators only, and as long as the tenant is open
  key k can=admin:write,policies:write   | by k tool refund_*                            | refused operator_only
  "                                      | by k rule r tier=1 lowers=yes words=x         | refused operator_only
  "                                      | by k environment name a staging               | refused operator_only
  tool refund_*; close                   | untool refund_*                               | refused tenant_closed
  open; close                            | environment name a staging                    | refused tenant_closed
`,
);
