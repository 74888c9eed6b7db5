/**
 * The thread that follows the log. Every event of the log passes through a subscription, and all that is wanted
 * of it is a position: so it does not pass through the thread that decides.
 */

import { parentPort, workerData } from 'node:worker_threads';
import { Connection } from './connection.js';
import type { FollowData, FromFollower } from './follow-messages.js';
import { News } from './news.js';
import { Subscription } from './subscribe.js';

if (parentPort === null) throw new Error('the follower of the event store runs as a worker thread only');
const port = parentPort;
const { connectionString, prefix, timeoutMs } = workerData as FollowData;

const context = { connection: new Connection(connectionString), prefix, timeoutMs };
const news: News = new News(
  (note) => new Subscription(context, { note, log: (message) => tell({ message }) }),
);
news.add((position) => tell({ position }));

function tell(what: Omit<FromFollower, 'losses'>): void {
  port.postMessage({ ...what, losses: news.losses } satisfies FromFollower);
}
