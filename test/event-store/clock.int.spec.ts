/** How far a machine's clock is off the event store's. */

import { ClockWatch, type LocalClocks } from '../../src/adapters/event-store-eventstoredb/clock.js';
import { EsdbDouble } from '../esdb-double/server.js';

let double: EsdbDouble;
let watch: ClockWatch;
/** By how much the wall clock of this machine is ahead, and by how much the other one has been held up, in ms. */
let aheadMs = 0;
const clocks: LocalClocks = { now: () => Date.now() + aheadMs, elapsed: () => performance.now() };

const open = () =>
  new ClockWatch(
    { connectionString: double.connectionString, insecureAllowed: false, onTruncated: () => undefined },
    5_000,
    clocks,
  );

beforeEach(async () => {
  aheadMs = 0;
  double = await EsdbDouble.start();
  watch = open();
});
afterEach(() => {
  watch.close();
  double.close();
});

it('is nothing where the clocks agree, and before it is known', async () => {
  expect(watch.aheadMs).toBe(0);
  await watch.measure();
  expect(Math.abs(watch.aheadMs)).toBeLessThan(1_000);
});

it.each([
  ['ahead', 60_000],
  ['behind', -60_000],
])('is measured when it is %s', async (_where, offMs) => {
  aheadMs = offMs;
  await watch.measure();
  expect(Math.abs(watch.aheadMs - offMs)).toBeLessThan(5_000);
});

it('is noticed at once when the clock is set, either way, without another measurement', async () => {
  await watch.measure();
  aheadMs = 60_000;
  expect(watch.aheadMs).toBeGreaterThan(55_000);
  aheadMs = 0;
  expect(Math.abs(watch.aheadMs)).toBeLessThan(1_000);
});

it('is measured by several machines on the same stream, of which the server keeps little', async () => {
  const other = open();
  for (let i = 0; i < 3; i++) {
    await watch.measure();
    await other.measure();
  }
  other.close();
  const metadata = double.log.all.find(({ stream }) => stream === '$$clock-of-countersign');
  expect(Buffer.from(metadata?.data ?? []).toString()).toBe('{"$maxCount":16}');
});

it('is no part of the ledger', async () => {
  await watch.measure();
  expect(double.log.all.filter(({ stream }) => stream.startsWith('countersign-'))).toEqual([]);
});

it('cannot be measured while the store is away, which stops nothing', async () => {
  double.kill();
  await watch.start();
  expect(watch.aheadMs).toBe(0);
});
