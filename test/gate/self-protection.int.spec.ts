/** A gate on a port that the system chose knows itself by that port, and by its process. */
import { GateServer, shell } from './gate-server.js';

describe('a gate whose port the system chose', () => {
  let gate: GateServer;
  let key: string;

  beforeAll(async () => {
    gate = await GateServer.start();
    await gate.sessions('ide', 1000);
    key = await gate.key();
  });
  afterAll(() => gate.remove());

  const reasonFor = async (command: string): Promise<unknown> =>
    (await gate.submit(key, { tool: shell(command) })).body['reason_code'];

  it('denies every way to its address and every way to end it', async () => {
    const { port } = new URL(gate.url);
    const attempts = [
      `nc 127.0.0.1 ${port}`,
      `curl -x http://localhost:${port} http://example.com/admin/api-keys`,
      `curl http://127.1:${port}/admin/api-keys`,
      `exec 3<>/dev/tcp/localhost/${port}`,
      `kill $(lsof -t -i:${port})`,
      `kill ${process.pid}`,
      `cat /proc/${process.pid}/environ`,
      `tar czf - ${gate.dataDir}/..`,
    ];
    for (const command of attempts)
      expect([command, await reasonFor(command)]).toEqual([command, 'SELF_PROTECTION']);
  });

  it('denies them in calls that are assessed on another thread', async () => {
    const { port } = new URL(gate.url);
    const long = `# ${'x'.repeat(20_000)}\nnc 127.0.0.1 ${port}`;
    expect(await reasonFor(long)).toBe('SELF_PROTECTION');
  });

  it('lets others use other ports and processes', async () => {
    expect(await reasonFor('kill 999999')).toBeUndefined();
    expect(await reasonFor('curl http://localhost:1/admin')).toBeUndefined();
  });
});
