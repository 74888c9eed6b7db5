/** A process that makes one snapshot after the other, and says of each that it is saved, until it is killed. */

import { WorkerSnapshotStore } from '../../src/adapters/read-store/snapshots.js';

const [eventStore = '', snapshotsPath = '', macKey = '', tenantId = '', revisions = '0'] =
  process.argv.slice(2);
const snapshots = new WorkerSnapshotStore({
  worker: new URL('../../src/snapshot-worker.js', import.meta.url),
  eventStore,
  snapshotsPath,
  macKey: Buffer.from(macKey, 'hex'),
  patienceMs: 0,
});
// Two workers that open a new file at the same moment may lock each other out: the one that finds goes first.
await snapshots.latest(tenantId, 0);
for (let revision = 0; revision < Number(revisions); revision++) {
  await snapshots.take(tenantId, revision);
  process.stdout.write(`${revision}\n`);
}
// However late the kill comes, it finds the process there.
setInterval(() => snapshots, 60_000);
