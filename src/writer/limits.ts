/** The bounds of the write path. Everything that could grow has one. */

export interface WriterLimits {
  /** Commands that may wait in one tenant's queue. */
  readonly queueMax: number;
  /** Events of one append; the event store's own bound. */
  readonly batchEventsMax: number;
  /** Bytes of one append; the event store's own bound. */
  readonly batchBytesMax: number;
  /** Commands decided in one go, so that a queue full of replays does not stall other tenants. */
  readonly batchCommandsMax: number;
  /** Answers, and ends of reservations, that are remembered per tenant. */
  readonly recentMax: number;
  /** How long identical refusals are counted instead of recorded, in ms. */
  readonly floodMs: number;
  /** Distinct refusals counted at the same time, per tenant. */
  readonly floodsMax: number;
  /** Events between snapshots, at least; a large state waits for more. */
  readonly snapshotEvery: number;
  /** Events read at a time while loading. */
  readonly loadPage: number;
  /** How long a load may fold before it lets others run, in ms. */
  readonly loadSliceMs: number;
  /** Attempts of an append that is certainly not written, and of a read, before the command gets a 503. */
  readonly attemptsMax: number;
  /** First and longest pause between attempts, in ms. */
  readonly pauseMinMs: number;
  readonly pauseMaxMs: number;
  /** How long callers wait for an append of unknown outcome, in ms. The writer itself goes on until it is known. */
  readonly unsettledMaxMs: number;
  /** How often a batch that others outran is decided again before its commands get a 503. */
  readonly redecisionsMax: number;
  /** How old a state may be that is read, where other processes append, too; in ms. What is refused is never older. */
  readonly staleMaxMs: number;
  /** A tenant that nobody used for this long leaves memory, in ms. */
  readonly idleMs: number;
  /** Tenants in memory beyond which the longest unused leave. */
  readonly tenantsMax: number;
  /** The longest and the shortest time between two looks for tenants with something due, in ms. */
  readonly sweepMaxMs: number;
  readonly sweepMinMs: number;
  /** How long a shutdown waits for what is in flight, in ms. */
  readonly drainMaxMs: number;
}

export const DEFAULT_LIMITS: WriterLimits = {
  queueMax: 4096,
  batchEventsMax: 200,
  batchBytesMax: 900 * 1024,
  batchCommandsMax: 500,
  recentMax: 4096,
  floodMs: 60_000,
  floodsMax: 1024,
  snapshotEvery: 20_000,
  loadPage: 1000,
  loadSliceMs: 10,
  attemptsMax: 6,
  pauseMinMs: 5,
  pauseMaxMs: 1000,
  unsettledMaxMs: 5000,
  redecisionsMax: 50,
  staleMaxMs: 1000,
  idleMs: 600_000,
  tenantsMax: 10_000,
  sweepMaxMs: 30_000,
  sweepMinMs: 1000,
  drainMaxMs: 10_000,
};
