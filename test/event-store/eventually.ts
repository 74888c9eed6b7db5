/** Waits for a condition instead of for time. */

import { setImmediate } from 'node:timers/promises';

/** Repeats a check until it passes; after 10 s it fails with the check's own error. */
export async function eventually(check: () => void | Promise<void>): Promise<void> {
  const deadline = performance.now() + 10_000;
  for (;;) {
    try {
      return await check();
    } catch (error) {
      if (performance.now() > deadline) throw error;
      await setImmediate();
    }
  }
}
