/** The runtime plane of the protocol. */

import { Module } from '@nestjs/common';
import { ActionKindsController } from './action-kinds.controller.js';
import { BalancesController } from './balances.controller.js';
import { DecideController } from './decide.controller.js';
import { EventsController } from './events.controller.js';
import { ExtendController } from './extend.controller.js';
import { JwksController } from './jwks.controller.js';
import { ReservationListController } from './reservation-list.controller.js';
import { ReservationsController } from './reservations.controller.js';

@Module({
  controllers: [
    DecideController,
    ReservationsController,
    ReservationListController,
    ExtendController,
    EventsController,
    BalancesController,
    JwksController,
    ActionKindsController,
  ],
})
export class RuntimeModule {}
