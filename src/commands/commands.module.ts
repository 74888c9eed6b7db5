/** All command handlers of the runtime and of provisioning. */

import { Module } from '@nestjs/common';
import { AdjustChargeHandler } from './adjust-charge.handler.js';
import { ChangeRegistryHandler } from './change-registry.handler.js';
import { ChangeTenantStatusHandler } from './change-tenant-status.handler.js';
import { ClosePeriodHandler } from './close-period.handler.js';
import { CommitHandler } from './commit.handler.js';
import { CorrectBudgetHandler } from './correct-budget.handler.js';
import { CreateBudgetHandler } from './create-budget.handler.js';
import { CreatePolicyHandler } from './create-policy.handler.js';
import { DebitHandler } from './debit.handler.js';
import { DecideHandler } from './decide.handler.js';
import { DeclareActionKindHandler } from './declare-action-kind.handler.js';
import { DefineBudgetTemplateHandler } from './define-budget-template.handler.js';
import { DeletePolicyHandler } from './delete-policy.handler.js';
import { ExtendHandler } from './extend.handler.js';
import { FreezeBudgetHandler } from './freeze-budget.handler.js';
import { FundBudgetHandler } from './fund-budget.handler.js';
import { IssueApiKeyHandler } from './issue-api-key.handler.js';
import { OpenTenantHandler } from './open-tenant.handler.js';
import { ReleaseHandler } from './release.handler.js';
import { ReserveHandler } from './reserve.handler.js';
import { ResetQuotaCounterHandler } from './reset-quota-counter.handler.js';
import { RetireBudgetTemplateHandler } from './retire-budget-template.handler.js';
import { RevokeApiKeyHandler } from './revoke-api-key.handler.js';
import { UnfreezeBudgetHandler } from './unfreeze-budget.handler.js';
import { UpdateApiKeyHandler } from './update-api-key.handler.js';
import { UpdateBudgetHandler } from './update-budget.handler.js';
import { UpdatePolicyHandler } from './update-policy.handler.js';
import { UpdateTenantHandler } from './update-tenant.handler.js';

@Module({
  providers: [
    ChangeRegistryHandler,
    ChangeTenantStatusHandler,
    CommitHandler,
    CreateBudgetHandler,
    DecideHandler,
    DefineBudgetTemplateHandler,
    FreezeBudgetHandler,
    FundBudgetHandler,
    IssueApiKeyHandler,
    OpenTenantHandler,
    ReleaseHandler,
    ReserveHandler,
    RetireBudgetTemplateHandler,
    RevokeApiKeyHandler,
    UnfreezeBudgetHandler,
    CorrectBudgetHandler,
    AdjustChargeHandler,
    UpdateBudgetHandler,
    UpdateApiKeyHandler,
    UpdateTenantHandler,
    DebitHandler,
    ExtendHandler,
    CreatePolicyHandler,
    UpdatePolicyHandler,
    DeletePolicyHandler,
    DeclareActionKindHandler,
    ResetQuotaCounterHandler,
    ClosePeriodHandler,
  ],
})
export class CommandsModule {}
