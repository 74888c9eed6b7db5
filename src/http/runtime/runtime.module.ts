/** The runtime plane of the protocol. */

import { Module } from '@nestjs/common';
import { BalancesController } from './balances.controller.js';
import { DecideController } from './decide.controller.js';
import { JwksController } from './jwks.controller.js';
import { ReservationsController } from './reservations.controller.js';

@Module({ controllers: [DecideController, ReservationsController, BalancesController, JwksController] })
export class RuntimeModule {}
