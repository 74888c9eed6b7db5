/** The auditor's part of the application. */

import { Module } from '@nestjs/common';
import { AuditController } from './audit.controller.js';
import { ExportController } from './export.controller.js';
import { ReplayController } from './replay.controller.js';
import { SessionsController } from './sessions.controller.js';
import { ShadowController } from './shadow.controller.js';
import { StateController } from './state.controller.js';
import { WhatIfController } from './what-if.controller.js';

@Module({
  controllers: [
    AuditController,
    ExportController,
    SessionsController,
    ReplayController,
    StateController,
    ShadowController,
    WhatIfController,
  ],
})
export class AuditModule {}
