/** Every service of the catalogue. */
import { elasticsearchApi } from './elasticsearch-api.js';
import { githubApi } from './github-api.js';
import type { Provider } from './provider.js';
import { railwayApi } from './railway-api.js';
import { slackApi } from './slack-api.js';
import { stripeApi } from './stripe-api.js';

export const PROVIDERS: readonly Provider[] = [railwayApi, githubApi, stripeApi, slackApi, elasticsearchApi];
