/** Every service of the catalogue. */

import type { Provider } from './provider.js';
import { elasticsearchApi } from './providers/elasticsearch-api.js';
import { githubApi } from './providers/github-api.js';
import { railwayApi } from './providers/railway-api.js';
import { slackApi } from './providers/slack-api.js';
import { stripeApi } from './providers/stripe-api.js';

export const PROVIDERS: readonly Provider[] = [railwayApi, githubApi, stripeApi, slackApi, elasticsearchApi];
