/** `countersign verify` of a ledger that is in a cluster. */

import { EsdbDouble } from '../esdb-double/server.js';
import { settingsOn } from '../http/nodes.js';
import { Serving } from '../http/serving.js';
import { Shell } from './program.js';

const PATIENCE_MS = 60_000;

let double: EsdbDouble;
let shell: Shell;
beforeEach(async () => {
  double = await EsdbDouble.start();
  shell = new Shell();
});
afterEach(() => {
  double.close();
  shell.remove();
});

it(
  'reads the cluster that the environment names',
  async () => {
    const settings = settingsOn(double.connectionString);
    const serving = await Serving.start(settings);
    const client = await serving.tenant('acme');
    await client.budget('', 10);
    await client.held(3);
    const { exitCode, stdout } = await shell.run(['verify'], settings);
    await serving.stop();
    expect(exitCode).toBe(0);
    expect(stdout).toContain('The ledger is sound.');
    expect(stdout).toMatch(/cluster +127\.0\.0\.1:\d+/);
    expect(stdout).toMatch(/open holds +1/);
  },
  PATIENCE_MS,
);

it(
  'names the first bad record of a stream that lost its beginning',
  async () => {
    const settings = settingsOn(double.connectionString);
    const serving = await Serving.start(settings);
    await (await serving.tenant('acme')).budget('', 10);
    await serving.stop();
    double.log.truncate('countersign-tenant-acme', 1);
    const { exitCode, stdout } = await shell.run(['verify'], settings);
    expect(exitCode).toBe(1);
    expect(stdout).toContain('tenant-acme revision 1');
  },
  PATIENCE_MS,
);

it(
  'says in one line that a cluster cannot be reached, and not its password',
  async () => {
    double.kill();
    const address = double.connectionString.replace('esdb://', 'esdb://ops:hunter2@');
    const { exitCode, stderr } = await shell.run(['verify'], { COUNTERSIGN_EVENT_STORE: address });
    expect(exitCode).toBe(1);
    expect(stderr.trim().split('\n')).toHaveLength(1);
    expect(stderr).toContain('cannot be opened');
    expect(stderr).not.toContain('hunter2');
  },
  PATIENCE_MS,
);
