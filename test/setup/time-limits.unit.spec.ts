/** The limit that every test is held to. */

import { limited } from './time-limits.js';

describe('the time limit of a test', () => {
  it('ends what hangs', async () => {
    await expect(limited(() => new Promise(() => undefined), 1)()).rejects.toThrow('not ended within 1 ms');
  });

  it('lets through what is passed, answered and thrown in time', async () => {
    expect(await limited((one, other) => [one, other])(1, 2)).toEqual([1, 2]);
    await expect(limited(() => Promise.reject(new Error('wrong')))()).rejects.toThrow('wrong');
  });
});
