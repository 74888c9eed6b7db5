/** Every service of the catalogue. Where two fit a host, the earlier counts. */

import type { Provider } from './provider.js';
import { anthropicApi } from './providers/anthropic-api.js';
import { awsApi } from './providers/aws-api.js';
import { azureApi } from './providers/azure-api.js';
import { cloudflareApi } from './providers/cloudflare-api.js';
import { consulApi } from './providers/consul-api.js';
import { datadogApi } from './providers/datadog-api.js';
import { digitaloceanApi } from './providers/digitalocean-api.js';
import { dockerApi } from './providers/docker-api.js';
import { elasticsearchApi } from './providers/elasticsearch-api.js';
import { etcdApi } from './providers/etcd-api.js';
import { firebaseDatabaseApi } from './providers/firebase-database-api.js';
import { flyApi } from './providers/fly-api.js';
import { githubApi } from './providers/github-api.js';
import { gitlabApi } from './providers/gitlab-api.js';
import { googleCloudApi } from './providers/google-cloud-api.js';
import { herokuApi } from './providers/heroku-api.js';
import { jiraApi } from './providers/jira-api.js';
import { kubernetesApi } from './providers/kubernetes-api.js';
import { linearApi } from './providers/linear-api.js';
import { mongodbAtlasApi } from './providers/mongodb-atlas-api.js';
import { neonApi } from './providers/neon-api.js';
import { netlifyApi } from './providers/netlify-api.js';
import { notionApi } from './providers/notion-api.js';
import { openaiApi } from './providers/openai-api.js';
import { pagerdutyApi } from './providers/pagerduty-api.js';
import { planetscaleApi } from './providers/planetscale-api.js';
import { railwayApi } from './providers/railway-api.js';
import { renderApi } from './providers/render-api.js';
import { s3Api } from './providers/s3-api.js';
import { sendgridApi } from './providers/sendgrid-api.js';
import { slackApi } from './providers/slack-api.js';
import { stripeApi } from './providers/stripe-api.js';
import { supabaseApi } from './providers/supabase-api.js';
import { supabaseProjectApi } from './providers/supabase-project-api.js';
import { twilioApi } from './providers/twilio-api.js';
import { upstashApi } from './providers/upstash-api.js';
import { vaultApi } from './providers/vault-api.js';
import { vercelApi } from './providers/vercel-api.js';

export const PROVIDERS: readonly Provider[] = [
  railwayApi,
  githubApi,
  anthropicApi,
  awsApi,
  azureApi,
  cloudflareApi,
  consulApi,
  datadogApi,
  digitaloceanApi,
  dockerApi,
  elasticsearchApi,
  etcdApi,
  firebaseDatabaseApi,
  flyApi,
  gitlabApi,
  googleCloudApi,
  herokuApi,
  jiraApi,
  kubernetesApi,
  linearApi,
  mongodbAtlasApi,
  neonApi,
  netlifyApi,
  notionApi,
  openaiApi,
  pagerdutyApi,
  planetscaleApi,
  renderApi,
  s3Api,
  sendgridApi,
  slackApi,
  stripeApi,
  supabaseApi,
  supabaseProjectApi,
  twilioApi,
  upstashApi,
  vaultApi,
  vercelApi,
];
