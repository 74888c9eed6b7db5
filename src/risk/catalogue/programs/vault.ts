/** The command line of Vault and of its fork. */
import { on, type Program } from '../program.js';
import { changesLocally, destroys, disturbs, escalates, grants, reads, revealsSecrets } from '../verdicts.js';

const look = reads('It only reads.', 'http.get');
const destroysStore = destroys('It deletes secrets that services need, for good.', 'system');

export const vault: Program = {
  programs: ['vault', 'bao'],
  singleDash: true,
  valueFlags: ['-address', '-namespace', '-mount', '-format', '-field', '-path', '-ca-cert', '-versions'],
  rules: [
    on('secrets|auth|audit disable', {}, destroysStore),
    on('namespace delete', {}, destroysStore),
    on('kv destroy', {}, destroysStore),
    on('kv metadata delete', {}, destroysStore),
    on('kv delete', {}, destroys('It deletes a secret that services need.', 'object')),
    on('delete', {}, destroys('It deletes what services need.', 'object')),
    on(
      'operator seal|step-down|rekey|generate-root|init',
      {},
      escalates('It takes the store out of service.', 'system'),
    ),
    on(
      'operator raft',
      { operand: /^(?:remove-peer|snapshot)$/ },
      escalates('It changes the cluster.', 'system'),
    ),
    on(
      'lease revoke',
      { flags: ['-prefix', '-force'] },
      destroys('It revokes every credential under a path.', 'collection'),
    ),
    on('lease|token revoke', {}, grants('It takes authority away.')),
    on('token|policy|auth create|write|enable|delete|tune', {}, grants('It changes who may do what.')),
    on(
      'token|policy|auth|secrets|audit|operator|lease|plugin|namespace list|lookup|read|members|status|capabilities|info',
      {},
      look,
    ),
    on('write', { operand: /^(?:auth|sys|identity)\// }, grants('It changes who may do what.')),
    on('kv get', {}, revealsSecrets('It prints a secret.')),
    on('read|unwrap|print', {}, revealsSecrets('It prints a secret.')),
    on('kv list', {}, look),
    on('status|list|version|path-help|monitor|version-history', {}, look),
    on('login|server|agent|debug', {}, changesLocally('It works on this machine.')),
  ],
  otherwise: disturbs('It changes what services read.'),
  worst: destroysStore,
  examples: [
    { run: 'vault status', tier: 0, points: 0 },
    { run: 'vault kv get secret/app', tier: 2, points: 5 },
    { run: 'vault secrets disable kv', tier: 4, points: 500 },
    { run: 'vault policy write admin admin.hcl', tier: 4, points: 50 },
  ],
};
