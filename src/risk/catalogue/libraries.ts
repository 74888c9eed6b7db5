/** Every client library of the catalogue. */
import { awsSdk } from './libraries/aws-sdk.js';
import { azureSdk } from './libraries/azure-sdk.js';
import { dockerClient } from './libraries/docker-client.js';
import { googleCloudSdk } from './libraries/google-cloud-sdk.js';
import { kubernetesClient } from './libraries/kubernetes-client.js';
import { mongoClient } from './libraries/mongo-client.js';
import {
  githubClient,
  gitlabClient,
  hosters,
  messengers,
  stripeClient,
} from './libraries/platform-clients.js';
import { prismaClient } from './libraries/prisma-client.js';
import { activeRecord, djangoModels, flaskModels } from './libraries/record-models.js';
import { redisClient } from './libraries/redis-client.js';
import { searchClients } from './libraries/search-clients.js';
import { sqlBuilders } from './libraries/sql-builders.js';
import { supabaseClient } from './libraries/supabase-client.js';
import type { Library } from './library.js';

export const LIBRARIES: readonly Library[] = [
  awsSdk,
  googleCloudSdk,
  azureSdk,
  kubernetesClient,
  dockerClient,
  redisClient,
  mongoClient,
  prismaClient,
  sqlBuilders,
  djangoModels,
  flaskModels,
  activeRecord,
  searchClients,
  supabaseClient,
  githubClient,
  gitlabClient,
  stripeClient,
  messengers,
  hosters,
];
