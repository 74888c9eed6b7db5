/** Provisioning: tenants, keys, budgets, templates, read models. */

import { Module } from '@nestjs/common';
import { AdminProjectionsController } from '../admin-projections.controller.js';
import { ApiKeyDesk, ApiKeysController, HarnessKeysController } from './api-keys.controller.js';
import { AuthController } from './auth.controller.js';
import { BudgetTemplatesController } from './budget-templates.controller.js';
import { BudgetsController } from './budgets.controller.js';
import { CorrectionsController } from './corrections.controller.js';
import { DeclaredKindsController } from './declared-kinds.controller.js';
import { OwnPoliciesController, PoliciesController, PolicyDesk } from './policies.controller.js';
import { QuotaCountersController } from './quota-counters.controller.js';
import { TenantsController } from './tenants.controller.js';

@Module({
  controllers: [
    TenantsController,
    ApiKeysController,
    HarnessKeysController,
    BudgetsController,
    CorrectionsController,
    BudgetTemplatesController,
    PoliciesController,
    OwnPoliciesController,
    DeclaredKindsController,
    QuotaCountersController,
    AuthController,
    AdminProjectionsController,
  ],
  providers: [ApiKeyDesk, PolicyDesk],
})
export class AdminModule {}
