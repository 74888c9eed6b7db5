/** Provisioning: tenants, keys, budgets, templates, read models. */

import { Module } from '@nestjs/common';
import { AdminProjectionsController } from '../admin-projections.controller.js';
import { ApiKeyDesk, ApiKeysController, HarnessKeysController } from './api-keys.controller.js';
import { AuthController } from './auth.controller.js';
import { BudgetTemplatesController } from './budget-templates.controller.js';
import { BudgetsController } from './budgets.controller.js';
import { CorrectionsController } from './corrections.controller.js';
import { DeclaredKindsController } from './declared-kinds.controller.js';
import { EnvironmentsController } from './environments.controller.js';
import { OwnPoliciesController, PoliciesController, PolicyDesk } from './policies.controller.js';
import { QuotaCountersController } from './quota-counters.controller.js';
import { RegistryDesk } from './registry-desk.js';
import { RiskRulesController } from './risk-rules.controller.js';
import { TenantsController } from './tenants.controller.js';
import { ToolsController } from './tools.controller.js';

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
    ToolsController,
    RiskRulesController,
    EnvironmentsController,
    AuthController,
    AdminProjectionsController,
  ],
  providers: [ApiKeyDesk, PolicyDesk, RegistryDesk],
})
export class AdminModule {}
