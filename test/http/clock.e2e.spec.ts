/** A node whose clock is wrong changes nothing, and says so; it goes on reading. */

import { type ChildProcess } from 'node:child_process';
import { ended, Shell, said } from '../cli/program.js';
import { EsdbDouble } from '../esdb-double/server.js';
import { settingsOn } from './nodes.js';

const AHEAD_MS = 9_000;
/** What makes a process believe in another time. */
const WRONG = `--import=data:text/javascript,const{now}=Date;Date.now=()=>now()+${AHEAD_MS};`;

const shell = new Shell();
let double: EsdbDouble;
let child: ChildProcess;
afterAll(async () => {
  child.kill('SIGKILL');
  await ended(child);
  double.close();
  shell.remove();
});

it('refuses changes with 503 and shows in readiness', async () => {
  double = await EsdbDouble.start();
  const settings = settingsOn(double.connectionString);
  child = shell.start(['serve', '--port', '0', '--log-level', 'silent'], {
    ...settings,
    NODE_OPTIONS: WRONG,
  });
  const [, url = ''] = await said(child, 'stderr', /answers at (http:\S+)/);
  const headers = {
    'x-admin-api-key': settings['COUNTERSIGN_ADMIN_KEY'] ?? '',
    'content-type': 'application/json',
  };
  const body = JSON.stringify({ tenant_id: 'acme', name: 'Acme' });
  const opened = await fetch(`${url}/v1/admin/tenants`, { method: 'POST', headers, body });
  expect(opened.status).toBe(503);
  expect(Number(opened.headers.get('retry-after'))).toBeGreaterThan(0);
  expect(double.log.all.filter(({ stream }) => stream.startsWith('countersign-'))).toEqual([]);
  const ready = await fetch(`${url}/health/ready`);
  expect(ready.status).toBe(503);
  expect(((await ready.json()) as { problems: string[] }).problems.join()).toMatch(/clock is 9 s ahead/);
  expect((await fetch(`${url}/v1/admin/tenants`, { headers })).status).toBe(200);
}, 60_000);
