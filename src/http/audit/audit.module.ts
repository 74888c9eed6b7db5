/** The auditor's part of the application. */

import { Module } from '@nestjs/common';
import { AuditController } from './audit.controller.js';
import { SessionsController } from './sessions.controller.js';
import { ShadowController } from './shadow.controller.js';

@Module({ controllers: [AuditController, SessionsController, ShadowController] })
export class AuditModule {}
