/** Faults and overload as a client sees them: which status, when to try again, and nothing of the inside. */

import { Controller, Get, Module, Post } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import {
  InternalError,
  Overloaded,
  ShuttingDown,
  Unavailable,
  WriterStopped,
} from '../../src/commands/writers.js';
import { RouterAdapter } from '../../src/http/adapter.js';
import { FailureFilter } from '../../src/http/filter.js';
import { Readiness } from '../../src/http/health/readiness.js';
import { ANYONE, Route } from '../../src/http/route.js';
import { createServer } from '../../src/http/server.js';
import type { ProjectionStatus, ReadStoreStatus } from '../../src/ports/read-store.port.js';
import { ReadStoreFault } from '../../src/ports/read-store.port.js';
import { isProtocolThere, Protocol } from './protocol.js';

const SECRET = 'a detail of the inside';
const protocol = isProtocolThere ? new Protocol() : null;
let thrown: Error;

@Controller('v1')
class FailingController {
  @Post('reserve')
  @Route({ access: ANYONE })
  reserve(): Promise<void> {
    return Promise.reject(thrown);
  }

  @Post('commit')
  @Route({ access: ANYONE, settles: true })
  commit(): Promise<void> {
    return Promise.reject(thrown);
  }

  @Get('late')
  @Route({ access: ANYONE })
  late(): never {
    throw thrown;
  }
}

@Module({ controllers: [FailingController] })
class FailingModule {}

describe('what a client sees', () => {
  let app: NestFastifyApplication;
  let url: string;
  const logged: unknown[] = [];

  beforeAll(async () => {
    const server = createServer({
      authentication: { authenticate: () => undefined } as never,
      authorizeRead: () => Promise.resolve(true),
      hosts: null,
      onAnswered: () => undefined,
    });
    const options = { logger: false as const, bodyParser: false, abortOnError: false };
    app = await NestFactory.create(FailingModule, new RouterAdapter(server), options);
    app.useGlobalFilters(
      new FailureFilter({ error: (fields) => logged.push(fields) }, () => Promise.resolve(true)),
    );
    await app.listen(0, '127.0.0.1');
    url = await app.getUrl();
  });
  afterAll(() => app.close());

  const failing = async (error: Error, path = '/v1/reserve') => {
    thrown = error;
    const answer = await fetch(url + path, { method: 'POST' });
    const body = (await answer.json()) as { error: string; message: string };
    const { error: code, message } = body;
    expect(protocol?.problems(body, 'ErrorResponse') ?? []).toEqual([]);
    expect(message).not.toContain(SECRET);
    return { headers: answer.headers, refused: `${answer.status} ${code}` };
  };

  it('of a full queue: 429 with when to try again, for what asks for new authority', async () => {
    const { headers, refused } = await failing(new Overloaded(1_500));
    expect(refused).toBe('429 LIMIT_EXCEEDED');
    expect(headers.get('retry-after')).toBe('2');
    expect(Number(headers.get('x-ratelimit-reset'))).toBeGreaterThanOrEqual(Math.floor(Date.now() / 1000));
  });

  it('of a full queue: 503 for a settlement, which no client may take for a final no', async () => {
    const { headers, refused } = await failing(new Overloaded(10), '/v1/commit');
    expect(refused).toBe('503 INTERNAL_ERROR');
    expect(headers.get('retry-after')).toBe('1');
  });

  it.each([
    ['a store that cannot append', new Unavailable(SECRET)],
    ['a shutdown', new ShuttingDown()],
    ['a read store that is gone', new ReadStoreFault(SECRET, 'fault')],
  ])('of %s: 503 with when to try again', async (_what, error) => {
    const { headers, refused } = await failing(error);
    expect(refused).toBe('503 INTERNAL_ERROR');
    expect(headers.get('retry-after')).toBe('1');
  });

  it.each([
    ['an assertion', new InternalError(SECRET)],
    ['a stopped writer', new WriterStopped(SECRET)],
    ['anything else', new TypeError(SECRET)],
  ])('of %s: 500, and the log has the rest', async (_what, error) => {
    logged.length = 0;
    expect((await failing(error)).refused).toBe('500 INTERNAL_ERROR');
    expect(logged).toHaveLength(1);
  });

  it('of a controller that throws instead of rejecting is the same', async () => {
    thrown = new Unavailable(SECRET);
    expect((await fetch(`${url}/v1/late`)).status).toBe(503);
  });
});

describe('readiness', () => {
  const projection: ProjectionStatus = {
    name: 'balances',
    version: 1,
    position: 7,
    lag: 0,
    stopped: null,
    fault: null,
    rebuilding: null,
  };
  const readyWith = async (sources: {
    readonly status?: Partial<ReadStoreStatus>;
    readonly stats?: Readonly<Record<string, number>>;
    readonly stopped?: number;
    readonly operatorsStopped?: boolean;
    readonly probeStore?: () => Promise<unknown>;
    readonly storeProblem?: () => string | null;
  }) => {
    const readStore = {
      dead: null,
      queriesWaiting: 0,
      head: 7,
      projections: [projection],
      ...sources.status,
    };
    return new Readiness({
      probeStore: sources.probeStore ?? (() => Promise.resolve(7)),
      storeProblem: sources.storeProblem ?? (() => null),
      storeStats: () => sources.stats ?? { failing: 0, damaged: 0 },
      stoppedTenants: () => sources.stopped ?? 0,
      areOperatorsStopped: () => sources.operatorsStopped ?? false,
      readStore: () => readStore,
    }).report();
  };

  it('has nothing to say of a server that works', async () => {
    expect(await readyWith({})).toEqual({ event_store: [], tenants: [], operators: [], read_store: [] });
  });

  it('names a read model that has stopped, one that cannot be used, and one that lags', async () => {
    const problemOf = async (more: Partial<ProjectionStatus>) =>
      (await readyWith({ status: { projections: [{ ...projection, ...more }] } })).read_store[0];
    const stopped = { position: 5, eventId: 'e', eventType: 'Reserved', error: 'x' };
    expect(await problemOf({ stopped })).toContain('balances has stopped at position 5');
    expect(await problemOf({ fault: 'read.db is damaged' })).toContain('balances cannot go on for now');
    expect(await problemOf({ lag: 1_000_000 })).toContain('balances is 1000000 positions behind');
  });

  it('names stores that are gone', async () => {
    const { read_store } = await readyWith({ status: { dead: 'it exited' } });
    expect(read_store).toEqual(['the read store is gone; the log says why']);
    const { event_store } = await readyWith({ probeStore: () => Promise.reject(new Error(SECRET)) });
    expect(event_store).toEqual(['the event store does not answer']);
  });

  it('names a disk that takes nothing, and a ledger that is damaged', async () => {
    const { event_store } = await readyWith({ stats: { failing: 1, damaged: 1 } });
    expect(event_store).toEqual([
      'the event store cannot be written',
      'the event store is damaged: its file cannot be read throughout',
    ]);
  });

  it('says when nobody can sign in, since the ledger of the operators is stopped', async () => {
    const { operators, tenants } = await readyWith({ operatorsStopped: true });
    expect(operators[0]).toContain('the ledger of the operators is stopped');
    expect(tenants).toEqual([]);
  });

  it('names a stream that was truncated, and a reason of this very node', async () => {
    expect((await readyWith({ stats: { streamsTruncated: 1 } })).event_store[0]).toContain('the beginning');
    const storeProblem = () => 'its clock is wrong';
    expect((await readyWith({ storeProblem })).event_store).toEqual(['its clock is wrong']);
  });

  it('counts the tenants that are stopped, and names none', async () => {
    expect((await readyWith({ stopped: 1 })).tenants[0]).toContain('one tenant is stopped');
    expect((await readyWith({ stopped: 3 })).tenants[0]).toContain('3 tenants are stopped');
  });
});
