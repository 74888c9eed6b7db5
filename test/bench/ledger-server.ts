/** The measured ledger server: the real one, configured by its environment like any other. */

import { readConfig } from '../../src/config.js';
import { startServer } from '../../src/main.js';
import { beMeasured } from './served.js';

const server = await startServer(readConfig(process.env));
beMeasured(Number(new URL(server.url).port), () => server.close());
