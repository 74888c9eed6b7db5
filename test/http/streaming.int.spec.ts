/** Long answers: whole, or visibly not; and a failed one keeps nobody else out. */

import { type FastifyInstance, fastify } from 'fastify';
import { jsonList, sendLong } from '../../src/http/audit/streaming.js';
import { HttpFailure } from '../../src/http/failure.js';

/** Longer than what is gathered before the first byte is sent. */
const LONG = 'x'.repeat(40_000);

let app: FastifyInstance;
let url: string;
let texts: () => AsyncGenerator<string>;

beforeAll(async () => {
  app = fastify();
  app.get('/', (_request, reply) => sendLong(reply, texts(), 'text/plain').then(() => reply));
  app.setErrorHandler((error, _request, reply) => {
    const status = error instanceof HttpFailure ? error.status : 500;
    return reply.code(status).send({ message: String(error) });
  });
  url = await app.listen({ port: 0, host: '127.0.0.1' });
});
afterAll(() => app.close());

async function* failing(before: readonly string[]): AsyncGenerator<string> {
  yield* before;
  throw new Error('the ledger cannot be read');
}
const whole = async function* (): AsyncGenerator<string> {
  yield* [LONG, 'end'];
};

describe('a long answer', () => {
  it('is sent whole', async () => {
    texts = whole;
    expect(await (await fetch(url)).text()).toBe(`${LONG}end`);
  });

  it('that cannot begin is an error with its status', async () => {
    texts = () => failing([]);
    expect((await fetch(url)).status).toBe(500);
  });

  it('that fails later cuts the connection, so that nobody takes it for the end', async () => {
    texts = () => failing([LONG, LONG]);
    await expect(fetch(url).then((answer) => answer.text())).rejects.toThrow();
  });

  it('makes room for others when it failed, wherever it did', async () => {
    for (let nth = 0; nth < 6; nth++) {
      texts = () => failing(nth % 2 === 0 ? [] : [LONG]);
      await fetch(url)
        .then((answer) => answer.text())
        .catch(() => undefined);
    }
    texts = whole;
    for (;;) {
      const answer = await fetch(url);
      if (answer.status === 429) continue;
      expect([answer.status, (await answer.text()).length]).toEqual([200, LONG.length + 3]);
      return;
    }
  });

  it('is one of four at a time', async () => {
    let open: () => void = () => undefined;
    const opened = new Promise<void>((resolve) => {
      open = resolve;
    });
    let begun = 0;
    texts = async function* () {
      begun += 1;
      yield LONG;
      await opened;
      yield 'end';
    };
    const four = Array.from({ length: 4 }, () => fetch(url));
    await Promise.all(four);
    const fifth = await fetch(url);
    expect([begun, fifth.status, fifth.headers.get('retry-after')]).toEqual([4, 429, '2']);
    open();
    for (const answer of four) expect(await (await answer).text()).toBe(`${LONG}end`);
  });

  it('prints a list element by element', async () => {
    let text = '';
    for await (const part of jsonList([{ a: 1n }, { b: 2n ** 60n }])) text += part;
    expect(text).toBe('[{"a":1},{"b":1152921504606846976}]');
  });
});
