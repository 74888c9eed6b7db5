/** What FinOps asks: who is charged for what, what work costs, and how long budgets last. */

import { Module } from '@nestjs/common';
import { ChargebackController } from './chargeback.controller.js';
import { FocusController } from './focus.controller.js';
import { ForecastController } from './forecast.controller.js';
import { PeriodsController } from './periods.controller.js';
import { ShowbackController } from './showback.controller.js';
import { UnitEconomicsController } from './unit-economics.controller.js';

@Module({
  controllers: [
    ChargebackController,
    FocusController,
    ForecastController,
    PeriodsController,
    ShowbackController,
    UnitEconomicsController,
  ],
})
export class FinopsModule {}
