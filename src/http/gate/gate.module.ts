/** The gate's part of the application: its controller and the handlers of its commands. */

import { Module } from '@nestjs/common';
import { CqrsModule } from '@nestjs/cqrs';
import { RecordOutcomeHandler } from '../../commands/record-outcome.handler.js';
import { SubmitToolCallHandler } from '../../commands/submit-tool-call.handler.js';
import { GateController } from './gate.controller.js';

@Module({
  imports: [CqrsModule],
  controllers: [GateController],
  providers: [SubmitToolCallHandler, RecordOutcomeHandler],
})
export class GateModule {}
