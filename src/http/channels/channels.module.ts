/** How people are told about questions, and how their answers come back. */

import { Module } from '@nestjs/common';
import { CqrsModule } from '@nestjs/cqrs';
import { ChannelsController } from './channels.controller.js';
import { WaysBackController } from './ways-back.controller.js';

@Module({ imports: [CqrsModule], controllers: [ChannelsController, WaysBackController] })
export class ChannelsModule {}
