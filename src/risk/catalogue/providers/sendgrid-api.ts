/** The API of SendGrid, which sends mail. */
import { type Provider, route } from '../provider.js';
import { changesElsewhere, destroys, disturbs, grants, reads, removes } from '../verdicts.js';

const api = 'https://api.sendgrid.com/v3';
const mail = { verb: 'send', kind: 'message.email.send' } as const;

export const sendgridApi: Provider = {
  name: 'sendgrid',
  hosts: ['api.sendgrid.com', 'api.eu.sendgrid.com'],
  controlPlane: true,
  routes: [
    route('POST', /\/mail\/send$/, disturbs('It sends mail to people.', mail)),
    route(
      'POST|PUT',
      /\/(?:marketing\/)?(?:singlesends|campaigns)\/[^/]+\/schedules?(?:\/now)?$/,
      disturbs('It sends mail to a whole list.', { ...mail, radius: 'collection' }),
    ),
    route(
      'POST',
      /\/search(?:\/emails)?$|\/contacts\/(?:count|batch)$|\/validations\/email$/,
      reads('It only reads.', 'http.get'),
    ),
    route('DELETE', /\/marketing\/contacts\/?$/, destroys('It deletes contacts by the list.', 'collection')),
    route(
      'DELETE',
      /\/(?:marketing\/lists|asm\/groups|suppression\/\w+|subusers|whitelabel\/domains)(?:\/[^/]+)?\/?$/,
      destroys('It deletes a whole list.', 'collection'),
    ),
    route(
      'POST|PUT|PATCH|DELETE',
      /\/(?:api_keys|scopes|teammates|sso|access_settings|user\/webhooks)(?:\/|$)/,
      grants('It changes who may act on the account.'),
    ),
    route(
      'POST|PUT|PATCH',
      /\/(?:templates|marketing\/(?:contacts|lists|singlesends))\b/,
      changesElsewhere('It writes something that is not sent yet.'),
    ),
    route('DELETE', /./, removes('It deletes one record of the account.')),
  ],
  worst: disturbs('The worst call of this API sends mail to a whole list.', {
    ...mail,
    radius: 'collection',
  }),
  otherwise: disturbs('A change to the account that the catalogue does not list.'),
  examples: [
    { run: `curl ${api}/templates`, tier: 0, points: 0 },
    { run: `curl ${api}/mail/send -d '{"subject":"hi"}'`, tier: 3, points: 20 },
    { run: `curl ${api}/marketing/singlesends/1/schedule -X PUT -d '{}'`, tier: 3, points: 60 },
    { run: `curl -X DELETE '${api}/marketing/contacts?delete_all_contacts=true'`, tier: 4, points: 150 },
    { run: `curl ${api}/marketing/contacts/search -d '{}'`, tier: 0, points: 0 },
  ],
};
