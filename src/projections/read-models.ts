/** Everything that reads: queries over the read store, its freshness, and the ports it stands behind. */

import type { DueTimes } from '../ports/due-times.port.js';
import type { History } from '../ports/history.port.js';
import { type ReadStore, ReadStoreFault } from '../ports/read-store.port.js';
import { ActionQueries } from './actions/actions.queries.js';
import { ShadowQueries } from './actions/shadow.queries.js';
import { ApprovalQueries } from './approvals/approvals.queries.js';
import { BalanceQueries } from './balances/balances.queries.js';
import { ChargeRowQueries } from './charges/charge-rows.queries.js';
import { ChargebackQueries } from './charges/chargeback.queries.js';
import { PeriodQueries } from './charges/periods.queries.js';
import { RunRateQueries } from './charges/run-rates.queries.js';
import { UnitCostQueries } from './charges/unit-costs.queries.js';
import type { ReadDatabase, ReadTables } from './database.js';
import { sharedDatabase } from './dialect.js';
import { DirectoryQueries } from './directory/directory.queries.js';
import { createDueTimes } from './due-times.js';
import { createHistory } from './history.js';
import { NotificationQueries } from './notifications/notifications.queries.js';
import { OperatorLogQueries } from './operator-log/operator-log.queries.js';
import { ReservationQueries } from './reservations/reservations.queries.js';
import { SessionQueries } from './sessions/sessions.queries.js';

export interface ReadModels {
  readonly store: ReadStore;
  readonly db: ReadDatabase;
  readonly balances: BalanceQueries;
  readonly reservations: ReservationQueries;
  readonly directory: DirectoryQueries;
  readonly actions: ActionQueries;
  readonly sessions: SessionQueries;
  readonly shadow: ShadowQueries;
  readonly operatorLog: OperatorLogQueries;
  readonly approvals: ApprovalQueries;
  readonly notifications: NotificationQueries;
  readonly chargeback: ChargebackQueries;
  readonly billed: ChargeRowQueries;
  readonly periods: PeriodQueries;
  readonly unitCosts: UnitCostQueries;
  readonly runRates: RunRateQueries;
  readonly dueTimes: DueTimes;
  readonly history: History;
  /**
   * Waits until every read model has what this process has appended, so that a client reads its own writes.
   * @throws ReadStoreFault when that takes too long or a read model has stopped before it
   */
  catchUp(): Promise<void>;
}

export interface ReadModelsOptions {
  /** The position of the last event this process has appended and answered for. */
  readonly appended: () => number;
  /**
   * Waits until the directory has what any process has appended, where others append, too; asked before an id or
   * a secret is called unknown.
   */
  readonly catchUpWithAll?: () => Promise<void>;
  /** How long a read waits for its own writes, in ms. */
  readonly catchUpMs?: number;
}

const CATCH_UP_MS = 2_000;

export function createReadModels(store: ReadStore, options: ReadModelsOptions): ReadModels {
  const db = sharedDatabase<ReadTables>(store.connection);
  const catchUp = async (): Promise<void> => {
    const position = options.appended();
    store.notify(position);
    if (await store.waitFor(position, options.catchUpMs ?? CATCH_UP_MS)) return;
    throw new ReadStoreFault('the read models have not caught up with the ledger in time', 'fault');
  };
  return {
    store,
    db,
    balances: new BalanceQueries(db),
    reservations: new ReservationQueries(db),
    directory: new DirectoryQueries(db, options.catchUpWithAll ?? catchUp),
    actions: new ActionQueries(db),
    sessions: new SessionQueries(db),
    shadow: new ShadowQueries(db),
    operatorLog: new OperatorLogQueries(db),
    approvals: new ApprovalQueries(db, options.catchUpWithAll ?? catchUp),
    notifications: new NotificationQueries(db),
    chargeback: new ChargebackQueries(db),
    billed: new ChargeRowQueries(db),
    periods: new PeriodQueries(db),
    unitCosts: new UnitCostQueries(db),
    runRates: new RunRateQueries(db),
    dueTimes: createDueTimes(db),
    history: createHistory(db, catchUp),
    catchUp,
  };
}
