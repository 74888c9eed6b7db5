/** A real browser for the pages, where the machine has one; who has none is told what was not tested. */

import { existsSync } from 'node:fs';
import type { Browser } from 'puppeteer-core';
import { launch } from 'puppeteer-core';

const PLACES = [
  process.env['COUNTERSIGN_TEST_CHROMIUM'],
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/opt/google/chrome/chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
];

export const BROWSER = PLACES.find((place) => place !== undefined && existsSync(place)) ?? null;

/** `describe` where there is a browser; else it skips, and says so. */
export const describeInBrowser = (name: string, tests: () => void): void => {
  if (BROWSER !== null) {
    describe(name, tests);
    return;
  }
  console.warn(`NOT TESTED: ${name}. No Chromium was found; set COUNTERSIGN_TEST_CHROMIUM to one.`);
  describe.skip(`no Chromium was found: ${name}`, tests);
};

/** A browser with a profile of its own. The caller closes it. */
export const openBrowser = (): Promise<Browser> =>
  launch({
    ...(BROWSER !== null && { executablePath: BROWSER }),
    headless: true,
    args: ['--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage'],
  });
