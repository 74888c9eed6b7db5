/** The HTTP API of Vault and OpenBao, recognised by its usual port. */
import { type Provider, route } from '../provider.js';
import { destroys, disturbs, escalates, grants, reads, removes, revealsSecrets } from '../verdicts.js';

const api = 'https://vault.internal:8200/v1';

export const vaultApi: Provider = {
  name: 'vault',
  hosts: ['*:8200', '*.hashicorp.cloud'],
  controlPlane: true,
  routes: [
    route(
      'GET|HEAD',
      /^\/v1\/sys\/(?:health|seal-status|leader|mounts|auth|policies?|internal)\b/,
      reads('It only reads.', 'http.get'),
    ),
    route('LIST', /./, reads('It only lists.', 'http.get')),
    route(
      'GET',
      /\/(?:data|creds|issue|sign)\/|^\/v1\/(?:secret|kv|cubbyhole)\//,
      revealsSecrets('It reads a secret.'),
    ),
    route(
      'DELETE',
      /^\/v1\/sys\/(?:mounts|auth|namespaces|storage\/raft)\//,
      destroys('It deletes a whole engine with its secrets.', 'system'),
    ),
    route(
      'PUT|POST',
      /^\/v1\/sys\/(?:seal|step-down|storage\/raft\/snapshot\S*|rekey\S*|rotate|init)$/,
      escalates('It closes or overwrites the whole vault.', 'system'),
    ),
    route(
      'PUT|POST',
      /^\/v1\/sys\/leases\/(?:revoke-prefix|revoke-force)\//,
      destroys('It takes every credential under a prefix back.', 'collection'),
    ),
    route(
      'PUT|POST|DELETE',
      /^\/v1\/(?:sys\/(?:policy|policies|auth|mounts|capabilities)|auth\/|identity\/)/,
      grants('It changes who may do what.'),
    ),
    route(
      'DELETE',
      /\/metadata\/|^\/v1\/(?:kv|secret)\/(?!data\/)/,
      destroys('It deletes a secret with all its versions.', 'object'),
    ),
    route('PUT|POST', /\/destroy\//, destroys('It destroys versions of a secret for good.', 'object')),
    route('DELETE', /\/data\//, removes('It deletes the last version of a secret.')),
    route(
      'PUT|POST|PATCH',
      /\/(?:data)\/|^\/v1\/(?:secret|kv)\//,
      disturbs('It changes a secret that services depend on.'),
    ),
  ],
  worst: destroys('The worst call deletes a whole engine with its secrets.', 'system'),
  otherwise: disturbs('A change to the vault that the catalogue does not list.'),
  examples: [
    { run: `curl ${api}/sys/health`, tier: 0, points: 0 },
    { run: `curl -X LIST ${api}/secret/metadata/`, tier: 0, points: 0 },
    { run: `curl ${api}/secret/data/app`, tier: 2, points: 5 },
    { run: `curl -X DELETE ${api}/sys/mounts/secret`, tier: 4, points: 500 },
    { run: `curl -X PUT ${api}/sys/seal`, tier: 4, points: 500 },
    { run: `curl -X DELETE ${api}/secret/metadata/app`, tier: 4, points: 50 },
  ],
};
