/** The people who operate the server: who they are, how they sign in, what they did. */

import { Module } from '@nestjs/common';
import { AuditLogsController } from './audit-logs.controller.js';
import { OperatorsController } from './operators.controller.js';
import { SignInController } from './sign-in.controller.js';
import { SignIns } from './sign-ins.js';

@Module({
  controllers: [OperatorsController, SignInController, AuditLogsController],
  providers: [SignIns],
  exports: [SignIns],
})
export class OperatorsModule {}
