/** The pages for people. */

import { Module } from '@nestjs/common';
import { CqrsModule } from '@nestjs/cqrs';
import { OperatorsModule } from '../admin/operators.module.js';
import { ApprovalPages } from './approvals.controller.js';
import { AskedCalls } from './asked-calls.js';
import { LinkPages } from './links.controller.js';
import { PasskeyPages } from './passkeys.controller.js';
import { SignInPages } from './sign-in.controller.js';

/** Who tries passwords is counted in one place, whichever way they come. */
@Module({
  imports: [CqrsModule, OperatorsModule],
  controllers: [ApprovalPages, LinkPages, SignInPages, PasskeyPages],
  providers: [AskedCalls],
})
export class PagesModule {}
