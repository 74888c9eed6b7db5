/** The gate's part of the application: its controller and the handlers of its commands. */

import { Module } from '@nestjs/common';
import { CqrsModule } from '@nestjs/cqrs';
import { EvaluateHandler } from '../../commands/evaluate.handler.js';
import { RecordOutcomeHandler } from '../../commands/record-outcome.handler.js';
import { SubmitToolCallHandler } from '../../commands/submit-tool-call.handler.js';
import { ClaudeCodeController } from './claude-code.controller.js';
import { EvaluateController } from './evaluate.controller.js';
import { GateController } from './gate.controller.js';

@Module({
  imports: [CqrsModule],
  controllers: [GateController, ClaudeCodeController, EvaluateController],
  providers: [SubmitToolCallHandler, RecordOutcomeHandler, EvaluateHandler],
})
export class GateModule {}
