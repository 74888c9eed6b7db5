/** Work that can wait finds the moment in which nobody waits for the thread. */

import { setImmediate } from 'node:timers/promises';
import { calm } from '../../src/adapters/read-store/calm.js';

/** Keeps the thread busy until told otherwise, letting everybody else have their turn. */
function busyThread(): () => void {
  let isBusy = true;
  const work = async (): Promise<void> => {
    while (isBusy) {
      const until = performance.now() + 5;
      while (performance.now() < until);
      await setImmediate();
    }
  };
  void work();
  return () => {
    isBusy = false;
  };
}

const NEVER = new AbortController().signal;

describe('calm', () => {
  it('comes soon when the thread has nothing to do', async () => {
    await expect(calm(600_000, NEVER)).resolves.toBeUndefined();
  });

  it('comes when the work ends, and not before', async () => {
    const rest = busyThread();
    let isCalm = false;
    const waiting = calm(600_000, NEVER).then(() => {
      isCalm = true;
    });
    await calm(300, NEVER);
    expect(isCalm).toBe(false);
    rest();
    await waiting;
  });

  it('is not waited for longer than asked', async () => {
    const rest = busyThread();
    await expect(calm(150, NEVER)).resolves.toBeUndefined();
    await expect(calm(0, NEVER)).resolves.toBeUndefined();
    rest();
  });

  it('is not waited for when the waiting is ended', async () => {
    const rest = busyThread();
    const ending = new AbortController();
    const waiting = calm(600_000, ending.signal);
    ending.abort();
    await expect(waiting).resolves.toBeUndefined();
    rest();
  });
});
