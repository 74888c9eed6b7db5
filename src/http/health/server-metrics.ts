/** Which numbers of the server's parts are exposed. */

import type { Writers } from '../../commands/writers.js';
import type { ChannelDesk } from '../../ports/channel-desk.port.js';
import type { EventStore } from '../../ports/event-store.port.js';
import type { ReadStore } from '../../ports/read-store.port.js';
import { Metrics } from './metrics.js';

export interface MeasuredParts {
  readonly store: EventStore;
  readonly readStore: ReadStore;
  readonly writers: Writers;
  readonly desk: ChannelDesk;
}

export function serverMetrics({ store, readStore, writers, desk }: MeasuredParts): Metrics {
  const metrics = new Metrics();
  metrics.add('event_store', () => store.stats());
  metrics.add('writers', () => {
    const { stopped, ...numbers } = writers.stats();
    return { ...numbers, stopped: stopped.length };
  });
  metrics.add('channels', () => ({ messagesWaiting: desk.waiting }));
  metrics.add('read_store', () => ({ queriesWaiting: readStore.status().queriesWaiting }));
  metrics.add('projection_lag', () => projectionNumbers(readStore, ({ lag }) => lag));
  metrics.add('projection_stopped', () =>
    projectionNumbers(readStore, ({ stopped }) => (stopped === null ? 0 : 1)),
  );
  return metrics;
}

type ProjectionStatus = ReturnType<ReadStore['status']>['projections'][number];
const projectionNumbers = (readStore: ReadStore, numberOf: (status: ProjectionStatus) => number) =>
  Object.fromEntries(readStore.status().projections.map((status) => [status.name, numberOf(status)]));
