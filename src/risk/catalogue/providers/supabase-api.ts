/** The management API of Supabase. */
import { type Provider, route } from '../provider.js';
import {
  changesElsewhere,
  deploys,
  destroys,
  disturbs,
  escalates,
  grants,
  reads,
  revealsSecrets,
} from '../verdicts.js';

const api = 'https://api.supabase.com/v1/projects/ref';
const destroysSystem = destroys(
  'It deletes or overwrites a project with its database and backups.',
  'system',
);

export const supabaseApi: Provider = {
  name: 'supabase',
  hosts: ['api.supabase.com', 'api.supabase.io'],
  controlPlane: true,
  routes: [
    route('DELETE', /\/(?:projects|organizations)\/[^/]+\/?$/, destroysSystem),
    route(
      'POST',
      /\/database\/(?:backups\/restore\w*|backups\/undo)(?:-pitr)?\/?$|\/restore-pitr$/,
      destroysSystem,
    ),
    route('POST', /\/database\/query\/read-only$/, reads('It only reads.', 'db.query')),
    route(
      'POST',
      /\/database\/(?:query|migrations)/,
      disturbs('It changes the database.', { kind: 'db.schema_change' }),
    ),
    route(
      'DELETE',
      /\/branches\/[^/]+\/?$/,
      destroys('It deletes a branch with its database.', 'collection'),
    ),
    route('POST', /\/branches\/[^/]+\/reset$/, destroys('It resets the database of a branch.', 'collection')),
    route(
      'POST',
      /\/(?:pause|restart|upgrade)$/,
      escalates('It takes a project out of service for a while.', 'object', {
        verb: 'deploy',
        kind: 'code.deploy',
      }),
    ),
    route(
      'POST',
      /\/(?:branches\/[^/]+\/merge|branches\/[^/]+\/push|functions\/deploy|restore)$/,
      deploys('It puts something into service.'),
    ),
    route(
      'GET',
      /\/(?:api-keys|secrets|pgsodium|jit-access|cli\/login-role)/,
      revealsSecrets('It lists keys or secrets.'),
    ),
    route(
      'POST|PUT|PATCH|DELETE',
      /\/(?:api-keys|secrets|config\/auth|network-restrictions|network-bans|ssl-enforcement|members|third-party-auth|cli\/login-role|jit-access|database\/password)/,
      grants('It changes who or what may reach the project.'),
    ),
    route('DELETE', /\/functions\/[^/]+\/?$/, destroys('It deletes a function.', 'object')),
    route('POST|PATCH', /\/functions\b/, deploys('It puts a function into service.')),
    route(
      'POST',
      /\/(?:projects|branches|organizations)\/?$/,
      changesElsewhere('It creates something that can be deleted again.', { verb: 'create' }),
    ),
  ],
  worst: destroysSystem,
  otherwise: disturbs('A change to Supabase that the catalogue does not list.'),
  examples: [
    { run: 'curl https://api.supabase.com/v1/projects', tier: 0, points: 0 },
    { run: `curl -X DELETE ${api}`, tier: 4, points: 500 },
    { run: `curl ${api}/database/query -d '{"query":"DROP TABLE users"}'`, tier: 4, points: 150 },
    { run: `curl ${api}/database/query -d '{"query":"SELECT 1"}'`, tier: 0, points: 0 },
    { run: `curl -X POST ${api}/database/backups/restore-pitr -d '{}'`, tier: 4, points: 500 },
    { run: `curl -X DELETE https://api.supabase.com/v1/branches/b1`, tier: 4, points: 150 },
    { run: `curl ${api}/api-keys`, tier: 2, points: 5 },
  ],
};
