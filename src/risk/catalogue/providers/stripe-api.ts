/** The REST API of Stripe. */
import type { Provider } from '../provider.js';
import { changesElsewhere, disturbs, escalates, grants, removes } from '../verdicts.js';

const api = 'https://api.stripe.com/v1';
const pays = escalates('It moves money.', 'object', { verb: 'pay', kind: 'payment.charge' });

export const stripeApi: Provider = {
  name: 'stripe',
  hosts: ['api.stripe.com', 'files.stripe.com'],
  controlPlane: true,
  routes: [
    {
      method: 'POST',
      path: /\/refunds?(?:\/|$)/,
      verdict: escalates('It pays money back.', 'object', { verb: 'pay', kind: 'payment.refund' }),
    },
    {
      method: 'POST|DELETE',
      path: /\/(?:charges|payment_intents|payouts|transfers|topups|invoices\/[^/]+\/pay|subscriptions|orders|issuing)/,
      verdict: pays,
    },
    {
      method: 'POST|DELETE',
      path: /\/(?:webhook_endpoints|accounts|api_keys|ephemeral_keys)/,
      verdict: grants('It changes who may act on the account.'),
    },
    { method: 'DELETE', path: /./, verdict: removes('It deletes one record of the account.') },
    {
      method: 'POST',
      path: /\/(?:customers|products|prices|coupons|payment_links|invoices|invoiceitems)$/,
      verdict: changesElsewhere('It creates a record that can be changed again.', { verb: 'create' }),
    },
  ],
  worst: pays,
  otherwise: disturbs('A change to the payment account that the catalogue does not list.'),
  examples: [
    { run: `curl ${api}/customers`, tier: 0, points: 0 },
    { run: `curl ${api}/charges -d amount=100`, tier: 4, points: 50 },
    { run: `curl -u sk_test_x: ${api}/refunds -d charge=ch_1`, tier: 4, points: 150 },
    { run: `curl -X DELETE ${api}/customers/cus_1`, tier: 3, points: 20 },
  ],
};
