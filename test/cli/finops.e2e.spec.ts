/** `countersign chargeback` over a year of money: what it shows is what the events say, and its files are whole. */

import { existsSync, readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { csvRows } from '../http/csv.js';
import { serveLedger } from '../http/past-ledger.js';
import type { Serving } from '../http/serving.js';
import { moneyLedger } from '../projections/money-ledger.js';
import { movementsOf } from '../projections/naive-charges.js';
import { Shell } from './program.js';

/** Of which the ledger is; what the server settles when it starts is later. */
const YEAR = ['--from', '2026-01-01', '--to', '2026-10-01'];
const ledger = moneyLedger(3, 300);
const charged = movementsOf(ledger).filter(
  ({ what, unit }) => unit === 'USD_MICROCENTS' && (what === 'charge' || what === 'correction'),
);
const sumOf = (some: typeof charged): bigint => some.reduce((sum, { amount }) => sum + amount, 0n);
/** Dollars as they are shown, or billed, in microcents. */
const microcentsOf = (text = ''): bigint => {
  const [, sign, whole = '', decimals = ''] = /^(-?)(\d+)(?:\.(\d{1,8}))?$/.exec(text) ?? [];
  return BigInt(`${sign}${whole}${decimals.padEnd(8, '0')}`);
};

describe('countersign chargeback', () => {
  let shell: Shell;
  let serving: Serving;

  beforeAll(async () => {
    shell = new Shell();
    serving = await serveLedger(ledger);
  });
  afterAll(async () => {
    shell.remove();
    await serving.stop();
  });

  const run = (...args: readonly string[]) => {
    const { url, adminKey } = serving.server;
    return shell.run(['chargeback', ...args], {
      COUNTERSIGN_URL: url,
      COUNTERSIGN_ADMIN_KEY: adminKey,
    });
  };

  it('shows groups in dollars that are exact, with shares, under a heading, above their total', async () => {
    const { exitCode, stdout, stderr } = await run(...YEAR, '--group-by', 'tenant,app');
    expect([exitCode, stderr]).toEqual([0, '']);
    const [heading, whose, , labels = '', ...lines] = stdout.trimEnd().split('\n');
    expect(heading).toBe('charged by tenant, app, in USD');
    expect(whose).toBe('all tenants, 2026-01-01 to 2026-10-01 UTC');
    expect(labels.split(/ {2,}/)).toEqual([
      'tenant',
      'app',
      'charges',
      'share',
      'refused',
      'charged',
      'corrections',
      'used',
    ]);
    const rows = lines.slice(0, lines.indexOf('')).map((line) => line.split(/ {2,}/));
    for (const [tenant, app = '', charges, , , amount] of rows.slice(0, -1)) {
      const own = charged.filter(
        ({ tenantId, of }) =>
          tenantId === tenant && (of.subject?.app?.toLowerCase() ?? 'unattributed') === app,
      );
      expect(microcentsOf(amount)).toBe(sumOf(own));
      expect(Number(charges)).toBe(own.filter(({ what }) => what === 'charge').length);
    }
    const [label, , share, , total] = rows.at(-1) ?? [];
    expect([label, share, microcentsOf(total)]).toEqual(['total', '100.00 %', sumOf(charged)]);
    expect(lines.at(-1)).toBe('ties to the ledger: difference 0');
    const points = lines.slice(0, rows.length).map((line) => line.search(/\.\d{8}/));
    expect(new Set(points).size).toBe(1);
  });

  it('shows a month, and what a session costs', async () => {
    const { stdout } = await run('--month', '2026-03', '--tenant', 'acme', '--per', 'session');
    const lines = stdout.trimEnd().split('\n');
    expect(lines[1]).toBe('tenant acme, 2026-03-01 to 2026-04-01 UTC');
    expect(lines[3]?.trim().split(/ {2,}/).slice(-4)).toEqual(['average', 'median', 'p95', 'p99']);
    const march = charged.filter(
      ({ tenantId, atMs }) => tenantId === 'acme' && new Date(atMs).toISOString().startsWith('2026-03'),
    );
    const [, , , , total] = lines[4]?.split(/ {2,}/) ?? [];
    expect(microcentsOf(total)).toBe(sumOf(march));
  });

  it('prints JSON and CSV as the server answers it', async () => {
    const json = await run(...YEAR, '--group-by', 'month', '--json');
    expect(JSON.parse(json.stdout)).toMatchObject({ group_by: ['month'], difference: 0 });
    const csv = await run(...YEAR, '--group-by', 'month', '--csv');
    const rows = csvRows(csv.stdout);
    expect(rows.at(-1)?.['record']).toBe('total');
    expect(BigInt(rows.at(-1)?.['charged'] ?? '')).toBe(sumOf(charged));
  });

  it('writes a FOCUS file whose sum is what the ledger charged, and a page', async () => {
    const [focus, html] = [join(shell.home, 'focus.csv'), join(shell.home, 'showback.html')];
    const { exitCode, stdout, stderr } = await run(...YEAR, '--focus', focus, '--html', html);
    expect([exitCode, stdout]).toEqual([0, '']);
    expect(stderr).toBe(`${html} is written, and whole.\n${focus} is written, and whole.\n`);
    const billed = csvRows(readFileSync(focus, 'utf8')).map((row) => microcentsOf(row['BilledCost']));
    expect(billed.reduce((sum, amount) => sum + amount, 0n)).toBe(sumOf(charged));
    expect(readFileSync(html, 'utf8')).toMatch(/^<!doctype html>[\s\S]*<\/html>\n$/);
  });

  it('leaves no file that the server broke off, and none where none can be', async () => {
    const breaking = await breakingOff();
    const focus = join(shell.home, 'broken.csv');
    const { port } = breaking.address() as AddressInfo;
    const broken = await shell.run(['chargeback', ...YEAR, '--focus', focus], {
      COUNTERSIGN_URL: `http://127.0.0.1:${port}`,
      COUNTERSIGN_ADMIN_KEY: 'any',
    });
    breaking.close();
    expect([broken.exitCode, broken.stderr]).toEqual([
      1,
      expect.stringContaining('the server broke off: nothing is written'),
    ]);
    expect([existsSync(focus), existsSync(`${focus}.partial`)]).toEqual([false, false]);
    const nowhere = await run(...YEAR, '--html', join(shell.home, 'none', 'page.html'));
    expect([nowhere.exitCode, nowhere.stderr]).toEqual([1, expect.stringContaining('cannot be written')]);
  });

  /** A server that hangs up in the middle of an answer. */
  async function breakingOff(): Promise<Server> {
    const server = createServer((_request, response) => {
      response.write('BilledCost,BillingAccountId\r\n', () => response.destroy());
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return server;
  }

  it.each([
    [['--group-by', 'colour', ...YEAR], /group_by takes tenant/],
    [['--group-by', 'app,app', ...YEAR], /group_by names the same grouping twice/],
    [['--unit', 'TOKENS,CREDITS', ...YEAR], /units cannot be added up/],
    [['--from', '2026-02-01', '--to', '2026-01-01'], /from must lie before to/],
    [['--month', 'March'], /--month takes a month/],
    [['--per', 'hour', ...YEAR], /Allowed choices are action, session/],
  ])('says what is wrong with %j', async (args, words) => {
    const { exitCode, stdout, stderr } = await run(...args);
    expect([exitCode, stdout]).toEqual([1, '']);
    expect(stderr).toMatch(words);
  });
});
