/** The command line of Stripe. */
import { on, type Program } from '../program.js';
import { changesElsewhere, changesLocally, disturbs, escalates, reads } from '../verdicts.js';

export const stripe: Program = {
  programs: ['stripe'],
  valueFlags: ['-d', '--data', '--api-key', '--project-name', '-p'],
  rules: [
    on(
      'listen|login|logs|config|completion|version|help|status|samples',
      {},
      changesLocally('It sets up or watches.'),
    ),
    on('trigger|fixtures', {}, changesElsewhere('It makes test objects in the account.', { verb: 'create' })),
    on('* list|retrieve|search', {}, reads('It only reads.', 'http.get')),
    on('get', {}, reads('It only reads.', 'http.get')),
    on(
      'charges|refunds|payouts|transfers|payment_intents|topups|invoices',
      {},
      escalates('It moves money.', 'object', { verb: 'pay', kind: 'payment.charge' }),
    ),
    on(
      'delete',
      {},
      disturbs('It deletes one object of the account.', { verb: 'delete', kind: 'http.delete' }),
    ),
  ],
  otherwise: disturbs('It changes something in the account.'),
  examples: [
    { run: 'stripe refunds create --charge ch_1', tier: 4, points: 50 },
    { run: 'stripe customers list', tier: 0, points: 0 },
  ],
};
