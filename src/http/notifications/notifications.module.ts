/** The event stream of the protocol. */

import { Module } from '@nestjs/common';
import { NotificationsController, TenantNotificationsController } from './notifications.controller.js';

@Module({ controllers: [TenantNotificationsController, NotificationsController] })
export class NotificationsModule {}
